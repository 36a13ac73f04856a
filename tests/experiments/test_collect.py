"""The files of a study, read back or named when they are damaged."""

import shutil

import pandas as pd
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.experiments import load_study


def test_a_study_is_read_back(finished_study):
    read = load_study(finished_study.out)
    pd.testing.assert_frame_equal(read.table, finished_study.table)
    pd.testing.assert_frame_equal(read.times, finished_study.times)
    assert read.findings() == finished_study.findings()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("results.json", "[{", "results.json: is damaged"),
        ("results.json", "[]", "results.json: is damaged"),
        ("checksums.json", "{}", "lacks some of checksum"),
        ("results.json", None, "no finished study"),
        ("summary.json", "[]", "summary.json: is damaged"),
        ("times.csv", None, "times.csv: cannot be read"),
        ("manifest.json", "{", "Run the study in another folder"),
    ],
)
def test_damaged_tables_are_named(finished_study, tmp_path, name, text, told):
    out = tmp_path / "out"
    shutil.copytree(finished_study.out, out)
    (out / name).unlink()
    if text is not None:
        (out / name).write_text(text)

    def read():
        assert not load_study(out).statistics.means.empty

    with pytest.raises(DataFormatError, match=told):
        read()
