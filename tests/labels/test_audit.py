"""Audits: the rule, the cell, the flips, the shift and the swaps are found, and only those."""

import json

import numpy as np
import pytest

from histoexpr import AuditDisplay
from histoexpr.cli import main
from histoexpr.datasets import ExpressionTable, HistoneDataset, load_deepchrome, read_expression
from histoexpr.exceptions import HistoexprWarning
from histoexpr.labels import audit_labels, binarize_expression
from histoexpr.replication._text_labels import text_labels

CELLS = ["E003", "E004", "E005", "E006", "E007", "E011"]


@pytest.fixture(scope="module")
def table():
    """Cells that share most of their expression, as real ones do."""
    rng = np.random.default_rng(7)
    common = rng.normal(1, 2, size=(600, 1))
    values = np.exp(common + 0.7 * rng.normal(size=(600, len(CELLS)))) * [1, 1.2, 0.8, 2, 1, 0.5]
    values[rng.random(600) < 0.1] = 0
    genes = [f"ENSG{number:011d}" for number in range(1, 601)]
    return ExpressionTable(np.round(values, 3), genes, CELLS, unit="RPKM")


def audit(labels, table, cells=None):
    """Audit labels of shape (n_genes, n_cells)."""
    cells = table.cells if cells is None else cells
    n_genes, n_cells = labels.shape
    return audit_labels(
        labels.ravel("F"),
        table,
        gene=np.tile(table.genes, n_cells),
        cell=np.repeat(cells, n_genes),
    )


# -- rules -------------------------------------------------------------------------------


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
    # between 2 and 3 all but one are right; 2 and 2 cannot be told apart
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


# -- cells -------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, -1])
def test_a_shift_by_one_column(table, step):
    labels = np.roll(binarize_expression(table), -step, axis=1)
    labels[:, -1 if step > 0 else 0] = 0  # what a missing column becomes
    report = audit(labels, table)
    assert report.shift == step
    assert report.swapped == []
    assert report.alike == {}
    told = f"labels of 5 cells fit the column 1 to the {'right' if step > 0 else 'left'}"
    assert any(told in finding for finding in report.findings)
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


def test_an_unknown_cell_is_searched_for(table):
    labels = binarize_expression(table)[:, 4]
    for cell in (None, "liver"):
        found = audit_labels(labels, table, cell=cell).cells[0]
        assert (found.known, found.found, found.offset) == (False, "E007", None)
        assert found.reference == "E007"
        assert not found.differs


def test_equal_columns_are_told():
    table = ExpressionTable([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], list("abc"), ["E003", "E004"])
    report = audit_labels([0, 0, 1], table)
    assert report.cells[0].tied == ["E004"]
    assert "as does E004" in " ".join(report.findings)
    assert "E003*" in str(report)
    assert audit_labels([0, 0, 1], table, cell="E004").cells[0].found == "E004"


# -- genes, splits, columns --------------------------------------------------------------


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


# -- the report --------------------------------------------------------------------------


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


# -- the published data ------------------------------------------------------------------


@pytest.fixture(scope="module")
def roadmap(shared_data):
    with pytest.warns(HistoexprWarning, match="7 rows"):
        return read_expression(shared_data / "roadmap_expression.npz")


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


def test_command(shared_data, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HISTOEXPR_CACHE", str(tmp_path / "cache"))
    report, picture = tmp_path / "audit.json", tmp_path / "audit.png"
    data, expression = shared_data / "toy_deepchrome", shared_data / "roadmap_expression.npz"
    arguments = ["audit", str(data), str(expression), "--json", str(report)]
    arguments += ["--plot", str(picture)]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert "E003 explains the labels best: 30 of 30" in printed.out
    assert "7 rows repeat a gene" in printed.err
    assert json.loads(report.read_text())["cells"][0]["n_numeric"] == 24
    assert picture.read_bytes().startswith(b"\x89PNG")
    for name in ("no_ending", "audit.foo"):
        assert main([*arguments[:-1], str(tmp_path / name)]) == 1
        assert ".png or .pdf" in capsys.readouterr().err
