"""Arrays on their way between the app and a child: what goes in comes out, and what is wrong is refused."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.equivalence import ErrorFigures, ProbePower
from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import Framework
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CallSetting, Checkpoint, CheckResult
from mbgui.processes.channel import EXIT_NOT_UNDERSTOOD, Channel
from mbgui.processes.client import Child
from mbgui.processes.messages import DATA_SIZE, LARGEST_DATA_BYTES, Command, ModelLoaded, Reply, decode_command, encode
from mbgui.processes.outcome import Ending
from mbgui.processes.proof_messages import (
    PROOF_COMMANDS,
    PROOF_REPLIES,
    Activation,
    ActivationChecked,
    BeginCheck,
    BeginRun,
    Calibrate,
    Calibrated,
    CheckActivation,
    Done,
    ExportWeights,
    NextActivation,
    OpenProof,
    ProofCommand,
    ProofOpened,
    ProofReply,
    ReadTensor,
    SetTensor,
    SumTensors,
    TensorRead,
    TensorsSummed,
    WeightsExported,
)
from mbgui.processes.replies import decode_reply
from tests.support.commands import load_command
from tests.support.numpy_network import torch_weights
from tests.support.proof_child_program import PROGRAM

StartChild = Callable[..., Child]
FIGURES = ErrorFigures(relative_l2=1e-300, max_absolute=None, cosine=0.0, non_finite=3)
DATA = bytes(range(256)) + b'\n{"type":"Done"}\n\x00'
SETTINGS = (
    CallSetting(call="norm@1", name="epsilon", value=1e-3),
    CallSetting(call="conv", name="padding", value=(0, 1, -2, 3)),
    CallSetting(call="relu", name="max_value", value=None),
    CallSetting(call="drop", name="skip", value=True),
    CallSetting(call="add", name="reads", value="a=b\nc=d"),
)
POINT = Checkpoint(left="a", right="b", cuts=("#0", "c@1"))
COMMANDS: list[ProofCommand] = [
    OpenProof(seed=3),
    SumTensors(),
    ReadTensor(name="conv.weight"),
    SetTensor(name="conv.weight", shape=(len(DATA),), dtype="uint8", data=DATA),
    SetTensor(name="empty", shape=(0,), dtype="float32", data=b""),
    Calibrate(),
    ExportWeights(),
    BeginRun(
        precision=Precision.FLOAT64,
        has_noise_floor=True,
        emitted=("a",),
        settings=SETTINGS,
        own_tensors=("conv.weight",),
    ),
    NextActivation(),
    BeginCheck(precision=Precision.FLOAT32, checkpoints=(POINT,), settings=(), is_isolating=True),
    CheckActivation(call="a", shape=(2, 1, 3), dtype="float64", data=DATA),
]
POWER = ProbePower(between_inputs=0.5, one_pixel_shift=None)
REPLIES: list[ProofReply] = [
    ProofOpened(input_shapes=((1, 8, 8, 3),), probes=("one",), checksum="ab", reason=""),
    TensorsSummed(checksum="ab"),
    TensorRead(shape=(3,), dtype="int64", data=DATA),
    TensorRead(shape=(0, 2), dtype="int64", data=b""),
    Calibrated(names=("a", "b")),
    WeightsExported(data=DATA * 1000),
    Activation(call="a", noise_floor=1e-8, power=None, shape=(2, 3), dtype="float64", data=DATA),
    Activation(call="", noise_floor=None, power=POWER, shape=(), dtype="", data=b""),
    ActivationChecked(results=(CheckResult(left="a", right="b", propagated=FIGURES, isolated=None),)),
    Done(),
]


def reader(data: bytes) -> Callable[[int], bytes]:
    """Reads from these bytes."""
    at = 0

    def read(size: int) -> bytes:
        nonlocal at
        at += size
        return data[at - size : at]

    return read


def split(message: bytes) -> tuple[bytes, bytes]:
    """The line and what is behind it."""
    line, _, data = message.partition(b"\n")
    return line + b"\n", data


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_a_command_comes_back_as_it_was(command: ProofCommand) -> None:
    line, data = split(encode(command))
    assert decode_command(line, reader(data)) == command


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_a_reply_comes_back_as_it_was(reply: ProofReply) -> None:
    line, data = split(encode(reply))
    assert decode_reply(line, reader(data)) == reply


def test_every_message_of_a_proof_is_tried() -> None:
    assert {type(command) for command in COMMANDS} == set(PROOF_COMMANDS)
    assert {type(reply) for reply in REPLIES} == set(PROOF_REPLIES)


@given(st.binary(max_size=200))
def test_any_bytes_survive(data: bytes) -> None:
    line, behind = split(encode(WeightsExported(data=data)))
    assert behind == data
    assert decode_reply(line, reader(behind)) == WeightsExported(data=data)


@pytest.mark.parametrize("size", [-1, LARGEST_DATA_BYTES + 1, True, "4", 1.5, None, [4]])
def test_a_size_that_is_none_is_refused_before_anything_is_read(size: object) -> None:
    def read(_size: int) -> bytes:
        raise AssertionError("it was read")

    for message in (COMMANDS[3], REPLIES[2]):
        fields: dict[str, Any] = json.loads(split(encode(message))[0])
        line = json.dumps({**fields, DATA_SIZE: size}).encode()
        with pytest.raises((ValueError, TypeError)):
            decode_command(line, read) if isinstance(message, SetTensor) else decode_reply(line, read)


def test_bytes_behind_a_message_that_has_none_are_refused() -> None:
    with pytest.raises(ValueError, match="no size"):
        decode_command(b'{"type":"SumTensors","data_bytes":4}', reader(b"1234"))
    with pytest.raises(ValueError, match="no size"):
        decode_reply(b'{"type":"Done","data_bytes":4}', reader(b"1234"))


def test_a_line_alone_has_no_bytes_behind_it() -> None:
    with pytest.raises(ValueError, match="no bytes"):
        decode_command(split(encode(COMMANDS[3]))[0])


class Pipes:
    """A channel on real pipes, and the app's ends of them."""

    def __init__(self) -> None:
        commands, self.to_child = os.pipe()
        self.from_child, replies = os.pipe()
        self.replies = os.fdopen(self.from_child, "rb")
        self.channel = Channel(os.fdopen(commands, "rb"), os.fdopen(replies, "wb", buffering=0))

    def hear(self) -> Reply:
        return decode_reply(self.replies.readline(), self.replies.read)


