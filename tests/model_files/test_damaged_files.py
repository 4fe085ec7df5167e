"""Sound files with bytes changed at random: a record or an `MbguiError` comes out, nothing else."""

import random
from pathlib import Path

import pytest

from mbgui.domain.errors import MbguiError
from mbgui.model_files.inspection import inspect_file
from mbgui.model_files.tensor_values import read_values
from tests.support.sound_models import write_sound


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each format."""
    return write_sound(tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("seed", range(40))
def test_damage_makes_a_record_or_a_sentence(files: dict[str, Path], tmp_path: Path, seed: int) -> None:
    for name, path in files.items():
        damage_and_read(path.read_bytes(), tmp_path / name, random.Random(f"{seed} {name}"))  # noqa: S311  # for damage, not for secrets


def damage_and_read(content: bytes, path: Path, chance: random.Random) -> None:
    """Change a few bytes, or cut it off, and read all there is."""
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    if not chance.randrange(4):
        del damaged[chance.randrange(1, len(damaged)) :]
    path.write_bytes(damaged)
    try:
        found = inspect_file(str(path), with_statistics=True)
        for _, values in read_values(str(path), found):
            values.tobytes()
    except MbguiError:
        return
