"""A small MLP mixer in PyTorch: tokens of patches, LayerNorm, GELU, residuals."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from torch import Tensor, nn

from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights
from tests.planted.torch_filling import filled

TOKENS, WIDTH = 16, 24


class Block(nn.Module):
    """Mixes tokens, then channels."""

    def __init__(self, plant: Plant, index: int) -> None:
        super().__init__()
        approximation = plant.pick("none", gelu_by_tanh="tanh") if index == 1 else "none"
        epsilon = plant.pick(1e-6, epsilon_of_pytorch=1e-2) if index == 0 else 1e-6
        self.token_norm = nn.LayerNorm(WIDTH, eps=epsilon)
        self.token_fc1 = nn.Linear(TOKENS, 32)
        self.token_gelu = nn.GELU()
        self.token_fc2 = nn.Linear(32, TOKENS)
        self.channel_norm = nn.LayerNorm(WIDTH, eps=1e-6)
        self.channel_fc1 = nn.Linear(WIDTH, 48)
        self.channel_gelu = nn.GELU(approximate=approximation)
        self.channel_fc2 = nn.Linear(48, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        y = self.token_norm(x).transpose(1, 2)
        x = x + self.token_fc2(self.token_gelu(self.token_fc1(y))).transpose(1, 2)
        return x + self.channel_fc2(self.channel_gelu(self.channel_fc1(self.channel_norm(x))))  # type: ignore[no-any-return]


class Mixer(nn.Module):
    """Images of 3×32×32 to 10 logits."""

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTH, 8, stride=8)
        self.embed_fc = nn.Linear(WIDTH, WIDTH)
        self.block0 = Block(plant, 0)
        self.block1 = Block(plant, 1)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
        self.classifier = nn.Linear(WIDTH, 10)
        self.is_unnormed = plant.has("last_norm_missing")

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed_fc(self.stem(x).flatten(2).transpose(1, 2))
        x = self.block1(self.block0(x))
        x = x if self.is_unnormed else self.norm(x)
        return self.classifier(x.mean(1))  # type: ignore[no-any-return]


def net(plant: str = "") -> nn.Module:
    """The network with its weights."""
    return filled(Mixer(Plant(plant)), RoleWeights("mixer", plant))
