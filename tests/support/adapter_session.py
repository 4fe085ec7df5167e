"""Models opened through an adapter by the references that users type, with what a child would do around it."""

from typing import Any, Protocol

from mbgui.domain.framework import CallPath
from mbgui.domain.network import Network
from mbgui.domain.request import Weights
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.frameworks.held_model import HeldModel
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.user_code import UserCode
from mbgui.pipeline.input_texts import parse_inputs
from mbgui.pipeline.references import parse_source


class HoldingAdapter(FrameworkAdapter, Protocol):
    """An adapter whose model can be got at, to save it."""

    _held: HeldModel | None


class AdapterSession:
    """One adapter, and how many times rights were given up."""

    def __init__(self, adapter: HoldingAdapter) -> None:
        self.adapter = adapter
        self.given_up = 0

    def load(self, reference: str, size: str = "", weights: Weights = Weights.NONE, seed: int = 3) -> Network:
        """Read the model of a reference, at a size or at the one it states. Raises `MbguiError`."""
        source = parse_source(reference)
        request = LoadRequest(source=source, inputs=parse_inputs(size), batch_size=1, weights=weights, seed=seed)
        code = UserCode(source, (), seed) if source.runs_own_code else None
        return self.adapter.load(request, before_file=self._give_up, build=code.build if code is not None else None)

    def model(self, reference: str, size: str) -> Any:
        """The model itself, in its framework's own form."""
        self.load(reference, size)
        held = self.adapter._held
        assert held is not None
        return held.model

    def run(self, path: CallPath) -> float:
        """Call the model that was read last once; seconds of that call."""
        return self.adapter.prepare(path, batch_size=1, seed=0)

    def _give_up(self) -> None:
        self.given_up += 1
