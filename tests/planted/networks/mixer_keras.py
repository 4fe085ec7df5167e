"""A small MLP mixer in Keras."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

import keras
from keras import layers

from tests.planted.keras_filling import KerasParts
from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights

TOKENS, WIDTH = 16, 24


def net(plant: str = "") -> Any:
    """The network with its weights: images of 32×32×3 to 10 logits."""
    chosen, parts = Plant(plant), KerasParts()
    image = keras.Input((32, 32, 3), name="frame")
    x = parts("stem", layers.Conv2D, WIDTH, 8, strides=8)(image)
    if chosen.has("tokens_by_column"):
        x = parts("columns", layers.Permute, (2, 1, 3))(x)
    x = parts("tokens", layers.Reshape, (TOKENS, WIDTH))(x)
    x = parts("embed_fc", layers.Dense, WIDTH)(x)
    x = _block(chosen, parts, 1, _block(chosen, parts, 0, x))
    x = parts("norm", layers.LayerNormalization, epsilon=1e-6)(x)
    pooling = chosen.pick(layers.GlobalAveragePooling1D, tokens_by_maximum=layers.GlobalMaxPooling1D)
    x = parts("classifier", layers.Dense, 10)(parts("pool", pooling)(x))
    return parts.filled(keras.Model(image, x), RoleWeights("mixer", plant))


def _block(plant: Plant, parts: KerasParts, index: int, x: Any) -> Any:
    name = f"block{index}"
    x = _tokens_mixed(plant, parts, name, x)
    epsilon = plant.pick(1e-6, epsilon_of_keras=1e-3)
    y = parts(f"{name}.channel_norm", layers.LayerNormalization, epsilon=epsilon)(x)
    shortcut = y if plant.has("residual_behind_norm") and index == 1 else x
    use_bias = not (plant.has("dense_without_bias") and index == 0)
    y = parts(f"{name}.channel_fc1", layers.Dense, 48, use_bias=use_bias)(y)
    activation = plant.pick("gelu", relu_for_gelu="relu") if index == 0 else "gelu"
    y = parts(f"{name}.channel_gelu", layers.Activation, activation)(y)
    y = parts(f"{name}.channel_fc2", layers.Dense, WIDTH)(y)
    if plant.has("mixer_residual_dropped") and index == 1:
        return y
    return parts(f"{name}.channel_add", layers.Add)([shortcut, y])


def _tokens_mixed(plant: Plant, parts: KerasParts, name: str, x: Any) -> Any:
    y = parts(f"{name}.token_norm", layers.LayerNormalization, epsilon=1e-6)(x)
    y = parts(f"{name}.token_turn", layers.Permute, (2, 1))(y)
    y = parts(f"{name}.token_fc1", layers.Dense, 32)(y)
    if not (plant.has("gelu_missing") and name == "block1"):
        y = parts(f"{name}.token_gelu", layers.Activation, "gelu")(y)
    y = parts(f"{name}.token_fc2", layers.Dense, TOKENS)(y)
    y = parts(f"{name}.token_back", layers.Permute, (2, 1))(y)
    return parts(f"{name}.token_add", layers.Add)([x, y])
