"""The heatmap of scores by training and test cell."""

import io

import numpy as np
import pytest

from histoexpr import (
    CrossCellDisplay,
    HistoneLinearClassifier,
    make_histone_cells,
)
from support.pixels import colours_in

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 120, random_state=0)


def test_heatmap_shows_the_matrix_and_the_consensus(data):
    display = CrossCellDisplay.from_estimator(HistoneLinearClassifier(), data)
    shown = display.im_.get_array()
    np.testing.assert_array_equal(shown, display.scores)
    labels = [text.get_text() for text in display.ax_.get_yticklabels()]
    assert labels == [*data.cells, "same-gene\nconsensus"]
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


def test_no_cell_is_smeared_into_others():
    import matplotlib.pyplot as plt

    scores = np.zeros((40, 40))
    scores[:, ::2] = 1
    names = [f"E{number:03d}" for number in range(40)]
    display = CrossCellDisplay(scores, names, names).plot(ax=plt.subplots(figsize=(1.7, 1.7))[1])
    figure = display.figure_
    figure.savefig(io.BytesIO())
    assert len(colours_in(figure, display.ax_.get_window_extent())) == 2
