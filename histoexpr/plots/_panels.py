"""Panels of a figure: their axes, titles, colour scales and the legend of all of them."""

import textwrap

import numpy as np

from ..utils import require
from ._style import SMALL, TITLE, clean, label_tss_axis, shorten_name

# Mean width of a letter, of the font size
_LETTER = 0.56
_LABEL = 45  # letters in a line of a legend


def new_panels(
    n_panels=1, n_columns=4, *, size, margin=(0, 0), make=None, layout="constrained", **grid
):
    """Return the axes of a new figure; ``size`` of each and ``margin`` of all are in inches.

    The figure comes from ``make``; by default pyplot does not know it, so that no backend is
    chosen and none has to be closed. ``grid`` is passed on to ``subplots``.
    """
    make = make or require("matplotlib.figure", "Drawing figures").Figure
    n_columns = min(n_panels, n_columns)
    n_rows = -(-n_panels // n_columns)
    inches = size[0] * n_columns + margin[0], size[1] * n_rows + margin[1]
    figure = make(figsize=inches, layout=layout)
    axes = figure.subplots(n_rows, n_columns, squeeze=False, **grid).ravel()
    for ax in axes[n_panels:]:
        figure.delaxes(ax)
    return axes[:n_panels]


def add_legend(figure, found, n_columns=4, *, name=shorten_name, **style):
    """Add a legend of artists by label below the axes, in as many columns as there is room for.

    It shows what ``name`` makes of the labels.
    """
    labels = list(map(name, found))
    style |= {"loc": "outside lower center", "frameon": False}
    for ncols in range(min(len(labels), n_columns), 0, -1):
        legend = figure.legend(found.values(), labels, ncols=ncols, **style)
        if ncols == 1 or legend.get_window_extent().width < figure.bbox.width:
            return legend
        legend.remove()


class Panels:
    """Base of displays of one or more panels, which are ``axes_`` of ``figure_``."""

    _beside = ()  # scales and legends

    def _take(self, axes, n_panels, what, *, n_columns, size, **figure):
        """Draw on these axes from now on, or on those of a new figure (:func:`new_panels`).

        What this display has drawn before on the same axes is removed. Messages state ``what``
        the axes are for.
        """
        if axes is None:
            make = require("matplotlib.pyplot", f"Drawing {type(self).__name__}").figure
            axes = new_panels(n_panels, n_columns, size=size, make=make, **figure)
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

    def _frame_profiles(self, marks, window, ylabel, oriented=None):
        """Finish panels of one mark each around the TSS."""
        for ax, mark, is_first in zip(self.axes_, marks, in_first_column(self.axes_), strict=True):
            set_title(ax, mark)
            label_tss_axis(ax, window, oriented)
            clean(ax)
            if is_first:
                ax.set_ylabel(ylabel)

    def _add_scale(self, image, axes, **params):
        scale = self.figure_.colorbar(image, ax=axes, **params)
        self._beside.append(scale)
        return scale

    def _add_legend(self, found=None):
        """Put a legend below all panels, or into the first if the layout makes no room.

        ``found`` has the artists by label; default those of all panels.
        """
        if found is None:
            found = {}
            for ax in self.axes_:
                handles, labels = ax.get_legend_handles_labels()
                found |= dict(zip(labels, handles, strict=True))
        engine = require("matplotlib.layout_engine", "Drawing a legend")
        if isinstance(self.figure_.get_layout_engine(), engine.ConstrainedLayoutEngine):
            legend = add_legend(self.figure_, found, name=_in_legend)
            self._beside.append(legend)
        else:
            labels = map(_in_legend, found)
            style = {"frameon": False, "fontsize": SMALL}
            legend = self.axes_[0].legend(found.values(), labels, **style)
        for text in legend.get_texts():
            text.set_parse_math(False)


class ReportPanels(Panels):
    """Base of displays of a report."""

    def __init__(self, report):
        self.report = report

    @classmethod
    def from_report(cls, report, *, axes=None):
        """Draw a report.

        Parameters
        ----------
        report : AuditReport or GenerationReport
            What the display is for.
        axes : sequence of matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        AuditDisplay or GenerationReportDisplay
        """
        return cls(report).plot(axes=axes)


def _in_legend(label):
    return "\n".join(textwrap.wrap(str(label), _LABEL))


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
    longest_word = max(map(len, str(text).split()), default=1)
    for width in range(longest_word, room):
        narrow = textwrap.wrap(str(text), width)
        if len(narrow) == len(lines):
            return "\n".join(narrow)
    return "\n".join(lines)


def in_first_column(axes):
    """Return for each of several axes whether no other stands in a column before its own."""
    places = [ax.get_subplotspec() for ax in axes]
    columns = [0 if place is None else place.colspan.start for place in places]
    return [column == min(columns) for column in columns]


def name_squares(ax, x, columns, y, rows):
    """Name the columns and rows of a matrix, the columns aslant."""
    style = {"fontsize": SMALL, "parse_math": False}
    ax.set_xticks(x, columns, rotation=45, ha="right", **style)
    ax.set_yticks(y, rows, **style)
    ax.tick_params(length=0)
