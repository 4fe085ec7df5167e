"""The package for Debian, built from a small folder that looks like the app, and read back with dpkg-deb."""

import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.version import Version
from recipe.deb import debian_version, make_deb

NEEDS_DPKG = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not here")
RELEASED = date(2026, 11, 27)


@pytest.fixture(scope="module")
def package(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("packages")
    made = make_deb(bundle, target, version="1.2.3", released=RELEASED)
    assert made is not None
    assert [path.name for path in target.iterdir()] == [made.name]
    assert not list(bundle.parent.glob(".deb-*"))
    return made


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
    return folder


def entries(package: Path) -> dict[str, tarfile.TarInfo]:
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
            return {entry.name.removeprefix("./"): entry for entry in tar}


def fields(package: Path) -> dict[str, str]:
    done = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True)
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if not line.startswith(" "))


@NEEDS_DPKG
def test_the_app_is_in_opt_and_its_desktop_files_where_desktops_look(package: Path) -> None:
    found = entries(package)
    assert found["usr/bin/mbgui"].linkname == "/opt/mbgui/mbgui"
    assert found["opt/mbgui/_internal/library.so"].linkname == "deep er/library.so.1"
    for name in (
        "opt/mbgui/_internal/deep er/library.so.1",
        "usr/share/applications/mbgui.desktop",
        "usr/share/icons/hicolor/48x48/apps/mbgui.png",
        "usr/share/icons/hicolor/scalable/mimetypes/application-x-mbgui-snapshot.svg",
        "usr/share/metainfo/mbgui.metainfo.xml",
        "usr/share/mime/packages/mbgui.xml",
    ):
        assert found[name].isfile()
    assert {path for path in found if path.count("/") == 2 and path.startswith("opt/")} == {
        "opt/mbgui/_internal",
        "opt/mbgui/mbgui",
    }


@NEEDS_DPKG
def test_everything_belongs_to_root_and_can_be_read_by_everyone(package: Path) -> None:
    found = entries(package)
    assert {(entry.uid, entry.gid) for entry in found.values()} == {(0, 0)}
    assert {entry.mode for entry in found.values() if entry.isdir()} == {0o755}
    assert all(entry.mode & 0o444 == 0o444 for entry in found.values() if entry.isfile())
    assert found["opt/mbgui/mbgui"].mode == 0o755


@NEEDS_DPKG
def test_a_file_only_its_owner_can_read_is_opened_in_the_package_not_in_the_bundle(
    bundle: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "copy", symlinks=True))
    (copy / "mbgui").chmod(0o700)
    made = make_deb(copy, tmp_path, version="1", released=RELEASED)
    assert made is not None
    assert entries(made)["opt/mbgui/mbgui"].mode == 0o755
    assert (copy / "mbgui").stat().st_mode & 0o777 == 0o700


@pytest.fixture
def closed_umask() -> Iterator[None]:
    """Files are made for their owner alone."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@NEEDS_DPKG
@pytest.mark.usefixtures("closed_umask")
def test_everyone_can_read_it_even_if_the_builder_makes_files_for_himself_alone(
    package: Path, bundle: Path, tmp_path: Path
) -> None:
    made = make_deb(bundle, tmp_path, version="1.2.3", released=RELEASED)
    assert made is not None
    found = entries(made)
    assert {name for name, entry in found.items() if entry.isfile() and entry.mode & 0o444 != 0o444} == set()
    assert found["usr/share/doc/mbgui/copyright"].mode == found["usr/share/doc/mbgui/changelog.gz"].mode == 0o644
    assert made.read_bytes() == package.read_bytes()


@NEEDS_DPKG
def test_its_description_names_version_size_and_what_it_needs(package: Path, bundle: Path) -> None:
    described = fields(package)
    assert described["Package"] == "mbgui"
    assert described["Version"] == "1.2.3"
    assert {"libegl1", "libgl1"} <= set(described["Depends"].split(", "))
    program = sum(path.stat().st_size for path in (bundle / "_internal").rglob("*") if not path.is_symlink())
    assert program / 1024 < int(described["Installed-Size"]) < program / 1024 + 1000


@NEEDS_DPKG
def test_the_sums_are_those_of_the_files(unpacked: Path) -> None:
    lines = (unpacked / "DEBIAN" / "md5sums").read_text("utf-8").splitlines()
    sums = {name: told for told, name in (line.split("  ", 1) for line in lines)}
    assert {
        name: hashlib.md5((unpacked / name).read_bytes(), usedforsecurity=False).hexdigest() for name in sums
    } == sums
    installed = {path for path in unpacked.rglob("*") if path.is_file() and not path.is_symlink()}
    assert {str(path.relative_to(unpacked)) for path in installed if "DEBIAN" not in path.parts} == set(sums)


@NEEDS_DPKG
def test_the_licence_and_the_changes_are_with_the_documents(unpacked: Path) -> None:
    documents = unpacked / "usr" / "share" / "doc" / "mbgui"
    assert "MIT License" in (documents / "copyright").read_text("utf-8")
    assert gzip.decompress((documents / "changelog.gz").read_bytes()).startswith(b"# Changelog")


@NEEDS_DPKG
def test_the_same_bundle_gives_the_same_bytes(package: Path, bundle: Path, tmp_path: Path) -> None:
    again = make_deb(bundle, tmp_path, version="1.2.3", released=RELEASED)
    assert again is not None
    assert again.read_bytes() == package.read_bytes()


@NEEDS_DPKG
def test_what_dpkg_deb_says_of_a_failure_is_told_and_no_package_is_left(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(
        OSError, match=r"(?s)dpkg-deb could not build the package: .*version string has embedded spaces"
    ):
        make_deb(bundle, tmp_path / "out", version="not a version", released=RELEASED)
    assert list((tmp_path / "out").iterdir()) == []


def test_without_dpkg_deb_it_is_left_out_and_said_so(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make_deb(bundle, tmp_path, version="1.2.3", released=RELEASED) is None
    assert "left out" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("dpkg"), reason="dpkg is not here")
def test_debian_orders_the_versions_like_python() -> None:
    versions = ["1.0.dev1", "1.0a1.dev2", "1.0a1", "1.0b1", "1.0rc1", "1.0", "1.0.post1", "1.0.1.dev3", "1.0.1", "1.10"]
    assert versions == sorted(versions, key=Version)
    for lower, higher in pairwise(versions):
        command = ["dpkg", "--compare-versions", debian_version(lower), "lt", debian_version(higher)]
        assert subprocess.run(command, check=False).returncode == 0, (lower, higher)


@NEEDS_DPKG
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root unpacks a package into a system")
def test_dpkg_installs_and_removes_it_in_a_system_of_its_own(package: Path, tmp_path: Path) -> None:
    (tmp_path / "var/lib/dpkg/updates").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/info").mkdir()
    (tmp_path / "var/lib/dpkg/status").touch()
    command = ["dpkg", f"--root={tmp_path}", "--force-not-root", "--force-depends", "--log=/dev/null"]
    subprocess.run([*command, "--install", package], capture_output=True, check=True)
    assert (tmp_path / "usr/bin/mbgui").readlink() == Path("/opt/mbgui/mbgui")
    subprocess.run([*command, "--purge", "mbgui"], capture_output=True, check=True)
    assert not (tmp_path / "opt").exists()
