"""The package for Debian and its relatives: the bundle in /opt, for all users."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from recipe.checkout import ROOT
from recipe.debian_dependencies import depends, system_needs
from recipe.desktop_files import SCRIPTS
from recipe.whole_file import being_written

PROGRAM_FOLDER = "opt/mbgui"
ZSTD_LEVEL = 10
_PER_USER = frozenset({*SCRIPTS, "share", "LICENSE"})
"""In the bundle for the archive; here they have places of their own, or none."""
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_CONTROL = """\
Package: mbgui
Version: {version}
Architecture: {architecture}
Maintainer: The mbgui authors <authors@mbgui.invalid>
Installed-Size: {size_kib}
Depends: {depends}
Recommends: desktop-file-utils, hicolor-icon-theme, shared-mime-info
Suggests: g++
Section: science
Priority: optional
Description: compare a PyTorch model and a TensorFlow/Keras model
 Puts both models side by side and answers, with evidence: are they the same
 network, if not why, and which one is faster here. PyTorch, TensorFlow and
 Keras are inside. torch.compile can be timed where g++ is installed.
"""
_COPYRIGHT = """\
mbgui lies in /{program}. Its own licence is below. What is bundled with it keeps its own: the texts are in
/{program}/_internal/licenses and /{program}/_internal/*.dist-info; the About dialog shows them.

{licence}"""


def make_deb(bundle: Path, target: Path, *, version: str, released: date) -> Path | None:
    """Build `mbgui_VERSION_ARCHITECTURE.deb`; the same bundle and date give the same bytes.

    Args:
        bundle: the folder with the executable, after `write_desktop_files`.
        target: the folder for the package; made where it is missing.
        version: of mbgui, as Python writes it.
        released: the date of all files, unless SOURCE_DATE_EPOCH names another.

    Returns:
        The package, written whole or not at all; `None` where dpkg-deb is not installed, and stderr says so.

    Raises:
        OSError: a file cannot be read or written, or dpkg-deb failed.
        ValueError: the bundle needs a library of which no package is known.
    """
    if shutil.which("dpkg-deb") is None:
        print("dpkg-deb is not here: the .deb is left out.", file=sys.stderr)
        return None
    architecture = _ARCHITECTURES.get(os.uname().machine, os.uname().machine)
    package = target / f"mbgui_{debian_version(version)}_{architecture}.deb"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bundle.parent, prefix=".deb-") as folder:  # where files can be linked
        root = Path(folder)
        _place_files(bundle, root)
        _describe(root, debian_version(version), architecture, depends(system_needs(bundle)))
        _open_folders(root)
        with being_written(package) as part:
            _build(root, part, released)
    return package


def debian_version(version: str) -> str:
    """Python's version so that Debian orders it alike: what comes before the release before it, post-releases after.

    See PEP 440 and deb-version(7).
    """
    ordered = re.sub(r"(a|b|rc)(\d+)", r"~\1\2", version)
    return ordered.replace(".dev", "~~dev").replace(".post", "+post")


def _place_files(bundle: Path, root: Path) -> None:
    for path in sorted(bundle.iterdir()):
        if path.name not in _PER_USER:
            _link(path, root / PROGRAM_FOLDER / path.name)
    _link(bundle / "share", root / "usr" / "share")
    (root / "usr" / "bin").mkdir()
    (root / "usr" / "bin" / "mbgui").symlink_to(f"/{PROGRAM_FOLDER}/mbgui")
    documents = root / "usr" / "share" / "doc" / "mbgui"
    documents.mkdir(parents=True)
    licence = (ROOT / "LICENSE").read_text("utf-8")
    _write(documents / "copyright", _COPYRIGHT.format(program=PROGRAM_FOLDER, licence=licence).encode())
    _write(documents / "changelog.gz", gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0))


def _write(path: Path, held: bytes) -> None:
    """A file that every user can read, whatever the umask."""
    path.write_bytes(held)
    path.chmod(0o644)


def _link(source: Path, target: Path) -> None:
    """The same file or tree in a second place, without taking room; copied where it cannot be linked."""
    if source.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(source.iterdir()):
            _link(path, target / path.name)
    else:
        _link_file(source, target)


def _link_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = source.stat().st_mode
    is_readable = mode & 0o444 == 0o444
    try:
        if is_readable:
            os.link(source, target)
            return
    except OSError:  # another file system, or one without links
        pass
    shutil.copy2(source, target)
    target.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))  # for every user of the machine


def _describe(root: Path, version: str, architecture: str, needed: str) -> None:
    """The package's own data: what it is, and the sums of its files."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    control = root / "DEBIAN"
    control.mkdir()
    text = _CONTROL.format(version=version, architecture=architecture, size_kib=-(-size // 1024), depends=needed)
    _write(control / "control", text.encode())
    sums = (f"{_md5(path)}  {path.relative_to(root).as_posix()}\n" for path in files)
    _write(control / "md5sums", "".join(sums).encode())


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _open_folders(root: Path) -> None:
    """Every folder can be entered by every user, whatever the umask."""
    for path in (root, *root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def _build(root: Path, package: Path, released: date) -> None:
    midnight = datetime(released.year, released.month, released.day, tzinfo=UTC)
    environment = {"SOURCE_DATE_EPOCH": str(int(midnight.timestamp())), **os.environ}
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", f"-z{ZSTD_LEVEL}", "--build", str(root), str(package)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"dpkg-deb could not build the package: {done.stderr.strip()}")
