"""Comparisons survive the way to bytes and back, and bytes that are no snapshot give one clear sentence."""

import json
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.network import Attribute, TensorStatistics
from mbgui.snapshots.codec import decode, decode_listed, encode
from mbgui.snapshots.migrations import SCHEMA_VERSION, migrate
from tests.support.hostile_snapshots import FINITE, SCALARS, SOUND, TEXTS, hostile_snapshots, is_read_or_refused
from tests.support.records import tiny_comparison


def problem_of(data: bytes) -> Problem:
    with pytest.raises(MbguiError) as caught:
        decode(data, name="a.mbsnap")
    return caught.value.problem


def changed(*path: str | int, to: Any) -> bytes:
    """A sound snapshot with one value replaced, by its path in the JSON."""
    document = json.loads(SOUND)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(document).encode()


@pytest.mark.parametrize("with_latency", [True, False])
@pytest.mark.parametrize("with_performance", [True, False])
def test_a_comparison_comes_back_equal(with_latency: bool, with_performance: bool) -> None:
    comparison = tiny_comparison(with_latency=with_latency, with_performance=with_performance)
    again = decode(encode(comparison))
    assert again == comparison
    assert repr(again) == repr(comparison)


def test_equal_comparisons_give_the_same_bytes() -> None:
    assert encode(tiny_comparison()) == encode(tiny_comparison())


def test_a_snapshot_is_json_that_names_its_format_and_version() -> None:
    document = json.loads(SOUND.decode("utf-8"))
    assert list(document) == ["format", "schema_version", "comparison"]
    assert (document["format"], document["schema_version"]) == ("mbgui-snapshot", 4)


def test_raw_latency_samples_are_kept() -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    stored = json.loads(SOUND)["comparison"]["latency"]["rounds"]
    assert [tuple(taken["durations_s"]) for taken in stored] == [
        taken.durations_s for taken in comparison.latency.rounds
    ]


def test_fields_of_a_later_minor_version_are_passed_over() -> None:
    assert decode(changed("comparison", "surprise", to=[1, 2])) == tiny_comparison()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "a.mbsnap is cut off: its end is missing."),
        (SOUND[:-1], "a.mbsnap is cut off: its end is missing."),
        (b"PK\x03\x04", "a.mbsnap is damaged or not a snapshot: it is not valid JSON."),
        (SOUND + b"x", "a.mbsnap is damaged or not a snapshot: it is not valid JSON."),
        (
            SOUND.replace(b"tiny_net", b"tiny_\xff\xff\xff"),
            "a.mbsnap is damaged or not a snapshot: it is not valid JSON.",
        ),
        (
            b'{"format":"mbgui-snapshot","schema_version":1,"comparison":' + b"[" * 100_000 + b"}",
            "a.mbsnap is damaged or not a snapshot: it is not valid JSON.",
        ),
        (b"[]", "a.mbsnap is not an mbgui snapshot."),
        (b'{"a": 1}', "a.mbsnap is not an mbgui snapshot."),
        (changed("format", to="other"), "a.mbsnap is not an mbgui snapshot."),
        (changed("schema_version", to=0), "a.mbsnap is not an mbgui snapshot."),
        (changed("schema_version", to=5), "a.mbsnap was saved by a newer mbgui."),
    ],
)
def test_bytes_that_are_no_snapshot_are_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    problem = problem_of(data)
    assert problem.sentence == sentence
    assert problem.advice


