"""Recurrent layers and attention with moved weights, each computed by its own framework's formulas."""

from collections.abc import Mapping

import numpy as np
import pytest

from mbgui.analysis.weight_findings import compare_weights
from mbgui.analysis.weight_moving import moved_tensors
from mbgui.analysis.weight_plan import plan_weights
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.framework import Framework
from mbgui.domain.network import LayerKind, Network
from mbgui.domain.request import Side
from tests.analysis import weight_networks as made
from tests.analysis.weight_networks import Array, one_layer, plan_of_one, random_tensors
from tests.support.records import layer

TORCH, KERAS, RECURRENT = Framework.PYTORCH, Framework.KERAS, LayerKind.RECURRENT
INPUTS, UNITS, STEPS = 3, 4, 5


def _sigmoid(values: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-values))
    return result


def _sequence() -> Array:
    return np.random.default_rng(7).standard_normal((STEPS, INPUTS))


def _torch(gates: int, suffix: str = "l0", inputs: int = INPUTS) -> dict[str, tuple[int, ...]]:
    rows = gates * UNITS
    return {
        f"weight_ih_{suffix}": (rows, inputs),
        f"weight_hh_{suffix}": (rows, UNITS),
        f"bias_ih_{suffix}": (rows,),
        f"bias_hh_{suffix}": (rows,),
    }


def _keras(gates: int, bias: tuple[int, ...], holder: str = "cell", inputs: int = INPUTS) -> dict[str, tuple[int, ...]]:
    columns = gates * UNITS
    return {
        f"{holder}/kernel": (inputs, columns),
        f"{holder}/recurrent_kernel": (UNITS, columns),
        f"{holder}/bias": bias,
    }


def _torch_lstm(tensors: Mapping[str, Array]) -> Array:
    state = memory = np.zeros(UNITS)
    for step in _sequence():
        summed = tensors["layer.weight_ih_l0"] @ step + tensors["layer.bias_ih_l0"]
        summed = summed + tensors["layer.weight_hh_l0"] @ state + tensors["layer.bias_hh_l0"]
        enter, forget, new, out = np.split(summed, 4)  # i, f, g, o
        memory = _sigmoid(forget) * memory + _sigmoid(enter) * np.tanh(new)
        state = _sigmoid(out) * np.tanh(memory)
    return state


def _keras_lstm(tensors: Mapping[str, Array]) -> Array:
    state = memory = np.zeros(UNITS)
    for step in _sequence():
        summed = step @ tensors["layer/cell/kernel"] + state @ tensors["layer/cell/recurrent_kernel"]
        enter, forget, new, out = np.split(summed + tensors["layer/cell/bias"], 4)  # i, f, c, o
        memory = _sigmoid(forget) * memory + _sigmoid(enter) * np.tanh(new)
        state = _sigmoid(out) * np.tanh(memory)
    return state


def _torch_gru(tensors: Mapping[str, Array]) -> Array:
    state = np.zeros(UNITS)
    for step in _sequence():
        reset, update, new = np.split(tensors["layer.weight_ih_l0"] @ step + tensors["layer.bias_ih_l0"], 3)
        held = np.split(tensors["layer.weight_hh_l0"] @ state + tensors["layer.bias_hh_l0"], 3)
        gate = _sigmoid(update + held[1])
        candidate = np.tanh(new + _sigmoid(reset + held[0]) * held[2])
        state = (1 - gate) * candidate + gate * state
    return state


def _keras_gru(tensors: Mapping[str, Array]) -> Array:
    state = np.zeros(UNITS)
    biases = tensors["layer/cell/bias"]
    for step in _sequence():
        update, reset, new = np.split(step @ tensors["layer/cell/kernel"] + biases[0], 3)
        held = np.split(state @ tensors["layer/cell/recurrent_kernel"] + biases[1], 3)
        gate = _sigmoid(update + held[0])
        candidate = np.tanh(new + _sigmoid(reset + held[1]) * held[2])
        state = gate * state + (1 - gate) * candidate
    return state


