"""The heatmap of scores by training and test cell."""

import io

import numpy as np
import pytest

from histoexpr import CrossCellDisplay, HistoneLinearClassifier
from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import cross_cell_matrix, evaluate_cells
from support.pixels import colours_in

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=120, random_state=0)


def test_the_same_heatmap_from_estimator_matrix_and_results(cells):
    import matplotlib.pyplot as plt

    models = {"first": HistoneLinearClassifier(pooling="max"), "linear": HistoneLinearClassifier()}
    results = evaluate_cells(models, cells, genes="split")
    matrix = cross_cell_matrix(models["linear"], cells, genes="split")
    ax = plt.subplots()[1]
    displays = [
        CrossCellDisplay.from_estimator(
            models["linear"], cells, metric="log_loss", ax=ax, genes="split"
        ),
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
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, cells, genes="split")
    with pytest.raises(ValueError, match="'majority class' was trained on single cells"):
        CrossCellDisplay.from_results(results, "majority class")


def test_heatmap_shows_the_matrix_and_the_consensus(cells):
    display = CrossCellDisplay.from_estimator(HistoneLinearClassifier(), cells, genes="split")
    shown = display.im_.get_array()
    np.testing.assert_array_equal(shown, display.scores)
    labels = [text.get_text() for text in display.ax_.get_yticklabels()]
    assert labels == [*cells.cells, "same-gene\nconsensus"]
    texts = [text.get_text() for text in display.ax_.texts]
    assert texts[0] == f"{display.scores[0, 0]:.3f}".lstrip("0")
    assert texts[-1] == f"{display.consensus[-1]:.3f}".lstrip("0")
    baseline = display.ax_.images[1]
    assert baseline.get_clim() == display.im_.get_clim()


def test_heatmap_of_many_cells_and_of_smaller_is_better():
    scores = np.linspace(0, 1, 400).reshape(20, 20)
    names = [f"E{i:03d}" for i in range(20)]
    display = CrossCellDisplay(scores, names, names, metric="brier_score_loss").plot(title="t")
    assert len(display.ax_.texts) == 0
    assert display.im_.get_cmap().name == "viridis_r"
    assert display.ax_.get_title() == "t"


def test_all_names_are_inside_the_figure():
    scores = np.linspace(0.5, 1, 25).reshape(5, 5)
    names = [f"E{number:03d}" for number in range(5)]
    display = CrossCellDisplay(scores, names, names, consensus=scores[0]).plot(title="t")
    figure = display.figure_
    figure.draw_without_rendering()
    inside = figure.get_tightbbox()
    assert inside.x0 > 0
    assert inside.y0 > 0
    assert inside.x1 < figure.get_figwidth()
    assert inside.y1 < figure.get_figheight()


def test_no_cell_is_smeared_into_others():
    import matplotlib.pyplot as plt

    scores = np.zeros((40, 40))
    scores[:, ::2] = 1
    names = [f"E{number:03d}" for number in range(40)]
    display = CrossCellDisplay(scores, names, names).plot(ax=plt.subplots(figsize=(1.7, 1.7))[1])
    figure = display.figure_
    figure.savefig(io.BytesIO())
    assert len(colours_in(figure, display.ax_.get_window_extent())) == 2


def test_results_and_matrices_are_not_confused():
    cells = make_histone_cells(n_cells=2, n_genes=60, random_state=0)
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, cells, genes="split")
    with pytest.raises(TypeError, match=r"matrix must be .*got CrossCellResults.*from_results"):
        CrossCellDisplay.from_matrix(results)
    with pytest.raises(TypeError, match=r"results must be .*got CrossCellMatrix.*from_matrix"):
        CrossCellDisplay.from_results(results.matrix())
    with pytest.raises(TypeError, match=r"results must be .*got 'folder'.*load_study"):
        CrossCellDisplay.from_results("folder")


def test_names_are_as_large_for_the_cells_that_have_numbers():
    for n_cells, size, n_numbers in ((12, 9, 13 * 12), (13, 5, 0)):
        scores = np.linspace(0.5, 1, n_cells**2).reshape(n_cells, n_cells)
        names = [f"E{number:03d}" for number in range(n_cells)]
        ax = CrossCellDisplay(scores, names, names, consensus=scores[0]).plot().ax_
        assert len(ax.texts) == n_numbers
        assert {text.get_fontsize() for text in ax.get_xticklabels()} == {size}
        assert {text.get_fontsize() for text in ax.get_yticklabels()} == {size}


def test_the_matrix_of_a_regressor_is_drawn_as_correlations(mixed_results, close_figures):
    display = CrossCellDisplay.from_results(mixed_results, "ridge")
    assert display.metric == "pearson"
    assert "same-gene\nmean" in [label.get_text() for label in display.ax_.get_yticklabels()]
    display = CrossCellDisplay(np.array([[-0.25, 0.5, -1.5]]), "a", "bcd", metric="r2").plot()
    assert [text.get_text() for text in display.ax_.texts] == ["−.250", ".500", "−1.50"]
