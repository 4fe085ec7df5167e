"""What to do about a framework depends on who brought it."""

import sys

import pytest

from mbgui.domain.framework import Framework
from mbgui.processes.installing import install_advice, repair_advice, start_advice


def test_in_a_checkout_pip_brings_the_frameworks() -> None:
    assert install_advice(Framework.KERAS) == "Install it with: pip install tensorflow keras"
    assert repair_advice(Framework.PYTORCH).endswith("pip install --force-reinstall torch torchvision")
    assert "Python installation" in start_advice()


def test_in_the_packaged_app_there_is_no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    advices = {install_advice(Framework.KERAS), repair_advice(Framework.PYTORCH), start_advice()}
    assert advices == {"The app is damaged, for it brings its frameworks: install it anew."}
