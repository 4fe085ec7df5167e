"""What to do where a framework is not there or not whole."""

from mbgui.domain.framework import Framework
from mbgui.frozen import is_frozen

PACKAGES = {
    Framework.PYTORCH: ("torch", "torchvision"),
    Framework.KERAS: ("tensorflow", "keras"),
}
"""What pip installs for each framework."""
_DAMAGED_APP = "The app is damaged, for it brings its frameworks: install it anew."


def install_advice(framework: Framework) -> str:
    """How a framework that is not there is installed."""
    return _DAMAGED_APP if is_frozen() else f"Install it with: pip install {' '.join(PACKAGES[framework])}"


def repair_advice(framework: Framework) -> str:
    """How a framework that is there and does not work is installed anew."""
    packages = " ".join(PACKAGES[framework])
    return _DAMAGED_APP if is_frozen() else f"Repair the installation with: pip install --force-reinstall {packages}"


def start_advice() -> str:
    """What to look at where a child cannot even be started."""
    return _DAMAGED_APP if is_frozen() else "Check the Python installation that mbgui runs in."
