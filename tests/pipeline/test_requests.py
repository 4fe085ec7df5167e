"""Requests made from options, and what is refused before any process is started."""

from typing import Any

import pytest

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.framework import CallPath
from mbgui.domain.request import Weights
from mbgui.pipeline.machine import default_threads
from mbgui.pipeline.requests import CompareOptions, build_request

LEFT, RIGHT = "torchvision:mobilenet_v2", "keras:MobileNetV2"


def test_defaults_measure_at_224_pixels_with_untrained_weights() -> None:
    request = build_request(LEFT, RIGHT, {})
    assert (request.input_size, request.batch_size, request.weights) == ((224, 224), 1, Weights.NONE)
    assert request.latency is not None
    assert (request.latency.runs, request.threads) == (50, default_threads())


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
    }
    request = build_request(LEFT, RIGHT, options)
    assert request.input_size == (32, 64)
    assert (request.batch_size, request.weights, request.seed) == (2, Weights.IMAGENET, 7)
    latency = request.latency
    assert latency is not None
    assert (latency.runs, latency.warmup, latency.round_size, request.threads) == (9, 1, 3, 1)
    assert (latency.left_path, latency.right_path) == (CallPath.EAGER, CallPath.PREDICT)


def test_without_latency_nothing_is_measured() -> None:
    assert build_request(LEFT, RIGHT, {"latency": False}).latency is None


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"runs": 0}, "timed calls"),
        ({"warmup": -1}, "warm-up"),
        ({"round_size": 0}, "round"),
        ({"threads": 0}, "threads"),
        ({"batch_size": 0}, "batch"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"input_size": (0, 224)}, "input side"),
        ({"weights": "mine"}, "“mine” is no weights"),
        ({"left_path": "predict"}, "torchvision:mobilenet_v2 cannot be called by “predict”"),
        ({"right_path": "eager"}, "keras:MobileNetV2 cannot be called by “eager”"),
        ({"right_path": "fast"}, "“fast” is no call path"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(options: Any, part: str) -> None:
    with pytest.raises(MbguiError, match=part) as caught:
        build_request(LEFT, RIGHT, options)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert caught.value.problem.advice
