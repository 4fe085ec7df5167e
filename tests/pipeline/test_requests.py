"""Requests made from options, and what is refused before any process is started."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.framework import CallPath
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import (
    BenchMode,
    LatencyRequest,
    ReadingLimits,
    SweepAxis,
    SweepRequest,
    VerifyRequest,
    Weights,
)
from mbgui.pipeline.machine import available_processors, default_threads
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.pipeline.validation import validate

LEFT, RIGHT = "torchvision:mobilenet_v2", "keras:MobileNetV2"


def test_defaults_measure_untrained_weights_at_the_size_that_the_models_state() -> None:
    request = build_request(LEFT, RIGHT, {})
    assert (request.inputs, request.batch_size, request.weights) == ((), 1, Weights.NONE)
    assert request.latency == LatencyRequest()
    assert request.threads == default_threads()


def test_options_arrive_where_they_belong() -> None:
    options: CompareOptions = {
        "input_size": "32x64",
        "batch_size": 2,
        "weights": "imagenet",
        "seed": 7,
        "runs": 9,
        "warmup": 1,
        "round_size": 3,
        "threads": 1,
        "left_path": "eager",
        "right_path": "predict",
        "code_folders": ("mine",),
        "file_memory_gib": 2,
        "file_timeout_s": 0,
    }
    request = build_request(LEFT, RIGHT, options)
    assert request.inputs == (InputShape(sizes=(32, 64)),)
    assert request.code_folders == (str(Path("mine").absolute()),)
    assert request.limits == ReadingLimits(memory_bytes=2**31, duration_s=0)
    assert (request.batch_size, request.weights, request.seed) == (2, Weights.IMAGENET, 7)
    latency = request.latency
    assert latency is not None
    assert (latency.runs, latency.warmup, latency.round_size, request.threads) == (9, 1, 3, 1)
    assert (latency.left_path, latency.right_path) == (CallPath.EAGER, CallPath.PREDICT)


def test_what_is_to_be_measured_arrives_where_it_belongs() -> None:
    options: CompareOptions = {
        "mode": "rigorous",
        "budget_s": 12.5,
        "duel": False,
        "ladder": True,
        "sweeps": ("batch=1,4,2,4", " input = 32, 64 ", "threads=1"),
        "by_layer": True,
    }
    assert build_request(LEFT, RIGHT, options).latency == LatencyRequest(
        mode=BenchMode.RIGOROUS,
        budget_s=12.5,
        is_duel=False,
        is_ladder=True,
        sweeps=(
            SweepRequest(axis=SweepAxis.BATCH, values=(1, 4, 2)),
            SweepRequest(axis=SweepAxis.INPUT, values=(32, 64)),
            SweepRequest(axis=SweepAxis.THREADS, values=(1,)),
        ),
        is_by_layer=True,
    )


def test_a_single_sweep_is_meant_as_one_and_not_as_its_letters() -> None:
    latency = build_request(LEFT, RIGHT, {"sweeps": "batch=1,2"}).latency
    assert latency is not None
    assert latency.sweeps == (SweepRequest(axis=SweepAxis.BATCH, values=(1, 2)),)


@pytest.mark.parametrize("options", [{"threads": 3}, {"threads": 1, "sweeps": ["threads=1,3"]}])
def test_more_threads_than_processors_are_wrong_use_and_say_how_many_there_are(
    options: CompareOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mbgui.pipeline.validation.available_processors", lambda: 2)
    with pytest.raises(MbguiError) as caught:
        build_request(LEFT, RIGHT, options)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert caught.value.problem.sentence == (
        "The number of threads has to be at most 2, as many as there are logical processors, not 3."
    )


def test_as_many_threads_as_processors_can_be_asked_for() -> None:
    assert build_request(LEFT, RIGHT, {"threads": available_processors()}).threads == available_processors()


def test_a_sweep_without_values_is_wrong_use() -> None:
    request = build_request(LEFT, RIGHT, {})
    latency = LatencyRequest(sweeps=(SweepRequest(axis=SweepAxis.INPUT, values=()),))
    with pytest.raises(MbguiError, match="The sweep over input has no values"):
        validate(replace(request, latency=latency))


def test_without_latency_nothing_is_measured() -> None:
    assert build_request(LEFT, RIGHT, {"latency": False}).latency is None


def test_a_proof_is_asked_for_by_name_and_leaves_out_sizes_that_are_named_twice() -> None:
    assert build_request(LEFT, RIGHT, {}).verification is None
    options: CompareOptions = {
        "verification": True,
        "input_size": (224, 224),
        "transfer": "right-to-left",
        "dtype": "float32",
        "further_inputs": [(225, 225), "224x224", "225x225"],
        "export": "moved.safetensors",
    }
    assert build_request(LEFT, RIGHT, options).verification == VerifyRequest(
        transfer=WeightTransfer.RIGHT_TO_LEFT,
        precision=Precision.FLOAT32,
        further_inputs=((InputShape(sizes=(225, 225)),),),
        export=str(Path("moved.safetensors").absolute()),
    )


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"runs": -1}, "timed calls"),
        ({"mode": "hasty"}, "“hasty” is no mode of measuring"),
        ({"budget_s": -1}, "time for measuring cannot be -1 seconds"),
        ({"budget_s": float("nan")}, "time for measuring cannot be nan"),
        ({"budget_s": float("inf")}, "time for measuring cannot be inf"),
        ({"duel": False}, "Nothing is left to be measured"),
        ({"latency": False, "ladder": True}, "“ladder” says what to measure, but no latency"),
        ({"latency": False, "sweeps": ["batch=1"]}, "“sweeps” says what to measure"),
        ({"sweeps": ["batch"]}, "“batch” is no sweep"),
        ({"sweeps": ["batch="]}, "“batch=” is no sweep"),
        ({"sweeps": ["batch=1;2"]}, "“batch=1;2” is no sweep"),
        ({"sweeps": ["batch=1.5"]}, "“batch=1.5” is no sweep"),
        ({"sweeps": ["width=1,2"]}, "“width=1,2” is no sweep"),
        ({"sweeps": ["batch=" + "9" * 5000]}, "is no sweep"),
        ({"sweeps": ["batch=1", "batch=2"]}, "two sweeps over batch"),
        ({"sweeps": ["batch=" + ",".join(map(str, range(1, 34)))]}, "at most 32 values, not 33"),
        ({"sweeps": ["batch=1,0"]}, "A batch of the sweep has to be at least 1, not 0"),
        ({"sweeps": ["input=-3"]}, "An input side of the sweep has to be at least 1, not -3"),
        ({"sweeps": ["batch=65537"]}, "A batch of the sweep has to be at most 65536, not 65537"),
        ({"sweeps": ["input=16385"]}, "An input side of the sweep has to be at most 16384"),
        ({"sweeps": ["threads=0"]}, "number of threads has to be at least 1"),
        ({"warmup": -1}, "warm-up"),
        ({"round_size": -1}, "round"),
        ({"threads": 0}, "threads"),
        ({"batch_size": 0}, "batch"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"input_size": (0, 224)}, "input side"),
        ({"input_size": "1x0"}, "input side"),
        ({"file_memory_gib": -1}, "memory for reading"),
        ({"file_timeout_s": -1}, "time for reading"),
        ({"file_memory_gib": float("nan")}, "memory for reading"),
        ({"file_timeout_s": float("inf")}, "time for reading"),
        ({"weights": "mine"}, "“mine” is no weights"),
        ({"left_path": "predict"}, "torchvision:mobilenet_v2 cannot be called by “predict”"),
        ({"right_path": "eager"}, "keras:MobileNetV2 cannot be called by “eager”"),
        ({"right_path": "fast"}, "“fast” is no call path"),
        ({"transfer": "left-to-right"}, "“transfer” says how to verify, but nothing is to be verified"),
        ({"verification": True, "transfer": "both"}, "“both” is no transfer of weights"),
        ({"verification": True, "dtype": "float16"}, "“float16” is no number format"),
        ({"verification": True, "further_inputs": [(0, 3)]}, "input side"),
        ({"verification": True, "further_inputs": ["auto"]}, "further input has no size"),
        ({"verification": True, "export": "a.weights.h5"}, "each side keeps its own"),
        (
            {"verification": True, "transfer": "left-to-right", "export": "a.safetensors"},
            "weights of MobileNetV2 cannot be exported to a.safetensors",
        ),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(options: Any, part: str) -> None:
    with pytest.raises(MbguiError, match=part) as caught:
        build_request(LEFT, RIGHT, options)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert caught.value.problem.advice
