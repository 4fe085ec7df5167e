"""Hostile and broken model files, made by hand; `python -m tests.support.hostile_models FOLDER` writes them all.

Every payload would create the marker file, were it ever run.
"""

import base64
import copy
import json
import marshal
import os
import pickle
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.support import sound_models as sound
from tests.support.sound_models import dict_of, named, number, pickled, state_dict, text, tuple_of, zipped


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileFile:
    """A file, and what the sentence about it has to mention."""

    path: Path
    name: str
    mentions: tuple[str, ...]


_Json = dict[str, Any]
_WEIGHTS_CONFIG = "data/weights/model_weights_config.json"
_Made = Iterator[tuple[str, bytes | Callable[[Path], object], tuple[str, ...]]]
"""File name, its content or what writes it, and what its sentence mentions."""


def write_all(folder: Path, marker: Path) -> tuple[HostileFile, ...]:
    """Write every file into a folder of its own; the payloads would create `marker`."""
    written = []
    makers = (
        _pickles,
        _legacy,
        _torchscript,
        _programs,
        _keras,
        _keras_hdf5,
        _hdf5,
        _archives,
        _flat,
        _broken,
        _others,
    )
    for maker in makers:
        for name, content, mentions in maker(str(marker)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content)
            written.append(HostileFile(path=path, name=name, mentions=mentions))
    return tuple(written)


def _call(module: str, name: str, argument: str) -> bytes:
    return named(module, name) + tuple_of(text(argument)) + b"R"


def _payloads(marker: str) -> dict[str, tuple[bytes, str]]:
    """Ways in which a pickle runs code, each with the name its refusal has to give."""
    touch, code = f"touch '{marker}'", f"open({marker!r}, 'w')"
    command = named("subprocess", "Popen") + tuple_of(b"](" + text("touch") + text(marker) + b"e") + b"R"
    line = touch.encode()
    return {
        "os_system": (_call("os", "system", touch), "os.system"),
        "posix_system": (_call("posix", "system", touch), "posix.system"),
        "eval": (_call("builtins", "eval", code), "builtins.eval"),
        "exec": (_call("builtins", "exec", code), "builtins.exec"),
        "popen": (command, "subprocess.Popen"),
        "newobj": (named("subprocess", "Popen") + tuple_of(text(touch)) + b"\x81", "subprocess.Popen"),
        "setstate": (
            named("mypackage.net", "Net") + b")\x81" + dict_of({"path": text(marker)}) + b"b",
            "mypackage.net.Net",
        ),
        "inst": (b"(S'" + line.replace(b"'", b"\\'") + b"'\nios\nsystem\n", "os.system"),
        "obj": (b"(" + named("os", "system") + text(touch) + b"o", "os.system"),
        "stack_global": (text("os") + text("system") + b"\x93" + tuple_of(text(touch)) + b"R", "os.system"),
        "getattr": (
            named("builtins", "getattr") + tuple_of(named("torch", "Tensor"), text("__init_subclass__")) + b"R",
            "builtins.getattr",
        ),
        "torch_load": (_call("torch", "load", marker), "torch.load"),
        "numpy_load": (_call("numpy", "load", marker), "numpy.load"),
        "runpy": (_call("runpy", "run_path", marker), "runpy.run_path"),
        "python2": (_call("__builtin__", "eval", code), "builtins.eval"),
    }


def _pickles(marker: str) -> _Made:
    for name, (payload, global_name) in _payloads(marker).items():
        yield (
            f"zip_{name}.pth",
            zipped(sound.torch_parts(state_dict({"extra": payload}))),
            (global_name, "run its code"),
        )
    evil, _ = _payloads(marker)["os_system"]
    yield "zip_top.pt", zipped(sound.torch_parts(evil)), ("os.system",)
    yield (
        "nested.ckpt",
        zipped(sound.torch_parts(dict_of({"state_dict": state_dict({"x": evil}), "epoch": number(3)}))),
        ("os.system",),
    )
    yield "extension.pth", zipped(sound.torch_parts(b"\x82\x01")), ("cut off",)
    yield "tuple_keys.pth", zipped(sound.torch_parts(_nested_tuples(60))), ("cut off",)
    yield "colliding_keys.pth", zipped(sound.torch_parts(_colliding_keys(40_000))), ("cut off",)
    yield "laughs.pth", zipped(sound.torch_parts(_laughing_lists(40))), ("not described",)
    yield (
        "many_instructions.pth",
        zipped(sound.torch_parts(b"]" + b"0]" * 3_000_000), zipfile.ZIP_DEFLATED),
        ("cut off",),
    )
    yield "huge_text.pth", zipped(sound.torch_parts(b"\x8d" + struct.pack("<Q", 1 << 40))), ("cut off",)
    yield "huge_buffer.pth", zipped(sound.torch_parts(b"\x96" + struct.pack("<Q", 1 << 40))), ("cut off",)
    yield (
        "short_storage.pth",
        zipped({**sound.torch_parts(), "net/data/0": b"\0" * 8}),
        ("conv.weight", "not all there"),
    )
    yield (
        "missing_storage.pth",
        zipped({k: v for k, v in sound.torch_parts().items() if k != "net/data/1"}),
        ("conv.bias", "missing"),
    )
    yield "huge_view.pth", zipped(sound.torch_parts(dict_of({"w": _broadcast_tensor()}))), ("too much",)


