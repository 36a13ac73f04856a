"""Marks that appear together."""

import numpy as np
import pytest

from histoexpr.inspection import ClassMaps, mark_cooccurrence
from histoexpr.plots import MarkCooccurrenceDisplay

# both in 4 of 10 samples, one in 1, the other in 2, neither in 3
FOUR_CELLS = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], [4, 1, 2, 3], axis=0)[:, None, :]


@pytest.fixture(scope="module")
def planted():
    """Marks 0 and 2 agree at 1,000 to 2,000 bp; mark 1 there with mark 2 at the far end."""
    rng = np.random.default_rng(0)
    X = (rng.random((600, 5, 3)) < 0.3).astype(float)
    X[:, 3, 2] = X[:, 3, 0]
    X[:, 0, 2] = X[:, 3, 1]
    return np.repeat(X, 10, axis=1)


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


def test_planted_pairs_are_found_there_and_nowhere_else(planted):
    found = mark_cooccurrence(planted, n_windows=5, bin_size=100, marks=["a", "b", "c"])
    rows = found.rows(across=True, confidence=0.9999)
    assert len(rows) == 15 * 14 // 2
    certain = [
        (row["first_mark"], row["first_start"], row["second_mark"], row["second_start"])
        for row in rows
        if row["low"] > 0 or row["high"] < 0
    ]
    assert certain == [("a", 500, "c", 500), ("c", -2500, "b", 500)]
    same = found.rows()
    assert len(same) == 5 * 3
    assert all(row["first_start"] == row["second_start"] for row in same)
    assert sum(row["log2_odds"] > 3 for row in same) == 1


def test_intervals_of_independent_marks_hold_0_at_their_rate():
    rng = np.random.default_rng(1)
    for n_samples, often, seldom in ((200, 0.4, 0.4), (60, 0.05, 0.1), (60, 0.9, 0.05)):
        X = np.stack([rng.random((n_samples, 1500)) < p for p in (often, seldom)], axis=2)
        missed, middle = [], []
        for first in range(0, 1500, 50):
            part = X[:, first : first + 50]
            found = mark_cooccurrence(part, thresholds=[0.5, 0.5], n_windows=50)
            at = np.arange(50), 0, np.arange(50), 1
            low, high = (end[at] for end in found.interval(0.95))
            defined = ~np.isnan(low)
            missed += ((low > 0) | (high < 0))[defined].tolist()
            middle += found.log2_odds[at][defined].tolist()
        assert len(missed) > 1300
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


def test_presence_by_threshold_and_window():
    rng = np.random.default_rng(2)
    reference = rng.poisson(3, size=(50, 40, 2))
    X = rng.poisson(4, size=(20, 40, 2))
    found = mark_cooccurrence(X, reference=reference, quantile=0.9, edges=[-2000, -500, 1000])
    parts = [reference[:, :15].mean(axis=1), reference[:, 15:30].mean(axis=1)]
    thresholds = np.quantile(np.concatenate(parts), 0.9, axis=0)
    np.testing.assert_allclose(found.thresholds, thresholds)
    np.testing.assert_allclose(found.present[1], (X[:, 15:30].mean(axis=1) >= thresholds).mean(0))
    moved = mark_cooccurrence(
        X, thresholds=thresholds, edges=[0, 3000, 6000], window=(0, 8000), bin_size=200
    )
    np.testing.assert_array_equal(moved.present, found.present)
    maps = ClassMaps(X, np.ones(20), 1, "data")
    np.testing.assert_array_equal(
        mark_cooccurrence(maps, reference=reference).present,
        mark_cooccurrence(X, reference=reference).present,
    )
    uneven = mark_cooccurrence(X, n_windows=3).edges
    np.testing.assert_array_equal(uneven, [-2000, -700, 700, 2000])


def test_table_of_pairs(planted):
    pandas = pytest.importorskip("pandas")
    found = mark_cooccurrence(planted, n_windows=5, marks=["a", "b", "c"])
    frame = found.to_frame(confidence=0.5)
    assert isinstance(frame, pandas.DataFrame)
    row = frame[(frame.first_start == 500) & (frame.second_mark == "c")].iloc[0]
    assert (row.first_mark, row.first_stop) == ("a", 1500)
    assert row.together == row.first_present == row.second_present
    assert row.expected == pytest.approx(row.first_present**2)
    assert row.low < row.log2_odds < row.high


def test_sparse_marks_and_calls_of_0_and_1_can_be_present():
    X = np.zeros((10, 1, 2))
    X[:1, 0, 0] = X[:4, 0, 1] = 1  # quantiles 0 and 1
    found = mark_cooccurrence(X, quantile=0.75, n_windows=1)
    np.testing.assert_array_equal(found.thresholds, [0, 1])
    np.testing.assert_allclose(found.present, [[0.1, 0.4]])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"edges": [-450, 500]}, "cuts through a bin.*-400|-500 and 500"),
        ({"edges": [500, -500]}, "upwards"),
        ({"edges": [-500, 2600]}, r"cover \(-2500, 2500\)"),
        ({"edges": 5}, "two or more positions"),
        ({"n_windows": 51}, "from 1 to 50"),
        ({"quantile": 1.0}, "quantile"),
        ({"quantile": "0.5"}, "quantile must lie"),
        ({"n_windows": 2.5}, "n_windows must be a positive integer"),
        ({"n_windows": True}, "n_windows must be a positive integer"),
        ({"thresholds": [1, 2]}, "3 numbers"),
        ({"thresholds": [1, np.nan, 1]}, "3 numbers, one per mark and none negative"),
        ({"thresholds": [1, -1, 1]}, "none negative"),
        ({"thresholds": ["a", "b", "c"]}, "3 numbers"),
        ({"bin_size": -100}, "bin_size must be a positive integer"),
        ({"reference": -np.ones((4, 50, 3))}, "Negative values.*reference"),
        ({"marks": ["a", "b"]}, "mark names"),
        ({"reference": np.ones((4, 50, 2))}, "reference has"),
        ({"window": (0, 100)}, "spans"),
    ],
)
def test_what_does_not_fit_is_named(params, message, planted):
    with pytest.raises(ValueError, match=message):
        mark_cooccurrence(planted, **params)


