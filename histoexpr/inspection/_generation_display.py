"""The figure of a generation report."""

import numpy as np

from ._style import PALETTE, clean, pyplot

_COLUMNS = 4


class GenerationReportDisplay:
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
        self.report = report

    @classmethod
    def from_report(cls, report, *, axes=None):
        """Draw a report.

        Parameters
        ----------
        report : GenerationReport
        axes : sequence of matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        GenerationReportDisplay
        """
        return cls(report).plot(axes=axes)

    def plot(self, *, axes=None):
        """Draw one panel per measure, with a dot per source (and mark).

        The range of real against real is grey, the value of a perfect generator a dotted
        line.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            One per measure; made if not given.

        Returns
        -------
        self
        """
        plt = pyplot("Drawing a generation report")
        measures = self.report.best
        if axes is None:
            n_rows = -(-len(measures) // _COLUMNS)
            _, axes = plt.subplots(
                n_rows, _COLUMNS, figsize=(12, 2.5 * n_rows), layout="constrained", sharey=True
            )
        axes = np.ravel(np.asarray(axes, dtype=object))
        if len(axes) != len(measures):
            raise ValueError(f"axes must be {len(measures)}, one per measure, got {len(axes)}.")
        for ax, (measure, best) in zip(axes, measures.items(), strict=True):
            self._draw(ax, measure, best)
        self.axes_, self.figure_ = axes, axes[0].figure
        handles, labels = axes[0].get_legend_handles_labels()
        self.figure_.legend(
            handles, labels, loc="outside lower center", ncols=len(labels), frameon=False
        )
        return self

    def _draw(self, ax, measure, best):
        values, deviations = self.report.values, self.report.deviations
        null, spread = np.atleast_1d(values["real"][measure], deviations["real"][measure])
        spread = np.nan_to_num(spread)
        ax.axvspan(
            np.nanmin(null - spread),
            np.nanmax(null + spread),
            color="0.85",
            lw=0,
            label="real against real",
        )
        ax.axvline(best, color="0.4", lw=1, ls=":", label="perfect")
        sources = [source for source in values if source != "real"]
        for height, source in enumerate(sources):
            found = np.atleast_1d(values[source][measure])
            # marks beside each other: there are up to ten
            heights = height + np.linspace(-0.2, 0.2, len(found)) * (len(found) > 1)
            ax.errorbar(
                found,
                heights,
                xerr=np.nan_to_num(np.atleast_1d(deviations[source][measure])),
                fmt="o",
                ms=4,
                lw=1,
                color=PALETTE[0] if source == "generator" else PALETTE[1],
            )
        ax.set_title(measure.replace("_", " "), fontsize=10)
        ax.set_yticks(range(len(sources)), sources)
        ax.set_ylim(len(sources) - 0.5, -0.5)
        clean(ax)