def _nested_tuples(depth: int) -> bytes:
    """A key whose hash takes 2^depth steps."""
    return b"}" + b")" + b"".join(b"q\x01h\x01\x86" for _ in range(depth)) + b"Ns"


def _colliding_keys(count: int) -> bytes:
    keys = b"".join(number(place * ((1 << 61) - 1)) + b"N" for place in range(count))
    return b"}(" + keys + b"u"


def _laughing_lists(depth: int) -> bytes:
    """Each list holds the one before ten times over."""
    return b"]" + b"".join(b"q\x01](" + b"h\x01" * 10 + b"e" for _ in range(depth))


def _broadcast_tensor() -> bytes:
    """A single value that claims to be a tensor of a million times a million."""
    storage = tuple_of(text("storage"), named("torch", "FloatStorage"), text("0"), text("cpu"), number(1)) + b"Q"
    shape, strides = tuple_of(number(1 << 20), number(1 << 20)), tuple_of(number(0), number(0))
    return (
        named("torch._utils", "_rebuild_tensor_v2") + tuple_of(storage, number(0), shape, strides, b"\x89", b"}") + b"R"
    )


def _legacy(marker: str) -> _Made:
    payloads = _payloads(marker)
    for name in ("os_system", "setstate", "stack_global"):
        payload, global_name = payloads[name]
        extra = state_dict({"extra": payload}, is_legacy=True)
        yield f"legacy_{name}.pth", sound.torch_legacy(extra), (global_name,)
        yield f"plain_{name}.pkl", pickled(payload), (global_name, "run its code")
    yield "old_text.pkl", f"cposix\nsystem\n(S'touch {marker}'\ntR.".encode(), ("posix.system",)
    yield "inst_text.pkl", f"(S'touch {marker}'\nios\nsystem\n.".encode(), ("os.system",)
    yield "harmless.pkl", pickle.dumps({"a": [1, 2, 3]}), ("plain Python pickle",)
    yield "magic_payload.pth", pickled(payloads["eval"][0]) + sound.torch_legacy(), ("builtins.eval",)
    yield (
        "system_info.pth",
        sound.torch_legacy().replace(pickled(b"}"), pickled(payloads["eval"][0]), 1),
        ("builtins.eval",),
    )