def test_large_data_goes_through_a_real_pipe_whole_and_the_next_message_stands_behind_it() -> None:
    pipes = Pipes()
    large = WeightsExported(data=os.urandom(1 << 20))

    def send() -> None:
        for reply in (large, Done()):
            pipes.channel.send(reply)

    sending = threading.Thread(target=send)
    sending.start()
    assert pipes.hear() == large
    assert pipes.hear() == Done()
    sending.join()
    pipes.replies.close()
    os.close(pipes.to_child)
    pipes.channel._replies.close()
    pipes.channel._commands.close()


@pytest.fixture
def start() -> Iterator[StartChild]:
    """Start children of the program; all are closed in the end."""
    children: list[Child] = []

    def start_child(mode: str = "serve") -> Child:
        child = Child.start(Framework.PYTORCH, 1, command=(sys.executable, "-P", PROGRAM, mode))
        children.append(child)
        return child

    yield start_child
    for child in children:
        child.close()


def opened(child: Child) -> ProofOpened:
    child.ask(load_command("torchvision:small"), ModelLoaded)
    return child.ask(OpenProof(seed=1), ProofOpened)


def array(reply: TensorRead | Activation) -> Any:
    return np.frombuffer(reply.data, reply.dtype).reshape(reply.shape)


def test_a_child_answers_every_command_of_a_proof(start: StartChild) -> None:
    child = start()
    first = opened(child)
    assert first.input_shapes == ((1, 8, 8, 3),)
    assert first.reason == ""
    bias = array(child.ask(ReadTensor(name="head.bias"), TensorRead))
    assert np.array_equal(bias, torch_weights()["head.bias"])
    calls = ("conv", "norm", "relu", "pool", "head")
    begin = BeginRun(precision=Precision.FLOAT64, has_noise_floor=True, emitted=calls, settings=())
    points = tuple(Checkpoint(left=name, right=name, cuts=calls[at - 1 : at]) for at, name in enumerate(calls))
    child.ask(begin, Done)
    child.ask(BeginCheck(precision=Precision.FLOAT64, checkpoints=points, settings=(), is_isolating=True), Done)
    seen = []
    while (given := child.ask(NextActivation(), Activation)).call:
        assert given.noise_floor is not None
        assert 0 < given.noise_floor < 1e-6
        check = CheckActivation(call=given.call, shape=given.shape, dtype=given.dtype, data=given.data)
        (result,) = child.ask(check, ActivationChecked).results
        assert result.isolated is not None
        seen.append((given.call, result.propagated.relative_l2, result.isolated.relative_l2))
    assert seen == [(name, 0, 0) for name in calls]
    assert given.power is not None
    assert given.power.between_inputs is not None
    assert child.ask(SumTensors(), TensorsSummed).checksum == first.checksum


def test_a_set_tensor_is_read_back_and_exported_while_the_model_keeps_its_own(start: StartChild) -> None:
    child = start()
    first = opened(child)
    other = np.arange(4, dtype=np.float32)
    child.ask(SetTensor(name="head.bias", shape=(4,), dtype="float32", data=other.tobytes()), Done)
    assert np.array_equal(array(child.ask(ReadTensor(name="head.bias"), TensorRead)), other)
    assert child.ask(ExportWeights(), WeightsExported).data.endswith(other.tobytes())
    assert child.ask(SumTensors(), TensorsSummed).checksum == first.checksum


