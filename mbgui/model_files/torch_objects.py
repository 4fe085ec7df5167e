"""What PyTorch's pickles are made of: tensors, found among the records of calls that an inert unpickler leaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mbgui.model_files.element_types import ITEM_BYTES, STORAGE_TYPES, value_count
from mbgui.model_files.pickle_reading import Called, NamedGlobal, PersistentId, UnreadablePickleError

MAXIMUM_NODES = 300_000
MAXIMUM_DEPTH = 60
_MODULE_PARTS = ("_parameters", "_buffers", "_modules")

_REBUILDERS = frozenset(
    f"torch._utils.{name}"
    for name in (
        "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter",
        "_rebuild_parameter_with_state", "_rebuild_qtensor", "_rebuild_sparse_tensor",
        "_rebuild_meta_tensor_no_storage", "_rebuild_nested_tensor",
    )
)  # fmt: skip
_STORAGES = frozenset(
    {f"torch.{name}" for name in STORAGE_TYPES}
    | {f"torch.cuda.{name}" for name in STORAGE_TYPES}
    | {"torch.storage.TypedStorage", "torch.storage.UntypedStorage", "torch.storage._TypedStorage"}
)
_DTYPES = frozenset(f"torch.{name}" for name in ITEM_BYTES)
PLAIN_GLOBALS = (
    frozenset({"collections.OrderedDict", "torch.Size", "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter"})
    | frozenset({"builtins.complex", "builtins.set", "builtins.bytearray", "_codecs.encode", "collections.Counter"})
    | frozenset({"torch._tensor._rebuild_from_type_v2", "torch.serialization._get_layout"})
    | frozenset(f"torch.{name}" for name in ("per_tensor_affine", "per_channel_affine", "per_tensor_symmetric"))
    | frozenset({"torch.per_channel_symmetric", "torch.per_channel_affine_float_qparams"})
    | _REBUILDERS
    | _STORAGES
    | _DTYPES
)
"""What PyTorch's `weights_only` unpickler lets pass (torch/_weights_only_unpickler.py, `_get_allowed_globals`)."""


WEIGHT_GLOBALS = PLAIN_GLOBALS | frozenset(
    {"numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"}
    | {f"numpy.dtypes.{kind}DType" for kind in ("Bool", "Float16", "Float32", "Float64", "LongDouble")}
    | {f"numpy.dtypes.{sign}Int{bits}DType" for sign in ("", "U") for bits in (8, 16, 32, 64)}
)
"""What may stand in a file of weights: also NumPy's plain numbers, which the reader there lets pass by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The flat memory of one or more tensors, by its key; `count` elements of `dtype`."""

    key: str
    dtype: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TorchTensor:
    """A tensor as a pickle describes it: a view of a storage, `None` where its values are elsewhere.

    `offset` and `strides` count elements of `dtype`.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    storage: Storage | None
    offset: int = 0
    strides: tuple[int, ...] = ()

    @property
    def reach(self) -> int:
        """How many elements of its storage it needs, from the storage's begin."""
        if 0 in self.shape:
            return self.offset
        last = sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))
        return self.offset + last + 1


def first_foreign(
    global_names: tuple[str, ...], allowed: Callable[[str], bool] = WEIGHT_GLOBALS.__contains__
) -> str | None:
    """The first global that a file with tensors only does not name."""
    return next((name for name in global_names if not allowed(name)), None)


def tensors_in(value: object) -> Iterator[TorchTensor]:
    """Every tensor inside, with a dotted name; also inside pickled modules. Raises `UnreadablePickleError`."""
    left = MAXIMUM_NODES
    pending: list[tuple[str, object, int]] = [("", value, 0)]
    while pending:
        name, node, depth = pending.pop()
        left -= 1
        if left < 0 or depth > MAXIMUM_DEPTH or len(name) > 1000:
            raise UnreadablePickleError("its objects are nested too deeply")
        tensor = _tensor(name or "tensor", node)
        if tensor is not None:
            yield tensor
            continue
        parts = _parts(node)
        pending.extend(
            (f"{name}.{key}" if name and key else str(key) or name, part, depth + 1)
            for key, part in reversed(parts)
            if isinstance(part, (dict, list, tuple, Called))
        )