def _torchscript(marker: str) -> _Made:
    evil, _ = _payloads(marker)["os_system"]
    yield "script_constants.pt", zipped(sound.torchscript_parts(constants=evil)), ("os.system", "constants.pkl")
    yield "script_data.pt", zipped(sound.torchscript_parts(data=evil)), ("os.system", "data.pkl")
    lines = {
        "save": (f'torch.save(x, "{marker}")', "save"),
        "from_file": (f'return torch.from_file("{marker}", True, 1)', "from_file"),
        "write_file": (f'ops.image.write_file("{marker}", x)', "image::write_file"),
        "alias": (f'o = ops\n    o.image.write_file("{marker}", x)', "None::None"),
        "method": (f'(x).save("{marker}")', "save"),
        "getattr": (f'getattr(x, "save")("{marker}")', "save"),
        "namespace": ("ops.mylib.run(x)", "mylib::run"),
        "classes": ("a : __torch__.torch.classes.mylib.Runner", "torch.classes.mylib"),
        "continued": (f'torch.\\\n    save(x, "{marker}")', "goes on"),
        "text_continued": (f't = ("\\\n", torch.from_file("{marker}", True, 16), "x")', "goes on"),
        "ops_by_name": ('getattr(__torch__.torch, "classes")', "classes"),
        "commented": (f'(torch. # here\n    save(x, "{marker}"))', "save"),
        "long_text": (f'a = """ " """; torch.save(x, "{marker}"); b = """ " """', "operator"),
    }
    for name, (line, mention) in lines.items():
        yield (
            f"script_{name}.pt",
            zipped(sound.torchscript_parts(line)),
            (mention.split("::")[0] if "None" in mention else mention,),
        )
    parts = sound.torchscript_parts(f'torch.save(x, "{marker}")')
    capitals = {name.replace("__.py", "__.PY"): content for name, content in parts.items()}
    yield "script_capitals.pt", zipped(capitals), ("save",)
    benign = {name.removeprefix("net/"): content for name, content in sound.torchscript_parts().items()}
    evil_copy = {name.replace("net/", "A/"): content for name, content in parts.items()}
    yield "script_two_programs.pt", zipped({**evil_copy, **benign}), ("one folder",)
    yield "script_old.pt", zipped({**sound.torchscript_parts(), "net/model.json": b"{}"}), ("before 1.0",)
    setstate = f'return x\n  def __setstate__(self, state: int) -> None:\n    torch.save(state, "{marker}")'
    yield "script_setstate.pt", zipped(sound.torchscript_parts(setstate)), ("save",)


def _changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    program = copy.deepcopy(sound.program())
    change(program)
    return zipped(sound.program_parts(program))


