"""Snapshots in which one value, anywhere, is something else: of another type, huge, empty, or a text."""

import json
from typing import Any

from hypothesis import strategies as st

from mbgui.domain.errors import MbguiError
from mbgui.snapshots.codec import decode, decode_listed, encode
from tests.support.proofs import proven_comparison
from tests.support.records import tiny_comparison

SOUND = encode(tiny_comparison())
PROVEN = encode(proven_comparison())
MEASURED = encode(tiny_comparison(with_performance=True))

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | FINITE | TEXTS
JSON_VALUES = st.recursive(
    SCALARS | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


@st.composite
def hostile_snapshots(draw: st.DrawFn, top: str | None = None, *, sound: bytes = SOUND) -> bytes:
    """A sound snapshot with one value replaced, somewhere below the field `top` of the comparison if one is named."""
    document: Any = json.loads(sound)
    place, step = (document, "comparison") if top is None else (document["comparison"], top)
    while isinstance(place[step], dict | list) and place[step] and draw(st.integers(0, 7)):
        place = place[step]
        step = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    place[step] = draw(_like(place[step]) | JSON_VALUES)
    return json.dumps(document).encode()


def _like(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same type, so that more than the check of types is reached."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return st.integers(-(2**63) + 1, 2**63 - 1)
    if isinstance(value, float):
        return FINITE
    return TEXTS if isinstance(value, str) else st.just(value)


def is_read_or_refused(data: bytes) -> bool:
    """Whether bytes give a comparison that can be written again, or an error with a sentence."""
    try:
        decode_listed(data)
        found = decode(data)
    except MbguiError as error:
        return error.problem.sentence.endswith(".")
    return decode(encode(found)) == found
