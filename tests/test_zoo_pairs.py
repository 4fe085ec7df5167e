"""Architectures that both zoos have, written independently: paired completely, and nothing left unexplained."""

import pytest

from mbgui import api
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import EquivalenceVerdict

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]

PAIRS = (
    (
        "mobilenet_v3_small",
        "MobileNetV3Small",
        {Cause.PADDING, Cause.HEAD_ACTIVATION, Cause.PREPROCESSING},
    ),
    (
        "efficientnet_b0",
        "EfficientNetB0",
        {Cause.BATCHNORM_EPSILON, Cause.PADDING, Cause.HEAD_ACTIVATION, Cause.PREPROCESSING},
    ),
    (
        "resnet50",  # torchvision strides in the 3×3 convolution of a block, Keras in the 1×1 before it
        "ResNet50",
        {Cause.BATCHNORM_EPSILON, Cause.STRIDE, Cause.BIAS, Cause.HEAD_ACTIVATION},
    ),
)


@pytest.mark.parametrize(("left", "right", "causes"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_a_pair_of_the_zoos_is_the_same_network_but_for_its_named_causes(
    left: str, right: str, causes: set[Cause]
) -> None:
    found = api.verify(f"torchvision:{left}", f"keras:{right}", transfer="left-to-right", input_size="64x64")
    proof = found.equivalence
    assert proof is not None, found.warnings
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT_AFTER, proof.headline
    assert set(proof.causes) == causes
    assert proof.unexplained_residual is not None
    assert proof.unexplained_residual <= 1e-10
    weighted = {tensor.layer for network in (found.left, found.right) for tensor in network.tensors}
    alone = (pair.left or pair.right for pair in found.alignment.pairs if pair.left is None or pair.right is None)
    assert not weighted & set(alone) - {"normalization"}  # Keras's own preprocessing layer