def _graph(program: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = program["graph_module"]["graph"]
    return found


def _node(program: _Json) -> _Json:
    found: _Json = _graph(program)["nodes"][0]
    return found


def _size(program: _Json) -> _Json:
    found: _Json = _graph(program)["tensor_values"]["x"]["sizes"][0]["as_expr"]
    return found


def _signature(program: _Json) -> _Json:
    found: _Json = program["graph_module"]["module_call_graph"][0]["signature"]
    return found


def _programs(marker: str) -> _Made:
    evil, _ = _payloads(marker)["os_system"]
    code = f"__import__('os').system('touch {marker}')"
    factory = {"default_factory_module": "antigravity", "default_factory_name": "x", "dict_context": []}
    tree = {"type": "collections.defaultdict", "context": json.dumps(factory), "children_spec": []}
    enum = {
        "type": "builtins.dict",
        "context": '[{"__enum__": true, "fqn": "antigravity:X", "name": "x"}]',
        "children_spec": [],
    }
    changes: dict[str, tuple[Callable[[dict[str, Any]], object], tuple[str, ...]]] = {
        "sympy": (lambda p: _size(p).update(expr_str=code), ("__import__",)),
        "sympy_attribute": (lambda p: _size(p).update(expr_str="Symbol('s0').__class__.mro()"), ("__class__",)),
        "sympy_digits": (lambda p: _size(p).update(expr_str="Float(1, dps=100000000)"), ("Float",)),
        "sympy_precision": (lambda p: _size(p).update(expr_str="Float('1e9999', 1000000000)"), ("Float",)),
        "sympy_tower": (lambda p: _size(p).update(expr_str="9**9**9**9"), ("9**9",)),
        "range": (lambda p: p["range_constraints"].update({code: {"min_val": 1, "max_val": 2}}), ("__import__",)),
        "guard": (lambda p: p["guards_code"].append(code), ("guard", "__import__")),
        "guard_text": (lambda p: p["guards_code"].append("L['x'].size()[0] == 'a\"+exit()+\"'"), ("guard",)),
        "target_os": (lambda p: _node(p).update(target="torch.os.system"), ("torch.os.system",)),
        "target_load": (lambda p: _node(p).update(target="torch.load"), ("torch.load",)),
        "target_methodcaller": (
            lambda p: _node(p).update(target="_operator.methodcaller"),
            ("_operator.methodcaller",),
        ),
        "target_file": (lambda p: _node(p).update(target="torch.ops.aten.from_file.default"), ("from_file",)),
        "target_library": (lambda p: _node(p).update(target="torch.ops.image.write_file.default"), ("write_file",)),
        "target_extension": (lambda p: _node(p).update(target="#mylib:run"), ("#mylib:run",)),
        "as_operator": (
            lambda p: _node(p)["inputs"].append({"name": "f", "arg": {"as_operator": "torch.os.system"}, "kind": 1}),
            ("torch.os.system",),
        ),
        "node_name": (lambda p: _node(p)["outputs"][0]["as_tensor"].update(name=f"y = {code}; z"), ("__import__",)),
        "keyword": (lambda p: _node(p)["inputs"][0].update(name=f"x={code}, y"), ("__import__",)),
        "argument_names": (lambda p: _signature(p).update(forward_arg_names=[f"x={code}"]), ("__import__",)),
        "parameter": (
            lambda p: p["graph_module"]["signature"]["input_specs"].append(
                {"parameter": {"arg": {"name": "p"}, "parameter_name": f'a" if {code} else "'}}
            ),
            ("__import__",),
        ),
        "defaultdict": (lambda p: _signature(p).update(in_spec=json.dumps([1, tree])), ("collections.defaultdict",)),
        "enum": (lambda p: _signature(p).update(in_spec=json.dumps([1, enum])), ("antigravity",)),
        "text_input": (lambda p: _graph(p)["inputs"].append({"as_string": f"' or {code} or '"}), ("__import__",)),
        "object": (lambda p: _graph(p)["custom_obj_values"].update(o={"name": "o", "class_fqn": "x"}), ("object",)),
        "inner_graph": (
            lambda p: _node(p)["inputs"].append({"name": "g", "arg": {"as_graph": {"name": f"g;{code}", "graph": {}}}}),
            ("__import__",),
        ),
    }
    for name, (change, mentions) in changes.items():
        yield f"program_{name}.pt2", _changed(change), mentions
    samples = zipped(sound.torch_parts(evil))
    yield "program_samples.pt2", zipped(sound.program_parts(data__sample_inputs__model_dot_pt=samples)), ("os.system",)
    with_address = named("torch", "Tensor") + b")" + dict_of({"cdata": number(65)}) + b"\x92"
    yield (
        "program_address.pt2",
        zipped(sound.program_parts(data__sample_inputs__model_dot_pt=zipped(sound.torch_parts(with_address)))),
        ("without restrictions",),
    )
    yield (
        "program_old_samples.pt2",
        zipped(sound.program_parts(data__sample_inputs__model_dot_pt=pickled(evil))),
        ("old pickle",),
    )
    yield "program_constants.pt2", zipped(sound.program_parts(data__constants__model_dot_pt=samples)), ("os.system",)
    yield "program_weights.pt2", zipped(sound.program_parts(data__weights__model_dot_pt=samples)), ("os.system",)
    for kind in ("tensor_0", "custom_obj_0", "opaque_obj_0"):
        listed = {"config": {"c": {"path_name": kind, "is_param": False, "use_pickle": True, "tensor_meta": None}}}
        parts = {**sound.program_parts(), "net/data/constants/model_constants_config.json": json.dumps(listed).encode()}
        yield f"program_{kind}.pt2", zipped({**parts, f"net/data/constants/{kind}": pickled(evil)}), ("pickled object",)
    tensor = {"config": {"c": json.loads(sound.program_parts()[f"net/{_WEIGHTS_CONFIG}"])["config"]["bias"]}}
    for kind in ("custom_obj_0", "opaque_obj_0"):  # PyTorch unpickles by the name of the part, whatever the list says
        tensor["config"]["c"]["path_name"] = kind
        parts = {**sound.program_parts(), "net/data/constants/model_constants_config.json": json.dumps(tensor).encode()}
        listed_as_tensor = zipped({**parts, f"net/data/constants/{kind}": pickled(evil)})
        yield f"program_{kind}_as_tensor.pt2", listed_as_tensor, ("pickled object",)
    twin = {"config": {"bias": {"path_name": "weight_0", "is_param": True, "use_pickle": True, "tensor_meta": None}}}
    capitals = f"net/{_WEIGHTS_CONFIG}".replace("model_weights", "MODEL_weights")
    for place, parts in (
        ("first", {capitals: json.dumps(twin).encode(), **sound.program_parts()}),
        ("last", {**sound.program_parts(), capitals: json.dumps(twin).encode()}),
    ):
        yield f"program_twin_{place}.pt2", zipped(parts), ("twice",)
    yield (
        "program_library.pt2",
        zipped(sound.program_parts(data__aotinductor__model__a_dot_so=b"\x7fELF")),
        ("machine code",),
    )
    yield "program_2_7.pt2", zipped({"version": b"8.5", "serialized_exported_program.json": b"{}"}), ("older than 2.8",)


def _lambda_code(marker: str) -> str:
    code = compile(f"lambda x: open({marker!r}, 'w')", "<lambda>", "eval").co_consts[0]
    return base64.b64encode(marshal.dumps(code)).decode()


def _foreign(module: str | None, name: str, **more: object) -> _Json:
    return {"module": module, "class_name": name, "config": {"name": "odd"}, **more}


def _function(module: str, name: str) -> _Json:
    activation = {"module": module, "class_name": "function", "config": name, "registered_name": name}
    return sound.dense(config={"name": "odd", "activation": activation})


def _keras_layers(marker: str) -> dict[str, tuple[dict[str, Any], tuple[str, ...]]]:
    """Layers that would run code, with what their refusal has to mention."""
    code = {"class_name": "__lambda__", "config": {"value": _lambda_code(marker)}}
    lookup = {"name": "words", "vocabulary": "/etc/passwd"}
    return {
        "lambda": (sound.dense(class_name="Lambda", config={"name": "hidden", "function": code}), ("Lambda", "hidden")),
        "lambda_inside": (sound.dense(config={"name": "odd", "activation": code}), ("Lambda", "odd")),
        "custom": (_foreign(None, "Odd", registered_name="mypackage>Odd"), ("Odd", "odd")),
        "unregistered": (_foreign(None, "Odd", registered_name="Odd"), ("Odd", "odd")),
        "os_system": (_foreign("os", "system"), ("os.system",)),
        "os_function": (_function("os", "system"), ("os.system", "odd")),
        "builtins_eval": (_function("builtins.x", "eval"), ("eval",)),
        "unsafe": (_foreign("keras.config", "enable_unsafe_deserialization"), ("enable_unsafe_deserialization",)),
        "unsafe_function": (
            _function("keras.config", "enable_unsafe_deserialization"),
            ("enable_unsafe_deserialization",),
        ),
        "get_file": (_foreign("keras.utils", "get_file"), ("keras.utils.get_file",)),
        "load_model": (_function("keras.models", "load_model"), ("keras.models.load_model",)),
        "load_model_source": (_foreign("keras.src.models.model", "load_model"), ("load_model",)),
        "func_load": (_foreign("keras.src.utils.python_utils", "func_load"), ("func_load",)),
        "saving": (_foreign("keras.saving", "deserialize_keras_object"), ("deserialize_keras_object",)),
        "vocabulary": (sound.dense(class_name="StringLookup", config=lookup), ("words", "/etc/passwd")),
        "torch_wrapper": (sound.dense(class_name="TorchModuleWrapper"), ("TorchModuleWrapper",)),
        "saved_model": (sound.dense(class_name="TFSMLayer", config={"name": "tfsm", "filepath": "/tmp/x"}), ("tfsm",)),  # noqa: S108
        "hidden_in_loss": (sound.dense(compile_config={"loss": _foreign("os", "system")}), ("os.system",)),
    }


def _keras(marker: str) -> _Made:
    for name, (layer, mentions) in _keras_layers(marker).items():
        yield f"layer_{name}.keras", zipped(sound.keras_parts(sound.keras_config(layer))), mentions
    assets = {**sound.keras_parts(), "assets/words.txt": b"a"}
    yield "assets.keras", zipped(assets), ("assets/words.txt",)
    deep = b'{"config": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    yield "deep.keras", zipped({**sound.keras_parts(), "config.json": deep}), ("no JSON",)
    nested: Any = {}
    for _ in range(400):
        nested = {"config": nested}
    yield "nested.keras", zipped(sound.keras_parts(nested)), ("nested too deeply",)
    yield (
        "no_weights.keras",
        zipped({k: v for k, v in sound.keras_parts().items() if "h5" not in k}),
        ("model.weights.h5",),
    )
    yield "random_weights.keras", zipped(sound.keras_parts(weights=os.urandom(5000))), ("HDF5",)
    yield "text_config.keras", zipped({**sound.keras_parts(), "config.json": b"[1, 2]"}), ("no JSON object",)


def _keras_hdf5(marker: str) -> _Made:
    """CVE-2025-9905: the older format had no safe mode at all."""
    code = [_lambda_code(marker), None, None]
    config = {"name": "hidden", "function": code, "function_type": "lambda", "output_shape_type": "raw"}
    old = sound.keras_2_config({"class_name": "Lambda", "config": config})
    yield "lambda_2.h5", lambda path: sound.write_keras_hdf5(path, old), ("Lambda", "hidden")
    for name, (layer, mentions) in _keras_layers(marker).items():
        if name in ("lambda", "os_system", "unsafe", "custom"):
            config_3 = sound.keras_config(layer)
            yield f"layer_{name}.h5", lambda path, config_3=config_3: sound.write_keras_hdf5(path, config_3), mentions  # type: ignore[misc]
    wrapped = sound.keras_2_config(
        {"class_name": "TimeDistributed", "config": {"name": "t", "layer": {"class_name": "Lambda", "config": config}}}
    )
    yield "lambda_wrapped.h5", lambda path: sound.write_keras_hdf5(path, wrapped), ("Lambda",)
    function = sound.keras_2_config({"class_name": "deserialize", "config": {"name": "odd", "config": {}}})
    yield "function_2.h5", lambda path: sound.write_keras_hdf5(path, function), ("deserialize", "odd")


def _hdf5(marker: str) -> _Made:
    def write(change: Callable[[Any], object]) -> Callable[[Path], None]:
        def write_to(path: Path) -> None:
            with h5py.File(path, "w") as root:
                root.create_group("layers/dense/vars")["0"] = np.zeros(3, np.float32)
                change(root)

        return write_to

    def virtual(root: Any) -> None:
        layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(4,))
        root.create_virtual_dataset("layers/virtual", layout)

    def chain(root: Any) -> None:
        group = root
        for _ in range(300):
            group = group.create_group("g")

    external = [("/etc/passwd", 0, 16)]
    yield (
        "external_link.h5",
        write(lambda root: root.update({"layers/x": h5py.ExternalLink("/etc/passwd", "/")})),
        ("/etc/passwd",),
    )
    yield "soft_link.h5", write(lambda root: root.update({"layers/x": h5py.SoftLink("/layers")})), ("layers/x",)
    yield "virtual.h5", write(virtual), ("virtual",)
    yield (
        "external.h5",
        write(lambda root: root.create_dataset("layers/e", (4,), "f4", external=external)),
        ("/etc/passwd",),
    )
    yield "cycle.h5", write(lambda root: root["layers"].update({"again": root["layers"]})), ("again",)
    yield (
        "giant.h5",
        write(lambda root: root.create_dataset("layers/g", (1 << 40,), "f4", chunks=(1 << 20,))),
        ("layers/g",),
    )
    yield "references.h5", write(lambda root: root.create_dataset("layers/r", (1,), h5py.ref_dtype)), ("references",)
    yield (
        "objects.h5",
        write(lambda root: root.create_dataset("layers/o", (1,), h5py.vlen_dtype(np.float32))),
        ("objects",),
    )
    yield (
        "compound.h5",
        write(lambda root: root.create_dataset("layers/c", (1,), np.dtype([("a", "f4")]))),
        ("objects",),
    )
    yield "chain.h5", write(chain), ("nested too deeply",)
    yield "other.h5", lambda path: h5py.File(path, "w").close(), ("not one of Keras",)


