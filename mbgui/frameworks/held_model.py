"""The one model an adapter holds, and what it was asked for."""

from dataclasses import dataclass
from typing import Any

from mbgui.domain.network import Network
from mbgui.frameworks.load_request import LoadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldModel:
    """A built model in its framework's own form, its record, and what it takes to run it call by call."""

    request: LoadRequest
    model: Any
    network: Network
    steps: Any = None
