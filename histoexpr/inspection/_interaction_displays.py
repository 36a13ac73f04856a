"""Figures of what marks tell together."""

import numpy as np

from ._interactions import mark_interaction_matrix, mark_interactions
from ._style import DIVERGING, pyplot
from ._windows import in_kb


class MarkInteractionDisplay:
    """Log-odds of a class beyond the sum of two marks' effects, by their levels.

    Make it with :meth:`from_estimator` or from a :class:`MarkInteractions`.

    Parameters
    ----------
    interactions : MarkInteractions
    marks : tuple of two str
        Names of the two marks.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        The log-odds, and what of them is beyond the sum.
    """

    def __init__(self, interactions, marks):
        self.interactions, self.marks = interactions, tuple(marks)

    @classmethod
    def from_estimator(cls, classifier, target, marks, *, backgrounds, names=None, **params):
        """Measure the interaction of two marks and draw it.

        Parameters
        ----------
        classifier, target, marks, backgrounds
            See :func:`mark_interactions`.
        names : tuple of two str, optional
            Names of the two marks.
        **params
            Passed on to :func:`mark_interactions`.

        Returns
        -------
        MarkInteractionDisplay
        """
        found = mark_interactions(classifier, target, marks, backgrounds=backgrounds, **params)
        names = [f"mark {mark + 1}" for mark in found.marks] if names is None else names
        return cls(found, names).plot()

    def plot(self, *, axes=None):
        """Draw both panels, each with colours symmetric around zero; ± is the standard error.

        Parameters
        ----------
        axes : sequence of two matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self
        """
        plt = pyplot("Drawing an interaction of marks")
        if axes is None:
            _, axes = plt.subplots(1, 2, figsize=(8.2, 3.5), layout="constrained")
        found = self.interactions
        first, second = (
            name if region is None else f"{name}, {in_kb(*region)}"
            for name, region in zip(self.marks, found.regions, strict=True)
        )
        panels = (
            (f"log-odds of class {found.target}", found.scores, None),
            ("beyond the sum of each alone", found.interaction, found.errors),
        )
        ticks = [f"× {level:g}" for level in found.levels]
        for ax, (title, values, errors) in zip(axes, panels, strict=True):
            top = np.abs(values).max() or 1.0
            image = ax.imshow(values, origin="lower", cmap=DIVERGING, vmin=-top, vmax=top)
            _write(ax, values, errors, top)
            ax.set_xticks(range(len(ticks)), ticks)
            ax.set_yticks(range(len(ticks)), ticks)
            ax.set_xlabel(second)
            ax.set_ylabel(first)
            ax.set_title(title, fontsize=10)
            ax.tick_params(length=0)
            ax.figure.colorbar(image, ax=ax, shrink=0.8)
        self.axes_, self.figure_ = np.asarray(axes, dtype=object), axes[0].figure
        return self


class MarkInteractionMatrixDisplay:
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
        matrix = mark_interaction_matrix(classifier, target, backgrounds=backgrounds, **params)
        return cls(matrix).plot(ax=ax)

    def plot(self, *, ax=None):
        """Draw the lower half of the matrix, each figure with its standard error below it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self
        """
        plt = pyplot("Drawing interactions of marks")
        marks, n_marks = self.matrix.marks, len(self.matrix.marks)
        if ax is None:
            size = (2.6 + 0.62 * n_marks, 1.6 + 0.5 * n_marks)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        shown = np.where(np.tri(n_marks, k=-1), self.matrix.interaction, np.nan)[1:, :-1]
        top = np.nanmax(np.abs(shown)) or 1.0
        image = ax.imshow(shown, cmap=DIVERGING, vmin=-top, vmax=top)
        _write(ax, shown, self.matrix.errors[1:, :-1], top)
        ax.set_xticks(range(n_marks - 1), marks[:-1], fontsize=8, rotation=45, ha="right")
        ax.set_yticks(range(n_marks - 1), marks[1:], fontsize=8)
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.tick_params(length=0)
        label = f"log-odds of class {self.matrix.target}\nbeyond the sum of each alone"
        ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _write(ax, values, errors, top):
    """Write the figures into the squares, with their standard errors if there are any."""
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        text = f"{np.round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
        if errors is not None:
            text += f"\n±{errors[row, column]:.2f}"
        color = "white" if abs(value) > 0.6 * top else "black"
        ax.text(column, row, text, ha="center", va="center", fontsize=7, color=color)
