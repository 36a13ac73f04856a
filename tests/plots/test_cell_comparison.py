"""Two cells compared, drawn: what is drawn equals the result, and nothing is cut off."""

import numpy as np
import pytest

from histoexpr import CellComparisonDisplay, compare_cells, make_histone_cells

pytestmark = pytest.mark.usefixtures("close_figures")
PARAMS = {"method": "scores", "normalize": False}


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=300, random_state=0)


@pytest.fixture(scope="module")
def found(cells):
    names = {gene: f"$S{number}" for number, gene in enumerate(cells.genes)}
    return compare_cells(cells, "C01", "C02", names=names, **PARAMS)


def points(ax):
    """Points by colour, of the lines that are markers."""
    lines = [line for line in ax.lines if line.get_marker() == "o"]
    return {line.get_color(): np.array(line.get_data()).T for line in lines}


def test_points_and_squares_are_those_of_the_table(found):
    display = CellComparisonDisplay.from_comparison(found, n_genes=4)
    genes, drivers = display.axes_
    table = found.table
    every, lower, higher = points(genes).values()
    np.testing.assert_array_equal(every, table[["log2_fold_change", "predicted_change"]])
    expected = found.top(4, "C02")[["log2_fold_change", "predicted_change"]]
    np.testing.assert_array_equal(higher, expected)
    assert len(lower) == 4
    assert display.top_["predicted_change"].is_monotonic_decreasing
    squares = drivers.images[0].get_array()
    np.testing.assert_array_equal(squares, found.drivers.loc[display.top_["gene"]])
    named = [label.get_text() for label in drivers.get_yticklabels()]
    assert named == display.top_["name"].tolist()
    columns = [label.get_text() for label in drivers.get_xticklabels()]
    assert columns == [*found.marks, "predicted", "measured"]
    first = display.top_.iloc[0]
    assert drivers.texts[0].get_text() == f"{first['predicted_change']:+.1f}"
    assert drivers.texts[8].get_text() == f"{first['log2_fold_change']:+.1f}"
    assert genes.get_title() == "C02 relative to C01"
    assert "Pearson 0." in genes.texts[0].get_text()
    names = {text.get_text() for text in genes.texts[1:]}
    assert names == set(named)


def test_nothing_is_cut_off(found):
    for n_genes in (1, 10):
        figure = CellComparisonDisplay.from_comparison(found, n_genes=n_genes).figure_
        figure.draw_without_rendering()
        box = figure.get_tightbbox()
        width, height = figure.get_size_inches()
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height


def test_changes_are_ranked_where_nothing_is_measured(cells):
    data = cells.select(cells=["C01", "C02"]).replace(expression=None)
    display = CellComparisonDisplay.from_data(data, "C01", "C02", n_genes=3, **PARAMS)
    ax = display.axes_[0]
    every = next(iter(points(ax).values()))
    by_rank = every[np.argsort(every[:, 0])]
    np.testing.assert_array_equal(by_rank[:, 0], np.arange(1, 301))
    assert (np.diff(by_rank[:, 1]) >= 0).all()
    assert ax.get_xlabel() == "genes by predicted change"
    assert ax.get_ylabel() == "predicted change of log-odds"
    columns = [label.get_text() for label in display.axes_[1].get_xticklabels()]
    assert columns == [*cells.marks, "predicted"]


def test_it_is_drawn_again_on_its_own_axes(found):
    display = CellComparisonDisplay.from_comparison(found, n_genes=2)
    n_axes = len(display.figure_.axes)
    display.plot(axes=display.axes_)
    assert len(display.figure_.axes) == n_axes
    assert len(points(display.axes_[0])) == 3


def test_what_is_no_comparison_is_refused(found):
    with pytest.raises(TypeError, match=r"comparison must be .*got int.*compare_cells"):
        CellComparisonDisplay(3)
    with pytest.raises(ValueError, match="n_genes must be a positive integer, got 0"):
        CellComparisonDisplay(found, n_genes=0)
