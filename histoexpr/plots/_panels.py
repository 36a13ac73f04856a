"""What figures of several panels share: axes, titles, scales and legends."""

import textwrap

import numpy as np

from ..utils import require

_FONT_SIZE = 10
# Mean width of a letter, of the font size
_LETTER = 0.56
_LABEL = 45  # letters in a line of a legend


class Panels:
    """Base of displays that draw on axes and beside them.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
    """

    _beside = ()  # scales and legends

    def _take(self, axes, n_panels, what):
        """Draw on these axes from now on, without what this display has drawn there before."""
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

    def _add_scale(self, image, axes, **params):
        self._beside.append(self.figure_.colorbar(image, ax=axes, **params))

    def _add_legend(self, handles, labels):
        """Put a legend below all panels, or into the first if the layout makes no room."""
        engine = require("matplotlib.layout_engine", "Drawing a legend")
        labels = ["\n".join(textwrap.wrap(str(label), _LABEL)) for label in labels]
        if not isinstance(self.figure_.get_layout_engine(), engine.ConstrainedLayoutEngine):
            legends = [self.axes_[0].legend(handles, labels, frameon=False, fontsize=8)]
        else:
            for n_columns in range(min(len(labels), 4), 0, -1):
                legend = self.figure_.legend(
                    handles, labels, loc="outside lower center", ncols=n_columns, frameon=False
                )
                if n_columns == 1 or legend.get_window_extent().width < self.figure_.bbox.width:
                    break
                legend.remove()
            legends = [legend]
            self._beside.append(legend)
        for text in legends[0].get_texts():
            text.set_parse_math(False)


def set_title(ax, title):
    """Set a title in as many lines as the panel is narrow for."""
    ax.set_title(in_lines(title, room_of(ax)), fontsize=_FONT_SIZE, parse_math=False)


def room_of(ax):
    """Return how many letters are as long as a panel is wide."""
    points = 72 * ax.get_window_extent().width / ax.figure.dpi
    return max(8, int(points / _LETTER / _FONT_SIZE))


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
