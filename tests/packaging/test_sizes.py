"""The table of sizes, and which version of what day is built."""

from datetime import date
from pathlib import Path

import pytest
from recipe.checkout import ROOT
from recipe.contents import EXCLUSIONS
from recipe.release import platform_name, released, version
from recipe.sizes import part_sizes, saving_table, size_bytes, size_table
from recipe.staging import Saving

import mbgui


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for path, size in {
        "mbgui": 10,
        "_internal/torch/lib/a.so": 3 << 20,
        "_internal/torch/__init__.py": 5,
        "_internal/z.so": 7,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(bytes(size))
    (tmp_path / "_internal" / "link.so").symlink_to("z.so")
    return tmp_path


def test_parts_add_up_and_links_count_nothing(bundle: Path) -> None:
    sizes = part_sizes(bundle)
    assert sizes == {"torch/lib": 3 << 20, "torch/__init__.py": 5, "libraries and the executable": 17}
    assert sizes.total() == size_bytes(bundle)


def test_the_table_begins_with_the_largest_part_and_ends_with_all(bundle: Path) -> None:
    lines = size_table(bundle).splitlines()
    assert lines[1].split() == ["3.0", "torch/lib"]
    assert lines[-1].split() == ["3.0", "all"]


def test_every_saving_says_why() -> None:
    table = saving_table([Saving(exclusion=EXCLUSIONS[0], file_count=1234, size_bytes=5 << 20)])
    assert table.splitlines()[1] == f"      5.0  triton (1,234 files): {EXCLUSIONS[0].reason}"


def test_the_version_built_is_that_of_the_sources(tmp_path: Path) -> None:
    assert version(ROOT) == mbgui.__version__
    (tmp_path / "mbgui").mkdir()
    (tmp_path / "mbgui" / "__init__.py").write_text("", "utf-8")
    with pytest.raises(ValueError, match="names no version"):
        version(tmp_path)


def test_the_day_can_be_given_and_is_else_that_of_the_last_commit_or_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert released(tmp_path) == date(1970, 1, 2)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert released(tmp_path) >= date(2026, 1, 1)


def test_the_platform_is_one_word_a_part() -> None:
    system, _, processor = platform_name().partition("-")
    assert system in {"linux", "windows", "macos"}
    assert processor
