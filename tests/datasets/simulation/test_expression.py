"""Simulated expression and positions of genes."""

import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from histoexpr import make_histone_cells
from histoexpr.datasets.simulation._expression import simulate_expression


def summarize(rpkm):
    """Describe how the cells of a table (n_genes, n_cells) resemble each other."""
    n_genes, n_cells = rpkm.shape
    labels = (rpkm > np.median(rpkm, axis=0)).astype(float)
    differ = (labels.T @ (1 - labels) + (1 - labels).T @ labels) / n_genes
    pairs = np.triu_indices(n_cells, 1)
    ranks = rankdata(rpkm, axis=0)
    others = ranks.sum(axis=1, keepdims=True) - ranks
    variable = np.std(np.log2(rpkm + 1), axis=1, ddof=1) > 1
    cells = range(n_cells)
    return {
        "labels differ": differ[pairs].mean(),
        "most": differ[pairs].max(),
        "nearest relative": np.median(np.min(differ + 9 * np.eye(n_cells), axis=1)),
        "log correlation": np.corrcoef(np.log(rpkm.T + 0.1))[pairs].mean(),
        "variable genes": variable.mean(),
        "rank consensus": np.mean([roc_auc_score(labels[:, c], others[:, c]) for c in cells]),
        "consensus, variable": np.mean(
            [roc_auc_score(labels[variable, c], others[variable, c]) for c in cells]
        ),
    }


# 56 Roadmap cells have .175, .27, .079, .76, .39, .945 and .855
RANGES = {
    "labels differ": (0.155, 0.205),
    "most": (0.21, 0.29),
    "nearest relative": (0.06, 0.13),
    "log correlation": (0.7, 0.8),
    "variable genes": (0.3, 0.42),
    "rank consensus": (0.925, 0.955),
    "consensus, variable": (0.75, 0.88),
}


@pytest.mark.parametrize("seed", [0, 1])
def test_cells_resemble_each_other_as_real_ones_do(seed):
    drawn = simulate_expression(56, 3000, np.random.default_rng(seed))
    for name, value in summarize(drawn.rpkm).items():
        low, high = RANGES[name]
        assert low < value < high, name


def test_ranges_hold_for_real_cells(shared_data):
    rpkm = np.load(shared_data / "roadmap_expression.npz")["rpkm"].astype(float)
    for name, value in summarize(rpkm).items():
        low, high = RANGES[name]
        assert low < value < high, name


def test_relatives_deviate_alike_and_others_do_not():
    drawn = simulate_expression(20, 2000, np.random.default_rng(0), n_reference=30)
    rpkm = np.hstack([drawn.rpkm, drawn.reference_rpkm])
    groups = np.concatenate([drawn.groups, drawn.reference_groups])
    ranks = rankdata(rpkm, axis=0)
    alike = np.corrcoef((ranks - ranks.mean(axis=1, keepdims=True)).T)
    pairs = np.triu_indices(50, 1)
    related = (groups[:, None] == groups)[pairs]
    assert alike[pairs][related].mean() > 0.4
    assert abs(alike[pairs][~related].mean()) < 0.15
    # every cell has most of what it deviates by from its own group
    assert alike[pairs][related].min() > np.median(alike[pairs][~related])


def test_reference_cells_do_not_change_the_others():
    alone = simulate_expression(3, 200, np.random.default_rng(3))
    beside = simulate_expression(3, 200, np.random.default_rng(3), n_reference=4)
    np.testing.assert_array_equal(alone.rpkm, beside.rpkm)
    np.testing.assert_array_equal(alone.groups, beside.groups)
    assert alone.reference_rpkm.shape == (200, 0)
    assert beside.reference_rpkm.shape == (200, 4)


def test_simulated_expression_is_distributed_like_real(simulated, shared_data):
    real = np.load(shared_data / "roadmap_expression.npz")["rpkm"].astype(float)
    levels = [20, 30, 40, 50, 60, 70, 80, 90, 95, 99]
    expected = np.quantile(real, np.array(levels) / 100, axis=0)
    found = np.percentile(simulated.expression, levels)
    assert np.all((expected.min(axis=1) <= found) & (found <= expected.max(axis=1)))
    zeros = np.mean(real == 0, axis=0)
    assert zeros.min() < np.mean(simulated.expression == 0) < zeros.max()


def test_expression_and_genes_do_not_depend_on_the_window():
    one = make_histone_cells(3, 200, random_state=1)
    other = make_histone_cells(3, 200, n_bins=20, bin_size=50, depth=2, random_state=1)
    np.testing.assert_array_equal(one.expression, other.expression)
    np.testing.assert_array_equal(one.strand, other.strand)
    assert other.window == (-500, 500)
