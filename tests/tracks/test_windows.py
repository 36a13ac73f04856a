"""Windows around TSS, by hand."""

import numpy as np
import pytest

from histoexpr.tracks import Genes, place_windows
from histoexpr.tracks._windows import check_window


@pytest.fixture
def genes():
    """One gene on either strand, and one without."""
    strand, empty = np.array(["+", "-", "."]), np.array([""] * 3)
    return Genes(
        np.array(list("abc")),
        empty,
        np.array(["chr1"] * 3),
        np.array([100, 500, 990]),
        strand,
        empty,
    )


def test_windows_are_mirrored_on_the_minus_strand_only(genes):
    windows, off = place_windows(genes, {"chr1": 1000}, window=(-100, 200), bin_size=50)
    assert windows.start.tolist() == [0, 400, 890]
    assert (windows.n_bins, windows.span) == (6, 300)
    assert off.tolist() == [False, False, True]
    flipped, _ = place_windows(genes, {}, window=(-100, 200), bin_size=50, flip_minus_strand=True)
    assert flipped.start.tolist() == [0, 301, 890]
    assert flipped.flip.tolist() == [False, True, False]
    assert flipped.take([1]).start.tolist() == [301]


def test_where_a_window_leaves_a_chromosome_of_unknown_length(genes):
    _, off = place_windows(genes, {}, window=200, bin_size=100)
    assert off.tolist() == [True, False, False]


def test_a_tss_behind_the_end_is_of_another_build(genes):
    with pytest.raises(ValueError, match=r"1 genes start .* c at chr1:990, .*900 bp"):
        place_windows(genes, {"chr1": 900})


def test_one_number_is_both_sides():
    assert check_window(500, 100) == (-500, 500, 10)
    with pytest.raises(ValueError, match="window must be two integers"):
        check_window((1, 2, 3), 1)


@pytest.mark.parametrize(("window", "bin_size"), [((-2, 2), 1), ((-3, 9), 3), ((0, 20), 10)])
def test_the_base_of_the_tss_is_in_the_same_bin_on_both_strands(genes, window, bin_size):
    windows, _ = place_windows(genes, {}, window=window, bin_size=bin_size, flip_minus_strand=True)
    place = (genes.tss - windows.start) // bin_size
    assert place[0] == windows.n_bins - 1 - place[1] == -window[0] // bin_size
