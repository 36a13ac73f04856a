"""What the figures of a study draw: every point, bar, line and name."""

import numpy as np
import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import run_study
from histoexpr.plots import study_figures
from histoexpr.plots._study import cluster_order
from support.drawn import CELLS, EVERY_REGIME, MODELS, labels, legend, marked, values_of

pytest.importorskip("matplotlib")


def test_all_that_can_be_drawn_is(figures):
    expected = {"regimes", "models", "ranks", "sizes", "published", "flipped-labels"}
    assert set(figures) == expected | {f"matrix-{model}" for model in MODELS}


def test_nothing_published_stands_beside_other_genes(study, figures):
    without = {"published", "flipped-labels"}
    assert set(study_figures(study)) == set(figures) - without


def test_regimes_show_every_cell_and_the_consensus(study, figures):
    ax = figures["regimes"].axes[0]
    assert labels(ax.get_yticklabels()) == ["own", "each", "others"]
    points = marked(ax, ".")
    colors = [line.get_color() for line in ax.lines if line.get_marker() == "."]
    boxes = [patch.get_path().get_extents() for patch in ax.patches]
    assert len(points) == len(boxes) == 9
    names = [(name, model) for name in ("own", "each", "others") for model in MODELS]
    for number, (name, model) in enumerate(names):
        scores = values_of(study, name, model)
        np.testing.assert_allclose(points[number][:, 0], scores)
        # its third of the row of the experiment, from above
        row = number // 3 + 0.8 / 3 * (number % 3 - 1)
        assert np.abs(points[number][:, 1] - row).max() < 0.4 / 3
        assert boxes[number].y0 < row < boxes[number].y1
        quartiles = np.quantile(scores, [0.25, 0.75])
        np.testing.assert_allclose([boxes[number].x0, boxes[number].x1], quartiles)
        assert colors[number] == legend(figures["regimes"])[model]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    dashed = next(line for line in ax.lines if line.get_linestyle() == "--")
    consensus = study.by_cell("baseline", "same-gene consensus").mean()
    np.testing.assert_allclose(dashed.get_xdata(), consensus)
    assert legend(figures["regimes"])["same-gene consensus, mean"] == dashed.get_color()


def test_matrix_has_scores_where_its_cells_are_named(study, figures):
    for model in MODELS:
        ax = figures[f"matrix-{model}"].axes[0]
        assert model in ax.get_title()
        *rows, last = labels(ax.get_yticklabels())
        columns = labels(ax.get_xticklabels())
        assert rows == columns
        assert sorted(columns) == CELLS
        assert last == "same-gene\nconsensus"
        matrix = study.matrix(model, "each")
        order = [matrix.test_cells.index(cell) for cell in columns]
        image, baseline = (image.get_array() for image in ax.images)
        np.testing.assert_allclose(image, matrix.score()[np.ix_(order, order)])
        np.testing.assert_allclose(baseline[0], matrix.consensus()[order])


def test_models_are_set_against_the_first_cell_by_cell(study, figures):
    figure = figures["models"]
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title() for ax in shown] == ["own", "each", "others"]
    assert set(legend(figure)) == {"logistic", "largest"}
    for ax in shown:
        base = values_of(study, ax.get_title(), "linear")
        assert "linear" in ax.get_xlabel()
        for points, model in zip(marked(ax, "."), MODELS[1:], strict=True):
            scores = values_of(study, ax.get_title(), model)
            np.testing.assert_allclose(points, [(base[cell], scores[cell]) for cell in CELLS])
            assert points.min() >= ax.get_xlim()[0]
            assert points.max() <= ax.get_xlim()[1]
        line = next(line for line in ax.lines if line.get_marker() == "None")
        np.testing.assert_allclose(*line.get_data())
        assert ax.get_xlim() == ax.get_ylim()


def test_ranks_and_how_far_they_reach(study, figures):
    axes = figures["ranks"].axes
    ranks = study.statistics.ranks
    ranks = ranks[ranks["metric"] == "roc_auc"].set_index("group")
    for ax, name in zip(axes, ("own", "each", "others"), strict=True):
        n_clusters = ranks.loc[name, "n_clusters"].iloc[0]
        apart = "" if n_clusters == 6 else f" in {n_clusters} clusters of similar ones"
        assert ax.get_title() == f"{name}: 6 cells{apart}"
        # Demšar (2006), table 5a: q 2.343 for three models at 0.05
        reach = 2.343 * np.sqrt(3 * 4 / 6 / n_clusters)
        mean_ranks = ranks.loc[name].set_index("model")["mean_rank"].to_dict()
        shown = labels(ax.get_yticklabels())
        assert sorted(shown) == sorted(MODELS)
        expected = [[mean_ranks[model], row] for row, model in enumerate(shown)]
        np.testing.assert_allclose(np.concatenate(marked(ax, "o")), expected)
        assert sorted(mean_ranks.values()) == [rank for rank, _ in expected]
        for bar, (rank, row) in zip(marked(ax, "None"), expected, strict=True):
            ends = [[rank - reach / 2, row], [rank + reach / 2, row]]
            np.testing.assert_allclose(bar, ends, atol=1e-3)
            assert ax.get_xlim()[0] < bar[0, 0]
            assert bar[1, 0] < ax.get_xlim()[1]


