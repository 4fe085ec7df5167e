"""Every planted difference."""

from tests.planted import decoder_plants, inception_plants, mixer_plants, mobile_plants, vgg_plants
from tests.planted.planted_difference import PlantedDifference

NETWORKS = ("mobile", "vgg", "inception", "mixer", "decoder")
INPUT = "3x32x32"
ROUNDING = {"mixer": 1e-7}
"""Relative error of outputs in float64 that a network owes to its framework: Keras computes exact GELU in float32."""

PLANTS: tuple[PlantedDifference, ...] = (
    *mobile_plants.PLANTS,
    *vgg_plants.PLANTS,
    *inception_plants.PLANTS,
    *mixer_plants.PLANTS,
    *decoder_plants.PLANTS,
)
