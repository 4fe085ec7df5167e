"""Sound files of every format: their tensors, their values, what they say of themselves."""

import os
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import FileFormat, ModelFile
from mbgui.model_files.inspection import inspect_file
from mbgui.model_files.signature import recognise
from mbgui.model_files.tensor_values import read_values
from tests.support import sound_models as sound

FORMATS = {
    "weights.pth": (FileFormat.TORCH_WEIGHTS, Framework.PYTORCH),
    "legacy.pth": (FileFormat.TORCH_WEIGHTS, Framework.PYTORCH),
    "script.pt": (FileFormat.TORCHSCRIPT, Framework.PYTORCH),
    "program.pt2": (FileFormat.EXPORTED_PROGRAM, Framework.PYTORCH),
    "model.keras": (FileFormat.KERAS_ARCHIVE, Framework.KERAS),
    "model3.weights.h5": (FileFormat.KERAS_WEIGHTS, Framework.KERAS),
    "weights.safetensors": (FileFormat.SAFETENSORS, None),
    "weights.npz": (FileFormat.NPZ, None),
    "packed.npz": (FileFormat.NPZ, None),
    "model2.h5": (FileFormat.KERAS_HDF5_MODEL, Framework.KERAS),
    "model3.h5": (FileFormat.KERAS_HDF5_MODEL, Framework.KERAS),
    "weights2.h5": (FileFormat.KERAS_HDF5_WEIGHTS, Framework.KERAS),
}
MODELS = {"script.pt", "program.pt2", "model.keras", "model2.h5", "model3.h5"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each format."""
    return sound.write_sound(tmp_path_factory.mktemp("sound"))


def _inspected(path: Path) -> ModelFile:
    return inspect_file(str(path), with_statistics=True)


@pytest.mark.parametrize("name", FORMATS)
def test_a_sound_file_is_recognised_and_not_refused(files: dict[str, Path], name: str) -> None:
    found = _inspected(files[name])
    assert (found.format, found.framework) == FORMATS[name]
    assert found.refusal is None
    assert found.notes == ()
    assert found.size_bytes == files[name].stat().st_size


@pytest.mark.parametrize("name", FORMATS)
def test_only_files_with_a_model_have_a_framework_to_build_it(files: dict[str, Path], name: str) -> None:
    assert recognise(str(files[name])) == (FORMATS[name][1] if name in MODELS else None)
    assert _inspected(files[name]).holds_model == (name in MODELS)


@pytest.mark.parametrize(
    "name", ["weights.pth", "legacy.pth", "weights.safetensors", "weights.npz", "packed.npz", "script.pt"]
)
def test_values_are_those_that_were_saved(files: dict[str, Path], name: str) -> None:
    found = _inspected(files[name])
    assert [(tensor.name, tensor.shape) for tensor in found.tensors] == [(n, a.shape) for n, a in sound.WEIGHTS.items()]
    for key, values in read_values(str(files[name]), found):
        np.testing.assert_array_equal(values, sound.WEIGHTS[key])


@pytest.mark.parametrize("name", ["model.keras", "model3.weights.h5", "model2.h5", "weights2.h5"])
def test_values_of_keras_files_are_those_that_were_saved(files: dict[str, Path], name: str) -> None:
    values = dict(read_values(str(files[name]), _inspected(files[name])))
    kernel = values["dense/kernel:0"] if "2" in name else values["layers/dense/vars/0"]
    np.testing.assert_array_equal(kernel, np.arange(6, dtype=np.float32).reshape(3, 2))


def test_statistics_are_those_of_the_values(files: dict[str, Path]) -> None:
    (_, bias, _) = _inspected(files["weights.pth"]).tensors
    assert bias.statistics is not None
    assert (bias.statistics.minimum, bias.statistics.maximum, bias.statistics.mean) == (-1.5, 2.5, 0.5)
    assert all(t.statistics is None for t in inspect_file(str(files["weights.pth"]), with_statistics=False).tensors)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "program.pt2",
            {"PyTorch version": "2.14.1", "Schema version": "8.20", "Operations": "1", "Inputs": "x ?×2 float32"},
        ),
        (
            "model.keras",
            {"Keras version": "3.12.0", "Model class": "Sequential", "Layers": "2", "Inputs": "input_layer ?×3"},
        ),
        ("model2.h5", {"Keras version": "2.15.0", "Model name": "net"}),
        ("script.pt", {"Class": "Net"}),
        ("weights.safetensors", {"format": "pt"}),
    ],
)
def test_a_file_says_of_itself_what_it_is(files: dict[str, Path], name: str, facts: dict[str, str]) -> None:
    found = {fact.name: fact.value for fact in _inspected(files[name]).facts}
    assert {key: found.get(key) for key in facts} == facts


def test_bfloat16_is_widened_exactly(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    numbers = np.array([1.5, -2.0, 3.140625], np.float32)
    data = (numbers.view(np.uint32) >> 16).astype("<u2").tobytes()
    path.write_bytes(sound.safetensors({"w": {"dtype": "BF16", "shape": [3], "data_offsets": [0, 6]}}, data))
    found = _inspected(path)
    assert found.tensors[0].dtype == "bfloat16"
    ((_, values),) = read_values(str(path), found)
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, numbers)


def test_a_type_that_numpy_lacks_is_listed_without_values(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(sound.safetensors({"w": {"dtype": "F8_E4M3", "shape": [3], "data_offsets": [0, 3]}}, b"abc"))
    found = _inspected(path)
    assert found.refusal is None
    assert found.tensors[0].statistics is None
    with pytest.raises(MbguiError, match="float8_e4m3fn"):
        list(read_values(str(path), found))


def test_a_checkpoint_names_its_tensors_from_the_top(tmp_path: Path) -> None:
    path = tmp_path / "last.ckpt"
    value = sound.dict_of({"state_dict": sound.state_dict(), "epoch": sound.number(3)})
    path.write_bytes(sound.zipped(sound.torch_parts(value)))
    found = _inspected(path)
    assert found.tensors[0].name == "state_dict.conv.weight"
    assert [(fact.name, fact.value) for fact in found.facts] == [("Keys", "state_dict, epoch")]


def test_a_pickled_module_is_refused_but_its_tensors_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    weight = sound.tensor("0", sound.WEIGHTS["conv.weight"])
    inner = (
        sound.named("mypackage.net", "Conv")
        + b")\x81"
        + sound.dict_of({"_parameters": sound.dict_of({"weight": weight})})
        + b"b"
    )
    modules = sound.dict_of({"_parameters": b"}", "_buffers": b"}", "_modules": sound.dict_of({"conv": inner})})
    path.write_bytes(sound.zipped(sound.torch_parts(sound.named("mypackage.net", "Net") + b")\x81" + modules + b"b")))
    found = _inspected(path)
    assert found.format is FileFormat.TORCH_PICKLE
    assert [tensor.name for tensor in found.tensors] == ["conv.weight"]
    assert found.refusal is not None
    assert "mypackage.net.Net" in found.refusal.sentence
    for way in (".pt2", "state_dict", "module:callable"):
        assert way in found.refusal.advice
    with pytest.raises(MbguiError):
        list(read_values(str(path), found))


def test_a_refused_keras_model_still_says_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    config = sound.keras_config(sound.dense(class_name="Lambda", config={"name": "hidden"}))
    path.write_bytes(sound.zipped(sound.keras_parts(config)))
    found = _inspected(path)
    assert found.refusal is not None
    assert [tensor.name for tensor in found.tensors] == ["layers/dense/vars/0", "layers/dense/vars/1"]
    assert {fact.name for fact in found.facts} >= {"Keras version", "Layers"}


def test_a_suffix_that_does_not_fit_is_a_note_and_no_refusal(tmp_path: Path) -> None:
    path = tmp_path / "net.pt2"
    path.write_bytes(sound.zipped(sound.keras_parts()))
    found = _inspected(path)
    assert found.refusal is None
    assert found.notes == ("net.pt2 holds a Keras model (.keras), whatever its name says.",)


def test_a_file_without_checksums_is_read(tmp_path: Path) -> None:
    """PyTorch can leave them out (`set_crc32_options(False)`) and then writes zeros."""
    path = tmp_path / "w.pth"
    content = bytearray(sound.zipped(sound.torch_parts()))
    with zipfile.ZipFile(_written(path, bytes(content))) as archive:
        sums = {entry.CRC for entry in archive.infolist()}
    for checksum in sums:
        content = bytearray(bytes(content).replace(checksum.to_bytes(4, "little"), b"\0" * 4))
    assert _inspected(_written(path, bytes(content))).refusal is None


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_packed_keras_archives_are_read_too(tmp_path: Path) -> None:
    path = _written(tmp_path / "net.keras", sound.zipped(sound.keras_parts(), zipfile.ZIP_DEFLATED))
    values = dict(read_values(str(path), _inspected(path)))
    assert values["layers/dense/vars/0"][2, 1] == 5


def test_an_hdf5_text_of_another_type_is_not_read(tmp_path: Path) -> None:
    """The HDF5 library crashes on some of these when they are damaged."""
    path = tmp_path / "net.h5"
    with h5py.File(path, "w") as root:
        lists = np.empty(1, object)
        lists[0] = np.array([1, 2], np.int8)
        root.attrs.create("model_config", lists, (1,), h5py.vlen_dtype(np.int8))
    refusal = _inspected(path).refusal
    assert refusal is not None
    assert "model_config is no text" in refusal.sentence


def test_tensors_beyond_the_memory_bound_are_refused(files: dict[str, Path]) -> None:
    for name in ("weights.pth", "weights.safetensors", "weights2.h5", "weights.npz"):
        refusal = inspect_file(str(files[name]), with_statistics=False, memory_bytes=20).refusal
        assert refusal is not None
        assert "too much" in refusal.sentence


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_said_to_be_so(tmp_path: Path) -> None:
    path = _written(tmp_path / "w.pth", b"x")
    path.chmod(0)
    with pytest.raises(MbguiError, match="may not be read"):
        inspect_file(str(path), with_statistics=False)
