"""The report of a generator beside real signals and baselines."""

import json

import numpy as np
import pytest

from histoexpr import SignalGenerator
from histoexpr.generation import generation_report
from histoexpr.plots import GenerationReportDisplay


@pytest.fixture(scope="module")
def report(more_genes):
    X, y = more_genes
    generator = SignalGenerator(n_steps=3, width=4, encoder_steps=1, random_state=0)
    generator.fit(X[:110], y[:110])
    return generation_report(
        generator,
        X[110:],
        y[110:],
        X_train=X[:110],
        y_train=y[:110],
        n_repeats=2,
        random_state=0,
    )


def test_report_sets_every_figure_beside_its_null(report, tmp_path):
    table = report.table
    assert list(report.values) == ["real", "generator", "resampled bins", "gaussian", "jittered"]
    assert len(table) == 4 * 5 + 8
    assert np.isfinite(table[list(report.values)]).all(axis=None)
    by_name = table.to_dict("index")
    assert by_name["memorisation"]["jittered"] > 0.9
    assert abs(by_name["memorisation"]["real"] - 0.5) < 0.3
    assert abs(by_name["two_sample_tree"]["real"] - 0.5) < 0.25
    assert by_name["two_sample_tree"]["generator"] > 0.9  # hardly trained
    assert by_name["sliced_wasserstein"]["real"] < by_name["sliced_wasserstein"]["generator"]
    path = tmp_path / "report.json"
    assert json.loads(report.to_json(path)) == json.loads(path.read_text())
    rows = {row["measure"]: row for row in json.loads(path.read_text())["rows"]}
    assert list(rows) == list(table.index)
    for measure in ("coverage", "zero_fraction_error mark3"):
        assert rows[measure] == {"measure": measure} | by_name[measure]
    assert table.loc["coverage", "real"] == report.values["real"]["coverage"]
    marks = table.loc[[f"marginal_distance mark{k}" for k in range(1, 6)], "gaussian"]
    np.testing.assert_array_equal(marks, report.values["gaussian"]["marginal_distance"])
    report.to_csv(tmp_path / "report.tsv")
    assert (tmp_path / "report.tsv").read_text().startswith("measure\tbest\treal\treal sd\t")


def test_the_printed_table_is_complete(report):
    lines = str(report).splitlines()
    assert [line.split("  ")[0] for line in lines[2:]] == list(report.table.index)
    for line, (_, row) in zip(lines[2:], report.table.iterrows(), strict=True):
        assert f"{row['generator']:.3f} ± {row['generator sd']:.3f}" in line
    assert "GenerationReport: 40 test and 110 training samples, 2 repeats" in repr(report)
    assert "<table" in report._repr_html_()


def test_report_draws(report):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    display = GenerationReportDisplay.from_report(report)
    titles = [ax.get_title().lower().replace(" ", "_") for ax in display.axes_]
    assert titles == list(report.best)
    dots = display.axes_[0].containers[1].lines[0].get_xdata()
    np.testing.assert_array_equal(dots, report.values["generator"]["profile_correlation"])
    with pytest.raises(ValueError, match="axes"):
        display.plot(axes=display.axes_[:3])
    matplotlib.pyplot.close(display.figure_)


def test_repeats_give_the_spread(report):
    for name, values in report.values["generator"].items():
        deviation = report.deviations["generator"][name]
        assert np.shape(deviation) == np.shape(values)
    assert report.deviations["real"]["sliced_wasserstein"] > 0
    row = report.table.loc["sliced_wasserstein"]
    assert row["real sd"] == report.deviations["real"]["sliced_wasserstein"]
    assert " ± " in str(report)


def test_report_of_a_generator_without_classes_and_of_part_of_the_samples(more_genes):
    X, y = more_genes
    cell = np.where(np.arange(len(X)) % 2, "E003", "E123")
    generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0)
    generator.fit(X[:100], cell=cell[:100])
    report = generation_report(
        generator,
        X[100:],
        y[100:],
        X_train=X[:100],
        y_train=y[:100],
        cell_test=cell[100:],
        n_repeats=1,
        max_samples=20,
        random_state=0,
    )
    assert report.n_test == 20
    assert np.isnan(report.values["generator"]["transfer_auroc"])
    assert np.isfinite(report.values["gaussian"]["transfer_auroc"])
    assert np.isnan(report.deviations["generator"]["coverage"])
    assert " ± " not in str(report)


def test_report_of_frames_and_of_one_mark(more_genes):
    pandas = pytest.importorskip("pandas")
    X, y = more_genes[0][:60, :10], more_genes[1][:60]
    flat = X[:, :, 3]
    frame = pandas.DataFrame(X[:, :, [0, 3]].reshape(60, -1))
    frame.columns = [f"{mark}:{b}" for b in range(10) for mark in ("H3K27me3", "H3K4me3")]
    for signals, marks in ((flat, ["mark1"]), (frame, ["H3K27me3", "H3K4me3"])):
        generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0)
        generator.fit(signals[:40], y[:40])
        report = generation_report(
            generator, signals[40:], y[40:], X_train=signals[:40], y_train=y[:40], n_repeats=1
        )
        assert report.marks == marks
        assert np.isfinite(report.values["generator"]["sliced_wasserstein"])


def test_report_asks_for_enough_samples(more_genes):
    X, y = more_genes
    generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="at least 10"):
        generation_report(generator, X[:3], y[:3], X_train=X, y_train=y)
    with pytest.raises(ValueError, match="Pass fewer test samples"):
        generation_report(generator, X, y, X_train=X[:60], y_train=y[:60])
    with pytest.raises(ValueError, match=r"\(50, 5\)"):
        generation_report(generator, X[:, :50], y, X_train=X, y_train=y)
    with pytest.raises(ValueError, match="y_test is needed"):
        generation_report(generator, X, None, X_train=X, y_train=y)
