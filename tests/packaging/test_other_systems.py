"""What Windows and macOS are told of mbgui; neither is here, so this checks what can be checked without them."""

import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from recipe.bundle import BUNDLE_IDENTIFIER
from recipe.desktop_files import MIME_TYPE
from recipe.info_plist import info_plist
from recipe.windows_version import version_resource

CHECKOUT = Path(__file__).resolve().parents[2]
MAKE_DMG = CHECKOUT / "packaging" / "macos" / "make_dmg.sh"
NEEDS_SHELL = pytest.mark.skipif(os.name != "posix", reason="a shell script")


def test_macos_reads_that_the_app_owns_snapshots_and_shows_them_with_their_icon(icons: Path) -> None:
    read = plistlib.loads(plistlib.dumps(info_plist("1.2.3", BUNDLE_IDENTIFIER)))
    (document,), (declared,) = read["CFBundleDocumentTypes"], read["UTExportedTypeDeclarations"]
    assert document["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    assert declared["UTTypeIdentifier"].startswith(f"{BUNDLE_IDENTIFIER}.")
    assert declared["UTTypeTagSpecification"] == {
        "public.filename-extension": ["mbsnap"],
        "public.mime-type": [MIME_TYPE],
    }
    assert (icons / document["CFBundleTypeIconFile"]).is_file()
    assert (icons / declared["UTTypeIconFile"]).is_file()


@pytest.mark.parametrize(("version", "numbers"), [("1.2.3", "1.2.3"), ("0.2.0rc1", "0.2.0"), ("1.0.dev4", "1.0.4")])
def test_macos_gets_a_version_without_letters_beside_the_one_that_is_shown(version: str, numbers: str) -> None:
    told = info_plist(version, BUNDLE_IDENTIFIER)
    assert (told["CFBundleShortVersionString"], told["CFBundleVersion"]) == (version, numbers)


def resource(version: str) -> Any:
    """What PyInstaller sees: it evaluates the text with classes of these names."""

    def seen(*kids: Any, **fields: Any) -> SimpleNamespace:
        return SimpleNamespace(positional=kids, **fields)

    names = re.findall(r"[A-Z]\w+(?=\()", version_resource(version))
    return eval(version_resource(version), {"__builtins__": {}, **dict.fromkeys(names, seen)})  # noqa: S307 (our own)


@pytest.mark.parametrize(
    ("version", "numbers", "flags"),
    [
        ("1.2.3", (1, 2, 3, 0), 0),
        ("0.2.0rc1", (0, 2, 0, 0), 2),
        ("2.0", (2, 0, 0, 0), 0),
        ("1.0.dev4", (1, 0, 0, 0), 2),
    ],
)
def test_windows_gets_four_numbers_and_hears_of_a_prerelease(
    version: str, numbers: tuple[int, ...], flags: int
) -> None:
    found = resource(version)
    assert found.ffi.filevers == found.ffi.prodvers == numbers
    assert found.ffi.flags == flags
    (table,) = found.kids[0].positional[0]
    shown = dict(text.positional for text in table.positional[1])
    assert shown["ProductVersion"] == version


def test_the_windows_installer_takes_the_icons_and_programs_that_the_build_makes(icons: Path) -> None:
    script = (CHECKOUT / "packaging" / "windows" / "mbgui.iss").read_text("utf-8")
    for name in re.findall(r"\{#Icons\}\\([\w.-]+)", script):
        assert (icons / name).is_file()
    assert set(re.findall(r"\{app\}\\([\w-]+\.exe)", script)) == {"mbgui.exe"}
    assert f'"{MIME_TYPE}"' in script
    assert "PrivilegesRequired=lowest" in script


@NEEDS_SHELL
def test_the_disk_image_holds_the_app_and_a_way_into_applications(tmp_path: Path) -> None:
    (tmp_path / "mbgui.app" / "Contents" / "MacOS").mkdir(parents=True)
    hdiutil = tmp_path / "programs" / "hdiutil"
    hdiutil.parent.mkdir()
    hdiutil.write_text('#!/bin/sh\nfor image; do :; done\n(cd "$5" && find . | sort) >"$image"\n', "utf-8")
    hdiutil.chmod(0o755)
    environment = {**os.environ, "PATH": f"{hdiutil.parent}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    command = [str(MAKE_DMG), str(tmp_path / "mbgui.app"), str(tmp_path / "my mbgui.dmg")]
    subprocess.run(command, env=environment, check=True)
    held = (tmp_path / "my mbgui.dmg").read_text("utf-8").split()
    assert held == [".", "./Applications", "./mbgui.app", "./mbgui.app/Contents", "./mbgui.app/Contents/MacOS"]
    assert {path.name for path in tmp_path.iterdir()} == {"mbgui.app", "programs", "my mbgui.dmg"}


@NEEDS_SHELL
def test_a_disk_image_of_no_app_is_refused(tmp_path: Path) -> None:
    command = [str(MAKE_DMG), str(tmp_path), str(tmp_path / "mbgui.dmg")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"make_dmg: {tmp_path} is no app.\n")


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not here")
def test_shellcheck_finds_nothing_in_the_script_of_the_disk_image() -> None:
    done = subprocess.run(["shellcheck", str(MAKE_DMG)], capture_output=True, text=True, check=False)
    assert done.stdout == ""
