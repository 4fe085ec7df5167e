"""Records become lines and lines become the same records."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.environment import Version
from mbgui.domain.errors import Problem, Remedy
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.model_option import ModelOption
from mbgui.domain.performance import LayerTime
from mbgui.domain.request import ReadingLimits, Weights
from mbgui.domain.source import ModelSource, SourceKind, SourceOption, WeightsFile
from mbgui.processes.latency_messages import (
    LatencyPrepared,
    LayerTimesRead,
    MeasureRound,
    ModelBuilt,
    PrepareLatency,
    ReadUsage,
    RoundMeasured,
    TimeLayers,
    UsageRead,
)
from mbgui.processes.messages import (
    Beat,
    Command,
    CommandFailed,
    DescribeModel,
    FileInspected,
    InspectFile,
    ListModels,
    LoadModel,
    ModelDescribed,
    ModelLoaded,
    ModelNames,
    Ready,
    Reply,
    decode_command,
    encode,
)
from mbgui.processes.replies import decode_reply
from tests.support.commands import build_command
from tests.support.records import tiny_keras_network, tiny_model_file, tiny_torch_network

VERSIONS = (Version(name="torch", version="2"),)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SOURCE = ModelSource(
    kind=SourceKind.PYTHON,
    name="Ünïcode:net\n",
    options=(
        SourceOption(name="alpha", value=0.5),
        SourceOption(name="depth", value=3),
        SourceOption(name="top", value=False),
        SourceOption(name="sizes", value=(3, 3)),
        SourceOption(name="weights", value=None),
        SourceOption(name="title", value="3"),
    ),
    weights=WeightsFile(path="/w.pth", strip_prefix="module.", is_partial=True),
)
BUILT = ModelBuilt(
    framework=Framework.KERAS,
    versions=VERSIONS,
    import_s=1.5,
    build_s=0.5,
    baseline_bytes=1 << 30,
    timer_resolution_s=1e-9,
    call_overhead_s=1e-7,
)
COMMANDS: list[Command] = [
    LoadModel(
        source=SOURCE,
        inputs=(InputShape(sizes=(1, 2)), InputShape(sizes=(3,), name="b")),
        batch_size=3,
        weights=Weights.IMAGENET,
        seed=4,
        code_folders=("/code",),
        limits=ReadingLimits(memory_bytes=5, duration_s=0.5),
    ),
    LoadModel(
        source=ModelSource(kind=SourceKind.FILE, name="/a b.keras"),
        inputs=(),
        batch_size=1,
        weights=Weights.NONE,
        seed=0,
        code_folders=(),
        limits=ReadingLimits(),
    ),
    ListModels(),
    DescribeModel(name="MobileNetV2"),
    InspectFile(path="/x.pth", limits=ReadingLimits()),
    PrepareLatency(call_path="predict", batch_size=1, warmup=0, seed=0),
    MeasureRound(runs=5, untimed=2),
    build_command("torchvision:well"),
    ReadUsage(),
    TimeLayers(passes=3),
]
REPLIES: list[Reply] = [
    Beat(),
    Ready(versions=VERSIONS, import_s=1.5),
    ModelLoaded(network=tiny_torch_network(), versions=VERSIONS),
    ModelLoaded(network=tiny_keras_network(), versions=()),
    ModelDescribed(
        options=(ModelOption(name="a", default=(1, 2), description="b", choices=("c",)),), input_size=(1, 2)
    ),
    ModelDescribed(options=(ModelOption(name="a", default=None, description=""),), input_size=None),
    FileInspected(file=tiny_model_file()),
    ModelNames(names=("a", "b")),
    LatencyPrepared(first_call_s=0.5, warmup_s=()),
    BUILT,
    replace(BUILT, baseline_bytes=None),
    UsageRead(peak_bytes=1 << 40, traces=None),
    UsageRead(peak_bytes=None, traces=1),
    LayerTimesRead(
        method="by hand", total_s=2.5, plain_s=2.0, layers=(LayerTime(layer="a/b", call=1, duration_s=0.25),)
    ),
    CommandFailed(
        problem=Problem(
            sentence="It failed.\n",
            advice="“Try”",
            detail="\x00",
            remedies=(Remedy(title="Strip", replaces="a", reference="b"),),
        )
    ),
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
    fields = json.loads(encode(ModelLoaded(network=tiny_torch_network(), versions=VERSIONS)))
    wrong = {**fields["network"], "read_s": "soon"}
    missing = {name: value for name, value in fields["network"].items() if name != "layers"}
    for network in (wrong, missing, None):
        with pytest.raises(ValueError, match="network"):
            decode_reply(json.dumps({**fields, "network": network}).encode())


def test_a_changed_network_does_not_pass_for_the_same() -> None:
    network = tiny_torch_network()
    other = replace(network, read_s=network.read_s + 1)
    assert decode_reply(encode(ModelLoaded(network=other, versions=()))) != ModelLoaded(network=network, versions=())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("seed",), "4"),
        (("seed",), True),
        (("batch_size",), 1.5),
        (("weights",), "mine"),
        (("source", "kind"), "pickle"),
        (("source", "options", 0, "value"), {"a": 1}),
        (("inputs", 0, "sizes"), "12"),
        (("limits", "more"), 1),
    ],
)
def test_a_command_with_a_value_of_a_wrong_type_is_an_error(place: tuple[str | int, ...], value: object) -> None:
    fields: Any = json.loads(encode(COMMANDS[0]))
    inner = fields
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises((ValueError, TypeError)):
        decode_command(json.dumps(fields).encode())
