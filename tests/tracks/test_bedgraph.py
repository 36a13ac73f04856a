"""bedGraph files as signals."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import count_track, detect_format
from support.track_files import make_windows


def test_reads_with_numbers_for_names_are_not_taken_for_a_signal(tmp_path):
    path = tmp_path / "reads.bed"
    path.write_text("chr1\t1\t2\t17\n")
    with pytest.raises(DataFormatError, match="reads with numbers for names or a signal"):
        detect_format(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("chr1 10 20 1\nchr1 5 8 1\n", 2),  # not in order
        ("chr1 10 20 1\nchr1 15 30 1\n", 2),  # overlap
        ("chr1 10 20 1\nchr2 1 2 1\nchr1 30 40 1\n", 3),  # a chromosome in two places
    ],
)
def test_bedgraph_must_be_sorted(tmp_path, text, line):
    path = tmp_path / "a.bedGraph"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=f"line {line}: .*must be sorted"):
        count_track(path, make_windows([("chr1", 0)]))


def test_values_that_are_not_a_number_are_uncovered(tmp_path):
    path = tmp_path / "a.bedGraph"
    path.write_text("chr1 0 5 nan\nchr1 5 10 2\nchr1 10 20 nan\n")
    counts = count_track(path, make_windows([("chr1", 0)], n_bins=2))
    np.testing.assert_array_equal(counts.values, [[1.0, 0.0]])
