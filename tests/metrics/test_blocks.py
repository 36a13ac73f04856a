"""Blocks of genes that are resampled together."""

import numpy as np
import pytest

from histoexpr.metrics import Blocks, mean_interval, resampling_blocks


def test_many_chromosomes_are_the_blocks():
    chrom = [f"chr{n % 12}" for n in range(60)]
    blocks = resampling_blocks(60, chrom=chrom, tss=np.arange(60) * 10**7)
    assert (blocks.n_blocks, blocks.unit) == (12, "chromosome")
    assert len({(c, b) for c, b in zip(chrom, blocks.codes, strict=True)}) == 12


def test_few_chromosomes_are_cut_into_pieces():
    tss = np.array([1, 4_999_999, 5_000_000, 1])
    blocks = resampling_blocks(4, chrom=["chr1"] * 3 + ["chr2"], tss=tss)
    assert blocks.codes.tolist() == [0, 0, 1, 2]
    assert (blocks.n_blocks, blocks.unit) == (3, "5-Mb block")


def test_unknown_chromosomes_leave_genes_and_these_samples():
    blocks = resampling_blocks(4, chrom=["chr1", "", "chr2", "chr2"], gene=["a", "a", "b", "c"])
    assert blocks.codes[0] == blocks.codes[1]
    assert (blocks.n_blocks, blocks.unit) == (3, "gene")
    blocks = resampling_blocks(1000)
    assert (blocks.n_blocks, blocks.unit) == (100, "sample group")
    assert np.bincount(blocks.codes).tolist() == [10] * 100


def test_interval_of_independent_blocks_is_that_of_the_mean():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((400, 3, 2))
    mean, low, high = mean_interval(values, Blocks(np.arange(400) % 100, 100, "sample"))
    np.testing.assert_allclose(mean, values.mean(axis=0))
    np.testing.assert_allclose((high - low) / 2, 1.96 / 20, rtol=0.35)
    assert low.shape == (3, 2)
    assert (low < mean).all()
    assert (mean < high).all()


def test_shared_surroundings_widen_the_interval():
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(20), 50)
    values = rng.standard_normal(20)[codes] + rng.standard_normal(1000)
    shared = mean_interval(values, Blocks(codes, 20, "chromosome"))
    alone = mean_interval(values, Blocks(rng.permutation(codes), 20, "sample"))
    assert shared[2] - shared[1] > 3 * (alone[2] - alone[1])


def test_intervals_over_blocks_hold_the_truth():
    rng, held = np.random.default_rng(1), 0
    codes = np.repeat(np.arange(22), 20)
    for _ in range(200):
        values = rng.standard_normal(22)[codes] + rng.standard_normal(440)
        _, low, high = mean_interval(values, Blocks(codes, 22, "chromosome"), n_resamples=300)
        held += low <= 0 <= high
    assert 180 <= held <= 199


def test_few_blocks_have_no_interval():
    mean, low, high = mean_interval([1.0, 2.0], Blocks(np.array([0, 1]), 2, "chromosome"))
    assert mean == pytest.approx(1.5)
    assert np.isnan(low)
    assert np.isnan(high)
