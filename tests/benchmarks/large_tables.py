"""100,000 layers and tensors in the views: the longest turn of the event loop for each gesture.

    python tests/benchmarks/large_tables.py [ROWS]

Prints one JSON line: for each gesture its longest turn in milliseconds of wall clock and of processor time. `qt_ms` is
the baseline of the same run: a bare `QTableView` that gets, and sorts, a `QStandardItemModel` of as many rows.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QTableView, QTreeView, QWidget

from mbgui.gui.theme import Theme
from mbgui.gui.widgets.layer_times_panel import LayerTimesPanel
from mbgui.gui.widgets.layers_view import LayersView
from mbgui.gui.widgets.parameters_view import ParametersView
from tests.support.performance_records import timings_of
from tests.support.records import large_comparison

GOAL_MS = 50.0
_QUIET_TURNS = 40
_QUIET_MS = 2.0


def longest_turn_ms(gesture: Callable[[], object]) -> dict[str, float]:
    """Do a gesture and turn the event loop until it has long been quiet; the longest turn, wall clock and processor."""
    wall_ms = processor_ms = 0.0
    quiet = 0
    action = gesture
    while quiet < _QUIET_TURNS:
        began = time.perf_counter(), time.thread_time()
        action()
        spent_ms = (time.perf_counter() - began[0]) * 1e3
        processor_ms = max(processor_ms, (time.thread_time() - began[1]) * 1e3)
        wall_ms = max(wall_ms, spent_ms)
        quiet = quiet + 1 if spent_ms < _QUIET_MS else 0
        action = QApplication.processEvents
        time.sleep(0.002)  # between two turns, so that timers of a few milliseconds come due
    return {"wall_ms": round(wall_ms, 1), "processor_ms": round(processor_ms, 1)}


def _press(field: QLineEdit, letter: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def _button(view: QWidget, text: str) -> QPushButton:
    return next(button for button in view.findChildren(QPushButton) if button.text() == text)


def _shown(view: QWidget) -> None:
    view.resize(1350, 800)
    view.show()
    QApplication.processEvents()


def measure_layers(rows: int) -> dict[str, dict[str, float]]:
    """Fill, open, search and scroll the tree of both models."""
    view, comparison = LayersView(Theme()), large_comparison(rows)
    _shown(view)
    gc.freeze()
    table = view.findChildren(QTreeView)[0]
    field = view.findChildren(QLineEdit)[0]
    turns = {
        "fill": longest_turn_ms(lambda: view.show_comparison(comparison)),
        "expand all": longest_turn_ms(_button(view, "Expand all").click),
        "scroll to the end": longest_turn_ms(table.scrollToBottom),
    }
    turns |= {f"type {letter!r}": longest_turn_ms(partial(_press, field, letter)) for letter in "b7.3"}
    timed = replace(comparison, layer_times=timings_of(comparison))
    gc.freeze()
    turns["show times"] = longest_turn_ms(lambda: view.show_comparison(timed))
    turns["clear the search"] = longest_turn_ms(field.clear)
    turns["differences only"] = longest_turn_ms(_button(view, "Differences only").click)
    view.close()
    return turns


def measure_layer_times(rows: int) -> dict[str, dict[str, float]]:
    """Fill, sort and scroll the table of pairs and their times."""
    panel, comparison = LayerTimesPanel(Theme()), large_comparison(rows)
    timed = replace(comparison, layer_times=timings_of(comparison))
    _shown(panel)
    gc.freeze()
    turns = {
        "fill": longest_turn_ms(lambda: panel.show_layer_times(timed)),
        "sort by name": longest_turn_ms(partial(panel.table.sortByColumn, 0, Qt.SortOrder.AscendingOrder)),
        "scroll to the end": longest_turn_ms(panel.table.scrollToBottom),
    }
    panel.close()
    return turns


def measure_parameters(rows: int) -> dict[str, dict[str, float]]:
    """Fill, sort, filter and scroll the table of tensors; two tensors for each pair of layers."""
    view, comparison = ParametersView(Theme()), large_comparison(rows // 2)
    _shown(view)
    gc.freeze()
    table = view.findChildren(QTableView)[0]
    field = view.findChildren(QLineEdit)[0]
    values = next(
        column for column in range(20) if table.model().headerData(column, Qt.Orientation.Horizontal) == "Values"
    )
    turns = {
        "fill": longest_turn_ms(lambda: view.show_comparison(comparison)),
        "sort by values": longest_turn_ms(lambda: table.sortByColumn(values, Qt.SortOrder.DescendingOrder)),
        "scroll to the end": longest_turn_ms(table.scrollToBottom),
    }
    turns |= {f"type {letter!r}": longest_turn_ms(partial(_press, field, letter)) for letter in "b7.3"}
    view.close()
    return turns


def measure_qt(rows: int) -> dict[str, dict[str, float]]:
    """What Qt's own table takes for as many rows."""
    model, view = QStandardItemModel(), QTableView()
    _shown(view)
    items = [QStandardItem(str(index)) for index in range(rows)]
    turns = {"fill": longest_turn_ms(partial(_fill, model, view, items))}
    turns["sort"] = longest_turn_ms(lambda: model.sort(0, Qt.SortOrder.DescendingOrder))
    view.close()
    return turns


def _fill(model: QStandardItemModel, view: QTableView, items: list[QStandardItem]) -> None:
    model.appendColumn(items)
    view.setModel(model)


def main() -> None:
    """Measure all and print one JSON line."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    report = {
        "rows": rows,
        "goal_ms": GOAL_MS,
        "layers": measure_layers(rows),
        "layer_times": measure_layer_times(rows),
        "parameters": measure_parameters(rows),
        "qt_ms": measure_qt(rows),
    }
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
