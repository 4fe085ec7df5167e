"""Records become lines and lines become the same records."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.environment import Version
from mbgui.domain.errors import Problem
from mbgui.processes.messages import (
    Beat,
    Command,
    CommandFailed,
    LatencyPrepared,
    ListModels,
    LoadModel,
    MeasureRound,
    ModelLoaded,
    ModelNames,
    PrepareLatency,
    Ready,
    Reply,
    RoundMeasured,
    decode_command,
    encode,
)
from mbgui.processes.replies import decode_reply
from tests.support.records import tiny_keras_network, tiny_torch_network

FINITE = st.floats(allow_nan=False, allow_infinity=False)
COMMANDS: list[Command] = [
    LoadModel(kind="keras", name="Ünïcode\n", height=1, width=2, batch_size=3, weights="none", seed=4),
    ListModels(),
    PrepareLatency(call_path="predict", batch_size=1, warmup=0, seed=0),
    MeasureRound(runs=5),
]
REPLIES: list[Reply] = [
    Beat(),
    Ready(versions=(Version(name="torch", version="2"),), import_s=1.5),
    ModelLoaded(network=tiny_torch_network()),
    ModelLoaded(network=tiny_keras_network()),
    ModelNames(names=("a", "b")),
    LatencyPrepared(first_call_s=0.5, warmup_s=()),
    CommandFailed(problem=Problem(sentence="It failed.\n", advice="“Try”", detail="\x00")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_a_command_is_one_line_and_comes_back_as_it_was(command: Command) -> None:
    line = encode(command)
    assert line.count(b"\n") == 1
    assert decode_command(line) == command


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_a_reply_is_one_line_and_comes_back_as_it_was(reply: Reply) -> None:
    line = encode(reply)
    assert line.count(b"\n") == 1
    assert decode_reply(line) == reply


@given(st.lists(FINITE).map(tuple))
def test_durations_keep_every_digit(durations_s: tuple[float, ...]) -> None:
    reply = RoundMeasured(durations_s=durations_s)
    assert decode_reply(encode(reply)) == reply


@given(st.text())
def test_any_text_of_a_problem_survives(text: str) -> None:
    reply = CommandFailed(problem=Problem(sentence=text, detail=text))
    assert decode_reply(encode(reply)) == reply


def test_a_number_that_json_has_no_word_for_is_refused_where_it_arises() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(RoundMeasured(durations_s=(float("nan"),)))


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b"3", b"{}", b'{"type":"Hello"}', b'{"type":null}', b'{"type":[]}', b"\xff"]
)
def test_a_line_that_is_no_reply_is_an_error(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_reply(line)


def test_a_field_that_is_missing_or_of_a_wrong_type_is_an_error() -> None:
    fields = json.loads(encode(ModelLoaded(network=tiny_torch_network())))
    wrong = {**fields["network"], "read_s": "soon"}
    missing = {name: value for name, value in fields["network"].items() if name != "layers"}
    for network in (wrong, missing, None):
        with pytest.raises(ValueError, match="network"):
            decode_reply(json.dumps({**fields, "network": network}).encode())


def test_a_changed_network_does_not_pass_for_the_same() -> None:
    network = tiny_torch_network()
    other = replace(network, read_s=network.read_s + 1)
    assert decode_reply(encode(ModelLoaded(network=other))) != ModelLoaded(network=network)
