"""A small VGG in PyTorch: activations are layers of their own, the map is flattened channels first."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from torch import Tensor, nn

from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights
from tests.planted.torch_filling import filled


class Vgg(nn.Module):
    """Images of 3×32×32 to 10 probabilities."""

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 12, 3, padding=1)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(12, 12, 3, padding=1)
        self.relu2 = nn.ReLU(inplace=True)
        self.pool1 = nn.MaxPool2d(2)
        self.conv3 = nn.Conv2d(12, 20, 3, padding=1)
        self.relu3 = nn.ReLU(inplace=True)
        self.pool2 = nn.MaxPool2d(2) if plant.has("max_for_average") else nn.AvgPool2d(2)
        self.conv4 = nn.Conv2d(20, 20, 3, padding=1)
        self.relu4 = nn.ReLU(inplace=True)
        self.pool3 = nn.MaxPool2d(3, stride=2, padding=1)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(20 * 4 * 4, 32)
        self.relu5 = nn.ReLU(inplace=True)
        self.dropout = nn.Dropout(0.5)
        self.fc2 = nn.Linear(32, 10)
        self.softmax = nn.Identity() if plant.has("softmax_missing") else nn.Softmax(dim=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool1(self.relu2(self.conv2(self.relu1(self.conv1(x)))))
        x = self.pool2(self.relu3(self.conv3(x)))
        x = self.pool3(self.relu4(self.conv4(x)))
        x = self.dropout(self.relu5(self.fc1(self.flatten(x))))
        return self.softmax(self.fc2(x))  # type: ignore[no-any-return]


def net(plant: str = "") -> nn.Module:
    """The network with its weights."""
    return filled(Vgg(Plant(plant)), RoleWeights("vgg", plant))
