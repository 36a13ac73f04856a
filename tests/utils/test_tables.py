"""Tables as text, as CSV and as results."""

import pandas as pd

from histoexpr.utils import Result, format_table, write_csv

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
