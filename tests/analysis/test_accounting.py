"""The books of a network add up, whatever it stores."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.accounting import account
from mbgui.domain.network import Network, StoredTensor, TensorPurpose
from tests.support.records import tensor, tiny_keras_network, tiny_torch_network


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """The tiny network with other tensors on its layers, some of them on no known layer."""
    paths = [layer.path for layer in tiny_torch_network().layers] + ["nowhere"]
    tensors: list[StoredTensor] = []
    for index in range(draw(st.integers(0, 12))):
        made = tensor(
            f"{draw(st.sampled_from(paths))}.weight{index}",
            tuple(draw(st.lists(st.integers(0, 5), max_size=3))),
            draw(st.sampled_from(TensorPurpose)),
            counted=draw(st.booleans()),
        )
        tensors.append(made)
    counted = sum(found.value_count for found in tensors if found.is_counted_by_framework)
    return replace(tiny_torch_network(), tensors=tuple(tensors), framework_parameter_count=counted)


@given(networks())
def test_every_stored_value_stands_in_exactly_one_ledger_entry(network: Network) -> None:
    books = account(network)
    assert sum(entry.value_count for entry in books.ledger) == books.stored_value_count
    assert sum(entry.size_bytes for entry in books.ledger) == books.size_bytes
    assert sum(entry.tensor_count for entry in books.ledger) == len(network.tensors)


@given(networks())
def test_layer_types_sum_up_to_what_the_framework_counts(network: Network) -> None:
    books = account(network)
    assert sum(share.parameter_count for share in books.layer_types) == network.framework_parameter_count
    if network.framework_parameter_count:
        assert abs(sum(share.share for share in books.layer_types) - 1) < 1e-9


def test_moving_statistics_are_counted_by_keras_only() -> None:
    left, right = account(tiny_torch_network()), account(tiny_keras_network())
    assert left.learnable_count == right.learnable_count == left.framework_parameter_count
    assert right.framework_parameter_count - left.framework_parameter_count == 32
    moving = {entry.purpose: entry for entry in left.ledger}[TensorPurpose.MOVING_STATISTIC]
    assert (moving.value_count, moving.is_counted) == (32, False)
    assert {entry.purpose: entry for entry in right.ledger}[TensorPurpose.MOVING_STATISTIC].is_counted is True


def test_a_purpose_without_tensors_is_neither_counted_nor_uncounted() -> None:
    counters = {entry.purpose: entry for entry in account(tiny_keras_network()).ledger}[TensorPurpose.COUNTER]
    assert (counters.value_count, counters.is_counted) == (0, None)


def test_size_without_buffers_holds_parameters_only() -> None:
    books = account(tiny_torch_network())
    assert books.size_without_buffers_bytes == books.learnable_count * 4
    assert books.size_bytes == books.size_without_buffers_bytes + 32 * 4 + 2 * 8


def test_containers_are_no_layers() -> None:
    books = account(tiny_torch_network())
    assert books.layer_count == 9
    assert "Sequential" not in {share.type_name for share in books.layer_types}
