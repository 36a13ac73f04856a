"""A generation report, drawn with one panel per measure."""

import numpy as np

from ..utils import check_type
from ._panels import ReportPanels, in_first_column, set_title
from ._style import BLUE, NEUTRAL, RED, SMALL, clean

_SOURCES = {"jittered": "copies"}
_DRAWN_IN_OTHERS = ("two_sample", "marginal_distance")


class GenerationReportDisplay(ReportPanels):
    """How near a generator and simple baselines come to what real signals reach.

    Make it with :meth:`from_report`.

    Parameters
    ----------
    report : GenerationReport
        What :func:`~histoexpr.generation.generation_report` found.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        One per measure that is drawn.
    """

    def __init__(self, report):
        from ..generation import GenerationReport

        remedy = "Make one with histoexpr.generation_report."
        check_type("report", report, GenerationReport, remedy)
        super().__init__(report)

    def plot(self, *, axes=None):
        """Draw one panel per measure, with a dot per source, or one per source and mark.

        Marks follow each other downwards in the order of the report. Bars are 95 % intervals.
        Real against real is grey: a line and a band, or a tick for each mark beside its dots. The
        value of a perfect generator is a dotted line. The title states how many samples were
        compared; transfer states how many were trained on.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            One per measure; made if not given.

        Returns
        -------
        self
        """
        from ..generation import MEASURES

        # both judges, and marginals by mark, are drawn
        shown = {name: MEASURES[name] for name in MEASURES if name not in _DRAWN_IN_OTHERS}
        figure = {"n_columns": 4, "size": (3.1, 2.4), "sharey": True}
        made = axes is None
        self._take(axes, len(shown), "one per measure", **figure)
        first_column = in_first_column(self.axes_)
        for ax, (name, measure), is_first in zip(
            self.axes_, shown.items(), first_column, strict=True
        ):
            self._draw(ax, name, measure)
            ax.tick_params(labelleft=is_first)
        self._add_legend()
        if made:
            r = self.report
            told = (
                f"{r.n:,} real and as many generated samples; 95 % intervals, {r.unit}s resampled"
            )
            self.figure_.suptitle(told, fontsize=SMALL + 1)
        return self

    def _draw(self, ax, name, measure):
        null, low, high = (np.atleast_1d(found["real"][name]) for found in self._parts())
        real = {"color": "0.6", "label": "real against real"}
        if len(null) == 1 and not np.isnan(null[0]):
            if not np.isnan(low[0]):
                ax.axvspan(low[0], high[0], color=NEUTRAL, lw=0)
            ax.axvline(null[0], lw=1.5, **real)
        ax.axvline(measure.best, color="0.3", lw=1, ls=":", label="perfect")
        sources = [source for source in self.report.values if source != "real"]
        for height, source in enumerate(sources):
            found = [np.atleast_1d(part[source][name]) for part in self._parts()]
            if np.isnan(found[0]).all():
                place = {"transform": ax.get_yaxis_transform(), "ha": "center", "va": "center"}
                ax.text(0.5, height, "undefined", color="0.4", fontsize=SMALL, **place)
                continue
            heights = height + np.linspace(-0.3, 0.3, len(null)) * (len(null) > 1)
            if len(null) > 1:
                ticks = {"fmt": "|", "ms": 7, "mew": 1.5, "ecolor": NEUTRAL, "elinewidth": 5}
                ax.errorbar(null, heights, xerr=_bars(null, low, high), **ticks, **real)
            dots = {"fmt": "o", "ms": 4, "color": BLUE if source == "generator" else RED}
            ax.errorbar(found[0], heights, xerr=_bars(*found), lw=1, zorder=3, **dots)
        ax.locator_params(axis="x", nbins=5)
        title = measure.title
        if name.startswith("transfer"):
            title += f" (n = {self.report.n_transfer:,})"
        set_title(ax, title)
        ax.set_xlabel(measure.axis, fontsize=SMALL)
        ax.set_yticks(range(len(sources)), [_SOURCES.get(source, source) for source in sources])
        ax.set_ylim(len(sources) - 0.5, -0.5)
        clean(ax)

    def _parts(self):
        return self.report.values, self.report.low, self.report.high


def _bars(value, low, high):
    """Return the lengths of error bars to both sides, none where there is no interval."""
    return np.nan_to_num(np.maximum([value - low, high - value], 0))
