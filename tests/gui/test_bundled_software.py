"""What mbgui is made of is found by its metadata, with the texts of all licences."""

import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from mbgui.gui.bundled_software import Component, bundled_components, licence_texts

Make = Callable[..., None]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which distributions are found, and nowhere else."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


@pytest.fixture
def make(site: Path) -> Make:
    def make_one(name: str, *lines: str, files: dict[str, str] | None = None) -> None:
        folder = site / f"{name.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("\n".join([f"Name: {name}", "Version: 1.0", *lines]), encoding="utf-8")
        listed = {path.replace("INFO", folder.name): text for path, text in (files or {}).items()}
        for path, text in listed.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            if text:
                (site / path).write_text(text, encoding="utf-8")
        rows = [f'"{path}",sha256=x,1' if "," in path else f"{path},sha256=x,1" for path in listed]
        (folder / "RECORD").write_text("\n".join(rows), encoding="utf-8")

    return make_one


def found() -> dict[str, Component]:
    return {component.name: component for component in bundled_components()}


def test_what_is_required_is_followed_to_the_end_and_found_once(make: Make) -> None:
    make("mbgui", "Requires-Dist: first>=1 ; python_version>'3'", "Requires-Dist: missing")
    make("first", "Requires-Dist: Second.Part")
    make("second-part", "Requires-Dist: first")
    make("stranger")
    assert [component.name for component in bundled_components()] == ["mbgui", "first", "second-part"]


def test_only_extras_that_are_asked_for_count(make: Make) -> None:
    make("mbgui", "Requires-Dist: first[Fast]", "Requires-Dist: tool ; extra == 'test'")
    make("first", "Requires-Dist: quick ; extra == 'fast'", "Requires-Dist: slow ; extra == 'slow'")
    for name in ("tool", "quick", "slow"):
        make(name)
    assert set(found()) == {"mbgui", "first", "quick"}


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (("License-Expression: MIT OR Apache-2.0", "License: something else"), "MIT OR Apache-2.0"),
        (("License: BSD",), "BSD"),
        (("License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License"), "MIT License"),
        (("Classifier: License :: OSI Approved", "Classifier: License :: OSI Approved :: Zlib"), "Zlib"),
        (("License: Copyright (c) all", "        rights reserved, in many lines"), ""),
        ((), ""),
    ],
)
def test_the_licence_is_the_best_that_the_metadata_say(make: Make, lines: tuple[str, ...], licence: str) -> None:
    make("mbgui", *lines)
    assert found()["mbgui"].licence == licence


def test_licence_files_are_found_wherever_they_lie_each_text_once(make: Make) -> None:
    make(
        "mbgui",
        files={
            "mbgui/vendored/COPYING, old.txt": "of a part",
            "INFO/licenses/LICENSE": "its own",
            "INFO/licenses/zlib.txt": "by its folder",
            "mbgui/LICENSE.copy": "its own",
            "mbgui/licences.py": "code",
            "mbgui/NOTICE": "",
            "mbgui/other.txt": "no licence",
        },
    )
    assert licence_texts(found()["mbgui"]) == (
        ("LICENSE", "its own"),
        ("zlib.txt", "by its folder"),
        ("mbgui/vendored/COPYING, old.txt", "of a part"),
    )


def test_the_packaged_app_tells_of_all_that_it_brings(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("mbgui")
    make("loader")
    folder = tmp_path / "bundle" / "licenses" / "python"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "LICENSE.txt").write_text("of Python", encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    assert list(found()) == ["mbgui", "loader", "python"]
    assert licence_texts(found()["python"]) == (("inner/LICENSE.txt", "of Python"),)


def test_everything_that_is_really_installed_has_a_version_and_nearly_all_a_text() -> None:
    components = bundled_components()
    assert {"mbgui", "torch", "tensorflow", "keras", "PySide6_Essentials", "numpy"} <= {one.name for one in components}
    assert all(component.version == metadata.version(component.name) for component in components)
    without = [component.name for component in components if not licence_texts(component)]
    assert len(without) <= 3, without


def test_how_qt_is_used_is_told_with_the_text_of_its_licence() -> None:
    texts = dict(licence_texts(found()["PySide6_Essentials"]))
    assert "LGPL-3.0-only" in texts["How it is used"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["LGPL-3.0.txt"]
    assert "GNU GENERAL PUBLIC LICENSE" in texts["GPL-3.0.txt"]