def test_a_newer_snapshot_is_refused_even_where_its_records_are_unknown() -> None:
    data = b'{"format":"mbgui-snapshot","schema_version":7,"comparison":{"everything":"else"}}'
    assert problem_of(data).sentence == "a.mbsnap was saved by a newer mbgui."


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("left", "layers", 0, "path"), 3, "left.layers[0].path"),
        (("left", "framework"), "theano", "left.framework"),
        (("request", "inputs"), [224], "request.inputs[0]"),
        (("accounting", "right", "mac_count"), 1.5, "accounting.right.mac_count"),
        (("latency", "ratio"), None, "latency.ratio"),
    ],
)
def test_a_value_of_a_wrong_type_is_named_by_its_field(path: tuple[str | int, ...], value: Any, field: str) -> None:
    assert f"something unexpected at {field}" in problem_of(changed("comparison", *path, to=value)).sentence


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("outline", "rows", 0, "parent"), 0, "outline.rows[0] has the parent 0"),
        (("outline", "rows", 1, "parent"), -2, "outline.rows[1] has the parent -2"),
        (("outline", "rows", 1, "parent"), 10**9, "outline.rows[1] has the parent 1000000000"),
        (("left", "layers", 0, "path"), "nowhere", "before its parent 'features'"),
        (("alignment", "pairs", 0, "right"), "nowhere", "no layer of the right network"),
        (("differences", 0, "places"), [{"left": "nowhere", "right": None}], "no layer of the left network"),
        (("left", "tensors", 0, "layer"), "nowhere", "unknown layer 'nowhere'"),
        (("accounting", "left", "ledger"), [], "one entry for every purpose"),
        (("latency", "rounds"), [], "no timed call of the left side"),
        (("latency", "rounds", 0, "durations_s"), [-1.0], "less than nothing"),
        (("left", "tensors", 0, "size_bytes"), 2**63, "9223372036854775808 is too large"),
        (("created_at",), "yesterday", "no ISO 8601 time"),
        (("created_at",), "2026-01-02T03:04:05", "no time zone"),
        (("created_at",), "0001-01-01T00:00:00+23:59", "out of range"),
    ],
)
def test_records_that_contradict_each_other_are_refused(path: tuple[str | int, ...], value: Any, fault: str) -> None:
    problem = problem_of(changed("comparison", *path, to=value))
    assert problem.sentence.startswith("a.mbsnap contradicts itself")
    assert fault in problem.sentence


def test_a_layer_before_its_parent_is_refused() -> None:
    document = json.loads(SOUND)
    document["comparison"]["left"]["layers"].reverse()
    assert "before its parent" in problem_of(json.dumps(document).encode()).sentence


def test_a_layer_that_is_named_twice_is_refused() -> None:
    document = json.loads(SOUND)
    layers = document["comparison"]["left"]["layers"]
    layers.append(layers[-1])
    assert "left.layers names a layer twice" in problem_of(json.dumps(document).encode()).sentence


def test_a_row_with_nothing_on_either_side_is_refused() -> None:
    document = json.loads(SOUND)
    document["comparison"]["outline"]["rows"][-1] |= {"left": None, "right": None}
    assert "nothing on either side" in problem_of(json.dumps(document).encode()).sentence


def test_a_long_number_inside_a_text_is_no_reason_to_refuse() -> None:
    comparison = replace(tiny_comparison(), warnings=("9" * 40,))
    assert decode(encode(comparison)) == comparison


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_a_time_that_is_no_number_is_never_written(bad: float) -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    with pytest.raises(MbguiError, match="cannot be written as a snapshot"):
        encode(replace(comparison, latency=replace(comparison.latency, ratio=bad)))


def test_statistics_that_are_no_numbers_are_written_as_nothing() -> None:
    comparison = tiny_comparison()
    broken = TensorStatistics(mean=nan, std=inf, minimum=-inf, maximum=1.0, non_finite_count=1)
    tensors = (replace(comparison.left.tensors[0], statistics=broken), *comparison.left.tensors[1:])
    data = encode(replace(comparison, left=replace(comparison.left, tensors=tensors)))
    assert b"NaN" not in data
    assert b"Infinity" not in data
    found = decode(data).left.tensors[0].statistics
    assert found == TensorStatistics(mean=None, std=None, minimum=None, maximum=1.0, non_finite_count=1)


def test_text_that_is_no_unicode_is_refused_in_a_sentence() -> None:
    with pytest.raises(MbguiError, match="cannot be written as a snapshot"):
        encode(replace(tiny_comparison(), identifier="\ud800"))


def test_the_listing_holds_what_the_whole_snapshot_says() -> None:
    comparison, listed = tiny_comparison(), decode_listed(SOUND)
    assert (listed.title, listed.created_at) == (comparison.title, comparison.created_at)
    assert (listed.verdict.headline, listed.verdict.agreement) == (
        comparison.verdict.headline,
        comparison.verdict.agreement,
    )
    assert listed.is_sample == comparison.is_sample


def test_the_listing_does_not_look_at_the_rest() -> None:
    assert decode_listed(changed("comparison", "outline", to="no outline")).title == tiny_comparison().title


def test_older_snapshots_go_up_one_version_at_a_time() -> None:
    steps = {1: lambda plain: {**plain, "one": True}, 2: lambda plain: {**plain, "two": plain["one"]}}
    assert migrate({}, 1, steps=steps, current=3) == {"one": True, "two": True}
    assert migrate({"kept": 1}, SCHEMA_VERSION) == {"kept": 1}