def _archives(marker: str) -> _Made:
    yield "unicode_path.keras", _with_second_name(), ("two names",)
    zeros = b"\0" * (300 << 20)
    yield "bomb.npz", zipped({"w.npy": zeros}, zipfile.ZIP_DEFLATED), ("zip bomb",)
    del zeros
    yield "lying_bomb.npz", _lying_bomb(), ("as long as",)
    yield "overlap.pth", _overlapping(), ("bytes",)
    inner = zipped({"data.pkl": b"."}, zipfile.ZIP_DEFLATED)
    yield "nested_archive.pt", zipped({"inner.zip": inner}), ("no model",)
    yield "million_claimed.pth", b"PK\x03\x04" + b"\0" * 90 + _end(0xFFFE, 1 << 31, 0), ("more than any model",)
    yield "million_claimed_64.pth", _claimed_64(1_000_000), ("1,000,000",)
    yield "many_entries.pth", _many_entries(60_000), ("60,000",)
    names = {
        "traversal": "../evil.py",
        "absolute": "/evil.py",
        "drive": "C:/evil.py",
        "inner": "net/../../evil",
        "dots": "net/./x",
    }
    for name, entry in names.items():
        yield f"{name}.pth", zipped({**sound.torch_parts(), entry: b"x"}), ("leave its folder",)
        yield f"{name}.keras", zipped({**sound.keras_parts(), entry: b"x"}), ("leave its folder",)
    backslash = zipped({**sound.torch_parts(), "net/zzevil": b"x"}).replace(b"zzevil", b"..\\evi")
    yield "backslash.pth", backslash, ("leave its folder",)
    yield "symlink.pth", _with_link(), ("link",)
    encrypted = bytearray(zipped(sound.torch_parts()))
    place = encrypted.index(b"PK\x01\x02")
    encrypted[place + 8] |= 1
    yield "encrypted.pth", bytes(encrypted), ("encrypted",)
    yield "method.pth", zipped(sound.torch_parts(), zipfile.ZIP_BZIP2), ("method 12",)
    twice = zipped({**sound.torch_parts(), "net/data.pkk": b"x"}).replace(b"data.pkk", b"data.pkl")
    yield "twice.pth", twice, ("twice",)
    yield "two_faced.pth", zipped(sound.torch_parts()).replace(b"net/byteorder", b"net/xyteorder", 1), ("disagree",)
    yield "prefixed.pth", zipped(sound.torch_parts())[:4] + b"#!/bin/sh\n" + zipped(sound.torch_parts()), ("cut off",)
    yield "trailing.pth", zipped(sound.torch_parts()) + b"more", ("cut off",)


