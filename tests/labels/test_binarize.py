"""Labels from expression: the right rules and the published faulty one."""

import csv

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable
from histoexpr.exceptions import HistoexprWarning
from histoexpr.labels import binarize_expression


def legacy(values):
    with pytest.warns(HistoexprWarning, match="as text"):
        return binarize_expression(values, "deepchrome-legacy")


def test_median_ties_are_not_expressed():
    assert binarize_expression([1.0, 2.0, 2.0, 2.0, 3.0]).tolist() == [0, 0, 0, 0, 1]
    with pytest.warns(HistoexprWarning, match=r"cut-off .*smallest value \(0\).*threshold"):
        assert binarize_expression([0.0, 0.0, 0.0, 0.1]).tolist() == [0, 0, 0, 1]
    assert binarize_expression([5, 6, 7, 8]).tolist() == [0, 0, 1, 1]


def test_every_cell_has_its_own_cutoff():
    values = np.array([[1.0, 300.0], [2.0, 200.0], [3.0, 100.0]])
    labels = binarize_expression(values)
    assert labels.tolist() == [[0, 1], [0, 0], [1, 0]]
    assert labels.dtype == np.int64
    for column in range(2):
        np.testing.assert_array_equal(binarize_expression(values[:, column]), labels[:, column])
    table = ExpressionTable(values, ["a", "b", "c"], ["E003", "E004"])
    np.testing.assert_array_equal(binarize_expression(table), labels)


def test_labels_depend_on_rank_only():
    values = np.random.default_rng(0).exponential(size=(101, 4))
    np.testing.assert_array_equal(
        binarize_expression(values), binarize_expression(np.log2(values + 1e-3))
    )
    assert binarize_expression(values).sum(axis=0).tolist() == [50] * 4


def test_quantile_threshold_and_top_bottom():
    values = np.arange(11.0)
    assert binarize_expression(values, "quantile", quantile=0.8).tolist() == [0] * 9 + [1] * 2
    assert binarize_expression(values, "threshold", threshold=9).tolist() == [0] * 10 + [1]
    expected = [0] * 3 + [-1] * 5 + [1] * 3  # cut-offs 2.2 and 7.8
    assert binarize_expression(values, "top-bottom", fraction=0.22).tolist() == expected
    assert binarize_expression(values, "top-bottom").tolist() == expected
    halves = binarize_expression(values, "top-bottom", fraction=0.5)
    np.testing.assert_array_equal(halves, binarize_expression(values))


def test_many_zeros_are_all_bottom():
    values = np.array([0, 0, 0, 0, 0, 1, 2, 3, 4, 5.0])
    labels = binarize_expression(values, "top-bottom", fraction=0.2)
    assert labels.tolist() == [0] * 5 + [-1] * 3 + [1] * 2
    with pytest.warns(HistoexprWarning, match="one class"):
        assert not binarize_expression(np.zeros(5), "top-bottom").any()


def test_single_precision_is_read_as_decimals():
    values = np.array([0.1, 0.2, 0.3], dtype=np.float32)
    assert binarize_expression(values, "threshold", threshold=0.1).tolist() == [0, 1, 1]
    # the mean of neighbours must not round up to one of them
    close = np.array([3.118, 3.119], dtype=np.float32)
    assert binarize_expression(close).tolist() == [0, 1]


def test_the_text_comparison():
    # the median is 3.330; "10.575" and "250.000" sort before it, "4.000" and "34.000" after
    values = [10.575, 250.0, 3.33, 4.0, 0.5, 0.0, 34.0, 3.329, 1.0]
    assert legacy(values).tolist() == [0, 0, 0, 1, 0, 0, 1, 0, 0]
    columns = np.column_stack([values, values[::-1]])
    np.testing.assert_array_equal(legacy(columns)[:, 1], legacy(values)[::-1])


def test_the_text_comparison_is_right_where_the_median_starts_with_one():
    # every digit sorts after the point, so 12.000 and 100.000 are above 1.500
    values = np.array([1.5, 0.2, 12.0, 1.4, 100.0, 9.9, 0.9])
    np.testing.assert_array_equal(legacy(values), binarize_expression(values))