def test_signals_that_are_none_are_named(planted):
    with pytest.raises(ValueError, match="signals must have shape"):
        mark_cooccurrence(planted[0])
    with pytest.raises(ValueError, match="at least 2 samples"):
        mark_cooccurrence(planted[:0])
    with pytest.raises(ValueError, match=r"Negative values.*signals"):
        mark_cooccurrence(-planted)
    found = mark_cooccurrence(planted)
    with pytest.raises(ValueError, match="confidence"):
        found.interval(95)
    assert (found == mark_cooccurrence(planted)) is False  # not an array of truths


@pytest.mark.usefixtures("close_figures")
def test_cooccurrence_is_drawn_on_shared_scales(planted):
    sets = {"planted": planted, "mixed": np.random.default_rng(0).permuted(planted, axis=0)}
    display = MarkCooccurrenceDisplay.from_maps(
        sets, marks=["a", "b", "c"], n_windows=5, confidence=0.9999
    )
    assert display.axes_.shape == (2, 2)
    scales = {ax.collections[0].get_clim() for ax in display.axes_[1]}
    assert len(scales) == 1
    low, high = scales.pop()
    assert low == -high
    # the planted pair is the second, a + c, at 0.5 to 1.5 kb
    dots = [ax.lines[1].get_xydata().tolist() for ax in display.axes_[1]]
    assert dots == [[[1.0, 1.0]], []]
    thresholds = [found.thresholds for found in display.found.values()]
    np.testing.assert_array_equal(*thresholds)
    assert display.plot(kind="matrix") is display
    assert display.axes_.shape == (1, 2)
    values = display.axes_[0, 0].collections[0].get_array()
    np.testing.assert_allclose(values.filled(0), values.filled(0).T)
    row, column = 0 * 5 + 3, 2 * 5 + 3  # mark a and mark c in the fourth window
    assert values[row, column] == display.found["planted"].log2_odds[3, 0, 3, 2]
    with pytest.raises(ValueError, match="kind"):
        display.plot(kind="circle")
    alone = mark_cooccurrence(planted[:, :, :1], n_windows=5)
    with pytest.raises(ValueError, match="single mark"):
        MarkCooccurrenceDisplay({"alone": alone}).plot()
    assert MarkCooccurrenceDisplay({"alone": alone}).plot(kind="matrix").axes_.shape == (1, 1)
    with pytest.raises(ValueError, match="'other' has other marks"):
        MarkCooccurrenceDisplay(display.found | {"other": mark_cooccurrence(planted, n_windows=5)})


@pytest.mark.usefixtures("close_figures")
def test_cooccurrence_by_class_takes_thresholds_from_all(planted):
    y = np.arange(len(planted)) % 2
    display = MarkCooccurrenceDisplay.from_signals(planted, y, n_windows=5)
    assert list(display.found) == ["expressed", "not expressed"]
    for found, label in zip(display.found.values(), (1, 0), strict=True):
        direct = mark_cooccurrence(planted[y == label], reference=planted, n_windows=5)
        np.testing.assert_array_equal(found.present, direct.present)
    words = MarkCooccurrenceDisplay.from_signals(planted, np.where(y, "b", "a"), n_windows=5)
    assert list(words.found) == ["class b", "class a"]
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[600, 50\]"):
        MarkCooccurrenceDisplay.from_signals(planted, y[:50])


@pytest.mark.usefixtures("close_figures")
def test_sets_and_axes_that_do_not_fit_are_named(planted):
    import matplotlib.pyplot as plt

    draw = MarkCooccurrenceDisplay.from_maps
    for maps, message in (
        ({}, "at least one, got {}"),
        ([planted], "must be a dict"),
        ({"a": planted, "b": planted[:, :, :2]}, r"maps\['b'\] has .* \(50, 2\)"),
        ({"a": planted[:, 0]}, r"maps\['a'\] must have shape"),
    ):
        with pytest.raises(ValueError, match=message):
            draw(maps)
    with pytest.raises(ValueError, match="empty"):
        MarkCooccurrenceDisplay({})
    with pytest.raises(ValueError, match=r"axes must be 4 .*2 for each.*got 2"):
        draw({"a": planted, "b": planted}, axes=plt.subplots(1, 2)[1])


@pytest.mark.usefixtures("close_figures")
def test_cooccurrence_on_axes_of_the_user(planted):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3)
    display = MarkCooccurrenceDisplay.from_maps(
        {"a": planted, "b": planted}, axes=axes[:, 1:], marks=["$a", "b", "c"]
    )
    figure.draw_without_rendering()
    names = [[name.get_text() for name in ax.get_yticklabels()] for ax in display.axes_[0]]
    assert names == [["$a", "b", "c"], []]
    assert len(figure.axes) == 6 + 2
    display.plot(axes=display.axes_)
    assert len(figure.axes) == 6 + 2  # the scales of before are gone
    assert len(display.axes_[0, 0].collections) == 1