LSTM = one_layer(TORCH, RECURRENT, _torch(4), "LSTM"), one_layer(KERAS, RECURRENT, _keras(4, (4 * UNITS,)), "LSTM")
GRU = one_layer(TORCH, RECURRENT, _torch(3), "GRU"), one_layer(KERAS, RECURRENT, _keras(3, (2, 3 * UNITS)), "GRU")


def test_a_moved_lstm_computes_the_same_both_ways() -> None:
    left, right = LSTM
    plan, mine, other = plan_of_one(left, right), random_tensors(left), random_tensors(right, 2)
    assert plan.unmoved == ()
    assert np.allclose(_keras_lstm(moved_tensors(plan, mine, Side.RIGHT)), _torch_lstm(mine))
    assert np.allclose(_torch_lstm(moved_tensors(plan, other, Side.LEFT)), _keras_lstm(other))


def test_a_moved_gru_computes_the_same_both_ways() -> None:
    left, right = GRU
    plan, mine, other = plan_of_one(left, right), random_tensors(left), random_tensors(right, 2)
    assert plan.unmoved == ()
    assert np.allclose(_keras_gru(moved_tensors(plan, mine, Side.RIGHT)), _torch_gru(mine))
    assert np.allclose(_torch_gru(moved_tensors(plan, other, Side.LEFT)), _keras_gru(other))


@pytest.mark.parametrize("pair", [LSTM, GRU])
def test_the_sides_can_be_changed_over(pair: tuple[Network, Network]) -> None:
    torch_side, keras_side = pair
    mine = random_tensors(torch_side)
    moved = moved_tensors(plan_of_one(torch_side, keras_side), mine, Side.RIGHT)
    other_way = moved_tensors(plan_of_one(keras_side, torch_side), mine, Side.LEFT)
    assert all(np.array_equal(moved[name], other_way[name]) for name in moved)


def test_the_two_biases_of_an_lstm_are_compared_by_their_sum() -> None:
    left, right = LSTM
    plan, mine = plan_of_one(left, right), random_tensors(left)
    moved = moved_tensors(plan, mine, Side.RIGHT)
    found = compare_weights(plan, mine.__getitem__, moved.__getitem__)
    assert {finding.left: finding.is_equal for finding in found.findings}["layer.bias_ih_l0 + layer.bias_hh_l0"]
    moved["layer/cell/bias"] = mine["layer.bias_ih_l0"]
    found = compare_weights(plan, mine.__getitem__, moved.__getitem__)
    assert [finding.right for finding in found.findings if not finding.is_equal] == ["layer/cell/bias"]


def test_a_gru_that_resets_the_state_before_the_product_is_not_movable_and_says_why() -> None:
    right = one_layer(KERAS, RECURRENT, _keras(3, (3 * UNITS,)), "GRU")
    plan = plan_of_one(GRU[0], right)
    assert plan.links == ()
    assert "reset_after=True" in plan.obstacles[0].reason
    assert len(plan.obstacles) == 7


def test_a_bidirectional_stack_goes_with_one_keras_layer_each() -> None:
    wide = 2 * UNITS
    torch_tensors = _torch(4) | _torch(4, "l0_reverse") | _torch(4, "l1", wide) | _torch(4, "l1_reverse", wide)
    left = one_layer(TORCH, RECURRENT, torch_tensors, "LSTM")
    bias = (4 * UNITS,)
    keras_tensors = {
        f"{path}/{role}": shape
        for path, inputs in (("first", INPUTS), ("second", wide))
        for holder in ("backward_lstm/cell", "forward_lstm/cell")
        for role, shape in _keras(4, bias, holder, inputs).items()
    }
    layers = [layer(path, "Bidirectional", LayerKind.OTHER) for path in ("first", "second")]
    right = made.network(KERAS, layers, keras_tensors)
    pair = LayerPair(left="layer", right="second", right_members=("first", "second"), confidence=1.0, evidence=())
    mine = random_tensors(left)
    moved = moved_tensors(plan_weights(left, right, Alignment(pairs=(pair,))), mine, Side.RIGHT)
    for path, holder, suffix in (
        ("first", "forward", "l0"),
        ("first", "backward", "l0_reverse"),
        ("second", "backward", "l1_reverse"),
    ):
        assert np.array_equal(moved[f"{path}/{holder}_lstm/cell/kernel"], mine[f"layer.weight_ih_{suffix}"].T)


