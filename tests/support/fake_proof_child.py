"""A child without a process and without a framework that proves: NumPy runs the small network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import Framework
from mbgui.domain.network import Network
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.frameworks.stepwise import Array, StepwiseModel
from mbgui.processes.messages import Command, LoadModel, Reply
from mbgui.processes.problems import unexpected_problem
from mbgui.processes.proof_messages import PROOF_COMMANDS
from mbgui.processes.proof_server import ProofServer
from tests.support.fake_child import FakeChild
from tests.support.numpy_network import SIZE, NumpySteps, Weights, keras_weights, small_network, torch_weights


@dataclass(slots=True, kw_only=True)
class NumpyAdapter:
    """The part of an adapter that a proof needs; `reason` is why the model cannot be run call by call."""

    framework: Framework
    weights: Weights
    options: Mapping[str, Any] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""
    network: Network | None = None
    exported: Mapping[str, Array] | None = None

    def load_at(self, size: tuple[int, int]) -> Network:
        self.network = small_network(self.framework, self.weights, size, **self.options)
        return self.network

    def steps(self) -> tuple[StepwiseModel, Network] | str:
        assert self.network is not None
        return self.reason or (NumpySteps(self.network, self.weights, self.factors), self.network)

    def weights_file(self, tensors: Mapping[str, Array]) -> bytes:
        self.exported = dict(tensors)
        return b"".join({**self.weights, **tensors}[name].tobytes() for name in self.weights)


def torch_numpy(weights: Weights | None = None, **how: Any) -> NumpyAdapter:
    """The PyTorch side."""
    return NumpyAdapter(framework=Framework.PYTORCH, weights=weights or torch_weights(), **how)


def keras_numpy(weights: Weights | None = None, **how: Any) -> NumpyAdapter:
    """The Keras side; `weights` are as PyTorch stores them."""
    return NumpyAdapter(framework=Framework.KERAS, weights=keras_weights(weights or torch_weights()), **how)


class FakeProofChild(FakeChild):
    """Answers the commands of a proof as a child does, and fails and waits as `FakeChild` does."""

    def __init__(self, adapter: NumpyAdapter, threads: int = 2, **arranged: Any) -> None:
        super().__init__(adapter.framework, threads, **arranged)
        self.adapter = adapter
        self._server = ProofServer()

    def network(self, command: LoadModel) -> Network:
        sizes = command.inputs[0].sizes if command.inputs else SIZE
        return self.adapter.load_at((sizes[0], sizes[1]))

    def _answer(self, command: Command) -> Reply:
        if isinstance(command, LoadModel):
            self._server.forget()
        if not isinstance(command, PROOF_COMMANDS):
            return super()._answer(command)
        try:
            return self._server.answer(command, cast("FrameworkAdapter", self.adapter))
        except MbguiError:
            raise
        except Exception as error:  # what a child sends in its place
            raise MbguiError(unexpected_problem(self.framework, error)) from error
