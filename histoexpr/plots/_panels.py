"""Panels of a figure: their axes, titles, colour scales and the legend of all of them."""

import textwrap

import numpy as np

from ..utils import require
from ._style import SMALL, TITLE, pyplot

# Mean width of a letter, of the font size
_LETTER = 0.56
_LABEL = 45  # letters in a line of a legend


class Panels:
    """Base of displays of one or more panels.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
    """

    _beside = ()  # scales and legends

    def _take(self, axes, n_panels, what, *, n_columns, size, margin=(0, 0), **grid):
        """Draw on these axes from now on, or on those of a new figure.

        What this display has drawn before on the same axes is removed.

        Parameters
        ----------
        axes : array-like of matplotlib.axes.Axes or None
            None makes a figure.
        n_panels : int
            Number of axes needed.
        what : str
            What they are for, in messages.
        n_columns : int
            Number of columns of a new figure, at the most.
        size : tuple of two float
            Width and height of a panel of a new figure, in inches.
        margin : tuple of two float
            What is added to width and height of the figure.
        **grid
            Passed on to :func:`matplotlib.pyplot.subplots`.
        """
        if axes is None:
            axes = self._new_axes(n_panels, n_columns, size, margin, grid)
        axes = np.ravel(np.asarray(axes, dtype=object))
        if len(axes) != n_panels or not all(hasattr(ax, "get_subplotspec") for ax in axes):
            raise ValueError(
                f"axes must be {n_panels} matplotlib Axes, {what}, got {len(axes)} "
                f"({', '.join(type(ax).__name__ for ax in axes[:3])})."
            )
        own = set(np.ravel(getattr(self, "axes_", ()))) & set(axes)
        if own:
            for artist in self._beside:
                artist.remove()
        for ax in own:
            ax.clear()
            ax.tick_params(reset=True)
            if (place := ax.get_subplotspec()) is not None:
                ax.set_subplotspec(place)  # colour bars had made it narrower
        self._beside = []
        self.axes_, self.figure_ = axes, axes[0].figure

    def _new_axes(self, n_panels, n_columns, size, margin, grid):
        n_columns = min(n_panels, n_columns)
        n_rows = -(-n_panels // n_columns)
        figure, axes = pyplot(f"Drawing {type(self).__name__}").subplots(
            n_rows,
            n_columns,
            figsize=(size[0] * n_columns + margin[0], size[1] * n_rows + margin[1]),
            layout="constrained",
            squeeze=False,
            **grid,
        )
        for ax in axes.flat[n_panels:]:
            figure.delaxes(ax)
        return axes.flat[:n_panels]

    def _add_scale(self, image, axes, **params):
        scale = self.figure_.colorbar(image, ax=axes, **params)
        self._beside.append(scale)
        return scale

    def _add_legend(self, found=None):
        """Put a legend below all panels, or into the first if the layout makes no room.

        Parameters
        ----------
        found : dict of str -> artist, optional
            Artists by their label; default those of all panels.
        """
        if found is None:
            found = {}
            for ax in self.axes_:
                handles, labels = ax.get_legend_handles_labels()
                found |= dict(zip(labels, handles, strict=True))
        labels = ["\n".join(textwrap.wrap(str(label), _LABEL)) for label in found]
        handles = list(found.values())
        engine = require("matplotlib.layout_engine", "Drawing a legend")
        if not isinstance(self.figure_.get_layout_engine(), engine.ConstrainedLayoutEngine):
            legend = self.axes_[0].legend(handles, labels, frameon=False, fontsize=SMALL)
        else:
            for n_columns in range(min(len(labels), 4), 0, -1):
                legend = self.figure_.legend(
                    handles, labels, loc="outside lower center", ncols=n_columns, frameon=False
                )
                if n_columns == 1 or legend.get_window_extent().width < self.figure_.bbox.width:
                    break
                legend.remove()
            self._beside.append(legend)
        for text in legend.get_texts():
            text.set_parse_math(False)


def set_title(ax, title):
    """Set a title in as many lines as the panel is narrow for."""
    ax.set_title(in_lines(title, room_of(ax)), fontsize=TITLE, parse_math=False)


def room_of(ax):
    """Return how many letters are as long as a panel is wide."""
    points = 72 * ax.get_window_extent().width / ax.figure.dpi
    return max(8, int(points / _LETTER / TITLE))


def in_lines(text, room):
    """Break text into the fewest lines of so many letters, all about as long."""
    lines = textwrap.wrap(str(text), room)
    longest_word = max((len(word) for word in str(text).split()), default=0)
    for width in range(longest_word, room):
        narrow = textwrap.wrap(str(text), max(width, 1))
        if len(narrow) == len(lines):
            return "\n".join(narrow)
    return "\n".join(lines)


def in_first_column(axes):
    """Return for each of several axes whether no other stands in a column before its own."""
    places = [ax.get_subplotspec() for ax in axes]
    columns = [0 if place is None else place.colspan.start for place in places]
    return [column == min(columns) for column in columns]