TUPLES = st.lists(st.integers(0, 2**62), max_size=4).map(tuple)
STATISTICS = st.builds(
    TensorStatistics,
    mean=st.none() | FINITE,
    std=st.none() | FINITE,
    minimum=st.none() | FINITE,
    maximum=st.none() | FINITE,
    non_finite_count=st.integers(0, 2**62),
)
ATTRIBUTES = st.lists(st.builds(Attribute, name=TEXTS, value=SCALARS | TUPLES, native=TEXTS), max_size=5).map(tuple)
MOMENTS = st.datetimes(timezones=st.timezones()).filter(lambda moment: 1971 < moment.year < 8999)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """A sound comparison in which everything that may be anything is drawn."""
    found = tiny_comparison(with_latency=draw(st.booleans()), with_performance=draw(st.booleans()))
    left = found.left
    layer = replace(
        left.layers[-1], type_name=draw(TEXTS), attributes=draw(ATTRIBUTES), mac_count=draw(st.integers(0, 2**62))
    )
    tensor = replace(left.tensors[0], name=draw(TEXTS), shape=draw(TUPLES), statistics=draw(STATISTICS))
    left = replace(left, layers=(*left.layers[:-1], layer), tensors=(tensor, *left.tensors[1:]), notes=(draw(TEXTS),))
    verdict = replace(found.verdict, headline=draw(TEXTS), details=tuple(draw(st.lists(TEXTS, max_size=3))))
    return replace(
        found,
        identifier=draw(TEXTS),
        created_at=draw(MOMENTS).isoformat(),
        left=left,
        verdict=verdict,
        warnings=(draw(TEXTS),),
        is_sample=draw(st.booleans()),
    )


@given(comparisons())
def test_any_sound_comparison_comes_back_equal_and_without_another_type(comparison: Comparison) -> None:
    again = decode(encode(comparison))
    assert again == comparison
    assert repr(again) == repr(comparison)  # True is not 1, and 1.0 is not 1


def test_every_truncation_is_refused() -> None:
    sentences = {problem_of(SOUND[:length]).sentence for length in range(len(SOUND))}
    assert sentences == {"a.mbsnap is cut off: its end is missing."}


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=1000)
def test_flipped_bytes_give_an_error_with_a_sentence_or_a_sound_comparison(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(SOUND)
    for place, byte in flips:
        damaged[place] = byte
    assert is_read_or_refused(bytes(damaged))


@given(hostile_snapshots())
@settings(max_examples=500)
def test_any_value_in_any_place_gives_an_error_with_a_sentence_or_a_sound_comparison(data: bytes) -> None:
    assert is_read_or_refused(data)


def version_1(document: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as the first version wrote it: one input size, sources of a kind and a name, no origin of inputs."""
    comparison = document["comparison"]
    comparison["request"]["input_size"] = comparison["request"].pop("inputs")[0]["sizes"]
    for name in ("code_folders", "limits"):
        del comparison["request"][name]
    for place in (comparison["left"], comparison["right"]):
        del place["input_origin"], place["input_names"]
    for holder in (comparison["left"]["source"], comparison["right"]["source"], *map(comparison["request"].get, SIDES)):
        del holder["options"], holder["weights"]
    return {**document, "schema_version": 1}


SIDES = ("left", "right")
DATA = Path(__file__).parents[1] / "data" / "snapshots"
VERSION_2, VERSION_3 = (DATA / f"version_{version}.mbsnap" for version in (2, 3))
"""Written by the code of these versions."""


def test_a_snapshot_of_the_first_version_opens_as_what_it_was() -> None:
    data = VERSION_3.read_bytes()
    old = version_1(json.loads(data))
    assert decode(json.dumps(old).encode()) == decode(data)
    assert decode_listed(json.dumps(old).encode()).title == tiny_comparison().title


@pytest.mark.parametrize("request_of_old", [None, 3, "text", {}, {"input_size": 3}, [1]])
def test_a_snapshot_of_the_first_version_without_its_request_is_a_sentence(request_of_old: object) -> None:
    old = version_1(json.loads(VERSION_3.read_bytes()))
    old["comparison"]["request"] = request_of_old
    assert problem_of(json.dumps(old).encode()).sentence.startswith("a.mbsnap ")


def test_a_file_that_the_second_version_wrote_opens_without_a_proof() -> None:
    data = VERSION_2.read_bytes()
    assert json.loads(data)["schema_version"] == 2
    found = decode(data)
    assert (found.title, found.equivalence) == ("tiny_net · TinyNet", None)
    assert (found.request.verification, found.request.corrections, found.left.calls) == (None, (), ())
    assert decode(encode(found)) == found


def test_the_bundled_sample_opens_whichever_version_wrote_it() -> None:
    assert decode((Path(__file__).parents[2] / "resources" / "sample.mbsnap").read_bytes()).is_sample
