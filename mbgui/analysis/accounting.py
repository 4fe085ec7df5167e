"""The ledger of a network: what it stores, what its framework counts, and what its layers cost."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from mbgui.domain.accounting import Accounting, LayerTypeShare, LedgerEntry, NetworkAccounting
from mbgui.domain.network import LayerKind, Network, StoredTensor, TensorPurpose

_PARAMETERS = frozenset({TensorPurpose.LEARNABLE, TensorPurpose.FROZEN})


def account(network: Network) -> NetworkAccounting:
    """The books of one network; every stored tensor stands in exactly one ledger entry."""
    ledger = _ledger(network.tensors)
    return NetworkAccounting(
        ledger=ledger,
        framework_parameter_count=network.framework_parameter_count,
        learnable_count=sum(entry.value_count for entry in ledger if entry.purpose is TensorPurpose.LEARNABLE),
        stored_value_count=sum(entry.value_count for entry in ledger),
        size_bytes=sum(entry.size_bytes for entry in ledger),
        size_without_buffers_bytes=sum(entry.size_bytes for entry in ledger if entry.purpose in _PARAMETERS),
        mac_count=sum(layer.mac_count for layer in network.layers),
        layer_count=sum(1 for layer in network.layers if layer.kind is not LayerKind.CONTAINER),
        layer_types=_layer_types(network),
    )


def parameter_count(books: NetworkAccounting) -> int:
    """Values of all parameters, be they learnable or frozen."""
    return sum(entry.value_count for entry in books.ledger if entry.purpose in _PARAMETERS)


def account_pair(left: Network, right: Network) -> Accounting:
    """The books of both sides."""
    return Accounting(left=account(left), right=account(right))


def counted_values_by_layer(network: Network) -> dict[str, int]:
    """Values that the framework counts as parameters, by the path of the owning layer."""
    counts: dict[str, int] = defaultdict(int)
    for tensor in network.tensors:
        if tensor.is_counted_by_framework:
            counts[tensor.layer] += tensor.value_count
    return dict(counts)


def _ledger(tensors: Iterable[StoredTensor]) -> tuple[LedgerEntry, ...]:
    by_purpose: dict[TensorPurpose, list[StoredTensor]] = {purpose: [] for purpose in TensorPurpose}
    for tensor in tensors:
        by_purpose[tensor.purpose].append(tensor)
    return tuple(_entry(purpose, chosen) for purpose, chosen in by_purpose.items())


def _entry(purpose: TensorPurpose, tensors: list[StoredTensor]) -> LedgerEntry:
    return LedgerEntry(
        purpose=purpose,
        tensor_count=len(tensors),
        value_count=sum(tensor.value_count for tensor in tensors),
        size_bytes=sum(tensor.size_bytes for tensor in tensors),
        is_counted=all(tensor.is_counted_by_framework for tensor in tensors) if tensors else None,
    )


def _layer_types(network: Network) -> tuple[LayerTypeShare, ...]:
    """Every type of leaf layer, and of containers that own tensors themselves; most parameters first."""
    values = counted_values_by_layer(network)
    layers: Counter[tuple[str, bool]] = Counter()
    parameters: Counter[tuple[str, bool]] = Counter()
    for layer in network.layers:
        if layer.kind is LayerKind.CONTAINER and layer.path not in values:
            continue
        key = layer.type_name, layer.is_operation
        layers[key] += 1
        parameters[key] += values.get(layer.path, 0)
    rootless = set(values) - {layer.path for layer in network.layers}
    if rootless:
        layers[network.class_name, False] += 1
        parameters[network.class_name, False] += sum(values[path] for path in rootless)
    total = network.framework_parameter_count
    shares = [
        LayerTypeShare(
            type_name=key[0],
            is_operation=key[1],
            count=count,
            parameter_count=parameters[key],
            share=parameters[key] / total if total else 0.0,
        )
        for key, count in layers.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.parameter_count, -share.count, share.type_name)))
