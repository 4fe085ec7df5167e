"""An error that nothing caught is told of once, on top of what the terminal gets."""

import sys
import threading
from types import TracebackType

import pytest

from mbgui.gui.faults import tell_of_faults

Told = list[BaseException]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the hook before ours was called with."""
    errors: Told = []

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        errors.append(error)

    monkeypatch.setattr(sys, "excepthook", note)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # put back afterwards
    return errors


def happen(error: BaseException) -> None:
    sys.excepthook(type(error), error, None)


def test_an_error_is_printed_and_told(printed: Told) -> None:
    told: Told = []
    tell_of_faults(told.append)
    error = ValueError("broken")
    happen(error)
    assert printed == told == [error]


def test_an_interruption_is_no_fault(printed: Told) -> None:
    told: Told = []
    tell_of_faults(told.append)
    happen(KeyboardInterrupt())
    assert not told


def test_an_error_while_telling_is_not_told_again(printed: Told) -> None:
    told: Told = []

    def tell(error: BaseException) -> None:
        told.append(error)
        happen(ValueError("while telling"))

    tell_of_faults(tell)
    happen(ValueError("first"))
    assert [str(error) for error in told] == ["first"]
    assert [str(error) for error in printed] == ["first", "while telling"]


def test_after_the_end_nothing_is_told_and_the_hooks_are_as_before(printed: Told) -> None:
    told: Told = []
    before = sys.excepthook, threading.excepthook
    undo = tell_of_faults(told.append)
    undo()
    assert (sys.excepthook, threading.excepthook) == before
    happen(ValueError("broken"))
    assert told == []


def test_a_hook_that_came_later_stays_and_what_ended_below_it_is_silent(printed: Told) -> None:
    lower: Told = []
    upper: Told = []
    undo = tell_of_faults(lower.append)
    tell_of_faults(upper.append)
    undo()
    happen(ValueError("broken"))
    assert (len(lower), len(upper), len(printed)) == (0, 1, 1)
