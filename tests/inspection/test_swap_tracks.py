"""Exchanges of tracks between genes."""

import numpy as np
import pytest

from histoexpr.inspection import Samples
from histoexpr.inspection._swap_tracks import Swaps
from support.small_datasets import make_dataset


def swaps(samples, within=None, n_repeats=3, seed=0):
    return Swaps(samples, within, n_repeats, np.random.default_rng(seed))


def test_every_gene_gives_its_track_once_and_within_its_cell():
    data = make_dataset(n_genes=50)
    found = swaps(Samples(data))
    for donors in found.donors:
        assert sorted(donors) == list(range(100))
        assert (data.cell[donors] == data.cell).all()
        assert (donors != np.arange(100)).mean() > 0.8
    assert not np.array_equal(*found.donors[:2])
    again = swaps(Samples(data))
    np.testing.assert_array_equal(found.donors, again.donors)


def test_strata_are_not_left():
    X = np.zeros((60, 3, 2))
    state = np.tile(["a", "b", "c"], 20)
    for donors in swaps(Samples(X), state).donors:
        assert (state[donors] == state).all()
    assert any((state[donors] != state).any() for donors in swaps(Samples(X)).donors)
    data = make_dataset(n_genes=30)
    both = np.tile(["a", "b"], 30)
    for donors in swaps(Samples(data), both).donors:
        assert (both[donors] == both).all()
        assert (data.cell[donors] == data.cell).all()


def test_all_permutations_are_as_likely():
    found = swaps(Samples(np.zeros((3, 2, 1))), n_repeats=6000).donors
    _, counts = np.unique(found, axis=0, return_counts=True)
    assert len(counts) == 6
    assert np.abs(counts - 1000).max() < 150  # five standard deviations


def test_strata_that_do_not_fit_are_named():
    samples = Samples(np.zeros((20, 3, 2)))
    with pytest.raises(ValueError, match=r"20 of 20 samples have no other.*qcut"):
        swaps(samples, np.linspace(0, 1, 20))
    with pytest.raises(ValueError, match="within has 3 samples, but X has 20"):
        swaps(samples, [1, 2, 3])
    with pytest.raises(ValueError, match="within has missing"):
        swaps(samples, [np.nan] * 20)
    with pytest.raises(ValueError, match=r"2 of 2 samples .* several genes of each cell"):
        swaps(Samples(make_dataset(n_genes=4).take([0, 4])))
