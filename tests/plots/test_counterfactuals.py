"""Counterfactuals, drawn."""

import numpy as np
import pytest

from histoexpr.plots import CounterfactualDisplay
from support.counterfactual_results import two_counterfactuals

pytestmark = pytest.mark.usefixtures("close_figures")


def heights(area):
    """Return the distinct heights of the corners of a filled area."""
    return sorted({round(y, 6) for path in area.get_paths() for y in path.vertices[:, 1]})


def test_what_is_drawn():
    found = two_counterfactuals()
    display = CounterfactualDisplay.from_counterfactuals(found, gene="g1")
    assert len(display.axes_) == 6
    gene, change, nearest = display.axes_[:3]
    assert gene.get_ylabel() == "a\nlog(1 + signal)"
    np.testing.assert_allclose(gene.lines[0].get_xdata(), [-0.2, -0.1, 0, 0.1, 0.2])
    shown = np.log1p(found.reconstructions[0, :, 0])
    np.testing.assert_allclose(gene.lines[0].get_ydata(), [*shown, shown[-1]])
    assert heights(gene.collections[0]) == [0, round(np.log(3), 6)]
    more, less = change.collections
    assert heights(more) == [round(np.log(2), 6), round(np.log(4), 6)]
    assert heights(less) == [round(np.log(2), 6)]
    assert heights(nearest.collections[0]) == [0, round(np.log(6), 6)]
    titles = [ax.get_title() for ax in (gene, change, nearest)]
    assert titles == [
        "A\np(class 1) = 0.100, reconstruction 0.110",
        "counterfactual\np = 0.800, gene with the change 0.900",
        "nearest real gene: D\np = 0.770, distance 1.50",
    ]
    other = CounterfactualDisplay.from_counterfactuals(found, gene=1).axes_[4]
    assert heights(other.collections[1]) == [0, round(np.log(2), 6)]


def test_units_that_are_not_one_are_stated():
    found = two_counterfactuals(unit=np.array([1.0, 4.0]))
    display = CounterfactualDisplay.from_counterfactuals(found)
    assert display.axes_[3].get_ylabel() == "b\nlog(1 + x / unit)"
    np.testing.assert_allclose(display.axes_[3].lines[0].get_ydata(), np.log1p(1 / 4))
    below = [ax.get_xlabel() for ax in display.axes_]
    assert below[:3] == [""] * 3
    assert "kb around the TSS" in below[3]


def test_genes_without_names():
    found = two_counterfactuals()
    found.table = found.table.drop(columns=["gene", "symbol", "nearest_gene", "nearest_symbol"])
    display = CounterfactualDisplay.from_counterfactuals(found)
    assert display.axes_[0].get_title().startswith("gene\n")
    assert display.axes_[2].get_title().startswith("nearest real gene\n")


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(ValueError, match="One row must be of gene 'B'"):
        CounterfactualDisplay.from_counterfactuals(two_counterfactuals(), gene="B")
    with pytest.raises((TypeError, ValueError), match=r"histoexpr\.counterfactuals"):
        CounterfactualDisplay(np.ones(3))
    import matplotlib.pyplot as plt

    with pytest.raises(ValueError, match="axes must be 6 matplotlib Axes"):
        CounterfactualDisplay.from_counterfactuals(two_counterfactuals(), axes=plt.subplots()[1])
