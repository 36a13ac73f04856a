"""Tables as text, as CSV and as results."""

import pandas as pd
import pytest

from histoexpr.utils import Result, format_table, read_text_cell, write_csv

FRAME = pd.DataFrame({"model": ["a", "b"], "roc_auc": [0.5, float("nan")]})


class Scores(Result):
    table = FRAME

    def _title(self):
        return "Scores < 1"


def test_text_table_by_hand():
    text = format_table([["name", "n"], ["ab", "10"], None, ["c", "2"]], 1)
    assert text == "name   n\n--------\nab    10\n\nc      2"


def test_csv_and_tsv(tmp_path):
    for name, separator in (("a.csv", ","), ("a.tsv", "\t"), ("a.tsv.gz", "\t")):
        Scores().to_csv(tmp_path / name)
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / name, sep=separator), FRAME)
    write_csv(FRAME, tmp_path / "b.tsv.gz")
    assert (tmp_path / "a.tsv.gz").read_bytes() == (tmp_path / "b.tsv.gz").read_bytes()
    write_csv(FRAME.set_index("model"), tmp_path / "c.csv", index=True)
    assert (tmp_path / "c.csv").read_text() == "model,roc_auc\na,0.5\nb,\n"


def test_results_are_shown():
    assert repr(Scores()).splitlines()[0] == "Scores < 1"
    assert "0.500" in repr(Scores())
    html = Scores()._repr_html_()
    assert html.startswith("<p>Scores &lt; 1</p>")
    assert "<td>a</td>" in html


def test_the_last_ending_decides_the_separator(tmp_path):
    for name, head in (
        ("a.tsv.csv", "model,roc_auc"),
        ("a.csv.tsv", "model\troc_auc"),
        ("a.tsv.old", "model,roc_auc"),
    ):
        write_csv(FRAME, tmp_path / name)
        assert (tmp_path / name).read_text().splitlines()[0] == head


FORMULAS = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-2"]
HARMLESS = ["plain", "a=b", "'quoted'", "", "+", "-", "'"]


@pytest.mark.parametrize("dtype", [object, "str", "category"])
def test_no_text_is_run_as_a_formula_and_all_can_be_read_back(tmp_path, dtype):
    texts = [*FORMULAS, *HARMLESS]
    frame = pd.DataFrame({"=name": pd.Series(texts, dtype=dtype), "x": -1.5})
    before = frame.copy()
    write_csv(frame, tmp_path / "a.csv")
    pd.testing.assert_frame_equal(frame, before)
    back = pd.read_csv(tmp_path / "a.csv", keep_default_na=False)
    assert list(back) == ["'=name", "x"]
    assert back["x"].tolist() == [-1.5] * len(texts)
    written = back["'=name"].tolist()
    assert written == [*(f"'{text}" for text in FORMULAS), *HARMLESS]
    assert [read_text_cell(text) for text in written] == texts


def test_indices_are_text_too_and_missing_values_stay_missing(tmp_path):
    frame = pd.DataFrame({"a": [None, "=2", -3], "b": pd.Categorical(["=x", None, "y"])})
    write_csv(
        frame.set_index(pd.Index(["=1", "b", "c"], name="n")), tmp_path / "a.csv", index=True
    )
    assert (tmp_path / "a.csv").read_text() == "n,a,b\n'=1,,'=x\nb,'=2,\nc,-3,y\n"
