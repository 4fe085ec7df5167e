"""The architecture of a file with weights is guessed from names, and never where they say nothing."""

import pytest

from mbgui.analysis.architecture_guess import guess_architecture, guess_framework
from mbgui.domain.framework import Framework

TORCH = ("mobilenet_v2", "mobilenet_v3_large", "regnet_y_1_6gf", "regnet_y_16gf", "resnet18", "vgg11", "vgg11_bn")
KERAS = ("DenseNet121", "EfficientNetB0", "InceptionResNetV2", "MobileNet", "MobileNetV2", "NASNetLarge", "ResNet50")
REFERENCES = (*(f"torchvision:{name}" for name in TORCH), *(f"keras:{name}" for name in (*KERAS, "ResNet50V2")))


@pytest.mark.parametrize(
    ("name", "framework", "guess"),
    [
        ("mobilenet_v2-b0353104.pth", Framework.PYTORCH, "torchvision:mobilenet_v2"),
        ("vgg11_bn-6002323d.pth", Framework.PYTORCH, "torchvision:vgg11_bn"),
        ("vgg11-8a719046.pth", Framework.PYTORCH, "torchvision:vgg11"),
        ("resnet18-5c106cde.pth", None, "torchvision:resnet18"),
        ("regnet_y_1_6gf-b11a554e.pth", Framework.PYTORCH, "torchvision:regnet_y_1_6gf"),
        ("regnet_y_16gf-9e6ed7dd.pth", Framework.PYTORCH, "torchvision:regnet_y_16gf"),
        ("my_mobilenetv2_run3.safetensors", Framework.PYTORCH, "torchvision:mobilenet_v2"),
        ("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5", Framework.KERAS, "keras:MobileNetV2"),
        (
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
            Framework.KERAS,
            "keras:MobileNetV2?include_top=false",
        ),
        ("resnet50v2_weights_tf_dim_ordering_tf_kernels.h5", Framework.KERAS, "keras:ResNet50V2"),
        ("inception_resnet_v2_weights.h5", Framework.KERAS, "keras:InceptionResNetV2"),
        ("nasnet_large.h5", Framework.KERAS, "keras:NASNetLarge"),
        ("densenet1211.h5", Framework.KERAS, ""),
        ("checkpoint_12.pth", Framework.PYTORCH, ""),
        ("mobilenet_v2-b0353104.pth", Framework.KERAS, "keras:MobileNetV2"),
    ],
)
def test_the_longest_name_that_the_file_s_name_holds_is_guessed(
    name: str, framework: Framework | None, guess: str
) -> None:
    assert guess_architecture(f"/a folder/vgg11/{name}", framework, REFERENCES) == guess


def test_nothing_is_guessed_where_nothing_is_known() -> None:
    assert guess_architecture("mobilenet_v2.pth", None, ()) == ""


def test_names_of_tensors_tell_the_framework() -> None:
    assert guess_framework(("stem.0.weight", "stem.1.running_mean", "stem.1.bias")) is Framework.PYTORCH
    assert guess_framework(("stem/kernel:0", "stem/gamma", "stem/bias")) is Framework.KERAS
    assert guess_framework(("a", "b.bias")) is None
