"""Whether the tensors of a file are those of a model, by name and shape; and what to do where they are not."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath

from mbgui.domain.errors import MbguiError, Problem, Remedy
from mbgui.domain.source import ZOO_FRAMEWORKS, ModelSource, SourceOption, WeightsFile

Shape = tuple[int, ...]
_SEPARATORS = "./"
_LISTED = 200
_COMPARED = 60
"""So many missing names get the nearest ones beside them; comparing texts takes a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorMatch:
    """What fits and what does not. `misshapen` maps a name to its shape in the file and in the model."""

    fitting: tuple[str, ...]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    misshapen: Mapping[str, tuple[Shape, Shape]]

    @property
    def is_exact(self) -> bool:
        """Whether every tensor has its partner."""
        return not (self.missing or self.unexpected or self.misshapen)


def stripped_name(name: str, prefix: str) -> str:
    """A name in the file without the prefix that the user had stripped, where it has it."""
    return name.removeprefix(prefix)


def compare_tensors(expected: Mapping[str, Shape], found: Mapping[str, Shape]) -> TensorMatch:
    """What fits and what does not, in the order of the model and of the file."""
    common = [name for name in expected if name in found]
    return TensorMatch(
        fitting=tuple(name for name in common if expected[name] == found[name]),
        missing=tuple(name for name in expected if name not in found),
        unexpected=tuple(name for name in found if name not in expected),
        misshapen={name: (found[name], expected[name]) for name in common if expected[name] != found[name]},
    )


def match_tensors(
    expected: Mapping[str, Shape], found: Mapping[str, Shape], *, source: ModelSource, head: str | None
) -> tuple[str, ...]:
    """Names that are in both; `head` is the layer that makes the classes, where it is known.

    Raises:
        MbguiError: something is missing, unexpected or of another shape; `source.weights.is_partial` lets the first two
            pass. The detail lists each by name with the nearest names beside it, remedies are what can be done.
    """
    match = compare_tensors(expected, found)
    weights = source.weights
    if weights is None or match.is_exact:
        return match.fitting
    if weights.is_partial and match.fitting and not match.misshapen:
        return match.fitting
    raise MbguiError(_problem(match, expected, found, source, weights, head))


def _problem(  # noqa: PLR0913, PLR0917  everything that is known goes into one sentence
    match: TensorMatch,
    expected: Mapping[str, Shape],
    found: Mapping[str, Shape],
    source: ModelSource,
    weights: WeightsFile,
    head: str | None,
) -> Problem:
    detail = "\n".join(_report(match, expected, found))
    classes = _other_classes(match, head)
    if classes is not None:
        return _other_head(source, weights, classes, detail)
    file, model = PurePath(weights.path).name, dataclasses.replace(source, weights=None).title
    prefix = _prefix_to_strip(expected, found)
    remedies = (*_strip_remedies(source, weights, prefix), *_partial_remedies(source, weights, match))
    if prefix:
        sentence = f"The names in {file} begin with “{prefix}”, those of {model} do not."
        advice = f"Strip the prefix: …@{file}?strip={prefix}"
    elif not match.fitting and not match.misshapen:
        sentence = f"None of the {len(found)} tensors in {file} has the name of one of {model}'s {len(expected)}."
        advice = "Choose the architecture, and the framework, that these weights were saved from."
    else:
        sentence = f"{file} does not fit {model}: {_counts(match)}."
        advice = (
            "Choose the architecture and options that these weights were saved from; the details list every tensor."
        )
    return Problem(sentence=sentence, advice=advice, detail=detail, remedies=remedies)


def _counts(match: TensorMatch) -> str:
    """`3 tensors are missing, 2 are unexpected, 1 has another shape`."""
    counted = (
        (len(match.missing), "is missing", "are missing"),
        (len(match.unexpected), "is unexpected", "are unexpected"),
        (len(match.misshapen), "has another shape", "have another shape"),
    )
    words = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    first, _, rest = words[0].partition(" ")
    return ", ".join([f"{first} tensor{'' if first == '1' else 's'} {rest}", *words[1:]])


