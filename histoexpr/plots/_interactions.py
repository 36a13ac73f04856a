"""Interactions of marks, drawn by levels of two marks or for all pairs, beside their null."""

import numpy as np

from ..utils import check_type, require
from ._panels import Panels, name_squares, set_title
from ._style import DIVERGING, NEUTRAL, SMALL, around_tss, draw_image, in_kb, with_minus

# Inches of a square that holds a number and its spread or interval
_SIDE = 0.55
# Smallest end of a colour scale: less than this is no interaction
_LEAST = 0.01
# What a star is for
_SIGNIFICANT = 0.05


class MarkInteractionDisplay(Panels):
    """Log-odds of a class beyond the sum of two marks' effects, by their levels.

    Make it with :meth:`from_estimator` or from a :class:`MarkInteractions`.

    Parameters
    ----------
    interactions : MarkInteractions
    marks : tuple of two str, optional
        What to call the two marks; default ``interactions.marks``.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        The log-odds, and their difference from the sum of the effects of either mark.
    """

    def __init__(self, interactions, marks=None):
        from ..inspection import MarkInteractions

        remedy = "Make one with histoexpr.mark_interactions."
        check_type("interactions", interactions, MarkInteractions, remedy)
        marks = interactions.marks if marks is None else marks
        if isinstance(marks, str) or len(marks) != 2:
            raise ValueError(f"There must be two names, one for each of the marks, got {marks!r}.")
        self.interactions, self.marks = interactions, tuple(marks)

    @classmethod
    def from_estimator(
        cls, classifier, target, marks, *, backgrounds, names=None, axes=None, **params
    ):
        """Measure the interaction of two marks and draw it.

        Parameters
        ----------
        classifier, target, marks, backgrounds
            See :func:`mark_interactions`.
        names : tuple of two str, optional
            What to call the two marks; default their names.
        axes : sequence of two matplotlib.axes.Axes, optional
            See :meth:`plot`.
        **params
            Passed on to :func:`mark_interactions`.

        Returns
        -------
        MarkInteractionDisplay
        """
        from ..inspection import mark_interactions

        found = mark_interactions(classifier, target, marks, backgrounds=backgrounds, **params)
        return cls(found, names).plot(axes=axes)

    def plot(self, *, axes=None):
        """Draw both panels, each with colours symmetric around zero.

        The second has the difference from the mean over refits to additive labels, ± their
        standard deviation, with a star where p < 0.05 after Bonferroni's adjustment for the pairs
        of levels; without a null, the interaction ± its
        standard error over backgrounds. Levels at which the log-odds are undefined are grey.

        Parameters
        ----------
        axes : sequence of two matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self
        """
        found = self.interactions
        side = _SIDE * max(len(found.levels), 3)
        what = "for the log-odds and what is beyond the sum"
        self._take(axes, 2, what, n_columns=2, size=(side + 1.6, side + 1))
        first, second = (
            str(name)
            if region is None
            else around_tss(f"{name}, {in_kb(*region)}", found.oriented)
            for name, region in zip(self.marks, found.regions, strict=True)
        )
        beyond = "beyond the sum of each alone"
        panels = (
            (f"log-odds of class {found.target}", found.scores, None),
            (f"{beyond}, {_held_against(found)} ({_signs(found)})", *_values_and_notes(found)),
        )
        sign = "q" if found.contrast == "quantiles" else "×"
        ticks = [f"{sign} {level:g}" for level in found.levels]
        unit = "quantile of the backgrounds" if sign == "q" else "factor, outside the data"
        for ax, (title, values, below) in zip(self.axes_, panels, strict=True):
            image = _draw_squares(ax, values, below, origin="lower")
            ax.set_xticks(range(len(ticks)), ticks, fontsize=SMALL)
            ax.set_yticks(range(len(ticks)), ticks, fontsize=SMALL)
            ax.set_xlabel(f"{second}\n({unit})", parse_math=False)
            ax.set_ylabel(f"{first}\n({unit})", parse_math=False)
            set_title(ax, title)
            self._add_scale(image, ax, shrink=0.8, label="log-odds")
        return self


