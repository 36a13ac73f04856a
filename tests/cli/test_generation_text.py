"""What ``generate`` says: intervals worked out by hand, and what was held out."""

import numpy as np
import pytest

from histoexpr import make_histone_cells
from histoexpr.cli._generation_text import describe_training, format_report, report_rows
from histoexpr.generation import GenerationReport

SOURCES = ("real", "generator", "resampled bins", "gaussian", "jittered")
BY_MARK = ("profile_correlation", "marginal_distance", "zero_fraction_error")
BY_MARK += ("autocorrelation_error",)
OTHERS = ("mark_correlation_error", "sliced_wasserstein", "two_sample_tree")
OTHERS += ("two_sample_neighbours", "transfer_auroc", "coverage", "recall", "memorisation")


def report_of(n_repeats, deviation, n_test=200):
    def filled(value):
        return {name: np.array([value, value]) for name in BY_MARK} | dict.fromkeys(OTHERS, value)

    values = {source: filled(0.1 * number) for number, source in enumerate(SOURCES)}
    deviations = {source: filled(deviation) for source in SOURCES}
    return GenerationReport(values, deviations, ["a", "b"], n_test, 500, n_repeats)


def test_intervals_of_the_mean_over_draws():
    rows = report_rows(report_of(3, 0.02))
    assert len(rows) == 2 * 4 + 8
    assert rows[0]["measure"] == "profile_correlation a"
    # Student's t of two degrees of freedom at 0.975 is 4.3027
    for row in rows:
        assert (row["n_test"], row["n_draws"]) == (200, 3)
        assert row["generator low"] == pytest.approx(0.1 - 4.3027 * 0.02 / 3**0.5, abs=1e-5)
        assert row["generator high"] == pytest.approx(0.1 + 4.3027 * 0.02 / 3**0.5, abs=1e-5)
        assert row["real sd"] == 0.02


def test_the_table_states_sources_intervals_and_n():
    report = report_of(3, 0.02)
    text = format_report(report, report_rows(report))
    head, _, *lines = text.splitlines()
    names = ["measure", "best", "generator (95 %)", "real genes (95 %)", "bins", "gaussian"]
    for name in (*names, "copies"):
        assert name in head
    line = next(line for line in lines if line.startswith("coverage"))
    figures = line.replace("(", "").replace(")", "").replace(" to ", " ").split()
    expected = [1.0, 0.1, 0.05, 0.15, 0.0, -0.05, 0.05, 0.2, 0.3, 0.4]
    np.testing.assert_allclose([float(figure) for figure in figures[1:]], expected, atol=1e-3)
    assert "n = 200 held-out samples in each of 3 draws" in text
    assert "vague" not in text
    assert max(map(len, text.splitlines())) <= 120


def test_single_draws_few_samples_and_figures_that_are_not_defined():
    report = report_of(1, np.nan, n_test=60)
    report.values["generator"]["transfer_auroc"] = np.nan
    text = format_report(report, report_rows(report))
    assert "60 held-out samples are few" not in text
    assert "Fewer than 100 held-out samples are few" in text
    line = next(line for line in text.splitlines() if line.startswith("transfer_auroc"))
    assert "–" in line
    assert "nan" not in text


def test_what_was_trained_on_and_held_out():
    data = make_histone_cells(n_cells=2, n_genes=30, random_state=0)
    part = data.take(data.gene < "G00005")
    text = describe_training(data, part, "chromosomes chr1")
    n = len(part)
    assert text == (
        "Trained on 60 samples (30 genes) of C01, C02, with labels and cell types. Held out: "
        f"{n} samples ({n // 2} genes), chromosomes chr1."
    )
    one = data.select(cells="C01")
    assert describe_training(one, None, "").startswith("Trained on 30 genes of C01, with labels.")
    assert "was not measured" in describe_training(one, None, "")
    assert "with cell types. " in describe_training(data.replace(y=None), part, "")
