"""Importance of marks, drawn with its intervals, everywhere or by region."""

import numpy as np

from ..utils import check_type
from ._panels import Panels, in_first_column, set_title
from ._style import BLUE, GREY, SMALL, clean, label_tss_axis

_BLACK = "0.2"
_BAR = {"linewidth": 0.6, "edgecolor": "white"}
_ERROR = {"ecolor": _BLACK, "elinewidth": 1, "capsize": 2}


class MarkImportanceDisplay(Panels):
    """How much worse a score is without each mark, with intervals.

    Of one region there is a bar for each mark, of several a panel for each mark, with bars where
    the regions are. Bars are grey where the interval has 0 in it, or is not known.

    Parameters
    ----------
    importance : MarkImportance

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, MarkImportanceDisplay
    >>> from histoexpr import make_histone_cells, mark_importance
    >>> data = make_histone_cells(n_cells=1, n_genes=400, random_state=0)
    >>> linear = HistoneLinearClassifier(device="cpu").fit(data[:200])
    >>> found = mark_importance(linear, data[200:], n_repeats=1, random_state=0)
    >>> MarkImportanceDisplay.from_importance(found).axes_[0].get_xlabel()
    'loss of AUROC'
    """

    def __init__(self, importance):
        from ..inspection import MarkImportance

        remedy = "Make one with histoexpr.mark_importance."
        check_type("importance", importance, MarkImportance, remedy)
        self.importance = importance

    @classmethod
    def from_importance(cls, importance, *, axes=None):
        """Draw the importance of marks.

        Parameters
        ----------
        importance : MarkImportance
            Of :func:`mark_importance`.
        axes : sequence of matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        MarkImportanceDisplay
        """
        return cls(importance).plot(axes=axes)

    def plot(self, *, axes=None):
        """Draw the bars, all on one scale.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            One if there is one region, else one for each mark; made if not given.

        Returns
        -------
        self
        """
        if len(self.importance.regions) == 1:
            self._draw_marks(axes)
        else:
            self._draw_regions(axes)
        return self

    def _draw_marks(self, axes):
        table = self.importance.table
        size = 4.6, 1.0 + 0.32 * len(table)
        self._take(axes, 1, "for the bars of all marks", n_columns=1, size=size)
        ax = self.axes_[0]
        places = np.arange(len(table))
        style = {"xerr": _reach(table), "color": _colors(table), "error_kw": _ERROR, **_BAR}
        ax.barh(places, table["importance"], height=0.7, **style)
        ax.axvline(0, color=_BLACK, linewidth=0.8)
        ax.set_yticks(places, table["mark"], parse_math=False)
        ax.set_ylim(len(table) - 0.4, -0.6)
        ax.tick_params(axis="y", length=0)
        ax.locator_params(axis="x", nbins=6)
        ax.set_xlabel(self._name_of_axis())
        ax.set_title(self._intact(), fontsize=SMALL, loc="right")
        clean(ax)

    def _draw_regions(self, axes):
        table, regions = self.importance.table, self.importance.regions
        marks = list(table["mark"].unique())
        size = (2.6, 2.1)
        self._take(axes, len(marks), "one per mark", n_columns=3, size=size, sharey=True)
        window = min(first for first, _ in regions), max(last for _, last in regions)
        for ax, mark, is_first in zip(self.axes_, marks, in_first_column(self.axes_), strict=True):
            part = table[table["mark"] == mark]
            first, last = part["first"] / 1000, part["last"] / 1000
            style = {"yerr": _reach(part), "color": _colors(part), "error_kw": _ERROR, **_BAR}
            ax.bar((first + last) / 2, part["importance"], width=last - first, **style)
            ax.axhline(0, color=_BLACK, linewidth=0.8)
            label_tss_axis(ax, window, self.importance.oriented)
            set_title(ax, mark)
            clean(ax)
            if is_first:
                ax.set_ylabel(self._name_of_axis())

    def _name_of_axis(self):
        removed = ", mark removed" if self.importance.method == "remove" else ""
        return f"{self.importance.unit_of_importance}{removed}"

    def _intact(self):
        return f"intact {self.importance.label} {self.importance.score:.3f}"


def _reach(table):
    """Return how far intervals reach below and above, 0 where they are not known."""
    reach = [table["importance"] - table["low"], table["high"] - table["importance"]]
    # of a skew bootstrap the mean may stand beyond an end by a hair
    return np.nan_to_num(np.maximum(np.asarray(reach, dtype=np.float64), 0))


def _colors(table):
    """Return a colour for each bar, grey unless its interval is on one side of 0."""
    apart = (table["low"] > 0) | (table["high"] < 0)
    return np.where(apart, BLUE, GREY).tolist()
