"""Audits of one cell: the rule, the column and the flips."""

import numpy as np

from histoexpr.datasets import ExpressionTable
from histoexpr.labels import audit_labels, binarize_expression
from histoexpr.replication import text_labels
from support.label_audits import CELLS, audit


def test_right_labels(table):
    report = audit(binarize_expression(table), table)
    assert [c.rule for c in report.cells] == ["median"] * 6
    assert [c.found for c in report.cells] == CELLS
    assert not any(c.n_flipped or c.differs or c.offset for c in report.cells)
    assert (report.shift, report.swapped, report.alike) == (0, [], {})
    assert "No sign of shifted columns or swapped cells." in report.findings


def test_the_text_rule_and_its_flips(table):
    labels, right = text_labels(table.values), binarize_expression(table)
    report = audit(labels, table)
    for place, cell in enumerate(report.cells):
        n_wrong = (labels[:, place] < right[:, place]).sum()
        assert cell.rule == ("deepchrome-legacy" if n_wrong else "median")
        assert (cell.n_low_but_high, cell.n_high_but_low) == (n_wrong, 0)
        assert cell.n_text == 600
        assert cell.n_numeric == 600 - n_wrong
    assert sum(c.n_flipped for c in report.cells) > 100


def test_a_threshold_is_a_cutoff(table):
    labels = binarize_expression(table, "threshold", threshold=1.0)
    cell = audit_labels(labels[:, 2], table, cell="E005").cells[0]
    assert (cell.rule, cell.found, cell.n_cutoff) == ("cutoff", "E005", 600)
    assert cell.cutoff[0] <= 1 < cell.cutoff[1]
    column = table.values[:, 2]
    assert cell.cutoff == [column[column <= 1].max(), column[column > 1].min()]
    assert cell.cutoff_quantile == (column <= 1).mean()


def test_best_cutoff_by_hand():
    table = ExpressionTable([[1.0], [2.0], [2.0], [3.0], [4.0]], list("abcde"), ["E003"])
    # between 2 and 3 all but one are right; 2 and 2 cannot be separated
    cell = audit_labels([0, 0, 1, 1, 1], table, cell="E003").cells[0]
    assert (cell.n_cutoff, cell.cutoff) == (4, [1.0, 2.0])
    everything = audit_labels([1, 1, 1, 1, 1], table, cell="E003").cells[0]
    assert everything.n_cutoff == 5
    assert everything.cutoff == [None, 1.0]
    assert everything.rule is None
    assert everything.one_class
    assert everything.runner_up is None


def test_random_labels_follow_nothing(table):
    labels = np.random.default_rng(1).integers(0, 2, 600)
    report = audit_labels(labels, table, cell="E004")
    assert report.cells[0].rule is None
    assert not report.cells[0].differs
    assert "none of the known rules" in report.findings[0]


def test_flips_have_a_direction(table):
    labels = binarize_expression(table)[:, 0]
    low, high = np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)
    labels[low[:3]], labels[high[:2]] = 1, 0
    cell = audit_labels(labels, table, cell="E003").cells[0]
    assert (cell.n_low_but_high, cell.n_high_but_low, cell.n_flipped) == (2, 3, 5)
    assert (cell.rule, cell.n_numeric) == ("median", 595)


def test_an_unknown_cell_is_searched_for(table):
    labels = binarize_expression(table)[:, 4]
    for cell in (None, "liver"):
        found = audit_labels(labels, table, cell=cell).cells[0]
        assert (found.known, found.found, found.offset) == (False, "E007", None)
        assert found.reference == "E007"
        assert not found.differs
