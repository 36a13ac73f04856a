"""Simulated expression and positions of genes."""

import numpy as np
from sklearn.metrics import roc_auc_score

from histoexpr import make_histone_cells


def test_expression_is_shared_between_cells_as_in_real_ones():
    data = make_histone_cells(16, 2000, n_bins=1, random_state=0)
    rpkm, labels = data.expression.reshape(16, 2000), data.y.reshape(16, 2000)
    pairs = np.triu_indices(16, 1)
    for logged in (np.log(rpkm + 0.1), np.log2(rpkm + 1)):
        pearson = np.corrcoef(logged)[pairs]
        assert 0.6 < pearson.min() < 0.8 < pearson.max() < 0.96
    shared = np.array([np.mean(labels[i] == labels[j]) for i, j in zip(*pairs, strict=True)])
    assert 0.85 < shared.mean() < 0.9
    assert 0.78 < shared.min() < shared.max() < 0.95
    consensus = [roc_auc_score(labels[c], np.delete(labels, c, 0).mean(axis=0)) for c in range(16)]
    assert 0.92 < min(consensus) < max(consensus) < 0.99


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
