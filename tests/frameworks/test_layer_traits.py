"""The padding that `same` means, against what both frameworks are known to do."""

import pytest

from mbgui.frameworks.layer_traits import same_padding, same_paddings


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "dilation", "expected"),
    [
        (224, 3, 2, 1, (0, 1)),
        (225, 3, 2, 1, (1, 1)),
        (56, 3, 1, 1, (1, 1)),
        (7, 1, 1, 1, (0, 0)),
        (9, 2, 2, 1, (0, 1)),
        (10, 3, 1, 2, (2, 2)),
        (3, 1, 2, 1, (0, 0)),
    ],
)
def test_same_padding_puts_the_odd_one_behind(
    size: int, kernel: int, stride: int, dilation: int, expected: tuple[int, int]
) -> None:
    assert same_padding(size, kernel, stride, dilation) == expected


def test_dimensions_follow_each_other() -> None:
    assert same_paddings((224, 225), (3, 3), (2, 2), (1, 1)) == (0, 1, 1, 1)
