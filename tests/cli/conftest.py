"""What tests of verbs share: fake children in the place of processes."""

from collections.abc import Callable

import pytest

from mbgui import api
from tests.support.fake_child import FakeChild, fake_children

UsePrepared = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> UsePrepared:
    """Have the prepared fake children take the place of processes."""

    def use_children(*prepared: FakeChild) -> None:
        monkeypatch.setattr(api, "WarmChildren", lambda: fake_children(*prepared))

    return use_children
