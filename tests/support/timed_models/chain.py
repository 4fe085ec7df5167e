"""A network whose work is known exactly: a number of equal blocks one after the other, and nothing else."""

import torch
from torch import nn


class Block(nn.Module):
    """A 3×3 convolution that keeps channels and size, and a ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(channels, channels, 3, padding=1)
        self.activation = nn.ReLU()

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps of shape (batch, channels, height, width), and the same out."""
        activated: torch.Tensor = self.activation(self.convolution(maps))
        return activated


def build(blocks: int = 20, channels: int = 32) -> nn.Module:
    """So many equal blocks: 21 take 5 % more than 20."""
    return nn.Sequential(*(Block(channels) for _ in range(blocks)))