@pytest.mark.parametrize(
    ("values", "method", "parameters", "message"),
    [
        ([1.0, 2.0], "mean", {}, "'method' parameter.*'quantile'"),
        ([1.0, 2.0], "quantile", {}, "needs the number quantile, got None"),
        ([1.0, 2.0], "quantile", {"quantile": 1.0}, r"'quantile' parameter .*\(0.0, 1.0\)"),
        ([1.0, 2.0], "quantile", {"quantile": "0.5"}, "'quantile' parameter"),
        ([1.0, 2.0], "threshold", {"threshold": np.nan}, "'threshold' parameter"),
        ([1.0, 2.0], "top-bottom", {"fraction": 0.6}, r"'fraction' parameter .*\(0.0, 0.5\]"),
        ([1.0, 2.0], "top-bottom", {"fraction": 0}, r"'fraction' parameter .*\(0.0, 0.5\]"),
        ([1.0, 2.0], "median", {"threshold": 1.0}, "no meaning with method='median'"),
        ([1.0, 2.0], "quantile", {"threshold": 1.0}, "Did you mean quantile"),
        ([], "median", {}, "at least one gene"),
        ([[[1.0]]], "median", {}, r"shape \(1, 1, 1\)"),
        ([1.0, np.nan], "median", {}, r"nan at \[1\]"),
        ([[1.0, 2.0], [3.0, np.inf]], "median", {}, r"inf at \[1, 1\]"),
        (["1.0", "2.0"], "median", {}, "expected numbers"),
    ],
)
def test_bad_arguments(values, method, parameters, message):
    with pytest.raises(ValueError, match=message):
        binarize_expression(values, method, **parameters)


def test_legacy_refuses_logarithms():
    with (
        pytest.warns(HistoexprWarning),
        pytest.raises(ValueError, match="never negative"),
    ):
        binarize_expression([-1.0, 2.0], "deepchrome-legacy")


@pytest.fixture(scope="module")
def roadmap(shared_data):
    with np.load(shared_data / "roadmap_expression.npz") as archive:
        return {name: archive[name] for name in ("rpkm", "cells", "gene_id")}


def test_the_flipped_share_of_every_roadmap_cell(roadmap, shared_data):
    wrong = (legacy(roadmap["rpkm"]) != binarize_expression(roadmap["rpkm"])).mean(axis=0)
    with open(shared_data / "published" / "auroc_by_cell.tsv", encoding="utf-8") as handle:
        published = {
            row["cell"]: float(row["labels_flipped_by_string_comparison"])
            for row in csv.DictReader(handle, delimiter="\t")
        }
    assert len(published) == 56
    assert {
        cell: round(float(share), 4) for cell, share in zip(roadmap["cells"], wrong, strict=True)
    } == published


@pytest.mark.parametrize("cell", ["E003", "E123"])
def test_both_published_labels_of_400_genes(roadmap, shared_data, cell):
    rpkm = roadmap["rpkm"][:, roadmap["cells"].tolist().index(cell)]
    row = {gene: number for number, gene in enumerate(roadmap["gene_id"])}
    with np.load(shared_data / "counts" / f"{cell}.npz") as counts:
        rows = [row[gene] for gene in counts["gene_id"]]
        np.testing.assert_array_equal(legacy(rpkm)[rows], counts["y_string_compared"])
        np.testing.assert_array_equal(binarize_expression(rpkm)[rows], counts["y"])
        assert len(rows) == 400


def toy_labels(folder):
    """The labels of the DeepChrome toy set, one per gene."""
    labels = {}
    for path in sorted(folder.glob("*.csv")):
        for line in path.read_text().splitlines():
            fields = line.split(",")
            labels[fields[0]] = int(fields[-1])
    return labels


def test_the_toy_set_follows_the_text(roadmap, shared_data):
    labels = toy_labels(shared_data / "toy_deepchrome" / "classification")
    rpkm = roadmap["rpkm"][:, roadmap["cells"].tolist().index("E003")]
    row = {gene[-6:]: number for number, gene in enumerate(roadmap["gene_id"])}
    rows, published = [row[gene] for gene in labels], np.array(list(labels.values()))
    assert (legacy(rpkm)[rows] == published).sum() == 30
    assert (binarize_expression(rpkm)[rows] == published).sum() == 24


def test_ragged_rows_are_refused():
    with pytest.raises(ValueError, match="rpkm has rows of different lengths"):
        binarize_expression([[1, 2], [3]])
