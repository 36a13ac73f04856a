"""What is made of the tables of an experiment in silico."""

import pandas as pd
import pytest

from histoexpr.inspection import Perturbation
from histoexpr.inspection._perturb_results import describe_change


def make_perturbation(**changes):
    y = [0, 0, 1, 1]
    table = pd.DataFrame({"y": y, "before": [-2.0, -1, 1, 2], "after": [-2.5, 1, 0.5, -1]})
    table["change"] = table["after"] - table["before"]
    table["outside_alone"] = [False, False, True, False]
    table["outside_together"] = [False, False, True, True]
    rows = [("all", 4, -0.5, -1.0, 0.0, 0.5), ("y = 0", 2, 0.75, 0.5, 1.0, 0.0)]
    rows += [("y = 1", 2, -1.75, -2.0, -1.5, 1.0)]
    names = ["samples", "n", "change", "low", "high", "outside"]
    place = {"mark": ["a", "b"], "first": [-5000, 0], "last": [5000, 100]}
    place |= {"operation": ["scale", "swap"], "value": pd.Series([2, None], dtype=object)}
    parts = {"data": None, "table": table, "summary": pd.DataFrame(rows, columns=names)}
    parts |= {"ranges": pd.DataFrame(place), "name": "log-odds of class 1", "target": 1}
    return Perturbation(**parts | changes)


def test_text_says_what_was_done():
    found = make_perturbation()
    assert found.outside == 0.5
    assert found.what == "a -5,000 to +5,000 bp: × 2; b +0 to +100 bp: as in other genes"
    text = repr(found)
    assert f"{found.what}; change of the log-odds of class 1; 95% intervals over samples" in text
    assert "y = 1" in text
    assert "change of" not in repr(make_perturbation(name=None))


@pytest.mark.parametrize(
    ("operation", "value", "words"),
    [
        ("remove", None, "removed"),
        ("set", 3.5, "set to 3.5"),
        ("add", [1, 2], "plus a profile"),
        ("low", None, "as in genes where it is low"),
        ("high", 0.9, "as in genes where it is high"),
        ("swap", 1, "as in genes of class 1"),
    ],
)
def test_changes_are_described(operation, value, words):
    assert describe_change("K4", 0, 500, operation, value) == f"K4 +0 to +500 bp: {words}"
