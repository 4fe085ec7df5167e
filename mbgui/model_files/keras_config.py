"""A Keras model's configuration, judged before Keras reads it: every class and function in it, by name.

Keras looks names up in its own packages and calls what it finds with arguments of the file's choosing, so a name that
is not plainly a layer or something a layer is made of is refused here, whatever Keras's own safe mode makes of it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mbgui.domain.errors import MbguiError
from mbgui.model_files.findings import Findings
from mbgui.model_files.refusals import SAFE_WAYS_KERAS, damaged, quoted, refused

MAXIMUM_NODES = 2_000_000
MAXIMUM_DEPTH = 200

_MODULES = re.compile(
    r"keras(\.src)?\."
    r"(layers|models|initializers|regularizers|constraints|activations|ops|dtype_policies|losses|metrics|optimizers|random"
    r"|quantizers|mixed_precision|engine|legacy\.layers)(\.\w+)*"
)
"""Where Keras keeps what models are made of."""
_TOP_NAMES = frozenset(
    {"Functional", "Sequential", "Model", "DTypePolicy", "FloatDTypePolicy", "Variable", "KerasTensor", "Layer"}
    | {"InputSpec", "QuantizedDTypePolicy", "QuantizedFloat8DTypePolicy", "DTypePolicyMap", "Initializer"}
    | {"Regularizer", "Loss", "Metric", "Optimizer"}
)
"""What has the module `keras` itself."""
_SINGLE_CLASSES = frozenset({("keras.src.applications.convnext", "LayerScale")})
_OLD_MODULES = re.compile(r"(tf_keras|tensorflow\.(python\.)?keras|tensorflow\.keras|keras\.engine)(\.\w+)*")
"""Where Keras 2 kept its layers; Keras 3 looks such names up among its own."""
_FUNCTION_MODULES = re.compile(r"keras(\.src)?\.(activations|ops|losses|metrics|initializers|nn)(\.\w+)*|builtins")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")
_MARKERS = frozenset(
    {"__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__", "__tuple__", "function"}
)
"""Class names that stand for plain values."""
_RUN_CODE = {
    "Lambda": "holds marshalled Python code",
    "__lambda__": "is marshalled Python code",
    "TorchModuleWrapper": "holds a pickled PyTorch module",
    "TFSMLayer": "loads a TensorFlow SavedModel from a path",
    "JaxLayer": "wraps a function of JAX",
    "FlaxLayer": "wraps a Flax module",
    "__typespec__": "is a TensorFlow type that is made by name",
    "Operation": "is any operation by name",
    "RematScope": "is no layer",
}
_LAMBDAS = frozenset({"Lambda", "__lambda__"})
_LOADERS = re.compile(
    r"(load|save|get_file|enable_|disable_|deserialize|register|from_json|from_config|clone|export|download|dataset|exec|eval"
    r"|open|import)",
    re.IGNORECASE,
)
_LOOKUPS = frozenset({"StringLookup", "IntegerLookup", "TextVectorization", "IndexLookup"})
_PATH_KEYS = ("vocabulary", "idf_weights", "filepath", "file_path", "weights_path")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A dictionary in a configuration, with the layer it belongs to."""

    value: dict[str, Any]
    layer: str


def parse_config(path: str, text: bytes | str) -> dict[str, Any]:
    """The configuration as nested dictionaries. Raises `MbguiError` where it is no JSON object."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(path, "its configuration is no JSON", str(error)) from error
    if not isinstance(config, dict):
        raise damaged(path, "its configuration is no JSON object")
    return config


def check_config(path: str, config: dict[str, Any]) -> None:
    """Raise `MbguiError` where the configuration names anything but Keras's own layers and what they are made of."""
    inspected = {
        key: value for key, value in config.items() if key != "compile_config"
    }  # mbgui loads without compiling
    for node in _nodes(path, inspected):
        _check_node(path, node)


def add_model_facts(config: dict[str, Any], findings: Findings) -> None:
    """Say what the model is: its class, its name, its layers, its inputs."""
    inner = config.get("config")
    findings.add_fact("Model class", config.get("class_name"))
    if isinstance(inner, list):  # a Sequential of Keras 2.1 and older
        inner = {"layers": inner}
    if not isinstance(inner, dict):
        return
    findings.add_fact("Model name", inner.get("name"))
    layers = inner.get("layers")
    if not isinstance(layers, list):
        return
    findings.add_fact("Layers", len(layers))
    shapes = [_input_shape(layer) for layer in layers]
    findings.add_fact("Inputs", "; ".join(shape for shape in shapes if shape)[:300] or None)