def test_a_model_loaded_anew_has_no_set_tensors_and_no_run_under_way(start: StartChild) -> None:
    child = start()
    opened(child)
    child.ask(SetTensor(name="head.bias", shape=(4,), dtype="float32", data=bytes(16)), Done)
    child.ask(BeginRun(precision=Precision.FLOAT64, has_noise_floor=False, emitted=("head",), settings=()), Done)
    opened(child)
    assert array(child.ask(ReadTensor(name="head.bias"), TensorRead)).any()
    with pytest.raises(MbguiError, match="No model is ready to be run call by call"):
        child.ask(NextActivation(), Activation)


def test_a_proof_opened_anew_has_no_run_under_way(start: StartChild) -> None:
    child = start()
    opened(child)
    child.ask(BeginRun(precision=Precision.FLOAT64, has_noise_floor=False, emitted=("head",), settings=()), Done)
    child.ask(OpenProof(seed=2), ProofOpened)
    with pytest.raises(MbguiError, match="No model is ready to be run call by call"):
        child.ask(NextActivation(), Activation)


@pytest.mark.parametrize("command", [command for command in COMMANDS if not isinstance(command, OpenProof)])
def test_a_command_before_a_proof_is_opened_gets_one_sentence_and_the_child_lives(
    proving: Child, command: Command
) -> None:
    with pytest.raises(MbguiError) as caught:
        proving.ask(command, Done)
    assert caught.value.problem.sentence == "No model is ready to be run call by call."
    assert proving.outcome is None


@pytest.fixture(scope="module")
def proving() -> Iterator[Child]:
    """A child that has a model, and no proof opened."""
    child = Child.start(Framework.PYTORCH, 1, command=(sys.executable, "-P", PROGRAM, "serve"))
    child.ask(load_command("torchvision:small"), ModelLoaded)
    yield child
    child.close()


def test_a_tensor_that_is_not_there_is_a_problem_and_the_child_lives(start: StartChild) -> None:
    child = start()
    opened(child)
    with pytest.raises(MbguiError):
        child.ask(ReadTensor(name="nothing.weight"), TensorRead)
    assert child.ask(ReadTensor(name="head.bias"), TensorRead).shape == (4,)


def test_values_that_do_not_fill_their_shape_are_a_problem_and_the_child_lives(start: StartChild) -> None:
    child = start()
    opened(child)
    with pytest.raises(MbguiError):
        child.ask(SetTensor(name="head.bias", shape=(5,), dtype="float32", data=bytes(16)), Done)
    assert child.ask(ReadTensor(name="head.bias"), TensorRead).shape == (4,)


def test_bytes_that_look_like_messages_are_no_messages(start: StartChild) -> None:
    assert start("answer").ask(ReadTensor(name="a"), TensorRead).data == b"\n{}\nsixteen bytes"[:16]


def test_a_child_that_dies_in_the_middle_of_an_array_is_told_as_killed_and_nobody_waits(start: StartChild) -> None:
    child = start("cut_off")
    with pytest.raises(MbguiError, match="killed by signal 9"):
        child.ask(ReadTensor(name="a"), TensorRead)
    assert child.close().ending is Ending.CRASHED


@pytest.mark.parametrize("mode", ["too_large", "negative", "no_number", "not_for_it", "in_the_line"])
def test_a_size_that_lies_ends_the_child_as_garbled(start: StartChild, mode: str) -> None:
    child = start(mode)
    with pytest.raises(MbguiError, match="PyTorch process"):
        child.ask(ReadTensor(name="a"), TensorRead)
    assert child.close().ending is Ending.GARBLED


def test_more_bytes_than_were_announced_end_the_child(start: StartChild) -> None:
    child = start("too_long")
    child.ask(ReadTensor(name="a"), TensorRead)
    with pytest.raises(MbguiError):
        child.ask(ReadTensor(name="a"), TensorRead, timeout_s=2)
    assert child.close().ending is not Ending.COMPLETED


@pytest.mark.parametrize("behind", [b"1234", b""])
def test_a_command_whose_bytes_are_cut_off_ends_the_child_not_understood(start: StartChild, behind: bytes) -> None:
    child = start()
    child.wait_ready()
    line, _ = split(encode(SetTensor(name="a", shape=(4,), dtype="float32", data=bytes(16))))
    child._process.send(line + behind)
    child._process._commands.close()
    child._reader.join(20)
    assert child.outcome is not None
    assert child.outcome.exit_code == EXIT_NOT_UNDERSTOOD
