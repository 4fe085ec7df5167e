"""The files that tell Linux desktops of mbgui."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from datetime import date
from pathlib import Path

import pytest
from recipe.bundle import BUNDLE_IDENTIFIER
from recipe.desktop_files import MIME_TYPE, described_release

CHECKOUT = Path(__file__).resolve().parents[2]
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def entry(bundle: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(bundle / "share" / "applications" / "mbgui.desktop", encoding="utf-8")
    return parser


def metainfo(bundle: Path) -> ET.Element:
    return ET.parse(bundle / "share" / "metainfo" / "mbgui.metainfo.xml").getroot()  # noqa: S314 (our own)


def mime_type(bundle: Path) -> ET.Element:
    root = ET.parse(bundle / "share" / "mime" / "packages" / "mbgui.xml").getroot()  # noqa: S314 (our own)
    (found,) = root
    return found


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not here")
def test_the_menu_entry_validates_without_a_hint(bundle: Path) -> None:
    command = ["desktop-file-validate", str(bundle / "share" / "applications" / "mbgui.desktop")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream is not here")
def test_the_description_validates(bundle: Path) -> None:
    command = ["appstreamcli", "validate", "--no-net", "--pedantic", str(bundle / "share/metainfo/mbgui.metainfo.xml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="shared-mime-info is not here")
def test_the_file_type_is_taken_without_a_warning(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shutil.copytree(bundle / "share" / "mime", tmp_path / "mime")
    done = subprocess.run(["update-mime-database", tmp_path / "mime"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_all_agree_on_who_the_application_is(bundle: Path) -> None:
    sources = "".join(path.read_text("utf-8") for path in (CHECKOUT / "mbgui" / "gui").rglob("*.py"))
    (told,) = set(re.findall(r'setDesktopFileName\("([^"]+)"\)', sources))
    section = entry(bundle)["Desktop Entry"]
    assert section["StartupWMClass"] == told
    assert section["Icon"] == told
    assert (bundle / "share" / "applications" / f"{told}.desktop").is_file()
    assert (bundle / "share" / "icons" / "hicolor" / "48x48" / "apps" / f"{told}.png").is_file()
    assert metainfo(bundle).findtext("launchable") == f"{told}.desktop"
    assert metainfo(bundle).findtext("id") == BUNDLE_IDENTIFIER


def test_all_agree_on_the_type_of_snapshots(bundle: Path) -> None:
    assert entry(bundle)["Desktop Entry"]["MimeType"].split(";") == [MIME_TYPE, ""]
    assert metainfo(bundle).findtext("provides/mediatype") == MIME_TYPE
    assert mime_type(bundle).get("type") == MIME_TYPE
    icon = mime_type(bundle).find(f"{MIME}icon")
    assert icon is not None
    assert (bundle / "share/icons/hicolor/48x48/mimetypes" / f"{icon.get('name')}.png").is_file()


def test_the_magic_is_what_a_snapshot_begins_with(bundle: Path) -> None:
    match = mime_type(bundle).find(f"{MIME}magic/{MIME}match")
    assert match is not None
    sample = (CHECKOUT / "resources" / "sample.mbsnap").read_text("utf-8")
    assert sample.startswith(match.get("value", "nothing"))
    assert isinstance(json.loads(sample), dict)


def test_the_release_is_the_one_that_was_built(bundle: Path) -> None:
    (release,) = metainfo(bundle).findall("releases/release")
    assert release.attrib == {"version": "1.2.3", "date": "2026-11-27"}


def test_a_description_without_a_place_for_the_release_is_refused() -> None:
    with pytest.raises(ValueError, match="no release"):
        described_release("<component/>", "1.2.3", date(2026, 11, 27))


def test_the_bundle_gets_scripts_that_can_be_started_and_the_licence(bundle: Path) -> None:
    for script in ("install", "uninstall"):
        assert (bundle / script).stat().st_mode & 0o777 == 0o755
    assert (bundle / "LICENSE").read_bytes() == (CHECKOUT / "LICENSE").read_bytes()
