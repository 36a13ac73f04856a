"""Interactions of marks, drawn by levels of two marks or for all pairs."""

import numpy as np

from ..utils import check_type, require
from ._panels import Panels, name_squares, set_title
from ._style import DIVERGING, NEUTRAL, SMALL, around_tss, draw_image, in_kb, with_minus

# Inches of a square that holds a number and its error
_SIDE = 0.5
# Smallest end of a colour scale: less than this is no interaction
_LEAST = 0.01


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
        """Draw both panels, each with colours symmetric around zero; ± is the standard error.

        Levels at which the log-odds are undefined are grey.

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
        panels = (
            (f"log-odds of class {found.target}", found.scores, None),
            ("beyond the sum of each alone", found.interaction, found.errors),
        )
        ticks = [f"× {level:g}" for level in found.levels]
        for ax, (title, values, errors) in zip(self.axes_, panels, strict=True):
            image = _draw_squares(ax, values, errors, origin="lower")
            ax.set_xticks(range(len(ticks)), ticks, fontsize=SMALL)
            ax.set_yticks(range(len(ticks)), ticks, fontsize=SMALL)
            ax.set_xlabel(second, parse_math=False)
            ax.set_ylabel(first, parse_math=False)
            set_title(ax, title)
            self._add_scale(image, ax, shrink=0.8)
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
        """Draw the lower half of the matrix, each number with its standard error below it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self
        """
        marks, n_marks = self.matrix.marks, len(self.matrix.marks)
        longest = 0.07 * max(len(mark) for mark in marks)
        side = longest + max(_SIDE * (n_marks - 1), 1.9)  # no lower than the scale needs
        axes = None if ax is None else [ax]
        self._take(axes, 1, "for the matrix", n_columns=1, size=(side + 1.7, side + 0.4))
        self.ax_ = self.axes_[0]
        pairs = np.tri(n_marks - 1, dtype=bool)
        values, errors = self.matrix.interaction[1:, :-1], self.matrix.errors[1:, :-1]
        image = _draw_squares(self.ax_, values, errors, pairs)
        numbers = range(n_marks - 1)
        name_squares(self.ax_, numbers, marks[:-1], numbers, marks[1:])
        self.ax_.spines[:].set_visible(False)
        label = f"log-odds of class {self.matrix.target}\nbeyond the sum of each alone"
        self._add_scale(image, self.ax_, label=label)
        return self


def _draw_squares(ax, values, errors, chosen=True, **params):
    """Draw chosen squares with their values, and errors if there are any; NaN is grey."""
    patches = require("matplotlib.patches", "Drawing squares")
    chosen = np.broadcast_to(chosen, values.shape)
    shown = np.where(chosen, values, np.nan)
    top = np.nanmax(np.abs(shown), initial=_LEAST)
    digits = 2 if top >= 0.1 else 3
    image = draw_image(ax, shown, cmap=DIVERGING, vmin=-top, vmax=top, **params)
    ax.tick_params(length=0)
    for row, column in np.argwhere(chosen):
        value = values[row, column]
        if np.isnan(value):
            corner = column - 0.5, row - 0.5
            ax.add_patch(patches.Rectangle(corner, 1, 1, color=NEUTRAL, lw=0))
            continue
        text = with_minus(f"{np.round(value, digits) + 0.0:.{digits}f}")
        if errors is not None:
            text += f"\n±{errors[row, column]:.{digits}f}"
        color = "white" if abs(value) > 0.6 * top else "black"
        ax.text(column, row, text, ha="center", va="center", fontsize=7, color=color)
    return image
