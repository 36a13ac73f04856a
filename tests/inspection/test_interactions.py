"""Marks that tell more together than each alone."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from histoexpr import HistoneLinearClassifier
from histoexpr.inspection import mark_interaction_matrix, mark_interactions
from histoexpr.plots import MarkInteractionDisplay, MarkInteractionMatrixDisplay


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
        told = ~np.isnan(found.interaction)
        assert told[0, 0]
        assert not told[4].any()
        np.testing.assert_array_equal(told, ~np.isnan(found.errors))
        np.testing.assert_allclose(found.interaction[told], 0, atol=1e-6)


def test_backgrounds_beyond_the_limit_are_left_out():
    """Log-odds 2 a of four backgrounds are 2, 4, 6 and 16; the last cannot be told."""
    backgrounds = np.ones((4, 6, 2)) * np.array([1, 2, 3, 8])[:, None, None]
    found = mark_interactions(
        [_Known(), _Known(0.1)], 1, (0, 1), backgrounds=backgrounds, levels=[1, 3]
    )
    np.testing.assert_allclose(found.scores[1, 0], 4)
    # b alone is never too sure, a b with the last background's a would be
    np.testing.assert_allclose(found.interaction[1, 1], np.mean([1, 4, 9]) * 0.1 / 2)
    assert np.isfinite(found.interaction[0, 1])
    assert np.isfinite(found.interaction[2, 0])  # 6 and 12, but 18 and 48 are left out
    assert np.isnan(
        mark_interactions(
            _Known(), 1, (0, 1), backgrounds=4 * backgrounds, levels=[1]
        ).interaction[1, 0]
    )


def test_marks_by_name():
    params = {"backgrounds": np.ones((4, 6, 3)), "levels": [1]}
    names = ["x", "y", "z"]
    by_name = mark_interactions(_Known(0.5), 1, ("y", "x"), mark_names=names, **params)
    by_number = mark_interactions(_Known(0.5), 1, np.array([1, 0]), **params)
    assert by_name.marks == by_number.marks == (1, 0)
    np.testing.assert_array_equal(by_name.scores, by_number.scores)
    assert (by_name == by_number) is False  # not an array of truths


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
        ({"marks": (1.7, 0.2)}, "two different numbers from 0 to 2.* got"),
        ({"marks": (True, False)}, "two different"),
        ({"marks": "01"}, "two different.*mark_names"),
        ({"marks": 1}, "two different"),
        ({"marks": (0, 3)}, "two different"),
        ({"marks": ("x", "w"), "mark_names": ["x", "y", "z"]}, "names among x, y, z"),
        ({"levels": [-1]}, "levels must be factors, finite and not negative"),
        ({"levels": [np.inf]}, "levels must be factors"),
        ({"levels": [np.nan]}, "levels must be factors"),
        ({"levels": 2.0}, "levels must be factors"),
        ({"levels": "ab"}, "levels must be factors"),
        ({"bin_size": 0, "regions": (0, 100)}, "bin_size must be a positive integer"),
        ({"backgrounds": -np.ones((4, 12, 3))}, "Negative values.*backgrounds"),
        ({"regions": 100}, "regions must be"),
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


@pytest.mark.usefixtures("close_figures")
def test_pair_is_drawn_on_axes_that_fit():
    import matplotlib.pyplot as plt

    found = mark_interactions(_Known(0.5), 1, (0, 1), backgrounds=np.ones((4, 10, 3)))
    figure, axes = plt.subplots(2, 1)
    pair = MarkInteractionDisplay(found, ("a", "b")).plot(axes=axes[:, None])
    assert pair.axes_.tolist() == axes.tolist()
    pair.plot(axes=pair.axes_)
    assert len(figure.axes) == 4  # the scales of before are gone
    assert len(pair.axes_[0].texts) == 25
    for wrong in (axes[0], plt.subplots(1, 3)[1], ["left", "right"]):
        with pytest.raises(ValueError, match=r"axes must be 2 matplotlib Axes.* got \d \(\w+"):
            pair.plot(axes=wrong)
    for names in (("a",), "ab", ("a", "b", "c")):
        with pytest.raises(ValueError, match="two names"):
            MarkInteractionDisplay(found, names)
    by_name = MarkInteractionDisplay.from_estimator(
        _Known(), 1, ("z", "x"), backgrounds=np.ones((4, 10, 3)), mark_names=["x", "y", "z"],
        axes=plt.subplots(1, 2)[1],
    )  # fmt: skip
    assert by_name.marks == ("z", "x")


@pytest.mark.usefixtures("close_figures")
def test_figures_of_many_levels_do_not_overlap():
    levels = [0, 0.1, 0.25, 0.5, 1, 2, 3, 4, 8, 16]
    backgrounds = np.ones((4, 10, 3)) * np.array([0.9, 1, 1.1, 1.2])[:, None, None]
    pair = MarkInteractionDisplay.from_estimator(
        _KnownWithDecision(-0.9), 1, (0, 1), backgrounds=backgrounds, levels=levels
    )
    pair.figure_.draw_without_rendering()
    for ax in pair.axes_:
        square = ax.get_window_extent().width / len(levels)
        sizes = [text.get_window_extent() for text in ax.texts]
        assert max(size.width for size in sizes) < square
        assert max(size.height for size in sizes) < square
        ticks = [label.get_window_extent() for label in ax.get_xticklabels()]
        gaps = [b.x0 - a.x1 for a, b in pairwise(ticks)]
        assert min(gaps) > 0


@pytest.mark.usefixtures("close_figures")
def test_what_is_too_sure_is_grey():
    backgrounds = 1 + np.random.default_rng(0).random((4, 10, 3))
    pair = MarkInteractionDisplay.from_estimator(
        _Known(scale=20), 1, (0, 1), backgrounds=backgrounds, levels=[0, 1]
    )
    told = ~np.isnan(pair.interactions.interaction)
    for ax in pair.axes_:
        assert len(ax.texts) == told.sum() > 0
        assert len(ax.patches) == (~told).sum() > 0
    screen = MarkInteractionMatrixDisplay.from_estimator(
        _Known(scale=20), 1, backgrounds=backgrounds, marks=["$a", "b", "c"]
    )
    assert len(screen.ax_.texts) + len(screen.ax_.patches) == 3
    assert len(screen.ax_.patches) == 3  # a alone is beyond the limit, and b and c on it
    screen.figure_.draw_without_rendering()
    n_axes = len(screen.figure_.axes)
    screen.plot(ax=screen.ax_)
    assert len(screen.figure_.axes) == n_axes == 2
