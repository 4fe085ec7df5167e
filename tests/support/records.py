"""Small networks and comparisons made by hand: one block of a MobileNet in both frameworks' terms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod

from mbgui.analysis.latency import compare_latency, summarize
from mbgui.analysis.launch_spread import CalledSide, calibrated
from mbgui.analysis.structure import compare_structure
from mbgui.domain.calibration import Calibration
from mbgui.domain.comparison import Comparison, StageDuration
from mbgui.domain.environment import Environment, Version
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.latency import (
    LatencyComparison,
    LatencyEstimate,
    LatencyLaunch,
    LatencyRound,
    LatencyRun,
    StopReason,
)
from mbgui.domain.model_file import FileFact, FileFormat, FileTensor, ModelFile
from mbgui.domain.network import (
    Attribute,
    AttributeValue,
    Layer,
    LayerKind,
    Network,
    StoredTensor,
    TensorPurpose,
    TensorSpec,
    TensorStatistics,
)
from mbgui.domain.performance import (
    CallPathTiming,
    Ladder,
    LayerTime,
    LayerTiming,
    LayerTimings,
    Sweep,
    SweepPoint,
)
from mbgui.domain.request import BenchMode, CompareRequest, LatencyRequest, Side, SweepAxis
from mbgui.domain.source import ModelSource, SourceKind

TORCH_SOURCE = ModelSource(kind=SourceKind.TORCHVISION, name="tiny_net")
KERAS_SOURCE = ModelSource(kind=SourceKind.KERAS, name="TinyNet")


def layer(
    path: str,
    type_name: str,
    kind: LayerKind,
    shape: tuple[int, ...] = (),
    *,
    parent: str = "",
    inputs: tuple[str, ...] = (),
    macs: int = 0,
    operation: bool = False,
    attributes: Mapping[str, AttributeValue] | None = None,
) -> Layer:
    return Layer(
        path=path,
        parent=parent,
        type_name=type_name,
        kind=kind,
        is_operation=operation,
        call_count=0 if kind is LayerKind.CONTAINER else 1,
        inputs=inputs,
        outputs=(TensorSpec(shape=(1, *shape), dtype="float32"),) if shape else (),
        mac_count=macs,
        attributes=tuple(
            Attribute(name=name, value=value, native=f"{name}={value}") for name, value in (attributes or {}).items()
        ),
    )


def tensor(
    name: str, shape: tuple[int, ...], purpose: TensorPurpose = TensorPurpose.LEARNABLE, *, counted: bool = True
) -> StoredTensor:
    owner, _, role = name.rpartition("/" if "/" in name else ".")
    is_counter = purpose is TensorPurpose.COUNTER
    return StoredTensor(
        name=name,
        layer=owner,
        role=role,
        purpose=purpose,
        shape=shape,
        dtype="int64" if is_counter else "float32",
        size_bytes=prod(shape) * (8 if is_counter else 4),
        is_trainable=purpose is TensorPurpose.LEARNABLE,
        is_counted_by_framework=counted,
        statistics=TensorStatistics(
            mean=0.001 * len(name), std=0.05, minimum=-0.1 * len(shape), maximum=0.2, non_finite_count=0
        ),
    )


def _torch_batchnorm(path: str, channels: int) -> tuple[StoredTensor, ...]:
    moving, counter = TensorPurpose.MOVING_STATISTIC, TensorPurpose.COUNTER
    return (
        tensor(f"{path}.weight", (channels,)),
        tensor(f"{path}.bias", (channels,)),
        tensor(f"{path}.running_mean", (channels,), moving, counted=False),
        tensor(f"{path}.running_var", (channels,), moving, counted=False),
        tensor(f"{path}.num_batches_tracked", (), counter, counted=False),
    )


def _keras_batchnorm(path: str, channels: int) -> tuple[StoredTensor, ...]:
    moving = TensorPurpose.MOVING_STATISTIC
    return (
        tensor(f"{path}/gamma", (channels,)),
        tensor(f"{path}/beta", (channels,)),
        tensor(f"{path}/moving_mean", (channels,), moving),
        tensor(f"{path}/moving_variance", (channels,), moving),
    )


_TORCH_NORM: dict[str, AttributeValue] = {"epsilon": 1e-5, "momentum": 0.9, "variance_estimate": "unbiased"}
_KERAS_NORM: dict[str, AttributeValue] = {"epsilon": 1e-3, "momentum": 0.999, "variance_estimate": "biased"}
_RELU6: dict[str, AttributeValue] = {"activation": "relu", "max_value": 6.0}
_DENSE: dict[str, AttributeValue] = {"in_channels": 512, "out_channels": 2, "use_bias": True}
_CONV: dict[str, AttributeValue] = {"kernel_size": (3, 3), "strides": (2, 2), "use_bias": False}


def tiny_torch_network() -> Network:
    """Two convolutions with BatchNorm, a residual add and a classifier: 1,176 learnable parameters."""
    conv, norm, act = LayerKind.CONVOLUTION, LayerKind.BATCH_NORMALIZATION, LayerKind.ACTIVATION
    stem, block = "features.0", "features.1"
    layers = (
        layer("features", "Sequential", LayerKind.CONTAINER),
        layer(stem, "Conv2dNormActivation", LayerKind.CONTAINER, parent="features"),
        layer(
            f"{stem}.0",
            "Conv2d",
            conv,
            (8, 16, 16),
            parent=stem,
            macs=55_296,
            attributes={**_CONV, "padding": (1, 1, 1, 1), "groups": 1},
        ),
        layer(
            f"{stem}.1", "BatchNorm2d", norm, (8, 16, 16), parent=stem, inputs=(f"{stem}.0",), attributes=_TORCH_NORM
        ),
        layer(f"{stem}.2", "ReLU6", act, (8, 16, 16), parent=stem, inputs=(f"{stem}.1",), attributes=_RELU6),
        layer(block, "InvertedResidual", LayerKind.CONTAINER, parent="features"),
        layer(
            f"{block}.0",
            "Conv2d",
            conv,
            (8, 8, 8),
            parent=block,
            inputs=(f"{stem}.2",),
            macs=4_608,
            attributes={**_CONV, "padding": (1, 1, 1, 1), "groups": 8, "out_channels": 8},
        ),
        layer(
            f"{block}.1", "BatchNorm2d", norm, (8, 8, 8), parent=block, inputs=(f"{block}.0",), attributes=_TORCH_NORM
        ),
        layer(f"{block}.add", "add", LayerKind.ADD, (8, 8, 8), parent=block, inputs=(f"{block}.1",), operation=True),
        layer("flatten", "flatten", LayerKind.FLATTEN, (512,), inputs=(f"{block}.add",), operation=True),
        layer("classifier", "Sequential", LayerKind.CONTAINER),
        layer(
            "classifier.0",
            "Dropout",
            LayerKind.DROPOUT,
            (512,),
            parent="classifier",
            inputs=("flatten",),
            attributes={"rate": 0.2},
        ),
        layer(
            "classifier.1",
            "Linear",
            LayerKind.DENSE,
            (2,),
            parent="classifier",
            inputs=("classifier.0",),
            macs=1_024,
            attributes=_DENSE,
        ),
    )
    tensors = (
        tensor(f"{stem}.0.weight", (8, 3, 3, 3)),
        *_torch_batchnorm(f"{stem}.1", 8),
        tensor(f"{block}.0.weight", (8, 1, 3, 3)),
        *_torch_batchnorm(f"{block}.1", 8),
        tensor("classifier.1.weight", (2, 512)),
        tensor("classifier.1.bias", (2,)),
    )
    return _network(TORCH_SOURCE, "TinyNet", (3, 32, 32), layers, tensors)


def tiny_keras_network() -> Network:
    """The Keras twin of `tiny_torch_network`: padding layer, other epsilon and momentum, softmax head, no dropout."""
    conv, norm, act = LayerKind.CONVOLUTION, LayerKind.BATCH_NORMALIZATION, LayerKind.ACTIVATION
    layers = (
        layer("input_layer", "InputLayer", LayerKind.INPUT, (32, 32, 3)),
        layer(
            "stem_conv",
            "Conv2D",
            conv,
            (16, 16, 8),
            inputs=("input_layer",),
            macs=55_296,
            attributes={**_CONV, "padding": (0, 1, 0, 1), "groups": 1},
        ),
        layer("stem_bn", "BatchNormalization", norm, (16, 16, 8), inputs=("stem_conv",), attributes=_KERAS_NORM),
        layer("stem_relu", "ReLU", act, (16, 16, 8), inputs=("stem_bn",), attributes=_RELU6),
        layer(
            "block_1_pad",
            "ZeroPadding2D",
            LayerKind.PADDING,
            (17, 17, 8),
            inputs=("stem_relu",),
            attributes={"padding": (0, 1, 0, 1)},
        ),
        layer(
            "block_1_depthwise",
            "DepthwiseConv2D",
            conv,
            (8, 8, 8),
            inputs=("block_1_pad",),
            macs=4_608,
            attributes={**_CONV, "padding": (0, 0, 0, 0), "groups": 8, "out_channels": 8},
        ),
        layer(
            "block_1_depthwise_bn",
            "BatchNormalization",
            norm,
            (8, 8, 8),
            inputs=("block_1_depthwise",),
            attributes=_KERAS_NORM,
        ),
        layer("block_1_add", "Add", LayerKind.ADD, (8, 8, 8), inputs=("block_1_depthwise_bn",)),
        layer("flatten", "Flatten", LayerKind.FLATTEN, (512,), inputs=("block_1_add",)),
        layer(
            "predictions",
            "Dense",
            LayerKind.DENSE,
            (2,),
            inputs=("flatten",),
            macs=1_024,
            attributes={**_DENSE, "activation": "softmax"},
        ),
    )
    tensors = (
        tensor("stem_conv/kernel", (3, 3, 3, 8)),
        *_keras_batchnorm("stem_bn", 8),
        tensor("block_1_depthwise/kernel", (3, 3, 8, 1)),
        *_keras_batchnorm("block_1_depthwise_bn", 8),
        tensor("predictions/kernel", (512, 2)),
        tensor("predictions/bias", (2,)),
    )
    return _network(KERAS_SOURCE, "Functional", (32, 32, 3), layers, tensors)


def _network(
    source: ModelSource,
    class_name: str,
    input_shape: tuple[int, ...],
    layers: tuple[Layer, ...],
    tensors: tuple[StoredTensor, ...],
) -> Network:
    is_torch = source.likely_framework is Framework.PYTORCH
    return Network(
        source=source,
        framework=Framework.PYTORCH if is_torch else Framework.KERAS,
        class_name=class_name,
        data_layout="NCHW" if is_torch else "NHWC",
        reading="torch.export" if is_torch else "functional graph",
        framework_parameter_count=sum(found.value_count for found in tensors if found.is_counted_by_framework),
        inputs=(TensorSpec(shape=(1, *input_shape), dtype="float32"),),
        outputs=(TensorSpec(shape=(1, 2), dtype="float32"),),
        layers=layers,
        tensors=tensors,
        notes=(),
        build_s=0.05,
        read_s=0.1,
    )


def _tiny_run(call_path: CallPath, first_call_s: float, traces: int | None) -> LatencyRun:
    """Two processes, the second of which took a little longer to start."""
    launches = tuple(
        LatencyLaunch(
            index=index,
            import_s=1.5 + 0.1 * index,
            build_s=0.05,
            first_call_s=first_call_s + 0.01 * index,
            baseline_bytes=200 * 2**20,
            peak_bytes=(240 + index) * 2**20,
            traces=traces,
        )
        for index in range(2)
    )
    return LatencyRun(
        call_path=call_path,
        threads=2,
        batch_size=1,
        launches=launches,
        timer_resolution_s=5e-8,
        call_overhead_s=1e-7,
    )


def _tiny_rounds() -> Iterator[LatencyRound]:
    """Two launches: one warm-up round a side, then a block left, right, right, left and one the other way round.

    A call takes 10 ms on the left and 20 ms on the right, a tenth of a millisecond more from call to call, 1 % more in
    the second launch on the left and 2 % more on the right.
    """
    left, right = Side.LEFT, Side.RIGHT
    bases = {left: (0.010, 0.0101), right: (0.020, 0.0204)}
    order = (left, right), (left, right, right, left), (right, left, left, right)
    number = 0
    for launch in range(2):
        counts = {left: 0, right: 0}
        for group, sides in enumerate(order):
            for side in sides:
                base = bases[side][launch] * (1.5 if group == 0 else 1.0)
                yield LatencyRound(
                    side=side,
                    launch=launch,
                    block=max(group - 1, 0),
                    index=counts[side],
                    started_s=round(number * 0.1, 1),
                    durations_s=tuple(base + 0.0001 * call for call in range(5)),
                    is_warmup=group == 0,
                )
                counts[side] += 1
                number += 1


def tiny_latency() -> LatencyComparison:
    """A rigorous duel of two launches with two blocks each, ended by its budget; the right side takes twice as long."""
    rounds = tuple(_tiny_rounds())
    estimate = LatencyEstimate(elapsed_s=1.0, launches=1, ratio=2.0, ci_low=1.2, ci_high=3.3, rounds_to_decide=4)
    return compare_latency(
        _tiny_run(CallPath.EAGER, 0.09, None),
        _tiny_run(CallPath.TF_FUNCTION, 0.9, 1),
        rounds,
        is_complete=True,
        mode=BenchMode.RIGOROUS,
        stop_reason=StopReason.BUDGET,
        estimates=(estimate,),
    )


def tiny_ladder() -> Ladder:
    """Two call paths of the left side, the second of which could not be run, and one of the right side."""
    left, right = tiny_latency().left, tiny_latency().right
    calls = {Side.LEFT: (0.010, 0.0101, 0.0102), Side.RIGHT: (0.020, 0.0202, 0.0204)}
    timed = tuple(
        CallPathTiming(
            side=side,
            call_path=run.call_path,
            launch=run.launches[0],
            summary=summarize([calls[side]]),
            durations_s=calls[side],
        )
        for side, run in ((Side.LEFT, left), (Side.RIGHT, right))
    )
    skipped = CallPathTiming(
        side=Side.LEFT, call_path=CallPath.COMPILE, reason="torch.compile needs a C++ compiler; none was found."
    )
    return Ladder(timings=(timed[0], skipped, timed[1]), threads=2, batch_size=1, is_complete=True)


def tiny_sweep() -> Sweep:
    """Batches of 1 and 2 for both sides, and of 4 for the left one; the right one ran out of memory there."""
    base = {Side.LEFT: 0.010, Side.RIGHT: 0.020}

    def point(side: Side, batch: int) -> SweepPoint:
        if (side, batch) == (Side.RIGHT, 4):
            return SweepPoint(side=side, value=batch, summary=None, reason="The model ran out of memory.")
        calls = tuple(base[side] * (0.4 + 0.6 * batch) * (1.0 + 0.01 * step) for step in range(3))
        summary = summarize([calls])
        return SweepPoint(
            side=side, value=batch, summary=summary, throughput_per_s=batch / summary.median_s, durations_s=calls
        )

    return Sweep(
        axis=SweepAxis.BATCH,
        left_path=CallPath.EAGER,
        right_path=CallPath.TF_FUNCTION,
        threads=2,
        batch_size=1,
        points=tuple(point(side, batch) for batch in (1, 2, 4) for side in Side),
        is_complete=True,
    )


def tiny_layer_times() -> LayerTimings:
    """The time of every layer of both tiny networks that computes something; the convolutions take longest."""

    def timing(network: Network, method: str, factor: float) -> LayerTiming:
        computing = [found for found in network.layers if found.call_count]
        layers = tuple(
            LayerTime(
                layer=found.path,
                call=0,
                duration_s=factor * (0.002 if found.kind is LayerKind.CONVOLUTION else 0.0005),
            )
            for found in computing
        )
        total_s = sum(found.duration_s for found in layers)
        return LayerTiming(method=method, passes=10, total_s=total_s, plain_s=total_s * 0.9, layers=layers)

    return LayerTimings(
        left=timing(tiny_torch_network(), "eager passes with hooks", 1.0),
        right=timing(tiny_keras_network(), "eager passes, layer by layer", 2.0),
    )


def tiny_calibration() -> Calibration:
    """The left tiny network against itself in six launches, which differ by 2 % or so."""
    return calibrated(
        (0.0100, 0.0101, 0.0102, 0.0100, 0.0101, 0.0102),
        (0.0102, 0.0100, 0.0101, 0.0103, 0.0100, 0.0101),
        side=CalledSide(model=TORCH_SOURCE.reference, framework=Framework.PYTORCH, call_path=CallPath.EAGER, threads=2),
        created_at="2026-01-01T03:04:05+00:00",
        processor="Example CPU",
        processor_count=2,
        input_sizes="32×32",
        batch_size=1,
    )


def tiny_request(*, with_latency: bool = True) -> CompareRequest:
    """The request behind `tiny_comparison`."""
    latency = LatencyRequest(runs=20, warmup=2, round_size=5) if with_latency else None
    return CompareRequest(
        left=TORCH_SOURCE, right=KERAS_SOURCE, inputs=(InputShape(sizes=(32, 32)),), threads=2, latency=latency
    )


def comparison_of(left: Network, right: Network, *, latency: LatencyComparison | None = None) -> Comparison:
    """A comparison of two networks as the pipeline would make it, in a fixed environment."""
    structure = compare_structure(left, right)
    return Comparison(
        identifier="00000000-0000-4000-8000-000000000001",
        created_at="2026-01-02T03:04:05+00:00",
        request=replace(tiny_request(with_latency=latency is not None), left=left.source, right=right.source),
        environment=Environment(
            mbgui_version="0.1.0",
            operating_system="Linux 6.1",
            processor="Example CPU",
            processor_count=2,
            memory_bytes=8 * 2**30,
            python_version="3.11.7",
            threads=2,
            versions=(Version(name="torch", version="2.14.1"), Version(name="keras", version="3.15.1")),
        ),
        left=structure.left,
        right=structure.right,
        accounting=structure.accounting,
        alignment=structure.alignment,
        outline=structure.outline,
        differences=structure.differences,
        verdict=structure.verdict,
        latency=latency,
        warnings=(),
        stages=(StageDuration(stage="read", duration_s=4.9), StageDuration(stage="measure", duration_s=1.2)),
    )


def tiny_comparison(*, with_latency: bool = True, with_performance: bool = False) -> Comparison:
    """The PyTorch and the Keras network above, compared; with call paths, a sweep and layer times where asked for."""
    latency = tiny_latency() if with_latency else None
    comparison = comparison_of(tiny_torch_network(), tiny_keras_network(), latency=latency)
    if not with_performance:
        return comparison
    return replace(comparison, ladder=tiny_ladder(), sweeps=(tiny_sweep(),), layer_times=tiny_layer_times())


def large_network(layer_count: int, source: ModelSource = TORCH_SOURCE) -> Network:
    """`layer_count` leaf layers in blocks of ten, one weight tensor a layer."""
    layers: list[Layer] = []
    tensors: list[StoredTensor] = []
    previous: tuple[str, ...] = ()
    for index in range(layer_count):
        block = f"block{index // 10}"
        if index % 10 == 0:
            layers.append(layer(block, "Sequential", LayerKind.CONTAINER))
        path = f"{block}.{index % 10}"
        layers.append(
            layer(
                path,
                "Conv2d",
                LayerKind.CONVOLUTION,
                (8 + index % 7, 16, 16),
                parent=block,
                inputs=previous,
                macs=index,
            )
        )
        tensors.append(tensor(f"{path}.weight", (8 + index % 7, 3)))
        previous = (path,)
    return _network(source, "Large", (3, 16, 16), tuple(layers), tuple(tensors))


def large_comparison(layer_count: int) -> Comparison:
    """Two equal large networks, compared."""
    other = replace(TORCH_SOURCE, name="other_net")
    return comparison_of(large_network(layer_count), large_network(layer_count, other))


def tiny_model_file() -> ModelFile:
    """A file with two tensors, one of them without statistics."""
    statistics = TensorStatistics(mean=0.5, std=0.25, minimum=0.0, maximum=1.0, non_finite_count=1)
    return ModelFile(
        path="/models/tiny.pth",
        format=FileFormat.TORCH_WEIGHTS,
        framework=Framework.PYTORCH,
        size_bytes=1234,
        tensors=(
            FileTensor(name="conv.weight", shape=(4, 3, 3, 3), dtype="float32", size_bytes=432, statistics=statistics),
            FileTensor(name="steps", shape=(), dtype="int64", size_bytes=8),
        ),
        facts=(FileFact(name="Format version", value="1"),),
        notes=("A note.",),
    )
