"""The ledger: what each framework stores, and what it counts."""

from dataclasses import dataclass

from mbgui.domain.network import TensorPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTypeShare:
    """All layers of one type: how many, the values their framework counts, and the share of its total (0 to 1)."""

    type_name: str
    is_operation: bool
    count: int
    parameter_count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """Values stored for one purpose, and whether the framework counts them as parameters.

    `is_counted` is `None` where nothing is stored for that purpose.
    """

    purpose: TensorPurpose
    tensor_count: int
    value_count: int
    size_bytes: int
    is_counted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAccounting:
    """The books of one network. `ledger` has one entry for every purpose, in the order of `TensorPurpose`."""

    ledger: tuple[LedgerEntry, ...]
    framework_parameter_count: int
    learnable_count: int
    stored_value_count: int
    size_bytes: int
    size_without_buffers_bytes: int
    mac_count: int
    layer_count: int
    layer_types: tuple[LayerTypeShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """The books of both sides."""

    left: NetworkAccounting
    right: NetworkAccounting
