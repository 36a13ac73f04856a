"""What a report shows: all figures in the table, the few that count as text, and JSON."""

import json

import numpy as np
import pytest

from histoexpr.generation import SHORT
from support.reports import report_of


@pytest.fixture
def report():
    return report_of(
        generator={"two_sample": 0.8, "recall": 0.6, "zero_fraction_error": np.array([0.1, 0.2])},
        p_worse={
            "two_sample": 0.001,
            "recall": 0.01,
            "zero_fraction_error": np.array([0.5, 0.01]),
        },
        gaussian={"recall": 0.7, "two_sample": np.nan},
    )


def test_the_table_has_every_figure_with_its_interval_and_n(report):
    table = report.table
    assert len(table) == 14 + 4 * 2
    assert table.index.is_unique
    assert {name for name in table.index if name.endswith((" a", " b"))} == {
        f"{measure} {mark}"
        for measure in ("marginal_distance", "zero_fraction_error", "profile_correlation",
                        "autocorrelation_error")
        for mark in "ab"
    }  # fmt: skip
    row = table.loc["recall"]
    assert row["generator"] == 0.6
    assert row["generator low"] == pytest.approx(0.55)
    assert row["generator high"] == pytest.approx(0.65)
    assert (row["best"], row["n"], row["p_worse"]) == (1, 200, 0.01)
    assert table.loc["transfer_cnn", "n"] == 900
    assert table.loc["zero_fraction_error b", "generator"] == 0.2


def test_the_summary_has_the_few_that_count(report):
    summary = report.summary
    assert tuple(summary.index) == SHORT
    assert 5 <= len(SHORT) <= 8
    assert summary.loc["recall", "simple"] == "gaussian"
    assert summary.loc["recall", "simple_value"] == 0.7
    assert summary.loc["two_sample", "simple"] == "resampled bins"  # of the other it is undefined
    assert "jittered" not in set(summary["simple"])  # copies are no generator


def test_the_verdict_is_the_first_line(report):
    verdict = (
        "Worse than real genes at n = 200 in: two-sample AUROC by a CNN (0.80 against 0.50); "
    )
    verdict += "recall (0.60 against 0.50); zero fraction error of b."
    assert report.verdict == verdict
    first, _, head, _, *lines = str(report).splitlines()
    assert first == verdict
    assert "real genes (95 %)" in head
    assert any(line.startswith("two-sample AUROC, CNN") for line in lines)
    (line,) = (line for line in lines if line.startswith("recall"))
    assert "0.600 (0.550 to 0.650)  0.500 (0.450 to 0.550)" in line
    assert line.endswith("0.700 gaussian")
    assert "n = 200 real" in str(report)
    assert "of 300 test samples; transfer: trained on 900" in str(report)
    assert max(map(len, lines)) < 120
    assert verdict in repr(report)
    assert "<table" in report._repr_html_()


def test_files_hold_everything(report, tmp_path):
    report.values["generator"]["transfer_cnn"] = np.nan
    path = tmp_path / "report.json"
    found = json.loads(report.to_json(path))
    assert found == json.loads(path.read_text())
    assert found["verdict"] == report.verdict
    assert (found["n"], found["n_transfer"], found["unit"]) == (200, 900, "gene")
    rows = {row["measure"]: row for row in found["rows"]}
    assert list(rows) == list(report.table.index)
    assert rows["transfer_cnn"]["generator"] is None
    assert rows["recall"]["generator low"] == pytest.approx(0.55)
    report.to_csv(tmp_path / "report.tsv")
    head, *lines = (tmp_path / "report.tsv").read_text().splitlines()
    assert head.startswith("measure\tbest\tn\treal\treal low\treal high\tgenerator\t")
    assert len(lines) == len(report.table)
    assert "nan" not in str(report)
    assert "–" in str(report)
