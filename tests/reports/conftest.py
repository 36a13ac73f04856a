"""A study of four cells and three models whose names are hostile, and the tables of its page."""

from html.parser import HTMLParser

import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import run_study


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("report")
    names = ["E003", "E004", "E116", '"><script>']
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0, cell_names=names)
    cells.save(path / "data")
    spec = {
        "genes": "split",
        "models": {"linear": "linear", "logistic": "logistic", "a & b": {"kind": "linear"}},
        "experiments": [
            {"name": "own", "regime": "own"},
            {"name": "each <b>", "regime": "each"},
            {"name": "others", "regime": "exclusive"},
            {"name": "n", "regime": "exclusive", "cells": "random", "n_cells": [1, "all"]},
        ],
    }
    return run_study(spec, path / "data", path / "out")


class Tables(HTMLParser):
    """The tables of a page by their heading, as lists of rows."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.text = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.text = ""

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.tables[-1][-1].append(self.text)
            self.text = None


@pytest.fixture(scope="session")
def tables(study, tmp_path_factory):
    pytest.importorskip("matplotlib")
    from histoexpr.reports import write_study_report

    path = tmp_path_factory.mktemp("page") / "report.html"
    write_study_report(study, path)
    found = Tables(path.read_text(encoding="utf-8")).tables
    return [[dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for rows in found]
