"""The train-cell × test-cell heatmap."""

import numpy as np
import pytest

from histoexpr import CrossCellDisplay, HistoneLinearClassifier
from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import cross_cell_matrix, evaluate_cells

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=120, random_state=0)


def test_the_same_heatmap_from_estimator_matrix_and_results(cells):
    import matplotlib.pyplot as plt

    models = {"first": HistoneLinearClassifier(pooling="max"), "linear": HistoneLinearClassifier()}
    results = evaluate_cells(models, cells)
    matrix = cross_cell_matrix(models["linear"], cells)
    ax = plt.subplots()[1]
    displays = [
        CrossCellDisplay.from_estimator(models["linear"], cells, metric="log_loss", ax=ax),
        CrossCellDisplay.from_matrix(matrix, metric="log_loss", title="of a matrix"),
        CrossCellDisplay.from_results(results, "linear", metric="log_loss"),
    ]
    assert displays[0].ax_ is ax
    assert displays[1].ax_.get_title() == "of a matrix"
    for display in displays:
        np.testing.assert_allclose(display.im_.get_array(), matrix.score("log_loss"))
        np.testing.assert_allclose(display.consensus, matrix.consensus("log_loss"))
        assert display.im_.get_cmap().name == "viridis_r"  # smaller is better
    first = CrossCellDisplay.from_results(results)
    np.testing.assert_array_equal(first.scores, results.matrix("first").score())


def test_plot_returns_the_display_and_takes_limits():
    display = CrossCellDisplay(np.full((2, 3), np.nan), "ab", "cde")
    assert display.plot(vmin=0.5, vmax=1, colorbar=False) is display
    assert display.im_.get_clim() == (0.5, 1)
    assert len(display.figure_.axes) == 1
    assert len(display.ax_.texts) == 0  # of scores that are not defined


def test_results_without_single_training_cells(cells):
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, cells)
    with pytest.raises(ValueError, match="'majority class' was trained on single cells"):
        CrossCellDisplay.from_results(results, "majority class")
