"""Small sound files of every format, made by hand: neither PyTorch nor Keras is needed."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mbgui.model_files.torch_legacy import MAGIC_NUMBER

Array = np.ndarray[Any, Any]
WEIGHTS: dict[str, Array] = {
    "conv.weight": np.arange(54, dtype=np.float32).reshape(2, 3, 3, 3) / 7,
    "conv.bias": np.array([-1.5, 2.5], dtype=np.float32),
    "bn.count": np.array(3, dtype=np.int64),
}
_STORAGES = {"float32": "FloatStorage", "int64": "LongStorage", "uint16": "BFloat16Storage", "float64": "DoubleStorage"}


def named(module: str, name: str) -> bytes:
    """A global."""
    return f"c{module}\n{name}\n".encode()


def text(value: str) -> bytes:
    """A text."""
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def number(value: int) -> bytes:
    """A whole number."""
    return b"\x8a\x0a" + value.to_bytes(10, "little", signed=True)


def tuple_of(*parts: bytes) -> bytes:
    """A tuple."""
    return b"(" + b"".join(parts) + b"t"


def dict_of(pairs: Mapping[str, bytes]) -> bytes:
    """A dictionary."""
    return b"}(" + b"".join(text(key) + value for key, value in pairs.items()) + b"u"


def pickled(value: bytes) -> bytes:
    """A whole pickle."""
    return b"\x80\x02" + value + b"."


def tensor(key: str, array: Array, *, is_legacy: bool = False, stored: int | None = None) -> bytes:
    """A tensor as `torch.save` pickles it."""
    last = [b"N"] if is_legacy else []
    count = array.size if stored is None else stored
    storage = tuple_of(
        text("storage"), named("torch", _STORAGES[str(array.dtype)]), text(key), text("cpu"), number(count), *last
    )
    strides = [step // array.itemsize for step in array.strides]
    arguments = tuple_of(
        storage + b"Q",
        number(0),
        tuple_of(*map(number, array.shape)),
        tuple_of(*map(number, strides)),
        b"\x89",
        named("collections", "OrderedDict") + b")R",
    )
    return named("torch._utils", "_rebuild_tensor_v2") + arguments + b"R"


def state_dict(extra: Mapping[str, bytes] | None = None, *, is_legacy: bool = False) -> bytes:
    """The weights as `torch.save` pickles them, with something beside them."""
    tensors = {
        name: tensor(str(place), array, is_legacy=is_legacy) for place, (name, array) in enumerate(WEIGHTS.items())
    }
    return dict_of({**tensors, **(extra or {})})


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, method)
    return content.getvalue()


def torch_parts(value: bytes | None = None) -> dict[str, bytes]:
    """The parts of a `torch.save` archive."""
    storages = {f"net/data/{place}": array.tobytes() for place, array in enumerate(WEIGHTS.values())}
    pickle = pickled(state_dict() if value is None else value)
    return {"net/data.pkl": pickle, "net/byteorder": b"little", **storages, "net/version": b"3\n"}


def torch_legacy(value: bytes | None = None) -> bytes:
    """A file of `torch.save` before 1.6."""
    body = state_dict(is_legacy=True) if value is None else value
    keys = b"](" + b"".join(text(str(place)) for place in range(len(WEIGHTS))) + b"e"
    start = [pickled(number(MAGIC_NUMBER)), pickled(number(1001)), pickled(b"}"), pickled(body), pickled(keys)]
    storages = [array.size.to_bytes(8, "little") + array.tobytes() for array in WEIGHTS.values()]
    return b"".join(start + storages)


def torchscript_parts(code: str = "", constants: bytes = b")", data: bytes | None = None) -> dict[str, bytes]:
    """The parts of a TorchScript archive."""
    top = named("__torch__", "Net") + b")\x81" + state_dict() + b"b"
    source = f"class Net(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    {code or 'return torch.relu(x)'}\n"
    parts = torch_parts(top if data is None else data)
    return {**parts, "net/code/__torch__.py": source.encode(), "net/constants.pkl": pickled(constants)}


def program() -> dict[str, Any]:
    """A small exported program: relu, with one open size."""
    size = {"as_expr": {"expr_str": "Symbol('s0', positive=True, integer=True)", "hint": {"as_int": 4}}}
    meta = {
        "dtype": 7, "sizes": [size, {"as_int": 2}], "requires_grad": False, "device": {"type": "cpu", "index": None},
        "strides": [{"as_int": 2}, {"as_int": 1}], "storage_offset": {"as_int": 0}, "layout": 7,
    }  # fmt: skip
    node = {
        "target": "torch.ops.aten.relu.default",
        "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "x"}}, "kind": 1}],
        "outputs": [{"as_tensor": {"name": "relu"}}],
        "metadata": {"nn_module_stack": "L__self__,,__main__.Net", "stack_trace": 'File "net.py", line 1'},
        "name": "relu",
    }
    leaf: dict[str, Any] = {"type": None, "context": None, "children_spec": []}
    tree = {"type": "builtins.dict", "context": '["x"]', "children_spec": [leaf]}
    graph = {
        "inputs": [{"as_tensor": {"name": "x"}}], "outputs": [{"as_tensor": {"name": "relu"}}], "nodes": [node],
        "tensor_values": {"x": meta, "relu": meta}, "sym_int_values": {}, "sym_bool_values": {},
        "is_single_tensor_return": False, "custom_obj_values": {}, "sym_float_values": {},
    }  # fmt: skip
    signature = {
        "input_specs": [{"user_input": {"arg": {"as_tensor": {"name": "x"}}}}],
        "output_specs": [{"user_output": {"arg": {"as_tensor": {"name": "relu"}}}}],
    }
    call = {
        "inputs": [], "outputs": [], "in_spec": json.dumps([1, tree]), "out_spec": json.dumps([1, leaf]),
        "forward_arg_names": ["x"],
    }  # fmt: skip
    return {
        "graph_module": {
            "graph": graph, "signature": signature, "module_call_graph": [{"fqn": "", "signature": call}],
            "metadata": {}, "treespec_namedtuple_fields": {},
        },
        "opset_version": {"aten": 10}, "range_constraints": {"s0": {"min_val": 2, "max_val": None}},
        "schema_version": {"major": 8, "minor": 20}, "verifiers": ["TRAINING"], "torch_version": "2.14.1",
        "guards_code": ["L['x'].size()[0] >= 2"],
    }  # fmt: skip


def program_parts(changed: dict[str, Any] | None = None, **parts: bytes) -> dict[str, bytes]:
    """The parts of a .pt2 archive."""
    array = WEIGHTS["conv.bias"]
    meta = {
        "dtype": 7, "sizes": [{"as_int": 2}], "requires_grad": True, "device": {"type": "cpu", "index": None},
        "strides": [{"as_int": 1}], "storage_offset": {"as_int": 0}, "layout": 7,
    }  # fmt: skip
    weights = {"bias": {"path_name": "weight_0", "is_param": True, "use_pickle": False, "tensor_meta": meta}}
    sound = {
        "data/weights/weight_0": array.tobytes(),
        "data/weights/model_weights_config.json": json.dumps({"config": weights}).encode(),
        "data/constants/model_constants_config.json": b'{"config": {}}',
        "models/model.json": json.dumps(changed or program()).encode(),
        "data/sample_inputs/model.pt": zipped(torch_parts(tuple_of(tensor("0", WEIGHTS["conv.weight"])))),
        "archive_format": b"pt2",
        "archive_version": b"0",
        ".data/version": b"6",
    }
    named_parts = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return {f"net/{name}": part for name, part in {**sound, **named_parts}.items()}


def dense(**changed: Any) -> dict[str, Any]:
    """A layer as Keras 3 writes it."""
    initializer: dict[str, Any] = {
        "module": "keras.initializers",
        "class_name": "Zeros",
        "config": {},
        "registered_name": None,
    }
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    config = {"name": "dense", "units": 2, "activation": "relu", "bias_initializer": initializer, "dtype": policy}
    return {"module": "keras.layers", "class_name": "Dense", "config": config, "registered_name": None, **changed}


def keras_config(*layers: dict[str, Any]) -> dict[str, Any]:
    """A Sequential of Keras 3."""
    start = {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_shape": [None, 3], "dtype": "float32", "name": "input_layer"},
        "registered_name": None,
    }
    chosen = layers or (dense(),)
    config = {"name": "net", "trainable": True, "layers": [start, *chosen]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def keras_2_config(*layers: dict[str, Any]) -> dict[str, Any]:
    """A Sequential of Keras 2."""
    chosen = layers or ({"class_name": "Dense", "config": {"name": "dense", "units": 2}},)
    start = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 3], "name": "input_1"}}
    return {"class_name": "Sequential", "config": {"name": "net", "layers": [start, *chosen]}}


def keras_3_weights() -> bytes:
    """A .weights.h5 of Keras 3."""
    content = io.BytesIO()
    with h5py.File(content, "w") as root:
        group = root.create_group("layers/dense/vars")
        group["0"] = np.arange(6, dtype=np.float32).reshape(3, 2)
        group["1"] = np.zeros(2, np.float32)
    return content.getvalue()


def keras_parts(config: object = None, weights: bytes | None = None) -> dict[str, bytes]:
    """The parts of a .keras archive."""
    return {
        "metadata.json": b'{"keras_version": "3.12.0", "date_saved": "2026-01-01@00:00:00"}',
        "config.json": json.dumps(keras_config() if config is None else config).encode(),
        "model.weights.h5": keras_3_weights() if weights is None else weights,
    }


def write_keras_hdf5(path: Path, config: object, *, version: str = "2.15.0") -> None:
    """A whole model of Keras as HDF5, with an optimizer that no longer exists."""
    with h5py.File(path, "w") as root:
        if config is not None:
            root.attrs["model_config"] = json.dumps(config)
        root.attrs["keras_version"] = version
        root.attrs["training_config"] = '{"optimizer_config": {"class_name": "OldOptimizer", "config": {"decay": 0.1}}}'
        group = root if config is None else root.create_group("model_weights")
        group.attrs["layer_names"] = np.array([b"flatten", b"dense"])
        group.create_group("flatten").attrs["weight_names"] = np.array([])  # as Keras writes an empty list
        layer = group.create_group("dense")
        layer.attrs["weight_names"] = np.array([b"dense/kernel:0", b"dense/bias:0"])
        layer["dense/kernel:0"] = np.arange(6, dtype=np.float32).reshape(3, 2)
        layer["dense/bias:0"] = np.zeros(2, np.float32)


def safetensors(header: object = None, data: bytes | None = None) -> bytes:
    """A safetensors file."""
    place, described, chunks = 0, {"__metadata__": {"format": "pt"}}, []
    for name, array in WEIGHTS.items():
        kind = {"float32": "F32", "int64": "I64"}[str(array.dtype)]
        end = place + array.nbytes
        described[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [place, end]}  # type: ignore[dict-item]
        place = end
        chunks.append(array.tobytes())
    start = json.dumps(described if header is None else header).encode()
    return len(start).to_bytes(8, "little") + start + (b"".join(chunks) if data is None else data)


def npy(array: Array) -> bytes:
    """A .npy file."""
    content = io.BytesIO()
    np.lib.format.write_array(content, array, allow_pickle=True)
    return content.getvalue()


def npz(method: int = zipfile.ZIP_STORED) -> bytes:
    """A .npz file."""
    return zipped({f"{name}.npy": npy(array) for name, array in WEIGHTS.items()}, method)


def write_sound(folder: Path) -> dict[str, Path]:
    """One sound file of each format, by a short name."""
    contents = {
        "weights.pth": zipped(torch_parts()),
        "legacy.pth": torch_legacy(),
        "script.pt": zipped(torchscript_parts()),
        "program.pt2": zipped(program_parts()),
        "model.keras": zipped(keras_parts()),
        "model3.weights.h5": keras_3_weights(),
        "weights.safetensors": safetensors(),
        "weights.npz": npz(),
        "packed.npz": npz(zipfile.ZIP_DEFLATED),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    write_keras_hdf5(folder / "model2.h5", keras_2_config())
    write_keras_hdf5(folder / "model3.h5", keras_config(), version="3.12.0")
    write_keras_hdf5(folder / "weights2.h5", None)
    return {name: folder / name for name in (*contents, "model2.h5", "model3.h5", "weights2.h5")}
