"""What a framework has to offer so that its models can be compared."""

from collections.abc import Callable, Mapping
from typing import Protocol

from mbgui.domain.environment import Version
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.performance import LayerTiming
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.stepwise import Array, StepwiseModel

BeforeFile = Callable[[], None]
"""Takes rights away from this process; what happens next is reading a file that nobody vouches for."""
OwnBuild = Callable[[], object]
"""Runs the user's own code and returns the model it builds."""


class FrameworkAdapter(Protocol):
    """Builds, reads and calls the models of one framework; it holds one model at a time."""

    @property
    def framework(self) -> Framework:
        """The framework."""
        ...

    def versions(self) -> tuple[Version, ...]:
        """Names and versions of the packages that matter, the framework first."""
        ...

    def model_names(self) -> tuple[str, ...]:
        """Every model that can be named, sorted, without the word before the colon."""
        ...

    def warm_up(self) -> None:
        """Load the model that the app preselects, so that the first comparison need not wait. Harmless to repeat."""
        ...

    def model_options(self, name: str) -> tuple[ModelOption, ...]:
        """What can be written behind a zoo model's question mark. Raises `MbguiError` for an unknown name."""
        ...

    def stated_input_size(self, name: str) -> tuple[int, int] | None:
        """The (height, width) a model of the zoo was made for, `None` where nothing says. Raises as `model_options`."""
        ...

    def load(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> Network:
        """Build the model in place of the one held, and read it at the inputs asked for, or at those it states.

        A model of the zoo without a file of weights that is held already, asked for with the same request, is neither
        built nor read again. `build` is given for a source of kind `PYTHON`. `before_file` is called before the first
        file with a model or weights is opened, after all code of the user's own was run: from then on this process has
        fewer rights.

        Raises `MbguiError` for an unknown name (with the nearest names), code or a file that gives no model of this
        framework, weights that cannot be had or do not fit, and an input the model refuses.
        """
        ...

    def build(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> None:
        """Build the model in place of the one held, only to be timed: its layers are not read.

        The arguments and errors are those of `load`.
        """
        ...

    def steps(self) -> tuple[StepwiseModel, Network] | str:
        """The held model as it is run call by call, or why it cannot be. Raises `MbguiError` where none is held."""
        ...

    def weights_file(self, tensors: Mapping[str, Array]) -> bytes:
        """A file of the held model's weights with these values in place of its own.

        `.safetensors` for PyTorch, `.weights.h5` for Keras. Raises `MbguiError` where none is held.
        """
        ...

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the model that was built or loaded last ready to be timed by `call_path`; seconds of its first call.

        Inputs have the shapes the model was built for and come from `mbgui.frameworks.timed_inputs`. What an earlier
        path did to the model is undone.

        Raises `MbguiError` where there is no model, or it cannot be called like that; another path can be tried then.
        """
        ...

    def measure(self, runs: int) -> tuple[float, ...]:
        """Call the prepared model `runs` times in a tight loop; seconds of each call. Raises as `prepare`."""
        ...

    def traces(self) -> int | None:
        """How often the function of the prepared call path was traced, `None` where there is none."""
        ...

    def time_layers(self, passes: int) -> LayerTiming:
        """Time every layer of the prepared model on its own over so many passes; the model is left as it was.

        Raises `MbguiError` where nothing is prepared, or the model's layers cannot be told apart while it runs.
        """
        ...
