"""The cancel token tells everybody once."""

import pytest

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.pipeline.cancel import CancelToken


def test_cancelling_calls_every_callback_once() -> None:
    token, called = CancelToken(), list[str]()
    token.add_callback(lambda: called.append("first"))
    token.add_callback(lambda: called.append("second"))
    assert called == []
    token.cancel()
    token.cancel()
    assert token.is_cancelled
    assert called == ["first", "second"]


def test_a_callback_added_too_late_is_called_at_once() -> None:
    token, called = CancelToken(), list[str]()
    token.cancel()
    token.add_callback(lambda: called.append("late"))
    assert called == ["late"]


def test_a_removed_callback_is_not_called() -> None:
    token, called = CancelToken(), list[str]()

    def callback() -> None:
        called.append("removed")

    token.add_callback(callback)
    token.remove_callback(callback)
    token.remove_callback(callback)
    token.cancel()
    assert called == []


def test_a_callback_may_use_the_token_itself() -> None:
    token = CancelToken()
    token.add_callback(token.cancel)
    token.cancel()
    assert token.is_cancelled


def test_raise_if_cancelled_raises_only_then() -> None:
    token = CancelToken()
    token.raise_if_cancelled()
    token.cancel()
    with pytest.raises(MbguiError) as caught:
        token.raise_if_cancelled()
    assert caught.value.problem.kind is ProblemKind.CANCELLED
