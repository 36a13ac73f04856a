"""Audits: shifts, swaps and shares are found, and only those."""

import json

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.datasets import ExpressionTable, load_deepchrome
from histoexpr.labels import audit_labels, binarize_expression
from histoexpr.replication import text_labels
from support.label_audits import audit


@pytest.mark.parametrize("step", [1, -1])
def test_a_shift_by_one_column(table, step):
    labels = np.roll(binarize_expression(table), -step, axis=1)
    labels[:, -1 if step > 0 else 0] = 0  # what a missing column becomes
    report = audit(labels, table)
    assert report.shift == step
    assert report.swapped == []
    assert report.alike == {}
    finding = f"labels of 5 cells fit the column 1 to the {'right' if step > 0 else 'left'}"
    assert finding in " ".join(report.findings)
    assert any("all labels are the same" in finding for finding in report.findings)


def test_a_shift_of_one_cell_alone(table):
    report = audit_labels(binarize_expression(table)[:, 3], table, cell="E005")
    assert report.shift == 1
    assert audit_labels(binarize_expression(table)[:, 5], table, cell="E003").alike == {
        "E003": "E011"
    }


@pytest.mark.parametrize("rule", ["median", "text", "quantile"])
def test_swapped_cells_whatever_the_rule(table, rule):
    labels = {
        "median": binarize_expression(table),
        "text": text_labels(table.values),
        "quantile": binarize_expression(table, "quantile", quantile=0.8),
    }[rule]
    report = audit(labels[:, [0, 4, 2, 3, 1, 5]], table)
    assert report.swapped == [["E004", "E007"]]
    assert (report.shift, report.alike) == (0, {})
    assert "E004 and E007: the labels look swapped." in report.findings


def test_labels_of_another_cell(table):
    labels = binarize_expression(table)
    labels[:, 5] = labels[:, 1]
    report = audit(labels, table)
    assert report.alike == {"E011": "E004"}
    assert (report.shift, report.swapped) == (0, [])


def test_noise_is_no_swap(table):
    # labels from a second experiment agree with no column exactly
    rng = np.random.default_rng(3)
    noisy = table.values * np.exp(0.3 * rng.normal(size=table.values.shape))
    report = audit(binarize_expression(noisy), table)
    assert (report.shift, report.swapped, report.alike) == (0, [], {})


def test_shares_and_constant_genes():
    table = ExpressionTable(
        [[9.0, 8.0], [9.0, 0.5], [0.1, 0.2], [1.0, 0.9], [0.0, 7.0]], list("abcde"), ["A", "B"]
    )  # medians 1.0 and 0.9
    data = HistoneDataset(
        np.zeros((8, 2, 1)),
        [1, 1, 0, 0, 1, 1, 0, 0],
        cell=list("AAAABBBB"),
        gene=list("abcdabcd"),
        split=["train", "train", "test", "valid"] * 2,
    )
    report = audit_labels(data, table)
    assert report.shares["A"] == {
        "train": {"n": 2, "n_expressed": 2},
        "valid": {"n": 1, "n_expressed": 0},
        "test": {"n": 1, "n_expressed": 0},
    }
    assert list(report.shares["A"]) == ["train", "valid", "test"]
    assert report.constant["labels"] == {"n_genes": 4, "on": ["a", "b"], "off": ["c", "d"]}
    assert report.constant["expression"] == {"n_genes": 4, "on": ["a"], "off": ["c", "d"]}
    assert [(c.n_low_but_high, c.n_high_but_low) for c in report.cells] == [(0, 0), (0, 1)]


def test_left_out_and_missing(table):
    labels = binarize_expression(table, "top-bottom")[:, 0]
    genes = table.genes.astype(object)
    genes[:2] = "TNMD", "DPM1"
    report = audit_labels(labels, table, gene=genes, cell="E003")
    assert report.n_left_out == (labels < 0).sum()
    assert report.missing_genes == ["DPM1", "TNMD"]
    assert report.cells[0].n_labels == (labels[2:] >= 0).sum()
    assert report.cells[0].rule == "median"
    cells = np.where(np.arange(600) < 2, "E004", "E003")
    assert audit_labels(labels, table, gene=genes, cell=cells).missing_cells == ["E004"]


def test_bad_arguments(table):
    with pytest.raises(ValueError, match=r"y holds 2; expected 1 \(expressed\)"):
        audit_labels([0, 1, 2], table, gene=["1", "2", "3"])
    with pytest.raises(ValueError, match="y holds high, low"):
        audit_labels(["low", "high"], table, gene=["1", "2"])
    with pytest.raises(ValueError, match=r"gene has shape \(600,\), but there are 2 labels"):
        audit_labels([0, 1], table)
    with pytest.raises(ValueError, match=r"y has shape \(0,\)"):
        audit_labels([], table)
    with pytest.raises(ValueError, match=r"No labelled gene .*TNMD.*ENSG00000000001"):
        audit_labels([1], table, gene=["TNMD"])
    with pytest.raises(TypeError, match="read_expression"):
        audit_labels([1], table.values, gene=["1"])
    with pytest.raises(ValueError, match="no labels"):
        audit_labels(HistoneDataset(np.zeros((1, 1, 1)), cell=["A"], gene=["1"]), table)


def test_logarithms_have_no_text_rule(table):
    logs = ExpressionTable(
        np.log2(table.values + 0.01), table.genes, table.cells, unit="log2 RPKM"
    )
    report = audit(binarize_expression(logs), logs)
    assert [c.rule for c in report.cells] == ["median"] * 6
    assert {c.n_text for c in report.cells} == {None}
    json.loads(report.to_json())


def test_the_toy_set(shared_data, roadmap):
    data = load_deepchrome(shared_data / "toy_deepchrome", cache=False)
    cell = audit_labels(data, roadmap).cells[0]
    assert cell.found == "E003"
    assert (cell.tied, cell.runner_up, cell.n_runner_up) == ([], "E016", 28)
    assert (cell.n_text, cell.n_numeric, cell.n_labels) == (30, 24, 30)
    assert cell.rule == "deepchrome-legacy"
    assert (cell.n_low_but_high, cell.n_high_but_low) == (6, 0)


def test_labels_of_400_genes_in_two_cells(shared_data, roadmap):
    some = roadmap.select(cells=["E116", "E003", "E123", "E004"])
    cells = ("E003", "E123")
    counts = [dict(np.load(shared_data / "counts" / f"{cell}.npz")) for cell in cells]
    for name, rules in (
        ("y", ["median", "median"]),
        # the median of K562 starts with 1, where text and number agree
        ("y_string_compared", ["deepchrome-legacy", "median"]),
    ):
        report = audit_labels(
            np.concatenate([of[name] for of in counts]),
            some,
            gene=np.concatenate([of["gene_id"] for of in counts]),
            cell=np.repeat(cells, 400),
        )
        assert [c.rule for c in report.cells] == rules
        assert [c.found for c in report.cells] == list(cells)
        wrong = [int((of[name] < of["y"]).sum()) for of in counts]
        assert [c.n_low_but_high for c in report.cells] == wrong
        assert [c.n_high_but_low for c in report.cells] == [0, 0]


def test_a_path_is_no_labels(table):
    with pytest.raises(ValueError, match=r"y has shape \(\).*load_data"):
        audit_labels("folder", table)
