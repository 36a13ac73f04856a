"""The result: its text, its files, and its parts."""

import json

import numpy as np
import pytest

from histoexpr import compare_cells, make_histone_cells


@pytest.fixture(scope="module")
def found():
    cells = make_histone_cells(n_cells=2, n_genes=200, random_state=0)
    expression = cells.expression.copy()
    expression[7] = np.nan
    cells = cells.replace(expression=expression)
    return compare_cells(cells, "C01", "C02", method="scores", normalize=False)


def test_top_is_by_cell(found):
    up = found.top(3, "C02")
    assert (up["predicted_change"] > 0).all()
    assert up["predicted_change"].is_monotonic_decreasing
    assert found.table["predicted_change"].max() == up["predicted_change"].iloc[0]
    down = found.top(3, "C01")
    assert found.table["predicted_change"].min() == down["predicted_change"].iloc[0]
    assert found.top(4)["rank"].tolist() == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="n must be a positive integer"):
        found.top(-1)
    with pytest.raises(ValueError, match="cell must be 'C01' or 'C02', got 'C03'"):
        found.top(3, "C03")


def test_drivers_are_by_gene_and_mark(found):
    assert found.drivers.columns.tolist() == found.marks
    assert found.drivers.index.tolist() == found.table["gene"].tolist()


def test_text_says_what_was_done(found):
    text = repr(found)
    assert text.startswith("Predicted log2 fold change of C02 relative to C01\n")
    assert "trained on: C01, C02" in text
    assert "no gene was trained on" in text
    assert "order of the cells right where the label differs: 0." in text
    assert found.top(1)["gene"].iloc[0] in text
    assert "driver_" not in text
    assert found.top(1, "C01")["gene"].iloc[0] in found._repr_html_()


def test_files(found, tmp_path):
    import pandas as pd

    found.to_csv(tmp_path / "table.tsv")
    read = pd.read_csv(tmp_path / "table.tsv", sep="\t", dtype={"gene": str})
    assert read["gene"].tolist() == found.table["gene"].tolist()
    np.testing.assert_allclose(read["log2_fold_change"], found.table["log2_fold_change"])
    found.save(tmp_path / "table.json")
    saved = json.loads((tmp_path / "table.json").read_text())
    assert saved["about"]["second"] == "C02"
    assert len(saved["genes"]) == 200
    unknown = [row for row in saved["genes"] if row["log2_fold_change"] is None]
    assert len(unknown) == 1
    assert [row["score"] for row in saved["scores"]] == found.scores["score"].tolist()