def _with_second_name() -> bytes:
    """An entry whose further field names it otherwise, which newer Pythons follow."""
    parts, content = sound.keras_parts(), BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name)
            raw = name.encode()
            entry.extra = struct.pack("<2HBI", 0x7075, 5 + 9, 1, zlib.crc32(raw)) + b"meta.json"
            archive.writestr(entry, part)
    return content.getvalue()


def _end(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, offset, 0)


def _claimed_64(count: int) -> bytes:
    body = b"PK\x03\x04" + b"\0" * 60
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, 1 << 40, 0)
    return body + end + struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body), 1) + _end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)


def _many_entries(count: int) -> Callable[[Path], None]:
    """A real archive of very many empty files."""

    def write(path: Path) -> None:
        local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 7, 0)
        with path.open("wb") as file:
            file.writelines(local + b"%07d" % place for place in range(count))
            start = file.tell()
            for place in range(count):
                fields = (20, 20, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, place * 37)
                file.write(struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *fields) + b"%07d" % place)
            file.write(_end(count, file.tell() - start, start))

    return write


def _lying_bomb() -> bytes:
    """100 MB of zeros that are said to be 1000 bytes."""
    content = bytearray(zipped({"w.npy": b"\0" * (100 << 20)}, zipfile.ZIP_DEFLATED))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(magic) + offset
        content[place : place + 4] = struct.pack("<L", 1000)
    return bytes(content)


