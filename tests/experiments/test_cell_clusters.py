"""Cells that resemble each other."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments._cell_clusters import (
    CellClusters,
    deviation_similarity,
    find_clusters,
    morans_i,
)
from histoexpr.metrics import bootstrap_mean

N_CLUSTERS, SIZE = 10, 4
NAMES = [f"C{number:02d}" for number in range(N_CLUSTERS * SIZE)]
FAMILY = np.repeat(np.arange(N_CLUSTERS), SIZE)


def expression(rng, n_genes=300):
    """Genes on or off in all cells, families of cells that deviate alike, and noise."""
    values = rng.normal(0, 3, (n_genes, 1)) + rng.normal(0, 1, (n_genes, N_CLUSTERS))[:, FAMILY]
    return pd.DataFrame(values + rng.normal(0, 0.5, (n_genes, len(NAMES))), columns=NAMES)


@pytest.fixture(scope="module")
def clusters():
    return CellClusters(deviation_similarity(expression(np.random.default_rng(0))))


def test_families_of_cells_are_found(clusters):
    assert clusters.codes.to_numpy().tolist() == FAMILY.tolist()
    assert clusters.count(NAMES[:5]) == 2
    scores = pd.Series(np.arange(40.0), NAMES)
    assert clusters.means(scores).tolist() == [1.5 + 4 * number for number in range(10)]


def test_unlike_cells_are_clusters_of_their_own():
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.normal(0, 3, (300, 1)) + rng.normal(0, 1, (300, 8)))
    assert CellClusters(deviation_similarity(table)).count(range(8)) == 8
    one = CellClusters(deviation_similarity(table[[0]]))
    assert one.count([0]) == 1
    nothing = deviation_similarity(table[:1])
    assert CellClusters(nothing).count(range(8)) == 8


def test_similarity_is_of_deviations_over_genes_known_in_all_cells():
    table = expression(np.random.default_rng(2))[NAMES[:3]]
    values = table.to_numpy() - table.to_numpy().mean(axis=1, keepdims=True)
    np.testing.assert_allclose(deviation_similarity(table), np.corrcoef(values.T))
    holes = table.copy()
    holes.iloc[:50, 0] = np.nan
    np.testing.assert_allclose(deviation_similarity(holes), np.corrcoef(values[50:].T))


def test_intervals_over_single_cells_are_too_narrow_and_over_clusters_are_not(clusters):
    rng, n_draws = np.random.default_rng(3), 300
    covered = np.zeros(2)
    for _ in range(n_draws):
        scores = rng.normal(0, 1, N_CLUSTERS)[FAMILY] + rng.normal(0, 0.5, len(NAMES))
        ends = bootstrap_mean(scores, n_resamples=500), clusters.interval(pd.Series(scores, NAMES))
        covered += [low < 0 < high for low, high in ends]
    by_cells, by_clusters = covered / n_draws
    assert by_cells < 0.8
    assert 0.91 <= by_clusters <= 0.98


def test_too_few_clusters_have_no_interval(clusters):
    scores = pd.Series(np.arange(20.0), NAMES[:20])  # five
    assert np.isnan(clusters.interval(scores)).all()
    assert np.isnan(clusters.interval(scores[:0])).all()
    assert not np.isnan(clusters.interval(pd.Series(np.arange(24.0), NAMES[:24]))).any()


def test_morans_i_by_hand():
    weights = np.zeros((4, 4))
    weights[[0, 1, 2, 3], [1, 0, 3, 2]] = 1
    assert morans_i([0, 0, 1, 1], weights)[0] == pytest.approx(1)
    assert morans_i([0, 1, 0, 1], weights)[0] == pytest.approx(-1)
    # deviations −2, −1, 0, 3; 4 / 4 × 2 × (2 + 0) / 14
    assert morans_i([0, 1, 2, 5], weights)[0] == pytest.approx(4 / 14)
    # two of the three ways to pair four values keep the equal ones apart
    assert morans_i([0, 0, 1, 1], weights)[1] == pytest.approx(1 / 3, abs=0.05)
    assert np.isnan(morans_i([0.9] * 4, weights)).all()
    assert np.isnan(morans_i([0, 1, 2, 5], np.eye(4))).all()
    assert np.isnan(morans_i([0, 1], np.ones((2, 2)))).all()


def test_morans_i_finds_dependence_and_none_where_there_is_none(clusters):
    rng, n_draws = np.random.default_rng(4), 120
    found = np.zeros(2)
    for _ in range(n_draws):
        noise = rng.normal(0, 1, len(NAMES))
        shared = rng.normal(0, 1, N_CLUSTERS)[FAMILY] + noise
        p_values = [clusters.morans_i(pd.Series(x, NAMES))[1] for x in (noise, shared)]
        found += [p < 0.05 for p in p_values]
    assert found[0] <= 12  # of 120, 6 expected
    assert found[1] >= 100


def test_expression_decides_before_labels(mixed_results):
    from histoexpr.experiments._gene_blocks import known_genes

    frame = known_genes(mixed_results)
    table = frame.pivot(index="gene", columns="cell", values="log2_expression")
    found = find_clusters(frame, mixed_results.cells).similarity
    np.testing.assert_allclose(found, deviation_similarity(table))
    labels = frame.pivot(index="gene", columns="cell", values="label")
    for changed in (frame.drop(columns="log2_expression"), frame.assign(log2_expression=np.nan)):
        found = find_clusters(changed, mixed_results.cells).similarity
        np.testing.assert_allclose(found, deviation_similarity(labels))
