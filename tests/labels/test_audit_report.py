"""The report of an audit as text, table and JSON."""

import html
import json

import numpy as np
import pytest

from histoexpr import AuditDisplay
from histoexpr.datasets import ExpressionTable
from histoexpr.labels import audit_labels, binarize_expression
from histoexpr.replication import text_labels
from support.label_audits import CELLS, audit


def test_equal_columns_are_reported():
    table = ExpressionTable([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], list("abc"), ["E003", "E004"])
    report = audit_labels([0, 0, 1], table)
    assert report.cells[0].tied == ["E004"]
    assert "as does E004" in " ".join(report.findings)
    assert "E003*" in str(report)
    assert audit_labels([0, 0, 1], table, cell="E004").cells[0].found == "E004"


def test_text_and_json(table, tmp_path):
    report = audit(text_labels(table.values), table)
    path = tmp_path / "report.json"
    report.save(path)
    saved = json.loads(path.read_text())
    assert saved == json.loads(json.dumps(report.to_dict()))
    assert saved["cells"][0]["cell"] == "E003"
    assert saved["cells"][0]["n_low_but_high"] == report.cells[0].n_low_but_high
    assert saved["findings"] == report.findings
    assert saved["medians"]["E006"] == np.median(table.values[:, 3])
    text = str(report)
    assert all(line == line.rstrip() for line in text.splitlines())
    assert all(finding in text for finding in report.findings)
    assert sum(line.startswith("E0") for line in text.splitlines()) == 12  # rules and shares


def test_pictures(table):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot

    labels = text_labels(table.values)
    one = audit_labels(labels[:, 0], table, cell="E003")
    several = audit(labels[:, [1, 0, 2, 3, 4, 5]], table)
    logs = ExpressionTable(np.log2(table.values + 0.01), table.genes, CELLS, unit="log2 RPKM")
    in_logs = audit_labels(binarize_expression(logs)[:, 0], logs, cell="E003")
    for report, first, second in (
        (one, "labels explained by the median (%)", "genes"),
        (in_logs, "labels explained by the median (%)", "genes"),
        (several, "labels of cell", ""),
    ):
        figure = AuditDisplay.from_report(report).figure_
        figure.draw_without_rendering()
        left, right = figure.axes[:2]
        assert (left.get_ylabel(), right.get_ylabel()) == (first, second)
        pyplot.close(figure)
    silent = ExpressionTable(np.zeros((3, 1)), list("abc"), ["E003"])
    AuditDisplay.from_report(
        audit_labels([0, 0, 0], silent)
    ).figure_.draw_without_rendering()  # the median is zero
    bars = AuditDisplay.from_report(one).axes_[1].patches  # every gene is in one bar
    assert sum(bar.get_height() for bar in bars) == 600
    pyplot.close("all")


def test_one_row_per_cell(table, tmp_path):
    report = audit(text_labels(table.values), table)
    frame = report.table
    assert frame.index.tolist() == [cell.cell for cell in report.cells]
    assert frame["n_flipped"].tolist() == [cell.n_flipped for cell in report.cells]
    assert frame.loc["E004", "cutoff_low"] == report.cells[1].cutoff[0]
    assert repr(report).startswith("Audit of 3,600 labels in 6 cells")
    assert "<table" in report._repr_html_()
    report.to_csv(tmp_path / "audit.csv")
    assert (tmp_path / "audit.csv").read_text().startswith("cell,n_labels,")


def test_notebooks_show_the_findings_too():
    table = ExpressionTable([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], list("abc"), ["<b>E003", "E004"])
    report = audit_labels([0, 0, 1], table, gene=["a", "b", "c"], cell="<b>E003")
    page = report._repr_html_()
    assert "<b>" not in page
    assert report.findings
    for finding in report.findings:
        assert f"<li>{html.escape(finding)}</li>" in page
    assert page.index("</table>") < page.index("<li>")
