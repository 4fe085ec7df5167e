"""Scaling untrained weights on the probes, so that signals neither fade nor grow on their way through a network.

An untrained network's output hardly depends on its input: errors would fade with the signals, and a comparison would
pass on networks that differ at their first layer.
"""

from collections import Counter

import numpy as np

from mbgui.domain.attribute_names import ACTIVATION
from mbgui.domain.network import LayerCall, LayerKind, Network, StoredTensor, TensorPurpose
from mbgui.domain.proof_plan import input_name
from mbgui.frameworks.proof_session import ProofSession
from mbgui.frameworks.stepwise import FLOAT64, Array, Arrays, RunSettings

_SCALED = frozenset(
    {
        LayerKind.CONVOLUTION,
        LayerKind.TRANSPOSED_CONVOLUTION,
        LayerKind.SEPARABLE_CONVOLUTION,
        LayerKind.DENSE,
        LayerKind.MULTIPLY,
        LayerKind.OTHER,
        LayerKind.RESCALE,
    }
)
_UNBOUNDED = frozenset({None, "linear", "relu", "leaky_relu", "gelu", "gelu_tanh", "silu", "hard_silu", "elu", "selu"})
_KERNELS = frozenset({"weight", "kernel", "depthwise_kernel", "gamma"})
_FADED, _GROWN = 0.2, 5.0
"""Standard deviations of activations below and above which weights are scaled to give 1."""
_VARIANCE = "var"


def calibrate(session: ProofSession) -> tuple[str, ...]:
    """Set BatchNorm's moving statistics to those of the probes and scale kernels; the names of what was set.

    Only for the runs of this session: the model keeps its own values.
    """
    return _Calibration(session).run()


class _Calibration:
    def __init__(self, session: ProofSession) -> None:
        self._session = session
        network = session.network
        self._layers = {layer.path: layer for layer in network.layers}
        self._stored = {tensor.name: tensor for tensor in network.tensors}
        self._calls = {call.name: call for call in network.calls}
        self._readers = _readers(network)
        self._uses: Counter[str] = Counter(name for call in network.calls for name in call.inputs)
        self._kept: dict[str, Arrays] = {}
        self._names: list[str] = []

    def run(self) -> tuple[str, ...]:
        settings = RunSettings(tensors=self._session.tensors)
        run = self._session.model.begin(self._session.lanes(FLOAT64), settings)
        self._kept.update(self._inputs())
        self._prepare_first()
        while (name := run.advance()) is not None:
            arrays = run.activations()
            call = self._calls.get(name)
            if arrays is not None and self._uses[name]:
                self._kept[name] = arrays
                for reader in self._readers.get(name, ()):
                    self._prepare(reader)
            if call is not None:
                self._release(call)
        return tuple(dict.fromkeys(self._names))

    def _inputs(self) -> dict[str, Arrays]:
        probes = self._session.probes
        return {input_name(index): [probe[index] for probe in probes] for index in range(len(probes[0]))}

    def _prepare_first(self) -> None:
        """Calls that read the network's inputs alone."""
        entries = {call.name for call in self._calls.values() if self._is_input(call)}
        for call in self._calls.values():
            if call.name not in entries and set(call.inputs) <= entries:
                self._prepare(call)

    def _is_input(self, call: LayerCall) -> bool:
        layer = self._layers.get(call.layer)
        return layer is not None and layer.kind is LayerKind.INPUT

    def _prepare(self, call: LayerCall) -> None:
        """Set the tensors of a call before it runs, where all that it reads is there."""
        layer = self._layers.get(call.layer)
        if layer is None or call.index or not call.tensors:
            return
        if layer.kind is LayerKind.BATCH_NORMALIZATION:
            source = self._kept.get(call.inputs[0]) if call.inputs else None
            arrays = source or self._kept.get(input_name(0))
            if arrays is not None:
                self._set_statistics(call, arrays)
        elif layer.kind in _SCALED and layer.value(ACTIVATION) in _UNBOUNDED and not self._is_normalised(call):
            self._scale(call)

    def _is_normalised(self, call: LayerCall) -> bool:
        """Whether a BatchNorm behind it sees to its scale."""
        kinds = (self._layers[reader.layer].kind for reader in self._readers.get(call.name, ()))
        return any(kind is LayerKind.BATCH_NORMALIZATION for kind in kinds)

    def _set_statistics(self, call: LayerCall, arrays: Arrays) -> None:
        values = np.concatenate([array.reshape(-1, array.shape[-1]) for array in arrays])
        for name in call.tensors:
            tensor = self._stored[name]
            if tensor.purpose is TensorPurpose.MOVING_STATISTIC and tensor.shape == values.shape[1:]:
                is_variance = _VARIANCE in tensor.role
                self._set(tensor, values.var(axis=0) + 1e-6 if is_variance else values.mean(axis=0))

    def _scale(self, call: LayerCall) -> None:
        kernel = next((self._stored[name] for name in call.tensors if self._is_kernel(call, name)), None)
        if kernel is None or kernel.name in self._names:
            return
        given = {name: self._kept[name] for name in call.inputs if name in self._kept} | self._inputs()
        try:
            outputs = self._session.model.between(call.name, given, FLOAT64, RunSettings(tensors=self._session.tensors))
        except (KeyError, ValueError):
            return
        spread = max(float(np.std(array)) for array in outputs)
        if 0 < spread < _FADED or spread > _GROWN:
            self._set(kernel, self._session.tensor(kernel.name) / spread)

    def _is_kernel(self, call: LayerCall, name: str) -> bool:
        tensor = self._stored[name]
        return tensor.role.rpartition("/")[2] in _KERNELS or (len(call.tensors) == 1 and tensor.is_trainable)

    def _set(self, tensor: StoredTensor, values: Array) -> None:
        self._session.tensors[tensor.name] = np.asarray(values, dtype=np.float64).astype(tensor.dtype)
        self._names.append(tensor.name)

    def _release(self, call: LayerCall) -> None:
        for name in call.inputs:
            self._uses[name] -= 1
            if not self._uses[name]:
                self._kept.pop(name, None)


def _readers(network: Network) -> dict[str, list[LayerCall]]:
    found: dict[str, list[LayerCall]] = {}
    for call in network.calls:
        for name in dict.fromkeys(call.inputs):
            found.setdefault(name, []).append(call)
    return found