def test_curves_over_the_number_of_cells(study, figures):
    figure = figures["sizes"]
    curves = marked(figure.axes[0], "o")
    for points, model in zip(curves, MODELS, strict=True):
        ends = [(n, study.by_cell("n", model, n_cells=n).mean()) for n in (1, 5)]
        np.testing.assert_allclose(points, ends)
    assert set(legend(figure)) == {f"{model}, n" for model in MODELS}
    assert labels(figure.axes[0].get_xticklabels()) == ["1", "5"]


def figures_of(cells, path, experiments):
    """Run a study and return it with its figures."""
    cells.save(path / "data")
    spec = {"models": {"linear": "linear"}, "experiments": experiments, "genes": "split"}
    study = run_study(spec, path / "data", path / "out")
    return study, study_figures(study)


def test_matrix_of_some_test_cells(tmp_path):
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0)
    experiment = {"name": "each", "regime": "each", "test_cells": ["C02", "C04"]}
    study, figures = figures_of(cells, tmp_path, [experiment])
    ax = figures["matrix-linear"].axes[0]
    assert labels(ax.get_xticklabels()) == ["C02", "C04"]
    image = ax.images[0].get_array()
    assert image.shape == (4, 2)
    np.testing.assert_allclose(image, study.matrix(experiment="each").score())


def test_matrix_of_each_number_of_genes(tmp_path):
    cells = make_histone_cells(n_cells=3, n_genes=200, random_state=0)
    experiment = {"name": "each", "regime": "each", "n_genes": [10, "all"]}
    study, figures = figures_of(cells, tmp_path, [experiment])
    for name, size in (("matrix-linear", 10), ("matrix-linear-2", "all")):
        shown = figures[name].axes[0].images[0].get_array()
        expected = study.select("each", n_genes=size)["roc_auc"]
        np.testing.assert_allclose(np.sort(shown.ravel()), np.sort(expected))


def test_sizes_of_cells_and_genes_at_once(tmp_path):
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0)
    sizes = {"cells": "random", "n_cells": [1, 3], "n_genes": [10, 20, "all"]}
    study, figures = figures_of(cells, tmp_path, [EVERY_REGIME[2] | sizes])
    by_cells, by_genes = figures["sizes"].axes
    # each curve at the largest of the other size
    expected = [study.by_cell("others", n_cells=n, n_genes="all").mean() for n in (1, 3)]
    np.testing.assert_allclose(by_cells.lines[0].get_ydata(), expected)
    expected = [study.by_cell("others", n_cells=3, n_genes=n).mean() for n in (10, 20, "all")]
    np.testing.assert_allclose(by_genes.lines[0].get_ydata(), expected)


def test_cluster_order_puts_like_beside_like():
    scores = np.full((6, 6), 0.7)
    for block in ([0, 2, 4], [1, 3, 5]):
        scores[np.ix_(block, block)] = 0.9
    kinds = cluster_order(scores) % 2
    assert abs(np.diff(kinds)).sum() == 1


def test_what_is_no_study_is_refused(study):
    for other in ("folder", 3, study.matrix("linear", "each")):
        with pytest.raises(TypeError, match=r"study must be .*CrossCellResults.*load_study"):
            study_figures(other)


def test_figures_of_expression_stand_beside_regressors(mixed_results, finished_study):
    figures = study_figures(mixed_results)
    assert {"regimes", "pearson-regimes", "r2-regimes", "pearson-models"} <= set(figures)
    assert not any(name.startswith(("pearson", "r2")) for name in study_figures(finished_study))
    (ax,) = figures["r2-regimes"].axes
    assert ax.get_xlabel() == "R² by test cell"
    found = sorted(x for line in ax.lines if line.get_marker() == "." for x in line.get_xdata())
    names = ("same cell", "one other cell", "other cells")
    expected = sorted(np.concatenate([mixed_results.scores(n, "ridge", "r2") for n in names]))
    np.testing.assert_allclose(found, expected)  # classifiers have none
