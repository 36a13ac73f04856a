"""Groups in every form, and the faults in them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.utils import _safe_indexing

from histoexpr import CrossCellSplit, HistoneDataset, LeaveOneCellOut
from histoexpr.model_selection import check_groups
from support.group_tables import GROUPS, as_frame


def test_groups_of_a_data_set():
    data = HistoneDataset(
        np.zeros((4, 2, 1)), [0, 1, 0, 1], cell=list("aabb"), gene=list("xyxy"),
        chrom=["chr1", "chr2"] * 2, split=["train", "test"] * 2,
    )  # fmt: skip
    for genes in ("kfold", "chromosome", "split"):
        cv = CrossCellSplit(genes=genes, n_splits=2)
        assert len(list(cv.split(*data.return_X_y(), data.groups))) == (
            2 if genes == "split" else 4
        )
    assert check_groups(data).gene.tolist() == list("xyxy")
    assert check_groups(data.groups).split.tolist() == ["train", "test"] * 2


def test_forms_of_groups():
    cell, gene = GROUPS["cell"], GROUPS["gene"]
    both = [
        GROUPS[["cell", "gene"]],
        np.column_stack([cell, gene]),
        np.column_stack([cell, gene]).astype(object),
        np.column_stack([cell, gene]).astype("S8"),
        list(zip(cell.tolist(), gene.tolist(), strict=True)),
        list(GROUPS[["cell", "gene"]]),
        as_frame(GROUPS)[["gene", "cell"]],
        as_frame(GROUPS)[["gene", "cell"]].astype("category").assign(y=1),
    ]
    for groups in both:
        parsed = check_groups(groups, len(GROUPS))
        assert np.array_equal(parsed.cell, cell)
        assert np.array_equal(parsed.gene, gene)
        assert parsed.chrom is None
        assert parsed.cell.dtype.kind == parsed.gene.dtype.kind == "U"
    for groups in (cell, cell.tolist(), cell[:, None], as_frame(GROUPS)["cell"], cell.astype("S")):
        parsed = check_groups(groups)
        assert np.array_equal(parsed.cell, cell)
        assert parsed.gene is None
    for groups in (GROUPS, as_frame(GROUPS)):
        parsed = check_groups(groups)
        assert all(np.array_equal(getattr(parsed, name), GROUPS[name]) for name in parsed._fields)


def test_genes_stay_text():
    parsed = check_groups([("a", "007"), ("a", "7"), ("b", 7)])
    assert parsed.gene.tolist() == ["007", "7", "7"]


def test_groups_survive_row_subsets():
    rows = np.array([5, 2, 9])
    for groups in (GROUPS, as_frame(GROUPS), list(GROUPS), GROUPS[["cell", "gene"]].tolist()):
        subset = check_groups(_safe_indexing(groups, rows))
        assert np.array_equal(subset.cell, GROUPS["cell"][rows])
        assert np.array_equal(subset.gene, GROUPS["gene"][rows])


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (None, "groups is missing: the cell of each sample is needed"),
        ("E003", "groups is 'E003'"),
        (5, "groups is 5"),
        ({"cell": ["a", "b"]}, r"groups has shape \(\)"),
        (np.array([["a", "b", "c"]] * 4), r"groups has shape \(4, 3\)"),
        ((list("abcd"), list("wxyz")), r"groups has shape \(2, 4\)"),
        ([("a", "x"), ("b",)], "rows of different length|expected text or a number"),
        ([("a", "x"), ("b", None), ("b", "z")], r"lacks the gene of 1 sample\(s\), .* row 1"),
        (["a", float("nan"), ""], r"lacks the cell of 2 sample\(s\), the first in row 1"),
        (["a", "", ""], r"lacks the cell of 2 sample\(s\)"),
        ([{"a"}, {"b"}], r"groups has \{'a'\} as cell; expected text or a number"),
        (GROUPS[["gene", "chrom"]], r"columns \['gene', 'chrom'\], but no 'cell'"),
    ],
)
def test_bad_groups(groups, message):
    with pytest.raises(ValueError, match=message):
        next(LeaveOneCellOut().split(groups=groups))


def test_bad_frames():
    table = as_frame(GROUPS)
    with pytest.raises(ValueError, match="but no 'cell'"):
        check_groups(table.rename(columns={"cell": "Cell"}))
    table.iloc[3, 1] = None
    with pytest.raises(ValueError, match=r"lacks the gene of 1 sample\(s\), the first in row 3"):
        check_groups(table)
    with pytest.raises(ValueError, match=r"lacks the gene of 1 sample\(s\), the first in row 3"):
        check_groups(table.assign(gene=table["gene"].astype("string")))
    assert check_groups(pd.DataFrame({"cell": [1, 2]})).cell.tolist() == ["1", "2"]
    with pytest.raises(ValueError, match="one column 'cell'"):
        check_groups(pd.concat([table["cell"], table["cell"]], axis=1))
