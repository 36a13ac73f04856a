"""Interactions of marks, drawn."""

from itertools import pairwise

import numpy as np
import pytest

from histoexpr.inspection import mark_interactions
from histoexpr.plots import MarkInteractionDisplay, MarkInteractionMatrixDisplay
from support.planted import Both, Known, KnownWithDecision, four_corners

FACTORS = {"contrast": "factors", "null": None}
pytestmark = pytest.mark.usefixtures("close_figures")


def test_interactions_are_drawn():
    params = {"backgrounds": np.ones((4, 10, 3)), **FACTORS}
    pair = MarkInteractionDisplay.from_estimator(
        Both(), 1, (0, 1), levels=[1, 2], regions=((-100, 100), None), **params
    )
    assert len(pair.axes_) == 2
    unit = "\n(factor, outside the data)"
    assert pair.axes_[1].get_ylabel() == f"mark1, \N{MINUS SIGN}0.1 to +0.1 kb{unit}"
    assert pair.axes_[1].get_xlabel() == f"mark2{unit}"
    assert [tick.get_text() for tick in pair.axes_[1].get_xticklabels()] == ["× 0", "× 1", "× 2"]
    assert "no null" in pair.axes_[1].get_title().replace("\n", " ")
    written = [text.get_text() for text in pair.axes_[1].texts]
    assert written[4] == "4.00\n±0.00"
    assert written[0] == "0.00\n±0.00"
    screen = MarkInteractionMatrixDisplay.from_estimator(Both(), 1, **params)
    written = [text.get_text() for text in screen.ax_.texts]
    assert written == ["4.00\n±0.00", "0.00\n±0.00", "0.00\n±0.00"]
    title = screen.ax_.get_title().replace("\n", " ")
    assert title == "Between factors 0 and 1, outside the data (± SE over backgrounds)"
    assert screen.figure_.axes[1].get_ylabel().endswith("no null")


def test_differences_from_the_null_are_drawn_with_their_spread():
    """Refits of this classifier have no interaction and one of 0.06 in turn."""

    class Learning(Known):
        number = -1

        def fit(self, X, y=None):
            type(self).number += 1
            self.c = float(type(self).number % 2) / 100
            return self

    X, y = four_corners(), np.tile([0, 1], 20)
    params = {"backgrounds": X, "y": y, "n_null": 4}
    screen = MarkInteractionMatrixDisplay.from_estimator(Learning(0.5), 1, **params)
    written = [text.get_text() for text in screen.ax_.texts]
    spread = np.std([0, 0.06, 0, 0.06], ddof=1)
    assert written == [f"{3 - 0.03:.2f}*\n±{spread:.2f}"]
    assert len(screen.ax_.patches) == 2  # mark3 does not vary
    title = screen.ax_.get_title().replace("\n", " ")
    assert title.startswith("Between quantiles 0.25 and 0.75 (± SD of 4 refits, * p < 0.05")
    assert screen.figure_.axes[1].get_ylabel().endswith("less refits to additive labels")
    Learning.number = -1
    pair = MarkInteractionDisplay.from_estimator(Learning(0.5), 1, (0, 1), **params)
    assert pair.axes_[1].texts[-1].get_text() == written[0]
    assert "quantile of the backgrounds" in pair.axes_[1].get_xlabel()
    assert [tick.get_text() for tick in pair.axes_[1].get_xticklabels()][1] == "q 0.25"


def test_pair_is_drawn_on_axes_that_fit():
    import matplotlib.pyplot as plt

    found = mark_interactions(Known(0.5), 1, (0, 1), backgrounds=np.ones((4, 10, 3)), **FACTORS)
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
        Known(), 1, ("z", "x"), backgrounds=np.ones((4, 10, 3)), mark_names=["x", "y", "z"],
        axes=plt.subplots(1, 2)[1], **FACTORS,
    )  # fmt: skip
    assert by_name.marks == ("z", "x")


def test_figures_of_many_levels_do_not_overlap():
    levels = [0, 0.1, 0.25, 0.5, 1, 2, 3, 4, 8, 16]
    backgrounds = np.ones((4, 10, 3)) * np.array([0.9, 1, 1.1, 1.2])[:, None, None]
    pair = MarkInteractionDisplay.from_estimator(
        KnownWithDecision(-0.9), 1, (0, 1), backgrounds=backgrounds, levels=levels, **FACTORS
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


def test_undefined_levels_are_grey():
    backgrounds = 1 + np.random.default_rng(0).random((4, 10, 3))
    pair = MarkInteractionDisplay.from_estimator(
        Known(scale=20), 1, (0, 1), backgrounds=backgrounds, levels=[0, 1], **FACTORS
    )
    defined = ~np.isnan(pair.interactions.interaction)
    for ax in pair.axes_:
        assert len(ax.texts) == defined.sum() > 0
        assert len(ax.patches) == (~defined).sum() > 0
    screen = MarkInteractionMatrixDisplay.from_estimator(
        Known(scale=20), 1, backgrounds=backgrounds, marks=["$a", "b", "c"], **FACTORS
    )
    assert len(screen.ax_.texts) + len(screen.ax_.patches) == 3
    assert len(screen.ax_.patches) == 3  # a alone is beyond the limit, and b and c on it
    screen.figure_.draw_without_rendering()
    n_axes = len(screen.figure_.axes)
    screen.plot(ax=screen.ax_)
    assert len(screen.figure_.axes) == n_axes == 2


def test_differences_near_0_are_light():
    """Interactions of 0.001 do not get the darkest colour, and small ones get three digits."""
    for c, darkest, text in ((0.001, 0.1, "0.001\n±0.000"), (0.05, 1, "0.050\n±0.000")):
        pair = MarkInteractionDisplay.from_estimator(
            Known(c), 1, ("mark1", "mark2"), backgrounds=np.ones((4, 10, 3)), levels=[1], **FACTORS
        )
        shown = pair.axes_[1].images[0]
        assert shown.norm(c) == pytest.approx(0.5 + darkest / 2)
        assert pair.axes_[1].texts[-1].get_text() == text


def test_what_is_no_result_of_interactions_is_refused():
    with pytest.raises(TypeError, match=r"interactions must be .*got int.*mark_interactions"):
        MarkInteractionDisplay(3)
    with pytest.raises(TypeError, match=r"matrix must be .*got int.*mark_interaction_matrix"):
        MarkInteractionMatrixDisplay(3)
