"""Samples of a report: what is resampled, and what is refused."""

import numpy as np
import pytest

from histoexpr import make_histone_cells
from histoexpr.generation._samples import Samples, check_samples, mark_names_of
from histoexpr.utils import read_signals
from support.generators import Replay


def samples_of(**known):
    data = make_histone_cells(n_cells=1, n_genes=40, random_state=0)
    data = data.replace(X=data.X[:, :4], window=None, **known)
    return data, Samples(data.X, data.y, data.cell, data, "X_test")


def test_blocks_are_the_largest_that_are_known():
    chrom = np.array([f"chr{k % 12}" for k in range(40)])
    tss = np.arange(40) * 3_000_000
    assert samples_of(chrom=chrom, tss=tss)[1].blocks.unit == "chromosome"
    one = np.repeat("chr1", 40)
    assert samples_of(chrom=one, tss=tss)[1].blocks.unit == "5-Mb block"
    # two blocks are too few to resample
    assert samples_of(chrom=one, tss=tss // 20)[1].blocks.unit == "gene"
    data, _ = samples_of()
    arrays = Samples(np.asarray(data.X), data.y, None, None, "X_test")
    assert arrays.blocks.unit == "sample"
    assert len(set(arrays.genes)) == 40


def test_resamples_draw_whole_blocks_and_begin_with_the_samples():
    chrom = np.array([f"chr{k % 12}" for k in range(40)])
    _, samples = samples_of(chrom=chrom, tss=np.arange(40))
    samples.draw_resamples(50, 0)
    weights = samples.weights(np.arange(40))
    assert weights.shape == (40, 51)
    assert (weights[:, 0] == 1).all()
    assert weights[:, 1:].std() > 0.5
    np.testing.assert_array_equal(weights[0], weights[12])


def test_what_is_missing_is_named():
    data, _ = samples_of()
    generator = Replay().fit(data, data.y)
    assert mark_names_of(generator, [read_signals(data)]) == data.marks
    found = check_samples(generator, read_signals(data, "X_test"), None, None, data.marks)
    assert (found.y == data.y).all()
    assert (found.cell == data.cell).all()
    for source, y, message in (
        (np.asarray(data.X), None, "y_test is needed"),
        (np.asarray(data.X[:3]), data.y[:3], "at least 10"),
        (np.asarray(data.X[:, :2]), data.y, "bins"),
    ):
        with pytest.raises(ValueError, match=message):
            check_samples(generator, read_signals(source, "X_test"), y, None, data.marks)