def _input_shape(layer: object) -> str | None:
    config = layer.get("config") if isinstance(layer, dict) else None
    if not isinstance(layer, dict) or not isinstance(config, dict):
        return None
    shape = config.get("batch_shape", config.get("batch_input_shape"))
    if not isinstance(shape, list):
        return None
    sizes = "×".join("?" if size is None else str(size) for size in shape)
    return f"{config.get('name', 'input')} {sizes}"


def _nodes(path: str, config: dict[str, Any]) -> Iterator[_Node]:
    left = MAXIMUM_NODES
    pending: list[tuple[Any, str, int]] = [(config, "", 0)]
    while pending:
        value, layer, depth = pending.pop()
        left -= 1
        if left < 0 or depth > MAXIMUM_DEPTH:
            raise refused(path, "has a configuration that is nested too deeply", SAFE_WAYS_KERAS)
        if isinstance(value, dict):
            layer = _layer_name(value) or layer
            yield _Node(value=value, layer=layer)
            pending.extend((inner, layer, depth + 1) for inner in value.values() if isinstance(inner, (dict, list)))
        elif isinstance(value, list):
            pending.extend((inner, layer, depth + 1) for inner in value if isinstance(inner, (dict, list)))


def _layer_name(node: dict[str, Any]) -> str:
    config = node.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    return name if isinstance(name, str) else ""


def _check_node(path: str, node: _Node) -> None:
    value = node.value
    _check_paths(path, node)
    if "function_type" in value or value.get("class_name") in _LAMBDAS:
        raise _runs_code(path, node, "Lambda")
    if "class_name" not in value:
        return
    name = value["class_name"]
    if not isinstance(name, str):
        raise damaged(path, f"its configuration has a class without a name ({quoted(name)})")
    if name in _RUN_CODE:
        raise _runs_code(path, node, name)
    if name == "function":
        _check_function(path, node)
    elif name not in _MARKERS:
        _check_class(path, node, name)


def _check_paths(path: str, node: _Node) -> None:
    for key in _PATH_KEYS:
        if isinstance(node.value.get(key), str):
            raise refused(
                path,
                f"has a layer {quoted(node.layer)} that would read another file: {key} is {quoted(node.value[key])}",
                "Save it with the words themselves in the layer, or give module:callable.",
            )


def _runs_code(path: str, node: _Node, name: str) -> MbguiError:
    called = (
        f"a {quoted(name)} layer {quoted(node.layer)}"
        if name not in _LAMBDAS
        else f"a Lambda layer {quoted(node.layer)}"
    )
    return refused(path, f"has {called.strip()}, which {_RUN_CODE[name]}; it was not opened", SAFE_WAYS_KERAS)


def _check_class(path: str, node: _Node, name: str) -> None:
    module, registered = node.value.get("module"), node.value.get("registered_name")
    if "module" not in node.value and registered is None and name[:1].isupper() and ">" not in name:
        return  # Keras 2 wrote no modules; the reader of such files knows Keras's own classes only
    is_registered = isinstance(registered, str) and registered != name
    if is_registered or not isinstance(module, str) or not _is_keras_class(module, name):
        raise _foreign(path, node, "class", name)


def _is_keras_class(module: str, name: str) -> bool:
    if module == "keras":
        return name in _TOP_NAMES
    if (module, name) in _SINGLE_CLASSES:
        return True
    if _LOADERS.match(name) or not name[:1].isupper() or not _PLAIN_NAME.fullmatch(name):
        return False
    return _MODULES.fullmatch(module) is not None or _OLD_MODULES.fullmatch(module) is not None


def _check_function(path: str, node: _Node) -> None:
    name, module = node.value.get("config"), node.value.get("module")
    is_plain = isinstance(name, str) and isinstance(module, str) and _PLAIN_NAME.fullmatch(name) is not None
    fits = is_plain and _FUNCTION_MODULES.fullmatch(str(module)) is not None
    if not fits or node.value.get("registered_name") not in (None, name, "function") or _LOADERS.match(str(name)):
        raise _foreign(path, node, "function", quoted(name))


def _foreign(path: str, node: _Node, kind: str, name: str) -> MbguiError:
    module, registered = node.value.get("module"), node.value.get("registered_name")
    full_name = f"{module}.{name}" if isinstance(module, str) else name
    where = f" in layer {quoted(node.layer)}" if node.layer else ""
    return refused(
        path,
        f"uses the {kind} {quoted(full_name)}{where}, which is not one of Keras's own; it was not opened",
        SAFE_WAYS_KERAS,
        f"module {quoted(module)}, class {quoted(name)}, registered as {quoted(registered)}",
    )
