"""Statistics are read where they stand, and computed where they do not."""

import pandas as pd

from histoexpr.experiments import _result_statistics, load_study


def test_statistics_are_read_from_the_folder(finished_study, monkeypatch):
    expected = finished_study.between_cells, finished_study.statistics.means

    def refuse(results):
        raise AssertionError("computed again")

    for name in ("compute_statistics", "compare_between_cells"):
        monkeypatch.setattr(_result_statistics, name, refuse)
    read = load_study(finished_study.out)
    pd.testing.assert_frame_equal(read.between_cells, expected[0])
    pd.testing.assert_frame_equal(read.statistics.means, expected[1], check_dtype=False)
    written = pd.read_csv(finished_study.out / "between-cells.tsv", sep="\t")
    pd.testing.assert_frame_equal(written, expected[0])


def test_those_of_an_earlier_format_are_computed(finished_study, mixed_results):
    old = load_study(finished_study.out)
    old.manifest = old.manifest | {"format": 4}
    assert old._saved_statistics is None
    assert mixed_results._saved_statistics is None
    pd.testing.assert_frame_equal(old.between_cells, finished_study.between_cells)
