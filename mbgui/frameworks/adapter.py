"""What a framework has to offer so that its models can be compared."""

from typing import Protocol

from mbgui.domain.environment import Version
from mbgui.domain.framework import CallPath
from mbgui.domain.network import Network
from mbgui.domain.request import ModelSource, Weights


class FrameworkAdapter(Protocol):
    """Builds, reads and calls the models of one framework; it holds one model at a time."""

    def versions(self) -> tuple[Version, ...]:
        """Names and versions of the packages that matter, the framework first."""
        ...

    def model_names(self) -> tuple[str, ...]:
        """Every model that can be named, sorted, without the word before the colon."""
        ...

    def warm_up(self) -> None:
        """Load the model that the app preselects, so that the first comparison need not wait. Harmless to repeat."""
        ...

    def load(
        self, source: ModelSource, *, input_size: tuple[int, int], batch_size: int, weights: Weights, seed: int
    ) -> Network:
        """Build the model in place of the one held, and read it at `input_size` (height, width).

        A model that is held already, asked for with the same arguments, is neither built nor read again.

        Raises `MbguiError` for an unknown name (with the nearest names), weights that cannot be had and an input the
        model refuses.
        """
        ...

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the held model ready to be timed by `call_path` and return the seconds of its first call.

        The input is float32, drawn from a standard normal distribution with `seed`, of the size given to `load`.
        """
        ...

    def measure(self, runs: int) -> tuple[float, ...]:
        """Call the prepared model `runs` times in a tight loop; seconds of each call."""
        ...
