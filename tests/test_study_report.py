"""The figures and the page of a study."""

import re

import numpy as np
import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import PUBLISHED_COLUMNS, published_auroc, run_study
from histoexpr.inspection import study_figures, write_study_report
from histoexpr.inspection._study_figures import cluster_order
from histoexpr.inspection._study_text import findings, signed

pytest.importorskip("matplotlib")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("report")
    names = ["E003", "E004", "E116", "E<1>"]
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0, cell_names=names)
    cells.save(path / "data")
    spec = {
        "models": {"linear": "linear", "logistic": "logistic", "a & b": {"kind": "linear"}},
        "experiments": [
            {"name": "own", "regime": "own"},
            {"name": "each <b>", "regime": "each"},
            {"name": "others", "regime": "exclusive"},
            {"name": "n", "regime": "exclusive", "cells": "random", "n_cells": [1, "all"]},
        ],
    }
    return run_study(spec, path / "data", path / "out")


def test_page_is_whole_and_alone(study, tmp_path):
    written = write_study_report(study, tmp_path / "report.html")
    assert all(path.is_file() for path in written)
    page = written[0].read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "http" not in re.sub(r"base64,[^\"]*", "", page)
    assert "each &lt;b&gt;" in page
    assert "each <b>" not in page
    n_figures = len(study_figures(study))
    assert page.count("<img") == n_figures == len(written) - 1
    for row in study.summary["means"]:
        assert f"<td>{row['auroc']:.3f}</td>" in page
    again = write_study_report(study, tmp_path / "again.html")
    assert again[0].read_bytes() == written[0].read_bytes()


def test_figures_show_the_scores(study):
    figures = study_figures(study)
    expected = {"regimes", "models", "ranks", "sizes", "published", "flipped-labels"}
    expected |= {"matrix-linear", "matrix-logistic", "matrix-a & b"}
    assert set(figures) == expected
    line = figures["sizes"].axes[0].lines[0]
    np.testing.assert_array_equal(line.get_xdata(), [1, 3])
    ends = [study.scores("n", "linear", n_cells=n).mean() for n in (1, 3)]
    np.testing.assert_allclose(line.get_ydata(), ends)
    image = figures["matrix-linear"].axes[0].images[0].get_array()
    score = study.matrix("each <b>", "linear").score()
    np.testing.assert_allclose(np.sort(np.ravel(image)), np.sort(score.ravel()))


def test_findings_agree_with_the_scores(study):
    texts = findings(study)
    consensus = study.scores("baseline", "same-gene consensus").mean()
    assert f"{consensus:.3f}" in texts[0]
    change = (study.scores("others", "linear") - study.scores("own", "linear")).mean()
    text = next(text for text in texts if text.startswith("others, against"))
    assert f"linear {signed(change)}" in text
    assert "linear and a & b" in texts[1]  # the same model twice is equivalent


def test_cluster_order_puts_like_beside_like():
    scores = np.full((6, 6), 0.7)
    for block in ([0, 2, 4], [1, 3, 5]):
        scores[np.ix_(block, block)] = 0.9
    kinds = cluster_order(scores) % 2
    assert abs(np.diff(kinds)).sum() == 1


def test_published_table_is_what_was_published(shared_data):
    import json

    released = json.loads((shared_data / "published/deepchrome2_results.json").read_text())
    table = published_auroc()
    lines = (shared_data / "published/auroc_by_cell.tsv").read_text().splitlines()[1:]
    assert [line.split("\t")[0] for line in lines] == list(table)
    for line in lines:
        cell, deepchrome, _, _, flipped = line.split("\t")
        assert table[cell]["deepchrome"] == float(deepchrome)
        assert table[cell]["flipped"] == float(flipped)
    for column, name in (
        ("deepchrome2_cnn_own", "cnn_own_cell"),
        ("deepchrome2_linear_own", "linear_mean_own_cell"),
        ("deepchrome2_cnn_others", "exclusive_all"),
    ):
        assert column in PUBLISHED_COLUMNS
        for cell, (value, *_) in released["experiments"][name].items():
            assert table[cell][column] == pytest.approx(value, abs=5.1e-4)
    share, values = zip(*((r["flipped"], r["deepchrome"]) for r in table.values()), strict=True)
    assert np.corrcoef(share, values)[0, 1] == pytest.approx(-0.96, abs=0.005)


def report_of(cells, path, experiments, models=("linear",)):
    """Run a study, write its report and return its figures and page."""
    cells.save(path / "data")
    spec = {"models": dict.fromkeys(models, "linear"), "experiments": experiments}
    study = run_study(spec, path / "data", path / "out")
    written = write_study_report(study, path / "out" / "report.html")
    return study, study_figures(study), written