def _report(match: TensorMatch, expected: Mapping[str, Shape], found: Mapping[str, Shape]) -> Iterator[str]:
    """Everything that does not fit, by name, the nearest names beside what is missing."""
    if match.misshapen:
        yield f"Of another shape ({len(match.misshapen)}):"
        lines = (
            f"  {name}: {there} in the file, {here} in the model" for name, (there, here) in match.misshapen.items()
        )
        yield from _shortened(lines, len(match.misshapen))
    if match.missing:
        yield f"Missing in the file ({len(match.missing)}):"
        lines = (
            f"  {name} {expected[name]}{_nearest(name, expected, match.unexpected, found) if place < _COMPARED else ''}"
            for place, name in enumerate(match.missing)
        )
        yield from _shortened(lines, len(match.missing))
    if match.unexpected:
        yield f"Unexpected in the file ({len(match.unexpected)}):"
        yield from _shortened((f"  {name} {found[name]}" for name in match.unexpected), len(match.unexpected))


def _shortened(lines: Iterator[str], count: int) -> Iterator[str]:
    for _, line in zip(range(_LISTED), lines, strict=False):
        yield line
    if count > _LISTED:
        yield f"  … and {count - _LISTED} more"


def _nearest(name: str, expected: Mapping[str, Shape], unexpected: tuple[str, ...], found: Mapping[str, Shape]) -> str:
    """The names in the file that resemble a missing one, those of its shape first."""
    alike = [candidate for candidate in unexpected if found[candidate] == expected[name]] or list(unexpected)
    nearest = get_close_matches(name, alike[:500], n=2, cutoff=0.5)
    return f" – nearest in the file: {', '.join(nearest)}" if nearest else ""


def _prefix_to_strip(expected: Mapping[str, Shape], found: Mapping[str, Shape]) -> str:
    """The prefix whose removal makes most names fit, "" where none makes more fit than do without."""
    counted = Counter(prefix for name in found for prefix in _prefixes(name) if name[len(prefix) :] in expected)
    prefix, count = counted.most_common(1)[0] if counted else ("", 0)
    plain = sum(name in expected for name in found)
    return prefix if count > max(plain, len(expected) // 2) else ""


def _prefixes(name: str) -> Iterable[str]:
    return (name[: place + 1] for place, letter in enumerate(name) if letter in _SEPARATORS)


def _other_classes(match: TensorMatch, head: str | None) -> tuple[int, int] | None:
    """How many classes the file and the model have, where nothing else differs."""
    if head is None or match.missing or match.unexpected or not match.misshapen:
        return None
    if not all(name.startswith(head) and name[len(head) :][:1] in tuple(_SEPARATORS) for name in match.misshapen):
        return None
    changes = {
        change
        for there, here in match.misshapen.values()
        if len(there) == len(here)
        for change in zip(there, here, strict=True)
        if change[0] != change[1]
    }
    return changes.pop() if len(changes) == 1 else None


def _other_head(source: ModelSource, weights: WeightsFile, classes: tuple[int, int], detail: str) -> Problem:
    there, here = classes
    file, model = PurePath(weights.path).name, dataclasses.replace(source, weights=None).title
    options = tuple(option for option in source.options if option.name not in ("num_classes", "classes"))
    changed = dataclasses.replace(source, options=(*options, SourceOption(name="num_classes", value=there)))
    is_zoo = source.kind in ZOO_FRAMEWORKS
    return Problem(
        sentence=f"{file} has a head of {there} classes, {model} one of {here}; all else fits.",
        advice=f"Build it with {there} classes" + (f": {changed.reference}" if is_zoo else "."),
        detail=detail,
        remedies=(_remedy(f"Build with {there} classes", source, changed),) if is_zoo else (),
    )


def _strip_remedies(source: ModelSource, weights: WeightsFile, prefix: str) -> tuple[Remedy, ...]:
    if not prefix:
        return ()
    changed = dataclasses.replace(weights, strip_prefix=weights.strip_prefix + prefix)
    return (_remedy(f"Strip “{prefix}”", source, dataclasses.replace(source, weights=changed)),)


def _partial_remedies(source: ModelSource, weights: WeightsFile, match: TensorMatch) -> tuple[Remedy, ...]:
    if not match.fitting or match.misshapen:
        return ()
    changed = dataclasses.replace(weights, is_partial=True)
    return (_remedy(f"Load the {len(match.fitting)} that fit", source, dataclasses.replace(source, weights=changed)),)


def _remedy(title: str, source: ModelSource, changed: ModelSource) -> Remedy:
    return Remedy(title=title, replaces=source.reference, reference=changed.reference)
