"""A generation report, drawn with one panel per measure."""

import numpy as np

from ..utils import check_type
from ._panels import ReportPanels, in_first_column, set_title
from ._style import BLUE, NEUTRAL, RED, SMALL, clean


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
        One per measure.
    """

    def __init__(self, report):
        from ..generation import GenerationReport

        remedy = "Make one with histoexpr.generation_report."
        check_type("report", report, GenerationReport, remedy)
        super().__init__(report)

    def plot(self, *, axes=None):
        """Draw one panel per measure, with a dot per source, or one per source and mark.

        Marks follow each other downwards. Real against real is grey: a line, or one for each
        mark beside its dots, and a band of one standard deviation. The value of a perfect
        generator is a dotted line.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            One per measure; made if not given.

        Returns
        -------
        self
        """
        measures = self.report.best
        figure = {"n_columns": 4, "size": (3, 2.5), "sharey": True}
        self._take(axes, len(measures), "one per measure", **figure)
        first_column = in_first_column(self.axes_)
        for ax, measure, is_first in zip(self.axes_, measures, first_column, strict=True):
            self._draw(ax, measure, measures[measure])
            ax.tick_params(labelleft=is_first)
        self._add_legend()
        return self

    def _draw(self, ax, measure, best):
        values, deviations = self.report.values, self.report.deviations
        null, spread = np.atleast_1d(values["real"][measure], deviations["real"][measure])
        spread = np.nan_to_num(spread)
        real = {"color": "0.6", "label": "real against real"}
        if len(null) == 1 and not np.isnan(null[0]):
            ax.axvspan(null[0] - spread[0], null[0] + spread[0], color=NEUTRAL, lw=0)
            ax.axvline(null[0], lw=1.5, **real)
        ax.axvline(best, color="0.3", lw=1, ls=":", label="perfect")
        sources = [source for source in values if source != "real"]
        for height, source in enumerate(sources):
            found = np.atleast_1d(values[source][measure])
            if np.isnan(found).all():
                place = {"transform": ax.get_yaxis_transform(), "ha": "center", "va": "center"}
                ax.text(0.5, height, "undefined", color="0.4", fontsize=SMALL, **place)
                continue
            heights = height + np.linspace(-0.3, 0.3, len(found)) * (len(found) > 1)
            if len(null) > 1:
                ticks = {"fmt": "|", "ms": 7, "mew": 1.5, "ecolor": NEUTRAL, "elinewidth": 5}
                ax.errorbar(null, heights, xerr=spread, **ticks, **real)
            error = np.nan_to_num(np.atleast_1d(deviations[source][measure]))
            dots = {"fmt": "o", "ms": 4, "color": BLUE if source == "generator" else RED}
            ax.errorbar(found, heights, xerr=error, lw=1, zorder=3, **dots)
        ax.locator_params(axis="x", nbins=5)
        name = measure.replace("_", " ").replace("auroc", "AUROC")
        set_title(ax, name.replace("wasserstein", "Wasserstein"))
        ax.set_yticks(range(len(sources)), sources)
        ax.set_ylim(len(sources) - 0.5, -0.5)
        clean(ax)