EVERY_REGIME = [
    {"name": "own", "regime": "own"},
    {"name": "each", "regime": "each"},
    {"name": "others", "regime": "exclusive"},
]


def test_matrix_of_some_test_cells(tmp_path):
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0)
    experiment = {"name": "each", "regime": "each", "test_cells": ["C02", "C04"]}
    study, figures, _ = report_of(cells, tmp_path, [experiment])
    ax = figures["matrix-linear"].axes[0]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["C02", "C04"]
    image = ax.images[0].get_array()
    assert image.shape == (4, 2)
    np.testing.assert_allclose(image, study.matrix("each").score())


def test_matrix_of_each_number_of_genes(tmp_path):
    cells = make_histone_cells(n_cells=3, n_genes=200, random_state=0)
    experiment = {"name": "each", "regime": "each", "n_genes": [10, "all"]}
    study, figures, _ = report_of(cells, tmp_path, [experiment])
    for name, size in (("matrix-linear", 10), ("matrix-linear-2", "all")):
        shown = figures[name].axes[0].images[0].get_array()
        expected = [r["auroc"] for r in study.select("each", n_genes=size)]
        np.testing.assert_allclose(np.sort(shown.ravel()), np.sort(expected))


def test_scores_that_are_not_defined(tmp_path):
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0)
    y = np.where(cells.split == "test", 1, cells.y)
    study, figures, written = report_of(cells._replace(y=y), tmp_path, EVERY_REGIME, ("a", "b"))
    assert not any(name.startswith("matrix") for name in figures)
    page = written[0].read_text(encoding="utf-8")
    assert "nan" not in re.sub(r"base64,[^\"]*", "", page)
    assert np.isnan(study.scores("own")).all()


@pytest.mark.parametrize("n_cells", [1, 2])
def test_few_cells(tmp_path, n_cells):
    cells = make_histone_cells(n_cells=n_cells, n_genes=200, random_state=0)
    experiments = EVERY_REGIME[: n_cells + 1]
    _, figures, written = report_of(cells, tmp_path, experiments, ("a", "b", "c"))
    assert ("matrix-a" in figures) == (n_cells == 2)
    page = written[0].read_text(encoding="utf-8")
    assert "None" not in page
    assert "nan" not in re.sub(r"base64,[^\"]*", "", page)


def test_names_are_no_formulas_and_no_paths(tmp_path):
    names = ["$\\bad$", "a/b", "_c", "../d"]
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0, cell_names=names)
    models = ["$\\bad$", "a/b", "a_b", "A_B", "x" * 300]
    experiments = [EVERY_REGIME[0] | {"name": "$\\worse$"}, EVERY_REGIME[1]]
    _, figures, written = report_of(cells, tmp_path, experiments, models)
    assert len({str(path).lower() for path in written}) == len(figures) + 1
    assert {path.parent.name for path in written} == {"out", "figures"}


def test_sizes_of_cells_and_genes_at_once(tmp_path):
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0)
    sizes = {"cells": "random", "n_cells": [1, 3], "n_genes": [10, 20, "all"]}
    study, figures, _ = report_of(cells, tmp_path, [EVERY_REGIME[2] | sizes])
    by_cells, by_genes = figures["sizes"].axes
    # each curve at the largest of the other size
    expected = [study.scores("others", n_cells=n, n_genes="all").mean() for n in (1, 3)]
    np.testing.assert_allclose(by_cells.lines[0].get_ydata(), expected)
    expected = [study.scores("others", n_cells=3, n_genes=n).mean() for n in (10, 20, "all")]
    np.testing.assert_allclose(by_genes.lines[0].get_ydata(), expected)


def test_no_published_cell_among_the_test_cells(tmp_path):
    names = ["E003", "mine", "yours"]
    cells = make_histone_cells(n_cells=3, n_genes=200, random_state=0, cell_names=names)
    experiments = [EVERY_REGIME[0] | {"test_cells": ["mine", "yours"]}]
    _, figures, _ = report_of(cells, tmp_path, experiments)
    assert len(figures["published"].axes[0].lines[0].get_xdata()) == 0


def test_findings_tell_equivalence_over_cells_from_that_over_genes(study, monkeypatch):
    entry = next(entry for entry in study.summary["models"] if entry["group"] == "own")
    monkeypatch.setitem(entry["tests"][0], "equivalent_by_genes", False)
    monkeypatch.setitem(entry["tests"][0]["equivalence"], "equivalent", True)
    text = findings(study)[1]
    first, second = (entry["tests"][0][name] for name in ("first", "second"))
    over_cells, over_genes = text.split("over genes")
    assert f"{first} and {second}" in over_cells
    assert f"{first} and {second}" not in over_genes
    assert "within ±0.01 AUROC" in text