class MarkInteractionMatrixDisplay(Panels):
    """Log-odds of a class beyond the sum of two marks' effects, for all pairs of marks.

    Make it with :meth:`from_estimator` or from a :class:`MarkInteractionMatrix`.

    Parameters
    ----------
    matrix : MarkInteractionMatrix

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    ax_ : matplotlib.axes.Axes
    """

    def __init__(self, matrix):
        from ..inspection import MarkInteractionMatrix

        remedy = "Make one with histoexpr.mark_interaction_matrix."
        check_type("matrix", matrix, MarkInteractionMatrix, remedy)
        self.matrix = matrix

    @classmethod
    def from_estimator(cls, classifier, target, *, backgrounds, ax=None, **params):
        """Screen all pairs of marks and draw the result.

        Parameters
        ----------
        classifier, target, backgrounds
            See :func:`mark_interaction_matrix`.
        ax : matplotlib.axes.Axes, optional
            Made if not given.
        **params
            Passed on to :func:`mark_interaction_matrix`.

        Returns
        -------
        MarkInteractionMatrixDisplay
        """
        from ..inspection import mark_interaction_matrix

        matrix = mark_interaction_matrix(classifier, target, backgrounds=backgrounds, **params)
        return cls(matrix).plot(ax=ax)

    def plot(self, *, ax=None):
        """Draw the lower half of the matrix.

        Numbers are differences from the mean over refits to additive labels, ± the standard
        deviation of these, with a star where the p value, adjusted for the number of pairs by
        Holm's method, is below 0.05. Without a null they are interactions, ± their standard
        error over backgrounds. Pairs that are undefined are grey.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self
        """
        matrix = self.matrix
        marks, n_marks = matrix.marks, len(matrix.marks)
        longest = 0.07 * max(len(mark) for mark in marks)
        side = longest + max(_SIDE * (n_marks - 1), 2.4)  # no lower than the scale needs
        axes = None if ax is None else [ax]
        self._take(axes, 1, "for the matrix", n_columns=1, size=(side + 1.7, side + 0.7))
        self.ax_ = self.axes_[0]
        pairs = np.tri(n_marks - 1, dtype=bool)
        values, below = (part[1:, :-1] for part in _values_and_notes(matrix))
        image = _draw_squares(self.ax_, values, below, pairs)
        numbers = range(n_marks - 1)
        name_squares(self.ax_, numbers, marks[:-1], numbers, marks[1:])
        self.ax_.spines[:].set_visible(False)
        low, high = matrix.levels
        levels = f"quantiles {low:g} and {high:g}"
        if matrix.contrast != "quantiles":
            levels = f"factors {low:g} and {high:g}, outside the data"
        set_title(self.ax_, f"Between {levels} ({_signs(matrix, ' after Holm')})")
        label = f"log-odds of class {matrix.target}\nbeyond the sum of each alone,\n"
        self._add_scale(image, self.ax_, label=label + _held_against(matrix))
        return self


def _held_against(found):
    return "less refits to additive labels" if found.n_null else "no null"


def _signs(found, adjusted=""):
    """Return what ± and stars are."""
    if not found.n_null:
        return "± SE over backgrounds"
    adjusted = adjusted or " of all levels together"
    return f"± SD of {found.n_null} refits, * p < {_SIGNIFICANT}{adjusted}"


def _values_and_notes(found):
    """Return what squares show and the text below each number; both are matrices."""
    values, spread, p_values = (
        found.matrix(name) if hasattr(found, "matrix") else getattr(found, name)
        for name in _written_names(found)
    )
    if found.n_null and not hasattr(found, "matrix"):
        # of all levels but the lowest, to which the others are compared
        p_values = np.minimum(p_values * (~np.isnan(p_values)).sum(), 1)
    digits = _digits(values)
    below = np.full(values.shape, "", dtype=object)
    for at in np.ndindex(values.shape):
        star = "*" if p_values[at] < _SIGNIFICANT else ""
        below[at] = f"{star}\n±{_written(spread[at], digits)}"
    return values, below


def _written_names(found):
    p_value = "p_holm" if hasattr(found, "matrix") else "p_value"
    if found.n_null:
        return "difference", "null_sd", p_value
    return "interaction", "background_se", p_value


def _digits(values):
    return 2 if np.nanmax(np.abs(values), initial=_LEAST) >= 0.1 else 3


def _written(value, digits):
    return with_minus(f"{np.round(value, digits) + 0.0:.{digits}f}")


def _draw_squares(ax, values, below=None, chosen=True, **params):
    """Draw chosen squares with their values and the text below each; NaN is grey."""
    patches = require("matplotlib.patches", "Drawing squares")
    chosen = np.broadcast_to(chosen, values.shape)
    shown = np.where(chosen, values, np.nan)
    top = np.nanmax(np.abs(shown), initial=_LEAST)
    digits = _digits(shown)
    image = draw_image(ax, shown, cmap=DIVERGING, vmin=-top, vmax=top, **params)
    ax.tick_params(length=0)
    for row, column in np.argwhere(chosen):
        value = values[row, column]
        if np.isnan(value):
            corner = column - 0.5, row - 0.5
            ax.add_patch(patches.Rectangle(corner, 1, 1, color=NEUTRAL, lw=0))
            continue
        text = _written(value, digits) + ("" if below is None else below[row, column])
        color = "white" if abs(value) > 0.6 * top else "black"
        ax.text(column, row, text, ha="center", va="center", fontsize=7, color=color)
    return image
