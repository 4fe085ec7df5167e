"""Says that a model runs Python code of the user's: quietly where it is named, and again where it is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.domain.request import Side

if TYPE_CHECKING:
    from mbgui.domain.source import ModelSource
    from mbgui.gui.widgets.compare_bar import CompareBar
    from mbgui.gui.widgets.request_form import RequestForm


class OwnCodeNotice(QObject):
    """Watches both pickers; `changed` carries a sentence, "" where there is nothing to say any more."""

    changed = Signal(str)

    def __init__(self, bar: CompareBar, form: RequestForm) -> None:
        super().__init__(bar)
        self._bar = bar
        self._form = form
        self._said = ""

    def watch(self) -> None:
        """Look now and whenever a name is finished; the first picture does not wait for what reads names."""
        for picker in self._bar.pickers:
            picker.committed.connect(self.look)
        self.look()

    @property
    def sentence(self) -> str:
        """What is to be said of the models that are named, "" for nothing."""
        notes = dict.fromkeys(_note(self._form.source(side)) for side in Side)
        return " ".join(note for note in notes if note)

    def look(self) -> None:
        """See what is named now, and say it where that is new."""
        for side in Side:
            source, picker = self._form.source(side), self._bar.picker(side)
            picker.set_note(_note(source))
            picker.edit.set_has_file(has_file=source is not None and source.reads_file)
        sentence = self.sentence
        if sentence != self._said:
            self._said = sentence
            self.changed.emit(sentence)


def _note(source: ModelSource | None) -> str:
    if source is None or not source.runs_own_code:
        return ""
    return f"{source.title} runs Python code of yours, in a process of its own."
