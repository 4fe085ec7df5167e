"""The inputs that both networks are run on."""

import numpy as np
import pytest

from mbgui.frameworks.probes import PROBE_NAMES, make_probes, moved_by_one

IMAGE = (1, 12, 10, 3)


def test_there_is_a_probe_for_each_name() -> None:
    assert len(make_probes([IMAGE], ["float32"], 0)) == len(PROBE_NAMES)


def test_a_seed_gives_always_the_same_numbers_and_another_one_gives_others() -> None:
    first, again, other = (make_probes([IMAGE], ["float32"], seed)[0][0] for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("shape", [IMAGE, (2, 7), (1, 5, 6), (3, 4, 4, 4, 2), (1, 1, 1, 1), (2, 1)])
def test_every_probe_has_the_shape_asked_for_and_is_finite(shape: tuple[int, ...]) -> None:
    for probe in make_probes([shape], ["float32"], 1):
        assert probe[0].shape == shape
        assert probe[0].dtype == np.float64
        assert np.isfinite(probe[0]).all()


def test_the_probes_are_unlike_each_other() -> None:
    first, second = (probe[0].ravel() for probe in make_probes([IMAGE], ["float32"], 0))
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    assert abs(cosine) < 0.5


def test_the_structured_probe_has_a_jump_in_the_middle_and_one_value_that_stands_out() -> None:
    structured = make_probes([(1, 224, 224, 3)], ["float32"], 0)[1][0][0]
    steps = np.abs(np.diff(structured, axis=0))
    assert steps.max() > 20 * np.median(steps)
    assert (steps[110:113].max(axis=0) > 1).all()
    assert (steps[:100] > 2).sum() + (steps[120:] > 2).sum() == 2


@pytest.mark.parametrize("channels", [2, 3, 4, 5])
def test_the_structured_probe_tells_rows_columns_and_channels_from_each_other_and_their_order(channels: int) -> None:
    structured = make_probes([(1, 8, 8, channels)], ["float32"], 0)[1][0]
    for other in (structured.transpose(0, 2, 1, 3), structured[:, ::-1], structured[:, :, ::-1], structured[..., ::-1]):
        assert np.linalg.norm(other - structured) > 0.05 * np.linalg.norm(structured)


def test_a_small_probe_still_differs_along_every_dimension() -> None:
    normal = make_probes([(1, 2, 2, 2)], ["float32"], 0)[0][0]
    assert len(np.unique(normal)) == normal.size


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
def test_inputs_of_whole_numbers_get_numbers_that_every_embedding_has_rows_for(dtype: str) -> None:
    for probe in make_probes([(2, 9)], [dtype], 0):
        assert probe[0].dtype.kind == "i"
        assert set(np.unique(probe[0])) == {0, 1}


def test_several_inputs_get_a_probe_each() -> None:
    probes = make_probes([IMAGE, (1, 4)], ["float32", "int64"], 0)
    assert [[array.shape for array in probe] for probe in probes] == [[IMAGE, (1, 4)]] * 2


def test_a_moved_probe_is_itself_a_row_further_down() -> None:
    probe = make_probes([IMAGE, (1, 4)], ["float32", "float32"], 0)[0]
    moved = moved_by_one(probe)
    assert np.array_equal(moved[0][:, 1:], probe[0][:, :-1])
    assert np.array_equal(moved[0][:, 0], probe[0][:, -1])
    assert not np.array_equal(moved[0], probe[0])
