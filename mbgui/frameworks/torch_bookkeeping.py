"""Operations of PyTorch that leave every value as it is, and so are no layers."""

from mbgui.frameworks.torch_graph import Operation

NEVER_LAYERS = {"getitem", "alias", "contiguous", "detach", "clone", "lift_fresh_copy", "sym_size", "to", "_to_copy"}
"""Operations that hand a value on as it is."""


_COUNTS = frozenset({"int64", "int32", "bool"})

SHAPE_ONLY = {
    "view",
    "reshape",
    "expand",
    "flatten",
    "unflatten",
    "squeeze",
    "unsqueeze",
    "permute",
    "pad",
    "slice",
    "roll",
}
"""Operations that do nothing where the shape stays the same; a permutation or a roll is checked closer."""


def is_bookkeeping(operation: Operation) -> bool:
    """Whether an operation leaves every value as it is, so that its reader reads its source."""
    name = operation.name
    if name in NEVER_LAYERS or name.startswith(("_assert", "sym_")) or _counts_only(operation):
        return True
    if name == "dropout":
        return not operation.arguments.get("p")
    if name in {"permute", "roll"}:
        return _moves_nothing(operation)
    source = next(operation.tensors(), None)
    return name in SHAPE_ONLY and source is not None and operation.outputs[0].shape == source.shape


def _counts_only(operation: Operation) -> bool:
    """Whether an operation gives plain integers, as traced code does where it computes with sizes."""
    return all(spec.shape == () and spec.dtype in _COUNTS for spec in operation.outputs)


def _moves_nothing(operation: Operation) -> bool:
    if operation.name == "roll":
        return not any(operation.arguments.get("shifts", ()))
    order = operation.arguments.get("dims", ())
    return list(order) == sorted(order)