def _overlapping() -> bytes:
    """Two entries over the same bytes, as in the bomb of David Fifield."""
    packed = zlib.compress(b"\0" * 100_000)[2:-4]
    crc = zlib.crc32(b"\0" * 100_000)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 100_000, 8, 0)
    body = local + b"net/aaaa" + packed
    outer = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, zlib.crc32(body), len(body), len(body), 8, 0)
        + b"net/bbbb"
    )
    entries = b""
    for name, method, checksum, size, whole, place in (
        (b"net/bbbb", 0, zlib.crc32(body), len(body), len(body), 0),
        (b"net/aaaa", 8, crc, len(packed), 100_000, len(outer)),
    ):
        fields = (20, 20, 0, method, 0, 0, checksum, size, whole, 8, 0, 0, 0, 0, 0, place)
        entries += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *fields) + name
    return outer + body + entries + _end(2, len(entries), len(outer + body))


def _with_link() -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in sound.torch_parts().items():
                archive.writestr(name, part)
            link = zipfile.ZipInfo("net/link")
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, "/etc/passwd")

    return write


def _flat(marker: str) -> _Made:
    described = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    two = {"a": described, "b": described}
    yield "huge_header.safetensors", (1 << 40).to_bytes(8, "little") + b"{" + b" " * 100, ("header",)
    yield "overlap.safetensors", sound.safetensors(two, b"\0" * 8), ("overlap",)
    yield "negative.safetensors", sound.safetensors({"a": {**described, "shape": [-2]}}, b"\0" * 8), ("shape",)
    yield (
        "outside.safetensors",
        sound.safetensors({"a": {**described, "data_offsets": [0, 800]}}, b"\0" * 8),
        ("outside",),
    )
    yield (
        "product.safetensors",
        sound.safetensors({"a": {**described, "shape": [1 << 40, 1 << 40]}}, b"\0" * 8),
        ("shape",),
    )
    yield "type.safetensors", sound.safetensors({"a": {**described, "dtype": "PICKLE"}}, b"\0" * 8), ("PICKLE",)
    doubled = (
        b'{"a": {"dtype":"U8","shape":[1],"data_offsets":[0,1]}, "a": {"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    )
    yield "doubled.safetensors", len(doubled).to_bytes(8, "little") + doubled + b"\0", ("twice",)
    deep = b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield "deep.safetensors", len(deep).to_bytes(8, "little") + deep, ("no JSON",)
    yield "rest.safetensors", sound.safetensors({"a": described}, b"\0" * 80), ("belong to no tensor",)
    objects = np.array([_Evil(marker)], dtype=object)
    yield "objects.npz", zipped({"w.npy": sound.npy(objects)}), ("pickled objects", "w")
    broken = sound.npy(np.zeros(3, np.float32))
    yield "header.npz", zipped({"w.npy": broken.replace(b"'descr'", b"__evil_")}), ("header",)
    yield "shape.npz", zipped({"w.npy": broken.replace(b"(3,)", b"(9,)")}), ("do not agree",)
    yield "strings.npz", zipped({"w.npy": sound.npy(np.array(["a"]))}), ("other than numbers",)
    yield "objects.npy", sound.npy(objects), (".npy",)


class _Evil:
    """Its pickle would create the marker."""

    def __init__(self, marker: str) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch '{self._marker}'",)


def _broken(marker: str) -> _Made:
    """Sound files of each format, cut off and with flipped bits."""
    contents = {
        "weights.pth": zipped(sound.torch_parts()),
        "script.pt": zipped(sound.torchscript_parts()),
        "program.pt2": zipped(sound.program_parts()),
        "model.keras": zipped(sound.keras_parts()),
        "packed.npz": sound.npz(zipfile.ZIP_DEFLATED),
        "legacy.pth": sound.torch_legacy(),
        "w.safetensors": sound.safetensors(),
        "m.weights.h5": sound.keras_3_weights(),
    }
    for name, content in contents.items():
        yield f"cut_{name}", content[: len(content) * 2 // 3], ("cut off",)
    for name in ("weights.pth", "script.pt", "program.pt2", "model.keras", "packed.npz"):
        flipped = bytearray(contents[name])
        with zipfile.ZipFile(BytesIO(contents[name])) as archive:
            entry = max(archive.infolist(), key=lambda part: part.compress_size)
        flipped[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0x10
        yield f"flipped_{name}", bytes(flipped), ("cut off",)


def _others(marker: str) -> _Made:
    yield "pointer.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 14241867\n", ("pointer",)
    yield "page.pt", b"<!DOCTYPE html><html><body>404</body></html>", ("web page",)
    yield "text.keras", b"just some words\n", ("text file",)
    yield "json.h5", b'{"a": 1}', ("JSON",)
    yield "random.pt", b"\x01\xfe" + os.urandom(4000), ("format",)
    yield "model.tflite", b"\x1c\0\0\0TFL3" + b"\0" * 100, ("TensorFlow Lite",)
    yield "model.onnx", b"\x08\x07\x12\x07pytorch\x1a\x052.0.0" + b"\0" * 100, ("ONNX",)
    yield "weights.pth.gz", b"\x1f\x8b\x08" + b"\0" * 100, ("gzip",)
    yield "weights.tar", b"sys_info" + b"\0" * 249 + b"ustar\0" + b"0" * 300, ("tar",)
    yield "empty.pt", b"", ("empty",)
    yield "empty.keras", b"", ("empty",)
    yield "folder.pth", Path.mkdir, ("folder",)
    yield "saved_model", _saved_model, ("SavedModel",)
    yield "pipe.pt", os.mkfifo, ("no regular file",)
    yield "device.pt", lambda path: path.symlink_to("/dev/zero"), ("no regular file",)
    yield "gone.pt", lambda path: path.symlink_to("/no/such/place"), ("not exist",)


def _saved_model(path: Path) -> None:
    path.mkdir()
    (path / "saved_model.pb").write_bytes(b"\x08\x01")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    sys.stdout.write(f"{len(write_all(target, target / 'marker'))} files in {target}\n")