def keys_of(value: object) -> tuple[str, ...]:
    """The names at the top of a checkpoint; empty where it has none."""
    return tuple(str(key) for key, _ in _parts(value)) if isinstance(value, dict) or _is_ordered(value) else ()


def _is_ordered(value: object) -> bool:
    return isinstance(value, Called) and value.path == "collections.OrderedDict"


def _parts(node: object) -> list[tuple[object, object]]:
    """What an object holds, each by its name in it."""
    if isinstance(node, dict):
        return list(node.items())
    if isinstance(node, (list, tuple)):
        return list(enumerate(node))
    if not isinstance(node, Called):
        return []
    held = [*node.items, *enumerate(node.elements)]
    state = node.state
    if _is_ordered(node):  # its state holds PyTorch's notes on versions, no tensors
        return held or (list(enumerate(node.arguments)) if node.arguments else [])
    states = [state] if not isinstance(state, tuple) else list(state)
    for part in states:
        if isinstance(part, dict):
            modular = [(inner, part[inner]) for inner in _MODULE_PARTS if inner in part]
            held += [pair for _, inner in modular for pair in _parts(inner)] if modular else list(part.items())
    return held


def _tensor(name: str, node: object) -> TorchTensor | None:
    if not isinstance(node, Called):
        return None
    function, arguments = node.path, node.arguments
    if function == "torch._tensor._rebuild_from_type_v2" and len(arguments) >= 3 and isinstance(arguments[2], tuple):
        return _tensor(name, Called(function=arguments[0], arguments=arguments[2]))
    if function in ("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state") and arguments:
        return _tensor(name, arguments[0]) if arguments[0] is not node else None
    if function == "torch._utils._rebuild_meta_tensor_no_storage" and len(arguments) >= 2:
        return TorchTensor(name=name, shape=_sizes(arguments[1]), dtype=_dtype(arguments[0]), storage=None)
    if function in _REBUILDERS and len(arguments) >= 4 and isinstance(arguments[0], PersistentId):
        return _view(name, function, arguments)
    return None


def _view(name: str, function: str, arguments: tuple[object, ...]) -> TorchTensor:
    storage = _storage(arguments[0])
    shape, strides = _sizes(arguments[2]), _sizes(arguments[3])
    dtype = _dtype(arguments[6]) if function.endswith("_v3") and len(arguments) > 6 else storage.dtype
    offset = arguments[1]
    value_count(shape)
    if (
        type(offset) is not int
        or offset < 0
        or len(shape) != len(strides)
        or any(not 0 <= step < 1 << 62 for step in strides)
    ):
        raise UnreadablePickleError(f"{name[:80]} lies nowhere")
    return TorchTensor(name=name, shape=shape, dtype=dtype, storage=storage, offset=offset, strides=strides)


def _storage(node: object) -> Storage:
    value = node.value if isinstance(node, PersistentId) else None
    if not isinstance(value, tuple) or len(value) < 5 or value[0] != "storage":
        raise UnreadablePickleError("a tensor without memory")
    kind, key, count = value[1], value[2], value[4]
    if (
        not isinstance(kind, NamedGlobal)
        or not isinstance(key, str)
        or type(count) is not int
        or not 0 <= count < 1 << 62
    ):
        raise UnreadablePickleError("a tensor without memory")
    dtype = STORAGE_TYPES.get(kind.name)
    if dtype is None:
        raise UnreadablePickleError(f"memory of an unknown kind ({kind.path[:80]})")
    return Storage(key=key, dtype=dtype, count=count)


def _sizes(node: object) -> tuple[int, ...]:
    """A shape or strides: a tuple, or a call of torch.Size."""
    if isinstance(node, Called) and node.path == "torch.Size" and node.arguments:
        node = node.arguments[0]
    if not isinstance(node, (tuple, list)) or len(node) > 64 or any(type(size) is not int for size in node):
        raise UnreadablePickleError("a tensor without a shape")
    return tuple(size for size in node if isinstance(size, int))


def _dtype(node: object) -> str:
    name = node.name if isinstance(node, NamedGlobal) and node.module == "torch" else ""
    if name not in ITEM_BYTES:
        raise UnreadablePickleError("a tensor of an unknown element type")
    return name
