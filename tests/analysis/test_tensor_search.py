"""Stored tensors are found by words, side and purpose."""

from mbgui.analysis.tensor_search import TensorFilter, find_tensors, search_text, totals_text, words_of
from mbgui.domain.network import TensorPurpose
from mbgui.domain.request import Side
from tests.support.records import tiny_keras_network, tiny_torch_network

_NETWORKS = ((Side.LEFT, tiny_torch_network()), (Side.RIGHT, tiny_keras_network()))
_PAIRS = [(side, tensor) for side, network in _NETWORKS for tensor in network.tensors]
_SIDES, _TENSORS = [side for side, _ in _PAIRS], [tensor for _, tensor in _PAIRS]
_TEXTS = [search_text(tensor) for tensor in _TENSORS]


def _names(wanted: TensorFilter) -> list[str]:
    return [_TENSORS[place].name for place in find_tensors(wanted, _SIDES, _TENSORS, _TEXTS)]


def test_all_words_must_occur_in_any_order_and_case() -> None:
    assert _names(TensorFilter(words=words_of("WEIGHT features.0.0"))) == ["features.0.0.weight"]
    assert _names(TensorFilter(words=words_of("int64")))[0].endswith("num_batches_tracked")


def test_side_and_purpose_narrow_further() -> None:
    wanted = TensorFilter(side=Side.RIGHT, purpose=TensorPurpose.MOVING_STATISTIC)
    names = _names(wanted)
    assert len(names) == 4
    assert all("moving_" in name for name in names)


def test_an_empty_filter_keeps_all() -> None:
    assert TensorFilter().is_empty
    assert len(_names(TensorFilter())) == len(_TENSORS)


def test_totals_name_what_is_shown_of_how_many() -> None:
    assert totals_text([10, 20], [2**20, 2**19], 5).startswith("2 of 5 tensors · 30 values · 1.5")
    assert " of " not in totals_text([10, 20], [4, 4], 2)
