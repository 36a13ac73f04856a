"""Marks that appear together, and marks that tell more together than each alone."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from histoexpr import HistoneLinearClassifier
from histoexpr.inspection import (
    ClassMaps,
    MarkCooccurrenceDisplay,
    MarkInteractionDisplay,
    MarkInteractionMatrixDisplay,
    mark_cooccurrence,
    mark_interaction_matrix,
    mark_interactions,
)

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
        ({"thresholds": [1, 2]}, "3 numbers"),
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
    with pytest.raises(ValueError, match="confidence"):
        mark_cooccurrence(planted).interval(95)


class _Known(BaseEstimator):
    """Log-odds of class 1: 2 a - b + c a b of the marks' means a and b, times the scale."""

    classes_ = np.array([0, 1])

    def __init__(self, c=0.0, scale=1.0):
        self.c = c
        self.scale = scale

    def fit(self, X, y=None):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def _log_odds(self, X):
        a, b = X[:, :, 0].mean(axis=1), X[:, :, 1].mean(axis=1)
        return self.scale * (2 * a - b + self.c * a * b)

    def predict_proba(self, X):
        odds = self._log_odds(X)
        return np.stack([1 / (1 + np.exp(odds)), 1 / (1 + np.exp(-odds))], axis=1)


class _Both(_Known):
    """Log-odds 3 where mark 0 is at the TSS and mark 1 behind it, -1 elsewhere."""

    def _log_odds(self, X):
        tss, behind = X[:, 4:6, 0].min(axis=1) >= 1, X[:, 8:10, 1].min(axis=1) >= 1
        return np.where(tss & behind, 3.0, -1.0)


@pytest.mark.parametrize("c", [0.0, 0.5])
def test_interactions_are_those_put_in(c):
    levels = [0, 1, 2]
    found = mark_interactions(_Known(c), 1, (0, 1), backgrounds=np.ones((4, 6, 3)), levels=levels)
    a, b = np.meshgrid(levels, levels, indexing="ij")
    np.testing.assert_allclose(found.scores, 2 * a - b + c * a * b, atol=1e-9)
    np.testing.assert_allclose(found.interaction, c * a * b, atol=1e-9)
    np.testing.assert_allclose(found.errors, 0, atol=1e-9)


class _KnownWithDecision(_Known):
    factor = 1.0

    def decision_function(self, X):
        return self.factor * self._log_odds(X)


class _OtherDecision(_KnownWithDecision):
    factor = 0.5


def test_a_sure_classifier_that_adds_has_no_interaction():
    """Where probabilities are 0 or 1 the decision function tells, if it is the log-odds."""
    backgrounds = np.random.default_rng(0).uniform(0.5, 1, size=(5, 6, 2))
    for target, sign in ((1, 1), (0, -1)):
        exact = mark_interactions(
            _KnownWithDecision(scale=20), target, (0, 1), backgrounds=backgrounds
        )
        assert sign * exact.scores[4, 0] > 100
        np.testing.assert_allclose(exact.interaction, 0, atol=1e-6)
    for limited in (_Known(scale=20), _OtherDecision(scale=20)):
        found = mark_interactions(limited, 1, (0, 1), backgrounds=backgrounds)
        assert found.scores.max() == pytest.approx(np.log(1e6), abs=1e-3)


def test_errors_over_backgrounds_and_classifiers_by_hand():
    ones = np.ones((3, 6, 2))
    several = mark_interactions(
        [_Known(0.4), _Known(0.6)], 1, (0, 1), backgrounds=ones, levels=[1]
    )
    np.testing.assert_allclose(several.interaction[1, 1], 0.5)
    np.testing.assert_allclose(several.errors[1, 1], np.std([0.4, 0.6], ddof=1) / np.sqrt(2))
    unequal = np.sqrt(ones * np.array([1, 2, 4])[:, None, None])
    one = mark_interactions(_Known(0.4), 1, (0, 1), backgrounds=unequal, levels=[1])
    np.testing.assert_allclose(one.errors[1, 1], np.std([0.4, 0.8, 1.6], ddof=1) / np.sqrt(3))


def test_interaction_lies_in_the_region_only():
    ones = np.ones((4, 10, 3))

    def between(*regions):
        found = mark_interactions(
            _Both(), 1, (0, 1), backgrounds=ones, levels=[1], regions=regions
        )
        return found.interaction[1, 1]

    np.testing.assert_allclose(between((-100, 100), (300, 500)), 4)
    np.testing.assert_allclose(between((-100, 100), None), 4)
    np.testing.assert_allclose(between((-500, -100), (300, 500)), 0, atol=1e-9)
    np.testing.assert_allclose(between((-100, 100), (-100, 300)), 0, atol=1e-9)
    both = mark_interactions(_Both(), 1, (0, 1), backgrounds=ones, regions=(-100, 500))
    assert both.regions == ((-100, 500), (-100, 500))
    assert both.interaction[2, 2] == pytest.approx(4)
    moved = mark_interactions(
        _Both(), 1, (0, 1), backgrounds=ones, levels=[1], window=(0, 2000), bin_size=200,
        regions=((800, 1200), (1600, 2000)),
    )  # fmt: skip
    assert moved.interaction[1, 1] == pytest.approx(4)


