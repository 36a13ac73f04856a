"""The figures and the page of a study."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier
from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import run_study
from histoexpr.plots import study_figures
from histoexpr.reports import write_study_report
from histoexpr.reports._study_text import findings, signed

pytest.importorskip("matplotlib")


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
        assert f"<td>{row['roc_auc']:.3f}</td>" in page
    again = write_study_report(study, tmp_path / "again.html")
    assert again[0].read_bytes() == written[0].read_bytes()


def test_the_page_says_that_signals_are_simulated(study, tmp_path, monkeypatch):
    page = write_study_report(study, tmp_path / "report.html")[0].read_text(encoding="utf-8")
    about, *_, published = page.split("<h2>")[:-1]
    assert "The signals are simulated." in about
    assert "published figures are measured" in published
    assert "simulated by histoexpr.make_histone_cells" in page
    monkeypatch.setitem(study.manifest, "data_source", "reads <of> cells")
    page = write_study_report(study, tmp_path / "report.html")[0].read_text(encoding="utf-8")
    assert "simulated" not in page
    assert "reads &lt;of&gt; cells" in page


def test_reports_leave_the_backend_alone_and_no_figure_open(study, tmp_path):
    import matplotlib.pyplot as plt

    from histoexpr.cli._report import write_figures
    from histoexpr.experiments import evaluate_cells

    before = plt.get_backend()
    plt.switch_backend("svg")
    open_before = plt.get_fignums()
    write_study_report(study, tmp_path / "report.html")
    cells = make_histone_cells(n_cells=2, n_genes=100, random_state=0)
    evaluation = evaluate_cells({"a$b$": HistoneLinearClassifier()}, cells)
    for name in write_figures(cells, evaluation, ["a$b$"], tmp_path):
        assert (tmp_path / name).stat().st_size > 10_000
    assert plt.get_backend() == "svg"
    assert plt.get_fignums() == open_before
    plt.switch_backend(before)


class Tables(HTMLParser):
    """The tables of a page by their heading, as lists of rows."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.text = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.text = ""

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.tables[-1][-1].append(self.text)
            self.text = None


