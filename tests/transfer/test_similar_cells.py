import numpy as np
import pytest

from histoexpr.transfer._reference_table import GeneReference
from histoexpr.transfer._similar_cells import MIN_GENES, find_similar

N_GENES, N_CELLS = 2000, 12


@pytest.fixture(scope="module")
def reference():
    rng = np.random.default_rng(0)
    rank = rng.random((N_GENES, N_CELLS))
    log2 = 8 * rank
    mean = log2.mean(axis=1)
    summary = np.column_stack(
        [
            rank.mean(axis=1),
            rank.mean(axis=1),
            rank.std(axis=1),
            (rank > 0.5).mean(axis=1),
            mean,
            log2.std(axis=1),
        ]
    )
    cells = np.array([f"R{number:02}" for number in range(N_CELLS)])
    return GeneReference(np.ones(N_GENES, dtype=bool), summary, log2 - mean[:, None], cells)


def genes(n=N_GENES):
    return np.array([f"g{number:05}" for number in range(n)])


def test_the_cell_that_it_was_made_from_is_found(reference):
    rng = np.random.default_rng(1)
    expected = 0.1 * reference.deviations[:, 4] + rng.normal(0, 0.2, N_GENES)
    similar = find_similar(expected, reference, genes())
    assert similar.cells[similar.coef.argmax()] == "R04"
    assert similar.coef[4] > 5 * np.abs(np.delete(similar.coef, 4)).max()
    assert similar.explained > 0.3


def test_without_a_relation_nothing_is_explained(reference):
    explained = [
        find_similar(
            np.random.default_rng(seed).normal(size=N_GENES), reference, genes()
        ).explained
        for seed in range(40)
    ]
    # of genes left out, references explain nothing: below zero it is cut off
    assert np.mean(np.array(explained) > 0.01) <= 0.05


def test_the_order_of_genes_changes_no_bit(reference):
    rng = np.random.default_rng(2)
    expected, order = rng.random(N_GENES), rng.permutation(N_GENES)
    shuffled = GeneReference(
        reference.known, reference.summary[order], reference.deviations[order], reference.cells
    )
    one = find_similar(expected, reference, genes())
    other = find_similar(expected[order], shuffled, genes()[order])
    np.testing.assert_array_equal(one.coef, other.coef)
    assert one.explained == other.explained


def test_a_tenth_of_the_genes_gives_weights_of_the_same_size(reference):
    rng = np.random.default_rng(3)
    expected = 0.1 * reference.deviations[:, 4] + rng.normal(0, 0.05, N_GENES)
    part = np.arange(0, N_GENES, 5)
    few = GeneReference(
        reference.known[part],
        reference.summary[part],
        reference.deviations[part],
        reference.cells,
    )
    whole = find_similar(expected, reference, genes())
    fewer = find_similar(expected[part], few, genes()[part])
    assert abs(fewer.coef[4] / whole.coef[4] - 1) < 0.1


def test_too_few_genes_tell_nothing(reference):
    n = MIN_GENES - 1
    few = GeneReference(
        reference.known[:n], reference.summary[:n], reference.deviations[:n], reference.cells
    )
    similar = find_similar(np.linspace(0, 1, n), few, genes(n))
    assert not similar.coef.any()
    assert np.isnan(similar.explained)