HEADS, SIZE = 2, 3
WIDTH = HEADS * SIZE


def _attention(framework: Framework, *, has_bias: bool = True, size: int = SIZE) -> Network:
    shapes: dict[str, tuple[int, ...]]
    if framework is TORCH:
        shapes = {"in_proj_weight": (3 * WIDTH, WIDTH), "out_proj.weight": (WIDTH, WIDTH)}
        if has_bias:
            shapes |= {"in_proj_bias": (3 * WIDTH,), "out_proj.bias": (WIDTH,)}
    else:
        parts = ("query", "key", "value")
        shapes = {f"{part}/kernel": (WIDTH, HEADS, size) for part in parts}
        shapes["attention_output/kernel"] = (HEADS, size, WIDTH)
        if has_bias:
            shapes |= {f"{part}/bias": (HEADS, size) for part in parts} | {"attention_output/bias": (WIDTH,)}
    return one_layer(framework, LayerKind.ATTENTION, shapes)


def _softmax(values: Array) -> Array:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result


def _torch_attention(tensors: Mapping[str, Array], tokens: Array) -> Array:
    projected = tokens @ tensors["layer.in_proj_weight"].T + tensors["layer.in_proj_bias"]
    query, key, value = (part.reshape(-1, HEADS, SIZE).swapaxes(0, 1) for part in np.split(projected, 3, axis=1))
    mixed = _softmax(query @ key.swapaxes(1, 2) / np.sqrt(SIZE)) @ value
    result: Array = mixed.swapaxes(0, 1).reshape(-1, WIDTH) @ tensors["layer.out_proj.weight"].T
    return result + tensors["layer.out_proj.bias"]


def _keras_attention(tensors: Mapping[str, Array], tokens: Array) -> Array:
    query, key, value = (
        np.einsum("td,dhs->ths", tokens, tensors[f"layer/{part}/kernel"]) + tensors[f"layer/{part}/bias"]
        for part in ("query", "key", "value")
    )
    scores = _softmax(np.einsum("ths,uhs->htu", query, key) / np.sqrt(SIZE))
    mixed = np.einsum("htu,uhs->ths", scores, value)
    result: Array = np.einsum("ths,hsd->td", mixed, tensors["layer/attention_output/kernel"])
    return result + tensors["layer/attention_output/bias"]


def test_moved_attention_computes_the_same_both_ways() -> None:
    left, right = _attention(TORCH), _attention(KERAS)
    plan, mine, other = plan_of_one(left, right), random_tensors(left), random_tensors(right, 2)
    tokens = np.random.default_rng(7).standard_normal((5, WIDTH))
    assert plan.unmoved == ()
    moved = moved_tensors(plan, mine, Side.RIGHT)
    assert np.allclose(_keras_attention(moved, tokens), _torch_attention(mine, tokens))
    moved = moved_tensors(plan, other, Side.LEFT)
    assert np.allclose(_torch_attention(moved, tokens), _keras_attention(other, tokens))


@pytest.mark.parametrize(
    ("right", "words"),
    [(_attention(KERAS, has_bias=False), "Only one"), (_attention(KERAS, size=2), "different sizes")],
)
def test_attention_that_does_not_fit_is_not_moved_at_all(right: Network, words: str) -> None:
    plan = plan_of_one(_attention(TORCH), right)
    assert plan.links == ()
    assert all(words in found.reason for found in plan.obstacles)


def test_attention_of_one_framework_is_the_same_tensor_by_tensor() -> None:
    plan = plan_of_one(_attention(KERAS), _attention(KERAS))
    assert len(plan.links) == 8
    assert all(link.change.is_identity for link in plan.links)
