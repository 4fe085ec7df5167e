"""Which of Debian's packages a bundle needs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from recipe.debian_dependencies import OPTIONAL, PACKAGES, SystemNeeds, depends, packages_of, system_needs

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries of another format")


def needs(*libraries: str, glibc: tuple[int, ...] = (), glibcxx: tuple[int, ...] = ()) -> SystemNeeds:
    return SystemNeeds(libraries=frozenset(libraries), glibc=glibc, glibcxx=glibcxx)


def test_packages_are_named_once_with_the_oldest_version_that_will_do() -> None:
    asked = needs("libc.so.6", "libm.so.6", "libstdc++.so.6", "libz.so.1", glibc=(2, 34), glibcxx=(3, 4, 29))
    assert depends(asked) == "libc6 (>= 2.34), libegl1, libgl1, libstdc++6 (>= 11.1), zlib1g"


def test_a_library_of_no_known_package_stops_the_build_by_its_name() -> None:
    with pytest.raises(ValueError, match=r"libnew\.so\.1, libnew\.so\.2:"):
        packages_of(["libc.so.6", "libnew.so.2", "libnew.so.1"])


def test_symbols_newer_than_the_table_stop_the_build() -> None:
    with pytest.raises(ValueError, match=r"GLIBCXX_3\.4\.99"):
        depends(needs("libstdc++.so.6", glibcxx=(3, 4, 99)))


def test_what_the_bundle_does_without_needs_no_package() -> None:
    assert packages_of(OPTIONAL) == set()


@LINUX
def test_what_the_bundle_carries_is_not_asked_of_the_system(tmp_path: Path) -> None:
    import _ctypes  # noqa: PLC0415 - an extension module, for its file

    shutil.copyfile(_ctypes.__file__, tmp_path / "extension.so")
    asked = system_needs(tmp_path).libraries
    assert "libc.so.6" in asked
    carried = min(asked)
    (tmp_path / carried).touch()
    assert system_needs(tmp_path).libraries == asked - {carried}


@LINUX
@pytest.mark.skipif(not shutil.which("objdump"), reason="objdump, which says it as well, is not here")
def test_the_newest_symbols_are_those_that_objdump_lists(tmp_path: Path) -> None:
    shutil.copyfile(sys.executable, tmp_path / "program")
    listed = subprocess.run(["objdump", "-T", tmp_path / "program"], capture_output=True, text=True, check=True).stdout
    words = {word.strip("()") for word in listed.split() if word.strip("()").startswith("GLIBC_2")}
    newest = max(tuple(map(int, word.removeprefix("GLIBC_").split("."))) for word in words)
    assert system_needs(tmp_path).glibc == newest


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="dpkg-query is not here")
def test_the_installed_packages_hold_the_libraries_that_the_table_says() -> None:
    listing = subprocess.run(
        ["dpkg-query", "--search", *(f"*/{name}" for name in PACKAGES)], capture_output=True, text=True, check=False
    ).stdout
    holders: dict[str, set[str]] = {}
    for line in listing.splitlines():
        packages, _, path = line.partition(": ")
        holders.setdefault(Path(path).name, set()).update(name.partition(":")[0] for name in packages.split(", "))
    wrong = {name: held for name, held in holders.items() if name in PACKAGES and not _is_among(PACKAGES[name], held)}
    assert wrong == {}


def _is_among(package: str, holders: set[str]) -> bool:
    """Whether it holds the library here: under this name, or with the t64 that later releases put behind it."""
    return any(holder == package or holder.startswith(f"{package}t64") for holder in holders)
