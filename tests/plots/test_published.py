"""Scores of a study beside the published ones: every point, and which cells are left out."""

import numpy as np
import pytest

from histoexpr.plots._published import flipped_figure, published_figure
from histoexpr.replication import PUBLISHED_COLUMNS, published_auroc
from support.drawn import CELLS, MODELS, labels, marked, values_of

pytest.importorskip("matplotlib")


def test_published_figures_stand_at_their_cells(study, figures):
    table = published_auroc()
    pairs = [
        ("deepchrome2_cnn_own", "own"),
        ("deepchrome2_linear_own", "own"),
        ("deepchrome2_cnn_others", "others"),
    ]
    known = CELLS[:-1]  # nothing was published on the last
    for ax, (column, name) in zip(figures["published"].axes, pairs, strict=True):
        label = ax.get_xlabel().replace("\n", " ")
        assert label == f"published: {PUBLISHED_COLUMNS[column]}"
        assert ax.get_ylabel() == f"this study: {name}"
        for points, model in zip(marked(ax, "."), MODELS, strict=True):
            scores = values_of(study, name, model)
            np.testing.assert_allclose(points, [(table.loc[c, column], scores[c]) for c in known])
    ax = figures["flipped-labels"].axes[0]
    share = 100 * table["flipped"]
    np.testing.assert_allclose(marked(ax, ".")[0], np.column_stack([share, table["deepchrome"]]))
    for points, model in zip(marked(ax, "x"), MODELS, strict=True):
        scores = values_of(study, "own", model)
        np.testing.assert_allclose(points, [(share[cell], scores[cell]) for cell in known])
    texts = labels(ax.get_legend().get_texts())
    own = [f"this study, {model}, 5 cells" for model in MODELS]
    assert texts == ["published, DeepChrome, 56 cells (r = -0.96)", *own]


def test_cells_that_are_not_comparable_are_left_out(study):
    published, *others = flipped_figure(study, ["E004"]).axes[0].lines
    assert len(published.get_xdata()) == 56
    share = 100 * published_auroc().loc["E004", "flipped"]
    for line, model in zip(others, MODELS, strict=True):
        point = share, values_of(study, "own", model)["E004"]
        np.testing.assert_allclose(np.ravel(line.get_data()), point)
        assert line.get_label() == f"this study, {model}, 1 cell"
    for ax in published_figure(study, ["E004"]).axes:
        assert [len(points) for points in marked(ax, ".")] == [1] * len(MODELS)


def test_a_group_without_these_cells_has_no_points(study):
    figure = published_figure(study, [])
    assert len(figure.axes[0].lines[0].get_xdata()) == 0


def test_nothing_to_set_beside_the_published(study, monkeypatch):
    monkeypatch.setattr(type(study), "plain_groups", [])
    assert published_figure(study, CELLS[:-1]) is None
    assert len(flipped_figure(study, CELLS[:-1]).axes[0].lines) == 1
