"""Which runs of two windows are compatible."""

import pytest

from mbgui.gui.runs import Runs


@pytest.mark.parametrize(
    ("is_first_measuring", "is_second_measuring", "is_free"),
    [(False, False, True), (True, False, False), (False, True, False), (True, True, False)],
)
def test_a_window_that_measures_is_alone(*, is_first_measuring: bool, is_second_measuring: bool, is_free: bool) -> None:
    runs = Runs()
    runs.begin("first", "a and b", is_measuring=is_first_measuring)
    assert (runs.obstacle("second", is_measuring=is_second_measuring) is None) == is_free
    runs.end("first")
    assert runs.obstacle("second", is_measuring=is_second_measuring) is None


def test_a_window_is_no_obstacle_to_itself() -> None:
    runs = Runs()
    runs.begin("first", "a and b", is_measuring=True)
    assert runs.obstacle("first", is_measuring=True) is None


def test_the_sentence_names_what_is_under_way_and_the_way_out() -> None:
    runs = Runs()
    runs.begin("first", "a and b", is_measuring=True)
    problem = runs.obstacle("second", is_measuring=False)
    assert problem is not None
    assert problem.sentence == "Another window is measuring a and b."
    assert "wait for its end, or stop it there" in problem.advice


def test_only_the_end_of_what_was_under_way_is_told() -> None:
    runs = Runs()
    told: list[str] = []
    runs.ended.connect(lambda: told.append("ended"))
    runs.end("first")
    runs.begin("first", "a and b", is_measuring=False)
    runs.end("first")
    runs.end("first")
    assert told == ["ended"]
    assert not runs.is_any
