"""Odds ratios of marks, their intervals and their table."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.inspection import mark_cooccurrence

# both in 4 of 10 samples, one in 1, the other in 2, neither in 3
FOUR_CELLS = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], [4, 1, 2, 3], axis=0)[:, None, :]


def test_odds_ratio_by_hand():
    found = mark_cooccurrence(FOUR_CELLS, thresholds=[0.5, 0.5], n_windows=1)
    assert found.n_samples == 10
    np.testing.assert_allclose(found.present, [[0.5, 0.6]])
    np.testing.assert_allclose(found.together[0, 0, 0, 1], 0.4)
    np.testing.assert_allclose(found.expected[0, 0, 0, 1], 0.3)
    # the expected counts 3, 2, 3, 2 have the odds ratio 1, also with a half added to each
    odds = np.log2(4.5 * 3.5 / (1.5 * 2.5))
    error = np.sqrt(1 / 4.5 + 1 / 1.5 + 1 / 2.5 + 1 / 3.5) / np.log(2)
    np.testing.assert_allclose(found.log2_odds, [[[[np.nan, odds]], [[odds, np.nan]]]])
    np.testing.assert_allclose(found.errors[0, 0, 0, 1], error)
    low, high = found.interval(0.95)
    np.testing.assert_allclose(low[0, 0, 0, 1], odds - 1.959964 * error, rtol=1e-6)
    np.testing.assert_allclose(high[0, 0, 0, 1], odds + 1.959964 * error, rtol=1e-6)


def test_intervals_of_independent_marks_hold_0_at_their_rate():
    rng = np.random.default_rng(1)
    for n_samples, often, seldom in ((200, 0.4, 0.4), (60, 0.05, 0.1), (60, 0.9, 0.05)):
        X = np.stack([rng.random((n_samples, 600)) < p for p in (often, seldom)], axis=2)
        missed, middle = [], []
        for first in range(0, 600, 20):
            part = X[:, first : first + 20]
            found = mark_cooccurrence(part, thresholds=[0.5, 0.5], n_windows=20)
            at = np.arange(20), 0, np.arange(20), 1
            low, high = (end[at] for end in found.interval(0.95))
            defined = ~np.isnan(low)
            missed += ((low > 0) | (high < 0))[defined].tolist()
            middle += found.log2_odds[at][defined].tolist()
        assert len(missed) > 520
        assert np.mean(missed) < 0.06
        assert abs(np.mean(middle)) < 0.4
        if often == seldom:
            assert np.mean(missed) > 0.03


def test_counts_of_zero_are_no_evidence():
    """Two marks present once each, not together; a third never, a fourth always."""
    X = np.zeros((40, 1, 4))
    X[0, 0, 0] = X[1, 0, 1] = 1
    X[:, 0, 3] = 1
    found = mark_cooccurrence(X, thresholds=[0.5] * 4, n_windows=1)
    assert -0.3 < found.log2_odds[0, 0, 0, 1] < 0
    low, high = found.interval()
    assert low[0, 0, 0, 1] < 0 < high[0, 0, 0, 1]
    assert np.isnan(found.log2_odds[0, :, 0, 2:]).all()
    assert np.isnan(found.errors[0, 2:, 0, :]).all()
    apart = np.zeros((100, 1, 2))
    apart[:50, 0, 0] = apart[50:, 0, 1] = 1
    never = mark_cooccurrence(apart, thresholds=[0.5, 0.5], n_windows=1)
    assert never.interval()[1][0, 0, 0, 1] < -5
    assert np.isfinite(never.log2_odds[0, 0, 0, 1])


def test_table_of_pairs(planted):
    found = mark_cooccurrence(planted, n_windows=5, marks=["a", "b", "c"])
    frame = found.pairs(confidence=0.5)
    row = frame[(frame.first_start == 500) & (frame.second_mark == "c")].iloc[0]
    assert (row.first_mark, row.first_stop) == ("a", 1500)
    assert row.together == row.first_present == row.second_present
    assert row.expected == pytest.approx(row.first_present**2)
    assert row.low < row.log2_odds < row.high


def test_pairs_of_two_windows_follow_those_of_one(planted):
    found = mark_cooccurrence(planted, n_windows=5, marks=["a", "b", "c"])
    pairs = found.pairs(across=True)
    pd.testing.assert_frame_equal(pairs[:15], found.table)
    assert (pairs.first_start[15:] < pairs.second_start[15:]).all()
    row = pairs[(pairs.first_mark == "c") & (pairs.first_start == -2500)]
    row = row[(row.second_mark == "b") & (row.second_start == 500)].iloc[0]
    at = 0, 2, 3, 1
    low, high = found.interval()
    assert (row.low, row.high) == (low[at], high[at])
    assert row.log2_odds == found.log2_odds[at]
    assert row.together == found.together[at]
    assert (row.first_present, row.second_present) == (found.present[0, 2], found.present[3, 1])


def test_title_and_rows_are_shown(planted):
    found = mark_cooccurrence(planted, n_windows=5, marks=["a", "b", "<c>"])
    title, head, *_ = repr(found).splitlines()
    assert "3 marks in 5 windows of 600 samples" in title
    assert head.split()[:4] == ["first_mark", "start", "stop", "second_mark"]
    assert "&lt;c&gt;" in found._repr_html_()


def test_table_is_written(planted, tmp_path):
    found = mark_cooccurrence(planted, n_windows=5)
    found.to_csv(tmp_path / "pairs.tsv")
    written = pd.read_csv(tmp_path / "pairs.tsv", sep="\t")
    pd.testing.assert_frame_equal(written, found.table, check_dtype=False)
