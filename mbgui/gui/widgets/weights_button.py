"""Choosing the weights that both models start with, and the seed of what is random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from mbgui.domain.request import Weights
from mbgui.gui.settings import StartingWeights

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSpinBox, QWidgetAction

_TITLES = {Weights.NONE: "untrained", Weights.IMAGENET: "ImageNet"}
_MENU_TITLES = {Weights.NONE: "&Untrained weights", Weights.IMAGENET: "&ImageNet weights"}
_LARGEST_SEED = 2**31 - 1
"""The most that a spin box holds; half of what the frameworks take."""
_TIP = "Weights that both models start with; they are downloaded when they are needed first"
_SEED_TIP = "Seed of untrained weights and of the images that are timed"

_MENU_TEXT_LEFT = 42  # pixels: where the words of a checkable action begin


class WeightsButton(QToolButton):
    """Shows what is chosen, and opens a menu to choose anew; `changed` carries the choice."""

    changed = Signal(object)

    def __init__(self, chosen: StartingWeights, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.setProperty("role", "button")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(_TIP)
        self._show_chosen()

    @property
    def chosen(self) -> StartingWeights:
        """Weights and seed."""
        return self._chosen

    def add_menu(self) -> None:
        """Add what is behind the button; the first picture does not wait for it."""
        menu = QMenu("Weights", self)
        menu.setAccessibleName("Weights and seed")
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for weights, title in _MENU_TITLES.items():
            action = menu.addAction(title)
            action.setData(weights.value)
            action.setCheckable(True)
            action.setChecked(weights is self._chosen.weights)
            group.addAction(action)
        menu.addSeparator()
        self._seed = _seed_box(self._chosen.seed)
        menu.addAction(_seed_action(menu, self._seed))
        group.triggered.connect(self._on_changed)
        self._seed.valueChanged.connect(self._on_changed)
        self._group = group
        self.setMenu(menu)

    def _on_changed(self) -> None:
        checked = self._group.checkedAction()
        self._chosen = StartingWeights(weights=Weights(checked.data()), seed=self._seed.value())
        self._show_chosen()
        self.changed.emit(self._chosen)

    def _show_chosen(self) -> None:
        text = _TITLES[self._chosen.weights]
        self.setText(text if self._chosen.seed == 0 else f"{text} · seed {self._chosen.seed}")
        self.setAccessibleName(f"Weights: {text}, seed {self._chosen.seed}")


def _seed_box(seed: int) -> QSpinBox:
    from PySide6.QtWidgets import QSpinBox  # noqa: PLC0415 - not for the first picture

    box = QSpinBox()
    box.setRange(0, _LARGEST_SEED)
    box.setValue(seed)
    box.setAccessibleName("Seed")
    box.setToolTip(_SEED_TIP)
    return box


def _seed_action(menu: QMenu, box: QSpinBox) -> QWidgetAction:
    from PySide6.QtWidgets import QWidgetAction  # noqa: PLC0415 - not for the first picture

    row = QWidget(menu)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(_MENU_TEXT_LEFT, 4, 12, 4)
    label = QLabel("&Seed", row)
    label.setBuddy(box)
    layout.addWidget(label)
    layout.addWidget(box, 1)
    row.setFocusProxy(box)
    row.setFocusPolicy(box.focusPolicy())  # without it the arrow keys of the menu pass the row over
    action = QWidgetAction(menu)
    action.setDefaultWidget(row)
    return action
