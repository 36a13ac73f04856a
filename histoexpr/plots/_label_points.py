"""Names of points of a plot, in a column beside all points with a line to each."""

import numpy as np
from sklearn.isotonic import isotonic_regression

from ..utils import require
from ._style import SMALL

# Of the font size: mean width of a letter, and distance of lines
_WIDTH, _HEIGHT = 0.7, 1.25
_AWAY = 18  # points from the data to the names
_END = 6  # and from the names to the end of the axes
_TICK = 32  # from one number of the axis to the next, at the least
_LINE = {"color": "0.6", "linewidth": 0.5, "zorder": 1.5}


def label_points(ax, x, y, columns, *, size=SMALL - 1, **style):
    """Write names of points in a column to the left of all points, and one to the right.

    ``x`` and ``y`` are all points of the axes; ``columns`` are two pairs of names and the numbers
    of their points, either of which may be empty. The limits of x are set so that there is room,
    those of y are read. Names are in the order of y, as near to the height of their points as
    is possible without an overlap. Returns the texts of both columns.
    """
    width, height = _points(ax)
    low, high = float(np.min(x)), float(np.max(x))
    rooms = [
        max(map(len, names)) * _WIDTH * size + _AWAY + _END if names else _END
        for names, _ in columns
    ]
    unit = (high - low or 1.0) / max(width - sum(rooms), width / 4)
    ticker = require("matplotlib.ticker", "Placing ticks")
    ticks = ticker.MaxNLocator(max(2, int((high - low) / unit / _TICK))).tick_values(low, high)
    ax.set_xlim(low - rooms[0] * unit, high + rooms[1] * unit)
    ax.set_xticks([tick for tick in ticks if low <= tick <= high])  # beside them are names
    texts = []
    ends = (low - _AWAY * unit, "right"), (high + _AWAY * unit, "left")
    for (names, points), (end, align) in zip(columns, ends, strict=True):
        points = np.asarray(points, dtype=int)
        order = points[np.argsort(-y[points], kind="stable")]
        called = dict(zip(points.tolist(), names, strict=True))
        places = _spread(y[order], ax.get_ylim(), _HEIGHT * size / height)
        for point, place in zip(order.tolist(), places, strict=True):
            ax.plot([end, x[point]], [place, y[point]], **_LINE)
            text = ax.text(
                end + (2 if align == "left" else -2) * unit,
                place,
                called[point],
                ha=align,
                va="center",
                **style,
            )
            text.set(fontsize=size, parse_math=False, in_layout=False)
            texts.append(text)
    return texts


def _points(ax):
    """Return width and height of axes in points, once the figure has its layout."""
    ax.figure.draw_without_rendering()
    frame = ax.get_window_extent()
    return 72 * np.array([frame.width, frame.height]) / ax.figure.dpi


def _spread(heights, limits, step):
    """Return the places closest to heights, which decrease, a step of the axes apart at least."""
    n = len(heights)
    if n == 0:
        return np.empty(0)
    low, high = limits
    step = min(step, 1 / n)
    # with a step added for each name above, the places need only not increase
    wanted = (np.asarray(heights) - low) / (high - low) + step * np.arange(n)
    ends = {"y_min": step * (n - 0.5), "y_max": 1 - step / 2}
    places = isotonic_regression(wanted, increasing=False, **ends) - step * np.arange(n)
    return low + places * (high - low)
