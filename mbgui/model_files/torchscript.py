"""TorchScript archives: their tensors, and whether their code touches anything but tensors.

TorchScript runs in PyTorch's own interpreter, which has no Python in it. What it could do is call operators that write
files or belong to other libraries, also while it is loaded (`__setstate__`), so its code is searched for these as text.
"""

import re
from collections.abc import Iterator

from mbgui.domain.errors import MbguiError
from mbgui.model_files.archive import Archive
from mbgui.model_files.findings import Findings
from mbgui.model_files.pickle_reading import Called, ReadPickle
from mbgui.model_files.refusals import damaged, quoted, refused
from mbgui.model_files.torch_archive import add_tensors, pickle_in
from mbgui.model_files.torch_objects import PLAIN_GLOBALS, first_foreign, tensors_in

_CODE_BYTES = 64 << 20
_ADVICE = "Export it as .pt2 (torch.export.save), or give module:callable that builds it."
_LIBRARY = re.compile(r"(?<![.\w])ops\b(?:\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?)?")
_HARMLESS_LIBRARIES = frozenset(
    {
        "aten",
        "prim",
        "prims",
        "quantized",
        "_quantized",
        "torchvision",
        "prepacked",
        "mkldnn",
        "mkldnn_prepacked",
        "sparse",
    }
)
_WITHOUT_NAME = re.compile(r"(?<![.\w])torch\b(?!\s*\.)")
"""A namespace given another name, under which its operators could hide."""
_FORBIDDEN = "save|load|from_file|open|system|popen|exec|eval|read_file|write_file|_from_file"
_TOUCHES_FILES = re.compile(rf"\.\s*({_FORBIDDEN})\b")
_FORBIDDEN_TEXT = re.compile(rf"[\"']({_FORBIDDEN}|classes|ops)[\"']")
_CLASSES = re.compile(r"__torch__\s*\.\s*torch\s*\.\s*classes\s*\.\s*(\w+)")
_HARMLESS_CLASSES = frozenset({"quantized", "sparse", "xnnpack"})
_TEXT = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_LONG_TEXT = re.compile(r"\"\"\"|\'\'\'|\\\r?\n")
"""Texts and lines that go on: PyTorch writes none, and in one, code could hide from this search."""
_UNSEEN = re.compile(r"#[^\n]*")
"""What PyTorch's reader of code skips between words: a comment."""
_TYPE_TAGS = "torch.jit._pickle."


def read_torchscript(archive: Archive, findings: Findings) -> None:
    """The tensors of a TorchScript archive, named by the attributes that hold them.

    Raises:
        MbguiError: it is damaged, or its code uses operators that touch files or belong to other libraries.
    """
    folder = archive.top_folder
    if not folder:
        raise damaged(archive.file.path, "its parts are not in one folder")
    if any(name.lower() == f"{folder}model.json".lower() for name in archive.entries):
        raise refused(archive.file.path, "is TorchScript of PyTorch before 1.0, which is read by other rules", _ADVICE)
    _add_facts(archive, folder, findings)
    found = pickle_in(archive, f"{folder}data.pkl")
    constants = pickle_in(archive, f"{folder}constants.pkl")
    if isinstance(found.value, Called):
        findings.add_fact("Class", found.value.path.removeprefix("__torch__."))
    add_tensors(archive, tensors_in(found.value), findings, lambda key: f"{folder}data/{key}")
    for name, texts in (("data.pkl", found), ("constants.pkl", constants)):
        _check_globals(archive.file.path, name, texts)
    _check_code(archive, folder)


def _add_facts(archive: Archive, folder: str, findings: Findings) -> None:
    for name, title in (("version", "Archive version"), ("producer", "Written by")):
        if f"{folder}{name}" in archive.entries:
            findings.add_fact(title, archive.read(f"{folder}{name}", 1000).decode("utf-8", "replace").strip())


def _check_globals(path: str, where: str, found: ReadPickle) -> None:
    foreign = first_foreign(
        found.global_names, lambda name: name in PLAIN_GLOBALS or name.startswith(("__torch__.", _TYPE_TAGS))
    )
    if foreign is None:
        foreign = next((name for name in found.global_names if _is_foreign_class(name)), None)
    if foreign is not None:
        raise refused(
            path,
            f"names {quoted(foreign)} in its {where}, which no TorchScript model needs; it was not opened",
            _ADVICE,
        )


def _is_foreign_class(name: str) -> bool:
    matched = _CLASSES.match(name)
    return matched is not None and matched[1] not in _HARMLESS_CLASSES


def _check_code(archive: Archive, folder: str) -> None:
    total = 0
    for name, entry in archive.entries.items():
        if not name.lower().startswith(f"{folder}code/".lower()) or not name.lower().endswith(".py"):
            continue  # PyTorch finds a part whatever its capitals
        total += entry.size_bytes
        if total > _CODE_BYTES:
            raise damaged(archive.file.path, "it has more code than any model")
        try:
            text = archive.read(name).decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(archive.file.path, f"its code cannot be read ({quoted(name)})", str(error)) from error
        for operator in _suspicious(text):
            raise _uses(archive.file.path, operator, name.removeprefix(folder))


def _suspicious(text: str) -> Iterator[str]:
    code = _UNSEEN.sub(" ", _TEXT.sub("_", text))
    yield from (f"{matched[1]}::{matched[2]}" for matched in _LIBRARY.finditer(code) if _is_foreign_operator(matched))
    yield from (matched[1] for matched in _TOUCHES_FILES.finditer(code))
    yield from (
        f"torch.classes.{matched[1]}" for matched in _CLASSES.finditer(code) if matched[1] not in _HARMLESS_CLASSES
    )
    if "getattr" in code:
        yield from (matched[1] for matched in _FORBIDDEN_TEXT.finditer(text))
    yield from (matched[0] for matched in _WITHOUT_NAME.finditer(code))
    yield from ("of a text or line that goes on" for _ in _LONG_TEXT.finditer(text))


def _is_foreign_operator(matched: re.Match[str]) -> bool:
    return matched[1] not in _HARMLESS_LIBRARIES or matched[2] is None


def _uses(path: str, operator: str, where: str) -> MbguiError:
    return refused(
        path,
        f"uses the operator {quoted(operator)} in its code, which can touch more than tensors; it was not opened",
        _ADVICE,
        f"in {quoted(where, 300)}",
    )
