"""A build empties only what an earlier build made."""

from pathlib import Path

import pytest
from recipe import freeze as freezing
from recipe.freeze import FreezeError, freeze


@pytest.fixture(autouse=True)
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is staged or frozen; whoever gets that far ends here."""

    def stop(*_: object) -> None:
        raise FreezeError("got through")

    monkeypatch.setattr(freezing, "stage", stop)


@pytest.mark.parametrize("name", ["dist/mbgui", "build"])
def test_a_folder_of_the_users_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    (tmp_path / name / "precious").touch()
    with pytest.raises(FreezeError, match="is in the way: no earlier build made it"):
        freeze(tmp_path / "build", tmp_path / "dist")
    assert (tmp_path / name / "precious").exists()


def test_what_an_earlier_build_made_is_built_anew(tmp_path: Path) -> None:
    (tmp_path / "dist" / "mbgui" / "_internal").mkdir(parents=True)
    for _ in range(2):
        with pytest.raises(FreezeError, match="got through"):
            freeze(tmp_path / "build", tmp_path / "dist")
    assert any((tmp_path / "build").iterdir())


def test_without_what_looks_into_libraries_it_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FreezeError, match="apt-get install -y binutils"):
        freeze(tmp_path / "build", tmp_path / "dist")
