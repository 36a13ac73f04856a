import numpy as np
import pandas as pd
import pytest

from histoexpr import ExpressionTable
from histoexpr.exceptions import HistoexprWarning
from histoexpr.transfer._reference_table import ReferenceTable

FRAME = pd.DataFrame(
    {"E003": [0.0, 3.0, 1.0], "E004": [7.0, 1.0, 0.0], "E005": [1.0, 1.0, 3.0]},
    index=["ENSG00000000001", "ENSG00000000002", "ENSG00000000003"],
)


def test_a_summary_worked_out_by_hand():
    table = ReferenceTable(FRAME)
    found = table.of_genes(table.find(["ENSG00000000001"]), without=["E005"])
    # log2(x + 1) is 0 and 3; ranks among three genes are 1 and 3
    _, rank, rank_sd, on, mean, sd = found.summary[0]
    np.testing.assert_allclose([rank, rank_sd, on], [0.5, 1 / 3, 0.5])
    np.testing.assert_allclose([mean, sd], [1.5, 1.5])
    np.testing.assert_allclose(found.deviations, [[-1.5, 1.5]])
    assert found.cells.tolist() == ["E003", "E004"]


def test_a_cell_left_out_has_no_effect():
    changed = FRAME.assign(E005=[1e6, 0.0, 5.0])
    one, other = ReferenceTable(FRAME), ReferenceTable(changed)
    rows = one.find(FRAME.index)
    for name in ("summary", "deviations"):
        found = [getattr(t.of_genes(rows, ["E005"]), name) for t in (one, other)]
        np.testing.assert_array_equal(*found)
    assert not np.array_equal(one.of_genes(rows).summary, other.of_genes(rows).summary)


def test_genes_are_found_by_version_and_unknown_ones_are_not_known():
    table = ReferenceTable(FRAME)
    found = table.of_genes(table.find(["ENSG00000000002.7", "XYZ", "ENSG00000000001"]))
    assert found.known.tolist() == [True, False, True]
    assert found.summary.shape == (2, 6)


def test_without_any_other_cell_nothing_is_known():
    table = ReferenceTable(FRAME[["E003"]])
    assert not table.of_genes(table.find(FRAME.index), ["E003"]).known.any()


def test_genes_in_several_rows_have_their_mean():
    frame = pd.concat([FRAME, FRAME.iloc[:1] + 2])
    with pytest.warns(HistoexprWarning, match="ENSG00000000001"):
        table = ReferenceTable(frame)
    np.testing.assert_allclose(table.log2[0], np.log2(FRAME.iloc[0] + 2))


def test_log2_tables_stay_as_they_are_and_other_logarithms_are_refused():
    values = np.log2(FRAME.to_numpy() + 1)
    log2 = ReferenceTable(ExpressionTable(values, FRAME.index, FRAME.columns, unit="log2 RPKM"))
    np.testing.assert_allclose(log2.log2, ReferenceTable(FRAME).log2)
    with pytest.raises(ValueError, match="log10"):
        ReferenceTable(ExpressionTable(values, FRAME.index, FRAME.columns, unit="log10 TPM"))


def test_a_file_is_read(tmp_path):
    FRAME.to_csv(tmp_path / "rpkm.tsv", sep="\t", index_label="gene_id")
    assert ReferenceTable(tmp_path / "rpkm.tsv").cells.tolist() == ["E003", "E004", "E005"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (3, "reference is 3"),
        (FRAME.iloc[:0], "0 genes"),
        (FRAME.assign(E003=[1.0, np.nan, 2.0]), "ENSG00000000002"),
        (FRAME.assign(E003=[1.0, -1.0, 2.0]), "negative"),
    ],
)
def test_what_is_no_table_is_refused(table, said):
    with pytest.raises(ValueError, match=said):
        ReferenceTable(table)


def test_a_cell_under_another_name_is_found_and_a_relative_is_not():
    rng = np.random.default_rng(0)
    values = rng.gamma(0.5, 10, (300, 2))
    values = np.column_stack([values, values[:, 0] * rng.lognormal(0, 0.3, 300)])
    table = ReferenceTable(
        pd.DataFrame(values, index=[f"g{i}" for i in range(300)], columns=["a", "b", "relative"])
    )
    rows = np.arange(300)
    assert table.aliases(rows, values[:, 0], "mine") == ["a"]
    assert table.aliases(rows, values[:, 0], "a") == []
    assert table.aliases(rows[:10], values[:10, 0], "mine") == []