def test_profile_brings_marks_that_the_backgrounds_lack():
    backgrounds, profile = np.zeros((4, 10, 3)), np.ones((10, 3))
    lacking = mark_interactions(_Both(), 1, (0, 1), backgrounds=backgrounds)
    np.testing.assert_array_equal(lacking.interaction, 0)
    found = mark_interactions(
        _Both(), 1, (0, 1), backgrounds=backgrounds, profile=profile, levels=[0.5, 1]
    )
    expected = np.zeros((3, 3))
    expected[2, 2] = 4
    np.testing.assert_allclose(found.interaction, expected, atol=1e-9)
    np.testing.assert_array_equal(backgrounds, 0)


def test_matrix_screens_all_pairs():
    matrix = mark_interaction_matrix(
        _Both(),
        1,
        backgrounds=np.ones((4, 10, 3)),
        marks=["a", "b", "c"],
        regions=((-100, 100), (300, 500), None),
    )
    expected = np.array([[np.nan, 4, 0], [4, np.nan, 0], [0, 0, np.nan]])
    np.testing.assert_allclose(matrix.interaction, expected, atol=1e-9)
    np.testing.assert_allclose(matrix.errors, np.where(np.isnan(expected), np.nan, 0), atol=1e-9)
    assert matrix.rows()[0]["second_mark"] == "b"
    pytest.importorskip("pandas")
    assert matrix.to_frame().interaction.round(6).tolist() == [4, 0, 0]


def test_interactions_of_a_linear_classifier_vanish():
    rng = np.random.default_rng(0)
    y = np.tile([0, 1], 40)
    X = rng.poisson(np.where(y == 1, 4, 2)[:, None, None], size=(80, 12, 3))
    linear = HistoneLinearClassifier(device="cpu").fit(X, y)
    matrix = mark_interaction_matrix(linear, 1, backgrounds=X)
    assert np.nanmax(np.abs(matrix.interaction)) < 1e-4


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"marks": (0, 0)}, "two different"),
        ({"marks": (0, 1, 2)}, "two different"),
        ({"levels": [-1]}, "negative"),
        ({"backgrounds": np.ones((12, 3))}, "backgrounds must have shape"),
        ({"classifier": []}, "empty list"),
        ({"target": 7}, "target 7 is not a class"),
        ({"regions": ((0, 100), (0, 100), (0, 100))}, "regions must be one"),
        ({"regions": ((0, 100), (0, 700))}, r"regions \(0, 700\) must go upwards"),
        ({"regions": ((0, 100), (0, 150))}, "cuts through a bin"),
        ({"regions": ((0, 100), "tss")}, "regions must be"),
        ({"profile": np.ones((12, 2))}, "profile must have the shape"),
        ({"profile": -np.ones((12, 3))}, "profile must not be negative"),
    ],
)
def test_what_does_not_fit_interactions_is_named(params, message):
    given = {"classifier": _Known(), "target": 1, "marks": (0, 1)}
    given["backgrounds"] = np.ones((4, 12, 3))
    with pytest.raises(ValueError, match=message):
        mark_interactions(**given | params)


def test_a_single_mark_has_no_partner():
    with pytest.raises(ValueError, match="two or more"):
        mark_interaction_matrix(_Known(), 1, backgrounds=np.ones((4, 12, 1)))


@pytest.fixture
def close_figures():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


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


@pytest.mark.usefixtures("close_figures")
def test_interactions_are_drawn():
    params = {"backgrounds": np.ones((4, 10, 3))}
    pair = MarkInteractionDisplay.from_estimator(
        _Both(), 1, (0, 1), levels=[1, 2], regions=((-100, 100), None), **params
    )
    assert len(pair.axes_) == 2
    assert pair.axes_[1].get_ylabel() == "mark 1, \N{MINUS SIGN}0.1 to +0.1 kb"
    assert pair.axes_[1].get_xlabel() == "mark 2"
    written = [text.get_text() for text in pair.axes_[1].texts]
    assert written[4] == "4.00\n±0.00"
    assert written[0] == "0.00\n±0.00"
    screen = MarkInteractionMatrixDisplay.from_estimator(_Both(), 1, **params)
    written = [text.get_text() for text in screen.ax_.texts]
    assert written == ["4.00\n±0.00", "0.00\n±0.00", "0.00\n±0.00"]
