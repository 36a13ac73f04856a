"""An experiment in silico, drawn: how predictions change, and from where to where."""

import numpy as np

from ..utils import check_type, is_missing
from ._panels import Panels, set_title
from ._style import BLUE, CLASSES, GREY, RED, TITLE, clean, colors_of

_BINS = 60
_COLORS = {1: RED, 0: BLUE}


class PerturbationDisplay(Panels):
    """Changes of predictions by label, and predictions before and after.

    The first panel has the distribution of the change among the samples of each label, with a
    line at its mean and a band for the interval of that. In the second each sample is a
    point, grey where its changed signals are outside the range of real genes.

    Parameters
    ----------
    perturbation : Perturbation
        Made with an estimator.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        Two.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, PerturbationDisplay
    >>> from histoexpr import make_histone_cells, perturb
    >>> data = make_histone_cells(n_cells=1, n_genes=400, random_state=0)
    >>> linear = HistoneLinearClassifier(device="cpu").fit(data[:200])
    >>> low = perturb(data[200:], "H3K4me3", (-500, 500), "low", estimator=linear)
    >>> PerturbationDisplay.from_perturbation(low).axes_[0].get_xlabel()
    'change of the log-odds of class 1'
    """

    def __init__(self, perturbation):
        from ..inspection import Perturbation

        remedy = "Make one with histoexpr.perturb."
        check_type("perturbation", perturbation, Perturbation, remedy)
        if perturbation.name is None:
            raise ValueError(
                "The perturbation has no predictions to draw. Give perturb an estimator."
            )
        self.perturbation = perturbation

    @classmethod
    def from_perturbation(cls, perturbation, *, axes=None):
        """Draw an experiment.

        Parameters
        ----------
        perturbation : Perturbation
            Of :func:`perturb`, with an estimator.
        axes : sequence of two matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        PerturbationDisplay
        """
        return cls(perturbation).plot(axes=axes)

    def plot(self, *, axes=None):
        """Draw both panels.

        Parameters
        ----------
        axes : sequence of two matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self
        """
        what = "for changes, and for predictions before and after"
        new = axes is None
        self._take(axes, 2, what, n_columns=2, size=(3.4, 3.0), margin=(0, 0.6))
        groups = self._groups()
        self._draw_changes(groups)
        self._draw_points(groups)
        steps = self.perturbation.what.replace(" -", " \N{MINUS SIGN}").split("; ")
        if new:
            style = {"fontsize": TITLE, "x": 0.02, "ha": "left", "parse_math": False}
            self.figure_.suptitle("\n".join(steps), **style)
        else:
            set_title(self.axes_[0], "; ".join(steps))
        self._add_legend()
        return self

    def _groups(self):
        """Return name, colour, rows and row of the summary of each label."""
        table, summary = self.perturbation.table, self.perturbation.summary
        if "y" not in table:
            return [("all genes", BLUE, np.ones(len(table), dtype=bool), summary.iloc[0])]
        labels = [label for label in np.unique(table["y"]).tolist() if not is_missing(label)]
        named = set(labels) <= set(CLASSES)
        colors = _COLORS if named else colors_of(labels)
        rows = [(table["y"] == label).to_numpy() for label in labels]
        names = [CLASSES[label] if named else str(label) for label in labels]
        parts = [summary.iloc[number + 1] for number in range(len(labels))]
        return list(zip(names, (colors[label] for label in labels), rows, parts, strict=True))

    def _draw_changes(self, groups):
        ax, change = self.axes_[0], self.perturbation.table["change"].to_numpy()
        # a few far ends would squeeze the rest
        ends = np.quantile(change, [0.002, 0.998])
        margin = 0.05 * max(ends[1] - ends[0], 1e-3)
        edges = np.linspace(ends[0] - margin, ends[1] + margin, _BINS + 1)
        for name, color, rows, mean in groups:
            inside = np.clip(change[rows], edges[0], edges[-1])
            weights = np.full(rows.sum(), 100 / max(rows.sum(), 1))
            style = {"color": color, "alpha": 0.4, "label": f"{name}, n = {rows.sum():,}"}
            ax.hist(inside, edges, weights=weights, histtype="stepfilled", **style)
            if not is_missing(mean["low"]):
                ax.axvspan(mean["low"], mean["high"], color=color, alpha=0.35, linewidth=0)
            ax.axvline(mean["change"], color=color, linewidth=1.4)
        ax.axvline(0, color="0.3", linewidth=0.8, linestyle=":")
        ax.set_xlabel(f"change of the {self.perturbation.name}", parse_math=False)
        ax.set_ylabel("genes (% of the class)" if len(groups) > 1 else "genes (%)")
        clean(ax)

    def _draw_points(self, groups):
        ax, table = self.axes_[1], self.perturbation.table
        before, after = table["before"].to_numpy(), table["after"].to_numpy()
        outside = table[["outside_alone", "outside_together"]].eq(True).any(axis=1).to_numpy()
        style = {"s": 4, "linewidth": 0, "rasterized": True}
        if outside.any():
            ax.scatter(before[outside], after[outside], color=GREY, **style)
            share = f"outside the range of real genes, {outside.mean():.0%}"
            ax.plot([], [], "o", color=GREY, markersize=4, label=share)  # points are too small
        for _, color, rows, _ in groups:
            rows = rows & ~outside
            ax.scatter(before[rows], after[rows], color=color, alpha=0.35, **style)
        ends = min(before.min(), after.min()), max(before.max(), after.max())
        ax.plot(ends, ends, color="0.3", linewidth=0.8, linestyle=":")
        if self.perturbation.target is not None:  # where the call changes
            for line in (ax.axhline, ax.axvline):
                line(0, color="0.75", linewidth=0.6, zorder=0)
        ax.set_xlabel(f"{self.perturbation.name} before", parse_math=False)
        ax.set_ylabel("after")
        clean(ax)
