"""What the window names becomes a request: how to verify, with which corrections, and where moved weights go."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import Weights
from mbgui.domain.source import ModelSource, SourceKind, WeightsFile
from mbgui.gui.settings import Settings, StartingWeights, VerifyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.typed_text import TypedText
from mbgui.gui.widgets.compare_bar import CompareBar
from mbgui.gui.widgets.request_form import RequestForm, usual_transfer

CORRECTIONS = (PairCorrection(left="features.0.0", right=None),)
LEFT = ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2")
RIGHT = ModelSource(kind=SourceKind.KERAS, name="MobileNetV2")
TRAINED = replace(LEFT, weights=WeightsFile(path="/models/run7.pth"))
OWN = ModelSource(kind=SourceKind.PYTHON, name="nets:build")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def bar(qtbot: QtBot) -> CompareBar:
    menu = QMenu()
    qtbot.addWidget(menu)
    made = CompareBar(Theme(), StartingWeights(), menu)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def form(bar: CompareBar, settings: Settings) -> RequestForm:
    made = RequestForm(bar, settings, TypedText())
    made.restore()
    return made


def test_outputs_are_verified_with_moved_weights_in_float64_unless_told_otherwise(form: RequestForm) -> None:
    verification = form.request().verification
    assert verification is not None
    assert verification.transfer is WeightTransfer.LEFT_TO_RIGHT
    assert verification.precision is Precision.FLOAT64
    assert verification.further_inputs == ()
    assert verification.export == ""


def test_what_was_chosen_is_asked_for(form: RequestForm, settings: Settings) -> None:
    settings.verify_options = VerifyOptions(
        transfer=WeightTransfer.RIGHT_TO_LEFT, precision=Precision.FLOAT32, further_inputs="225x225; a=1x2,b=3;"
    )
    verification = form.request().verification
    assert verification is not None
    assert verification.transfer is WeightTransfer.RIGHT_TO_LEFT
    assert verification.precision is Precision.FLOAT32
    named = (InputShape(sizes=(1, 2), name="a"), InputShape(sizes=(3,), name="b"))
    assert verification.further_inputs == ((InputShape(sizes=(225, 225)),), named)


def test_a_further_size_that_cannot_be_read_is_refused(form: RequestForm, settings: Settings) -> None:
    settings.verify_options = VerifyOptions(further_inputs="large")
    with pytest.raises(MbguiError, match="large"):
        form.request()


def test_nothing_is_verified_where_that_is_switched_off(form: RequestForm, settings: Settings) -> None:
    settings.verify_options = VerifyOptions(is_verified=False)
    assert form.request().verification is None


def test_an_export_asks_for_the_proof_it_comes_from(form: RequestForm, settings: Settings) -> None:
    settings.verify_options = VerifyOptions(is_verified=False)
    verification = form.request("/models/moved.weights.h5").verification
    assert verification is not None
    assert verification.export == "/models/moved.weights.h5"


def test_the_side_that_gets_the_weights_is_known(form: RequestForm, settings: Settings) -> None:
    assert form.moved_to() is Framework.KERAS
    settings.verify_options = VerifyOptions(transfer=WeightTransfer.RIGHT_TO_LEFT)
    assert form.moved_to() is Framework.PYTORCH


def test_weights_that_stay_where_they_are_cannot_be_exported(form: RequestForm, settings: Settings) -> None:
    settings.verify_options = VerifyOptions(transfer=WeightTransfer.AS_IS)
    with pytest.raises(MbguiError) as refused:
        form.request("/models/moved.safetensors")
    assert "left to right" in refused.value.problem.advice


@pytest.mark.parametrize(
    ("left", "right", "weights", "transfer"),
    [
        (LEFT, RIGHT, Weights.NONE, WeightTransfer.LEFT_TO_RIGHT),
        (LEFT, RIGHT, Weights.IMAGENET, WeightTransfer.AS_IS),
        (TRAINED, RIGHT, Weights.NONE, WeightTransfer.AS_IS),
        (LEFT, OWN, Weights.NONE, WeightTransfer.AS_IS),
    ],
)
def test_only_random_weights_are_moved_unasked(
    left: ModelSource, right: ModelSource, weights: Weights, transfer: WeightTransfer
) -> None:
    assert usual_transfer(left, right, are_untrained=weights is Weights.NONE) is transfer


def test_corrections_come_back_for_the_same_two_models_whatever_their_weights(
    form: RequestForm, bar: CompareBar
) -> None:
    asked = replace(form.request(), corrections=CORRECTIONS)
    form.learn_corrections(replace(asked, left=TRAINED))
    assert form.request().corrections == CORRECTIONS
    bar.left_picker.set_reference("torchvision:resnet18")
    assert form.request().corrections == ()
    form.learn_corrections(replace(asked, corrections=()))
    bar.left_picker.set_reference(LEFT.reference)
    assert form.request().corrections == ()
