"""The files written by hand are what their formats' readers read."""

from pathlib import Path

import numpy as np
from smoke_test.model_files import SHAPE, VALUES, write_npz, write_safetensors

from mbgui.model_files.inspection import inspect_file

NAME = "first.weight"


def test_numpy_reads_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "small.npz"
    write_npz(path, NAME)
    with np.load(path) as archive:
        assert archive.files == [NAME]
        assert np.array_equal(archive[NAME], np.array(VALUES, np.float32).reshape(SHAPE))


def test_the_safetensors_file_holds_one_sound_tensor(tmp_path: Path) -> None:
    path = tmp_path / "small.safetensors"
    write_safetensors(path, NAME)
    file = inspect_file(str(path), with_statistics=True)
    (tensor,) = file.tensors
    assert (tensor.name, tensor.shape) == (NAME, SHAPE)
    assert tensor.statistics is not None
    assert (tensor.statistics.minimum, tensor.statistics.maximum) == (min(VALUES), max(VALUES))
