"""How column headers name the two sides."""

from mbgui.domain.framework import Framework
from mbgui.domain.request import Side


def side_title(side: Side, left: Framework | None, right: Framework | None) -> str:
    """`PyTorch` or `Keras`; `PyTorch (left)` where both sides share a framework, `Left` where nothing is known."""
    own = left if side is Side.LEFT else right
    if own is None:
        return side.value.capitalize()
    return f"{own.display_name} ({side.value})" if left is right else own.display_name