@pytest.fixture(scope="module")
def tables(study, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_study_report(study, path)
    found = Tables(path.read_text(encoding="utf-8")).tables
    return [[dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for rows in found]


def between(pair, show="{:.3f}"):
    return "–" if pair is None or None in pair else " to ".join(map(show.format, pair))


def mean_of(study, row, metric):
    """The mean over cells of what a row of a table names, from the records."""
    size = re.fullmatch(r"(n), (\d) cells?", row["experiment"])
    if row["experiment"] == "each <b>":
        score = study.matrix("each <b>", row["model"]).score(metric)
        return score[~np.eye(len(score), dtype=bool)].mean()
    sizes = {} if size is None else {"n_cells": int(size[2])}
    name = row["experiment"] if size is None else size[1]
    return study.scores(name, row["model"], metric, **sizes).mean()


def test_tables_of_scores_hold_the_scores(study, tables):
    ranking, calibration = tables[:2]
    assert len(ranking) == len(calibration) == len(study.summary["means"]) == 5 * 3 + 2
    for rows, names in (
        (ranking, {"AUROC": "roc_auc", "average precision": "average_precision"}),
        (calibration, {"log loss": "log_loss", "Brier": "brier_score_loss"}),
    ):
        for row, mean in zip(rows, study.summary["means"], strict=True):
            assert [row["experiment"], row["model"]] == [mean["group"], mean["model"]]
            for head, metric in names.items():
                assert row[head] == f"{mean_of(study, row, metric):.3f}"
    for row, mean in zip(calibration, study.summary["means"], strict=True):
        assert row["calibration error"] == f"{mean['expected_calibration_error']:.3f}"
        assert row["balanced accuracy"] == f"{mean['balanced_accuracy']:.3f}"
        if row["experiment"] in ("own", "others"):
            for head, metric in (
                ("accuracy at 0.5", "accuracy"),
                ("at transferred threshold", "transferred_accuracy"),
            ):
                assert row[head] == f"{mean_of(study, row, metric):.3f}"
    for row, mean in zip(ranking, study.summary["means"], strict=True):
        assert row["95 % over cells"] == "–"  # of four cells
        assert row["95 % over genes"] == between(mean["roc_auc_by_genes"])
        assert row["seed noise"] == "–"  # of one seed
    low, high = ranking[0]["95 % over genes"].split(" to ")
    assert float(low) < float(ranking[0]["AUROC"]) < float(high)
    n_train = study.select("others", "linear")[0]["n_train"]
    row = next(r for r in ranking if (r["experiment"], r["model"]) == ("others", "linear"))
    assert row["training samples"] == f"{n_train:,}"


def p_text(value):
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def test_table_of_models_holds_their_differences(study, tables):
    rows = tables[2]
    entries = [entry for entry in study.summary["models"] if not entry["group"].startswith("n,")]
    tests = [(entry["group"], test) for entry in entries for test in entry["tests"]]
    assert len(rows) == len(tests) == 3 * 3
    for row, (group, test) in zip(rows, tests, strict=True):
        assert row["experiment"] == group
        first, second = row["models"].split(" − ")
        difference = mean_of(study, row | {"model": first}, "roc_auc")
        difference -= mean_of(study, row | {"model": second}, "roc_auc")
        assert row["difference in AUROC"] == signed(difference)
        equal = test["equivalence"]
        ends = [signed(equal[name]) for name in ("low", "high")]
        assert row["90 % over cells"] == " to ".join(ends)
        assert row["95 % over genes"] == " to ".join(map(signed, test["by_genes"]))
        assert row["Wilcoxon p"] == p_text(test["p_value"])
        assert row["Holm p"] == p_text(test["p_holm"])
        assert row["equivalence p"] == p_text(equal["p_value"])
        for head, equivalent in (
            ("equivalent over cells", equal["equivalent"]),
            ("over genes", test["equivalent_by_genes"]),
        ):
            assert row[head] == ("yes" if equivalent else "not shown")
        assert row["cells"] == "4"


def test_tables_of_regimes_hold_differences_from_the_own_cell(study, tables):
    ranking, calibration = tables[3:5]
    found = [row for row in study.summary["regimes"] if not row["group"].startswith("n,")]
    assert len(ranking) == len(calibration) == len(found) == 2 * 3
    for row, other, entry in zip(ranking, calibration, found, strict=True):
        assert [row["experiment"], row["model"], row["against"]] == [
            *(entry["group"], entry["model"], "own")
        ]
        own = {"experiment": "own", "model": row["model"]}
        for shown, head, metric in ((row, "AUROC", "roc_auc"), (other, "log loss", "log_loss")):
            difference = mean_of(study, row, metric) - mean_of(study, own, metric)
            assert shown[head] == signed(difference)
        assert row["95 % over genes"] == " to ".join(map(signed, entry["roc_auc"]["by_genes"]))
        assert row["Wilcoxon p"] == p_text(entry["roc_auc"]["p_value"])
        assert row["Holm p"] == p_text(entry["roc_auc"]["p_holm"])
        transferred = entry["transferred_accuracy"]
        assert other["accuracy at transferred threshold"] == signed(transferred["mean_difference"])
        # of two columns of one name the last is kept
        assert other["Holm p"] == p_text(transferred["p_holm"])


def test_table_of_pairs_holds_the_matrix(study, tables):
    rows = tables[5]
    assert len(rows) == 3 * 16
    pairs = {
        (pair["model"], pair["train_cell"], pair["test_cell"]): pair
        for pair in study.summary["pairs"]
    }
    for row in rows:
        matrix = study.matrix("each <b>", row["model"])
        place = [matrix.train_cells.index(row["training cell"])]
        place.append(matrix.test_cells.index(row["test cell"]))
        assert row["AUROC"] == f"{matrix.score()[tuple(place)]:.3f}"
        pair = pairs[row["model"], row["training cell"], row["test cell"]]
        assert row["95 % over genes"] == between((pair["low"], pair["high"]))


def test_findings_agree_with_the_scores(study):
    texts = findings(study)
    consensus = study.scores("baseline", "same-gene consensus").mean()
    assert f"{consensus:.3f}" in texts[0]
    change = (study.scores("others", "linear") - study.scores("own", "linear")).mean()
    text = next(text for text in texts if text.startswith("others, against"))
    assert f"linear {signed(change)}" in text
    assert "linear and a & b" in texts[1]  # the same model twice is equivalent


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
