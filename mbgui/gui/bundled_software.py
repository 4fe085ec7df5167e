"""What mbgui is made of: every distribution it needs and everything the packaged app brings, with their licences."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from mbgui.frozen import bundle_folder, is_frozen
from mbgui.gui import resources

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_LICENCE_FILE = re.compile(r"licen[cs]e|copying|copyright|notice|authors|third.?party", re.IGNORECASE)
_LICENCE_FOLDER = re.compile(r"^[^/]*\.dist-info/licenses/")
"""Everything in there is one, whatever its name (PEP 639)."""
_CODE_SUFFIXES = frozenset({".py", ".pyc", ".pyi", ".h", ".hpp", ".cpp", ".json", ".so", ".dll"})
_LONGEST_EXPRESSION = 300
"""Older metadata hold the whole text where a name is meant."""
_VAGUE = "OSI Approved"
_QT = frozenset({"pyside6-essentials", "pyside6-addons", "pyside6", "shiboken6"})
_QT_NOTE = """\
Qt and PySide6 (Qt for Python) {version} are used under the GNU Lesser General Public License, version 3 \
(LGPL-3.0-only).
They were neither changed nor linked statically: their libraries lie as files of their own in

    {folder}

and may be replaced by others, built by you, that have the same interface.

The source of PySide6 and shiboken6: https://download.qt.io/official_releases/QtForPython/
The source of Qt: https://download.qt.io/official_releases/qt/
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One piece of software; `folder` holds its texts where it is no Python distribution."""

    name: str
    version: str = ""
    licence: str = ""
    folder: Path | None = None


def bundled_components() -> tuple[Component, ...]:
    """The distribution of mbgui, all that it requires and that is installed, and what else the packaged app brings.

    A requirement counts where its distribution is installed: what a marker rules out seldom is, and does no harm.
    """
    found = {_normal(one.name): one for one in (*map(_component, _distributions()), *_further_components())}
    return tuple(sorted(found.values(), key=_place))


def licence_texts(component: Component) -> tuple[tuple[str, str], ...]:
    """The name and the text of every file with the licence of a component or of a part of it, each text once."""
    texts: dict[str, str] = {}
    for name, text in (*_notes(component), *_files(component)):
        texts.setdefault(text, name)
    return tuple((name, text) for text, name in texts.items())


def _distributions() -> Iterator[metadata.Distribution]:
    yield from _required("mbgui")
    if is_frozen():  # everything that is in the bundle, required or not
        yield from metadata.distributions()


def _required(root: str) -> Iterator[metadata.Distribution]:
    waiting, seen = [(root, "")], set[tuple[str, str]]()
    while waiting:
        name, extras = waiting.pop()
        if (_normal(name), extras) in seen:
            continue
        seen.add((_normal(name), extras))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        waiting += _requirements(distribution.requires or (), {_normal(extra) for extra in extras.split(",")})
        yield distribution


def _requirements(lines: Iterable[str], extras: set[str]) -> Iterator[tuple[str, str]]:
    """Name and extras of each requirement, those of extras that were not asked for left out."""
    for line in lines:
        requirement, _, marker = line.partition(";")
        wanted_by = _EXTRA.search(marker)
        matched = _REQUIREMENT.match(requirement)
        if matched is not None and (wanted_by is None or _normal(wanted_by[1]) in extras):
            yield matched[1], (matched[2] or "").replace(" ", "")


def _component(distribution: metadata.Distribution) -> Component:
    return Component(name=distribution.name, version=distribution.version, licence=_licence(distribution))


def _licence(distribution: metadata.Distribution) -> str:
    """What the metadata call it: the expression, else the field that was used before it, else the classifiers."""
    known = distribution.metadata
    for field in ("License-Expression", "License"):
        text = str(known[field]).strip() if field in known else ""
        if text and len(text) <= _LONGEST_EXPRESSION and "\n" not in text and text.upper() != "UNKNOWN":
            return text
    classifiers = known.get_all("Classifier") or ()
    names = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License")]
    return ", ".join(name for name in names if name != _VAGUE)


def _further_components() -> Iterator[Component]:
    """What is no Python distribution: the packaged app has a folder with the texts of each."""
    bundle = bundle_folder()
    folder = bundle / "licenses" if bundle is not None else None
    if folder is not None and folder.is_dir():
        for inner in folder.iterdir():
            if inner.is_dir():
                yield Component(name=inner.name, folder=inner)


def _notes(component: Component) -> Iterator[tuple[str, str]]:
    """What is to be said of Qt, whose distributions bring no texts of their own."""
    if _normal(component.name) in _QT:
        folder = metadata.distribution(component.name).locate_file(component.name.partition("_")[0])
        package = Path(str(folder)).parent / ("shiboken6" if component.name == "shiboken6" else "PySide6")
        yield "How it is used", _QT_NOTE.format(version=component.version, folder=package)
        for name in ("LGPL-3.0.txt", "GPL-3.0.txt"):
            yield name, resources.text("licences", name)


def _files(component: Component) -> Iterator[tuple[str, str]]:
    if component.folder is not None:
        paths = {path.relative_to(component.folder).as_posix(): path for path in component.folder.rglob("*")}
    else:
        paths = dict(_licence_paths(metadata.distribution(component.name)))
    for name in sorted(paths, key=_importance):
        try:
            yield name, paths[name].read_text(encoding="utf-8", errors="replace").strip()
        except OSError:  # a folder; or listed, and left out of the packaged app
            continue


def _licence_paths(distribution: metadata.Distribution) -> Iterator[tuple[str, Path]]:
    """Files that a distribution lists as licences, or whose names say so; named without the folder of its metadata."""
    lines = [line for line in (distribution.read_text("RECORD") or "").splitlines() if _LICENCE_FILE.search(line)]
    for listed, *_ in csv.reader(lines):
        path = Path(listed)
        is_named = _LICENCE_FILE.search(path.name) and path.suffix.lower() not in _CODE_SUFFIXES
        if is_named or _LICENCE_FOLDER.match(listed):
            name = re.sub(r"^[^/]*\.dist-info/(licenses/)?", "", listed)
            yield name, Path(str(distribution.locate_file(listed)))


def _importance(name: str) -> tuple[int, bool, str]:
    """Its own licence before those of what it contains, in outer folders before inner ones."""
    return name.count("/"), not name.upper().startswith("LICEN"), name


def _normal(name: str) -> str:
    """The name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _place(component: Component) -> tuple[bool, str]:
    return component.name != "mbgui", component.name.casefold()
