"""Importance of marks, drawn."""

import numpy as np
import pytest

from histoexpr import make_histone_cells, mark_importance
from histoexpr.plots import MarkImportanceDisplay
from support.planted import Known

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def signals():
    X = np.random.default_rng(0).poisson(4, (200, 10, 3)).astype(float)
    # the first mark tells, the third is not read
    return X, (Known().predict_proba(X)[:, 1] > 0.999).astype(int)


def test_one_region_has_a_bar_for_each_mark(signals):
    found = mark_importance(Known(), *signals, marks=[0, 2, [0, 1]], random_state=0)
    ax = MarkImportanceDisplay.from_importance(found).axes_[0]
    assert [bar.get_width() for bar in ax.patches] == found.table["importance"].tolist()
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["mark1", "mark3", "mark1 + mark2"]
    assert ax.get_xlabel() == "loss of AUROC"
    # what is not told from 0 is grey
    colors = [bar.get_facecolor() for bar in ax.patches]
    assert colors[0] == colors[2] != colors[1]
    ends = ax.containers[0].lines[2][0].get_segments()[0][:, 0]
    np.testing.assert_allclose(ends, found.table[["low", "high"]].iloc[0])


def test_several_regions_have_a_panel_for_each_mark(signals):
    found = mark_importance(
        Known(), *signals, regions=[(-500, 0), (0, 200)], method="remove", scoring="log_loss"
    )
    display = MarkImportanceDisplay(found).plot()
    assert [ax.get_title() for ax in display.axes_] == ["mark1", "mark2", "mark3"]
    bars = display.axes_[1].patches
    assert [bar.get_height() for bar in bars] == found.matrix.loc["mark2"].tolist()
    assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(-0.5, 0.5), (0, 0.2)]
    assert display.axes_[0].get_ylabel() == "rise of log loss, mark removed"
    assert display.axes_[0].get_xlabel() == "kb around the TSS"
    display.plot(axes=display.axes_)
    assert len(display.axes_[1].patches) == 2
    with pytest.raises(ValueError, match="axes must be 3 matplotlib Axes, one per mark"):
        display.plot(axes=display.axes_[0])


def test_sides_are_named():
    data = make_histone_cells(n_cells=1, n_genes=60, random_state=0)
    found = mark_importance(Known(), data, regions=2, n_repeats=1, random_state=0)
    assert found.oriented is True
    assert "downstream" in MarkImportanceDisplay(found).plot().axes_[0].get_xlabel()


def test_what_is_no_result_is_refused():
    with pytest.raises(TypeError, match=r"importance must be .*got int.*mark_importance"):
        MarkImportanceDisplay(3)
