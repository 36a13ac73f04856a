"""Simulated reads: as many as asked for, where the rates say, and the same on any processor."""

import numpy as np
import pytest

from histoexpr.datasets.simulation import _reads
from histoexpr.datasets.simulation._counts import READ_LENGTH, simulate_rates
from histoexpr.datasets.simulation._profiles import MARKS, Cells
from histoexpr.datasets.simulation._reads import REACH, simulate_reads

N_GENES, N_READS = 60, 20_000


@pytest.fixture
def inputs():
    rng = np.random.default_rng(0)
    rpkm = np.exp(rng.normal(0, 3, (N_GENES, 2)))
    cells = Cells.draw(2, np.array([[1.0, 0.5, 2.0, 1.0, 0.1]] * 2), rng)
    return rpkm, np.arange(N_GENES) % 2 == 0, cells


def draw(inputs, seed=1):
    rpkm, forward, cells = inputs
    found = simulate_reads(rpkm, forward, N_READS, cells, np.random.default_rng(seed))
    return {(cell, mark): (gene, first) for cell, mark, gene, first in found}


def test_libraries_have_the_reads_that_their_depth_says(inputs):
    reads = draw(inputs)
    assert len(reads) == 2 * len(MARKS)
    numbers = [len(gene) for gene, _ in reads.values()]
    assert numbers == [20_000, 10_000, 40_000, 20_000, 2_000] * 2
    for gene, first in reads.values():
        assert (np.diff(gene) >= 0).all()
        middle = first + READ_LENGTH // 2
        assert -REACH <= middle.min() <= middle.max() < REACH


def test_reads_fall_where_the_rates_are(inputs):
    rpkm, forward, cells = inputs
    x = np.arange(-REACH + 12.5, REACH, 25, dtype=np.float32)
    rng = np.random.default_rng(1)
    rates = np.zeros((2, len(MARKS), N_GENES, len(x)))
    for cell, rows, by_mark in simulate_rates(rpkm, forward, x, 25, cells, rng):
        for mark, rate in enumerate(by_mark):
            rates[cell, mark, rows] = rate
    for (cell, mark), (gene, first) in draw(inputs).items():
        middle = first + READ_LENGTH // 2
        kilobase = (middle + REACH) // 1000
        observed = np.zeros((N_GENES, 12))
        np.add.at(observed, (gene, kilobase), 1)
        expected = rates[cell, mark].reshape(N_GENES, 12, -1).sum(axis=2)
        expected *= len(gene) / expected.sum()
        # chi squared over its degrees of freedom; its standard deviation is (2 / 719) ** .5 = .053
        ratio = ((observed - expected) ** 2 / expected).sum() / (observed.size - 1)
        assert 0.75 < ratio < 1.25, (cell, mark)
        # and evenly over the bases of a step
        steps = np.bincount((middle + REACH) % 25, minlength=25)
        assert np.abs(steps / len(gene) * 25 - 1).max() < 5 * (25 / len(gene)) ** 0.5


def test_the_last_digits_of_rates_move_no_more_than_single_reads(inputs, monkeypatch):
    before = draw(inputs)
    noise = np.random.default_rng(9)

    def inexact(*args):
        for cell, rows, rates in simulate_rates(*args):
            yield cell, rows, (r * (1 + 1e-7 * noise.standard_normal(r.shape)) for r in rates)

    monkeypatch.setattr(_reads, "simulate_rates", inexact)
    after = draw(inputs)
    moved = same = 0
    for library, (gene, first) in before.items():
        other_gene, other_first = after[library]
        assert len(other_gene) == len(gene)
        unlike = (other_gene != gene) | (other_first != first)
        moved, same = moved + unlike.sum(), same + (~unlike).sum()
    assert moved < same / 1000
