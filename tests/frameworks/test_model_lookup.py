"""What is said where a model cannot be had."""

import pytest

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.frameworks.model_lookup import input_refused, require_known, weights_unavailable

KNOWN = ("MobileNetV2", "ResNet50")


def test_a_known_name_passes() -> None:
    require_known("ResNet50", KNOWN, prefix="keras", family="Keras")


def test_an_unknown_name_comes_with_the_nearest_ones() -> None:
    with pytest.raises(MbguiError) as caught:
        require_known("mobilnetv2", KNOWN, prefix="keras", family="Keras")
    assert caught.value.problem.sentence == "There is no Keras model called “mobilnetv2”."
    assert "MobileNetV2" in caught.value.problem.advice
    assert caught.value.problem.kind is ProblemKind.WRONG_USE


def test_a_name_like_no_other_points_to_the_list() -> None:
    with pytest.raises(MbguiError) as caught:
        require_known("zzz", KNOWN, prefix="keras", family="Keras")
    assert "mbgui models keras" in caught.value.problem.advice


def test_a_refused_input_keeps_the_framework_s_own_words() -> None:
    problem = input_refused("vit_b_16", (96, 64), AssertionError("Wrong image height!")).problem
    assert "96×64" in problem.sentence
    assert problem.detail == "AssertionError: Wrong image height!"


def test_missing_weights_name_the_file_and_its_place() -> None:
    problem = weights_unavailable("m", file="m-123.pth", folder="cache", cause=OSError("no route")).problem
    assert "m-123.pth" in problem.advice
    assert "cache" in problem.advice
    assert problem.detail == "OSError: no route"
