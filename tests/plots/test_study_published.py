"""Figures of a study beside published ones, and the published table."""

import numpy as np
import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import run_study
from histoexpr.plots._study_published import flipped_figure, published_figure
from histoexpr.replication import PUBLISHED_COLUMNS, published_auroc
from support.drawn import CELLS, EVERY_REGIME, MODELS, labels, marked, values_of

pytest.importorskip("matplotlib")


def test_published_auroc_has_a_row_for_each_cell():
    table = published_auroc()
    assert table.shape == (56, 6)
    assert table.loc["E003", "deepchrome"] == 0.77
    assert table.index.is_unique


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
        assert ax.get_ylabel() == f"ours: {name}"
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
    ours = [f"ours, {model}" for model in MODELS]
    assert texts == ["published, DeepChrome (r = -0.96)", *ours]


@pytest.fixture(scope="module")
def unknown(tmp_path_factory):
    """A study with a published cell that it does not test on."""
    path = tmp_path_factory.mktemp("unknown")
    names = ["E003", "mine", "yours"]
    cells = make_histone_cells(n_cells=3, n_genes=200, random_state=0, cell_names=names)
    cells.save(path / "data")
    experiments = [EVERY_REGIME[0] | {"test_cells": ["mine", "yours"]}]
    spec = {"models": {"linear": "linear"}, "experiments": experiments}
    return run_study(spec, path / "data", path / "out")


def test_no_published_cell_among_the_test_cells(unknown):
    figure = published_figure(unknown)
    assert len(figure.axes[0].lines[0].get_xdata()) == 0
    published, ours = flipped_figure(unknown).axes[0].lines
    assert len(published.get_xdata()) == 56
    assert len(ours.get_xdata()) == 0


def test_nothing_to_set_beside_the_published(unknown, monkeypatch):
    monkeypatch.setattr(type(unknown), "plain_groups", [])
    assert published_figure(unknown) is None
    assert len(flipped_figure(unknown).axes[0].lines) == 1
