"""The counterfactual of a gene, beside the gene and the nearest real gene of the other class."""

import numpy as np

from ..utils import check_type
from ._panels import Panels
from ._style import BLUE, GREY, RED, SMALL, TITLE, clean, label_tss_axis

_LINE = {"linewidth": 1.1, "drawstyle": "steps-post"}


class CounterfactualDisplay(Panels):
    """A gene, what would put it into the other class, and the nearest real gene of that class.

    Make it with :meth:`from_counterfactuals`.

    Parameters
    ----------
    found : Counterfactuals
    row : int, default=0
        Row of ``found.table``.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        Mark by mark: the gene, the counterfactual, the nearest real gene.
    """

    def __init__(self, found, row=0):
        from ..inspection import Counterfactuals

        remedy = "Make them with histoexpr.counterfactuals."
        check_type("found", found, Counterfactuals, remedy)
        self.found, self.row = found, row

    @classmethod
    def from_counterfactuals(cls, found, *, gene=0, generator=0, axes=None):
        """Draw the counterfactual of one gene.

        Parameters
        ----------
        found : Counterfactuals
        gene : str or int, default=0
            Name or symbol of the gene, or its number in ``X``.
        generator : int, default=0
            Number of the generator.
        axes : sequence of matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        CounterfactualDisplay

        Raises
        ------
        ValueError
            If there is no such gene.
        """
        display = cls(found)
        display.row = found.row_of(gene, generator)
        return display.plot(axes=axes)

    def plot(self, *, axes=None):
        """Draw three panels a mark: the gene with its reconstruction, the change, a real gene.

        Orange is what the counterfactual has more than the reconstruction, blue what it has less.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            Three for each mark; made if not given.

        Returns
        -------
        self
        """
        found, facts = self.found, self.found.table.loc[self.row]
        gene = found.originals[facts["sample"]]
        n_bins, n_marks = gene.shape
        what = "for gene, counterfactual and nearest real gene of each mark"
        figure = {"n_columns": 3, "size": (3.1, 1.25), "margin": (0.3, 0.9)}
        self._take(axes, 3 * n_marks, what, sharey="row", **figure)
        borders = np.linspace(*found.window, n_bins + 1) / 1000
        unit = "signal" if np.all(found.unit == 1) else "x / unit"
        signals = gene, found.reconstructions[self.row], found.signals[self.row]
        signals = [np.log1p(one / found.unit) for one in (*signals, found.nearest[self.row])]
        grid = np.reshape(self.axes_, (n_marks, 3))
        for number, (mark, panels) in enumerate(zip(found.marks, grid, strict=True)):
            self._draw_mark(panels, borders, *(one[:, number] for one in signals))
            panels[0].set_ylabel(f"{mark}\nlog(1 + {unit})", fontsize=SMALL, parse_math=False)
            for ax in panels:
                ax.set_ylim(bottom=0)
                label_tss_axis(ax, found.window, found.oriented)
                if number < n_marks - 1:
                    ax.set_xlabel("")
                    ax.tick_params(labelbottom=False)
                ax.tick_params(labelsize=SMALL)
                clean(ax)
        for ax, title in zip(grid[0], self._titles(facts), strict=True):
            ax.set_title(title, fontsize=TITLE - 1, parse_math=False)
        self._add_legend()
        return self

    def _draw_mark(self, panels, borders, gene, before, after, nearest):
        first, middle, last = panels
        # each bin from border to border, the last value once more
        x = borders
        gene, before, after, nearest = (
            np.append(one, one[-1]) for one in (gene, before, after, nearest)
        )
        filled = {"step": "post", "linewidth": 0}
        first.fill_between(x, gene, color=GREY, label="real gene", **filled)
        first.plot(x, before, color="black", label="reconstruction", **_LINE)
        more, less = {"color": RED, "alpha": 0.6}, {"color": BLUE, "alpha": 0.6}
        middle.fill_between(x, before, np.maximum(before, after), label="more", **more, **filled)
        middle.fill_between(x, np.minimum(before, after), before, label="less", **less, **filled)
        middle.plot(x, before, color="black", **(_LINE | {"linewidth": 0.6}))
        last.fill_between(x, nearest, color=GREY, **filled)

    def _titles(self, facts):
        """Return the title of each column."""
        gene, nearest = _name(facts, "") or "gene", _name(facts, "nearest_")
        return (
            f"{gene}\np(class {facts['target']}) = {facts['probability']:.3f}, "
            f"reconstruction {facts['probability_reconstruction']:.3f}",
            f"counterfactual\np = {facts['probability_counterfactual']:.3f}, "
            f"gene with the change {facts['probability_applied']:.3f}",
            f"nearest real gene{': ' * bool(nearest)}{nearest}\n"
            f"p = {facts['probability_nearest']:.3f}, distance {facts['distance_nearest']:.2f}",
        )


def _name(facts, prefix):
    """Return the symbol of a gene, else its name, else nothing."""
    for column in ("symbol", "gene"):
        value = facts.get(f"{prefix}{column}")
        if isinstance(value, str) and value:
            return value
    return ""
