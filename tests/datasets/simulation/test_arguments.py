"""Parameters of the simulation that cannot be."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import make_histone_cells
from histoexpr.datasets import ExpressionTable
from support.simulation_statistics import RPKM


def _with(row, column, value):
    values = np.array(RPKM)
    values[row, column] = value
    return values


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_cells": 0}, "'n_cells' parameter .* must be an int in the range"),
        ({"n_cells": 2.0}, "'n_cells' parameter .* must be an int"),
        ({"n_genes": 1}, r"'n_genes' parameter .* in the range \[2, inf\)"),
        ({"n_bins": 0}, "'n_bins' parameter .* must be an int"),
        ({"bin_size": -100}, "'bin_size' parameter .* must be an int"),
        ({"label": "mean"}, "label must be 'median' or None, got 'mean'"),
        ({"oriented": "yes"}, "'oriented' parameter .* must be an instance of 'bool'"),
        ({"random_state": "seed"}, "'random_state' parameter"),
        ({"expression": _with(2, 1, -3)}, "gene G00003 in cell C02 is -3.0"),
        ({"expression": _with(1, 2, np.nan)}, "gene G00002 in cell C03 is nan"),
        ({"expression": _with(0, 0, np.inf)}, "gene G00001 in cell C01 is inf"),
        (
            {"expression": pd.DataFrame(_with(0, 1, np.nan), list("abcd"), list("xyz"))},
            "gene a in cell y is nan",
        ),
        ({"expression": [1.0, 2.0]}, r"shape \(2,\); expected \(n_genes, n_cells\)"),
        ({"expression": [[1.0], [2.0, 3.0]]}, "must be a table of numbers"),
        ({"expression": [["a"], ["b"]]}, "must be a table of numbers"),
        ({"expression": np.ones((4, 2)) * 1j}, "must be a table of numbers"),
        ({"expression": [[1.0, 2.0]]}, "expression has 1 gene; .* at least 2"),
        ({"expression": np.empty((3, 0))}, r"shape \(3, 0\)"),
        ({"expression": RPKM, "cell_names": ["a", "b"]}, "cell_names has 2 names for 3 cells"),
        ({"n_genes": 3, "gene_names": ["a", "b", "a"]}, "genes holds 'a' more than once"),
        (
            {"n_cells": 2, "cell_names": "ab"},
            "'cell_names' .* must be an array-like.*'ab'",
        ),
        ({"n_genes": 2, "gene_names": 5}, "'gene_names' parameter .* must be an array-like.*5"),
        (
            {"expression": pd.DataFrame(RPKM), "gene_names": list("abcd")},
            "expression has names of its own",
        ),
        (
            {"expression": ExpressionTable(RPKM, list("abcd"), list("xyz"), unit="log2")},
            "expression is in log2; give untransformed",
        ),
        ({"depth": 0}, "depth must be above 0"),
        ({"depth": np.nan}, "depth must be above 0"),
        ({"depth": 1e6}, "at most 1000"),
        ({"depth": ["deep"] * 5}, "depth must be a number"),
        ({"depth": [1, 2]}, r"depth has shape \(2,\); expected a number, \(5,\) or \(5, 5\)"),
        ({"depth": "deep"}, "'depth' parameter .* must be an array-like"),
        ({"n_genes": 2, "strand": ["+", "."]}, "strand of gene number 2 is '.'"),
        ({"n_genes": 2, "split": ["train"]}, r"split has shape \(1,\)"),
        ({"n_genes": 2, "chrom": ["chr1", "chr2"]}, "chrom and tss belong together"),
        ({"missing_marks": {"C09": "H3K4me3"}}, "No cell 'C09' of missing_marks; there are C01"),
        ({"missing_marks": {"C01": ["H3K4"]}}, "missing_marks of C01 are H3K4; expected some"),
        (
            {"missing_marks": {"C01": ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]}},
            "expected some, but not all",
        ),
        ({"n_reference_cells": 0}, "'n_reference_cells' parameter .* must be an int in the range"),
    ],
)
def test_bad_parameters_are_named(parameters, message):
    with pytest.raises(ValueError, match=message):
        make_histone_cells(**parameters)
