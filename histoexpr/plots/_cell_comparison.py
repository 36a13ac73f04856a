"""Two cells compared: predicted against measured changes, and what drives the largest ones."""

import numpy as np
import pandas as pd

from ..utils import check_positive_int, check_type
from ._label_points import label_points
from ._panels import Panels, set_title
from ._style import (
    DIVERGING,
    GREY,
    HIGHER,
    LOWER,
    SMALL,
    clean,
    draw_image,
    shorten_name,
    with_minus,
)

# Inches of a square of the contributions
_SIDE = 0.19, 0.36
# Distance of the numbers from the contributions, in squares
_GAP = 0.35
_LETTER = 0.07  # inches
_LINE = 0.05  # height of a line of scores, of that of the axes
_NAME = 18  # letters of a gene or cell, at the most


class CellComparisonDisplay(Panels):
    """Predicted changes between two cells beside measured ones, and the marks that drive them.

    To the left all genes: predicted against measured change, or, where that is not known, the
    predicted change by rank. To the right the genes with the largest predicted changes in
    either direction: what every mark contributes, their sum and what is measured. Make it with
    :meth:`from_comparison` or :meth:`from_data`.

    Parameters
    ----------
    comparison : CellComparison
    n_genes : int, default=10
        Number of genes to name for each cell, at the most.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of two matplotlib.axes.Axes
    top_ : DataFrame
        The genes to the right, from the most positive to the most negative predicted change.
    """

    def __init__(self, comparison, *, n_genes=10):
        from ..transfer import CellComparison  # loads torch

        remedy = "Make one with histoexpr.compare_cells, or draw data with from_data."
        check_type("comparison", comparison, CellComparison, remedy)
        self.comparison, self.n_genes = comparison, check_positive_int("n_genes", n_genes)

    @classmethod
    def from_comparison(cls, comparison, *, n_genes=10, axes=None):
        """Draw a comparison.

        Parameters
        ----------
        comparison : CellComparison
            Result of :func:`histoexpr.compare_cells`.
        n_genes : int, default=10
            Number of genes to name for each cell, at the most.
        axes : sequence of two matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        CellComparisonDisplay
        """
        return cls(comparison, n_genes=n_genes).plot(axes=axes)

    @classmethod
    def from_data(cls, data, first, second, *, n_genes=10, axes=None, **params):
        """Compare two cells and draw the result.

        Parameters
        ----------
        data, first, second
            See :func:`histoexpr.compare_cells`.
        n_genes : int, default=10
            Number of genes to name for each cell, at the most.
        axes : sequence of two matplotlib.axes.Axes, optional
            See :meth:`plot`.
        **params
            Passed on to :func:`histoexpr.compare_cells`.

        Returns
        -------
        CellComparisonDisplay
        """
        from ..transfer import compare_cells  # loads torch

        found = compare_cells(data, first, second, **params)
        return cls.from_comparison(found, n_genes=n_genes, axes=axes)

    def plot(self, *, axes=None):
        """Draw both panels.

        Parameters
        ----------
        axes : sequence of two matplotlib.axes.Axes, optional
            For all genes, and for the largest changes; made if not given.

        Returns
        -------
        self
        """
        found = self.comparison
        parts = [found.top(self.n_genes, cell) for cell in (found.second, found.first)]
        self.top_ = pd.concat([parts[0], parts[1].iloc[::-1]], ignore_index=True)
        rows, columns = max(len(self.top_), 8), len(found.marks) + 2 + _GAP
        longest = max(map(len, self._names(self.top_)), default=1) * _LETTER
        left, right = 3.6 + 2 * longest, _SIDE[1] * columns + 1.3 + longest
        size = (left + right) / 2, max(4.2, _SIDE[0] * rows + 1.3)
        what = "for all genes and the largest changes"
        ratios = {"width_ratios": [left, right]}
        self._take(axes, 2, what, n_columns=2, size=size, **ratios)
        self._draw_drivers(self.axes_[1], len(parts[0]))
        self._draw_genes(self.axes_[0])
        return self

    @staticmethod
    def _names(table):
        called = table["name"] if "name" in table else table["gene"]
        return [shorten_name(str(name), _NAME) for name in called]

    def _draw_genes(self, ax):
        table, found = self.comparison.table, self.comparison
        first, second = (shorten_name(cell, _NAME) for cell in (found.first, found.second))
        measured = table.get("log2_fold_change")
        known = measured is not None and measured.notna().any()
        y = table["predicted_change"]
        # ranks from the most negative to the most positive change
        x = measured if known else y.rank(method="first")
        ax.axhline(0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
        if known:
            ax.axvline(0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
        else:
            ax.xaxis.set_major_formatter("{x:,.0f}")
        style = {"linestyle": "", "marker": "o", "markeredgewidth": 0, "rasterized": True}
        ax.plot(x, y, color=GREY, markersize=2, alpha=0.5, zorder=1, **style)
        ax.margins(y=0.1)
        clean(ax)
        ax.set_ylabel(f"predicted {found.unit}")
        ax.set_xlabel("measured log2 fold change" if known else "genes by predicted change")
        set_title(ax, f"{second} relative to {first}")
        self._draw_scores(ax)
        self._name_points(ax, x.to_numpy(dtype=float), y.to_numpy())

    def _name_points(self, ax, x, y):
        table, columns = self.comparison.table, []
        drawn = np.flatnonzero(~np.isnan(x))
        cells = (self.comparison.first, LOWER), (self.comparison.second, HIGHER)
        for cell, color in cells:
            top = table["gene"].isin(self.top_["gene"]) & (table["higher_in"] == cell)
            of = np.flatnonzero(top.to_numpy()[drawn])
            style = {"markersize": 4, "markeredgewidth": 0, "zorder": 2}
            ax.plot(x[drawn][of], y[drawn][of], "o", color=color, **style)
            columns.append((self._names(table.iloc[drawn[of]]), of))
        texts = label_points(ax, x[drawn], y[drawn], columns)
        for number, text in enumerate(texts):
            text.set_color(LOWER if number < len(columns[0][0]) else HIGHER)

    def _draw_scores(self, ax):
        lines = []
        for row in self.comparison.scores.itertuples():
            if row.score in _SHORT:
                ends = "" if pd.isna(row.low) else f" ({row.low:.2f} to {row.high:.2f})"
                lines.append(f"{_SHORT[row.score]} {row.value:.2f}{ends}, n = {row.n_genes:,}")
        if lines:
            low, high = ax.get_ylim()
            ax.set_ylim(low, high + _LINE * len(lines) * (high - low))  # no point behind them
            style = {"transform": ax.transAxes, "fontsize": SMALL - 1, "va": "top"}
            ax.text(0.02, 0.99, with_minus("\n".join(lines)), **style)

    def _draw_drivers(self, ax, n_higher):
        found, top = self.comparison, self.top_
        values = top[[f"driver_{mark}" for mark in found.marks]].to_numpy()
        limit = float(np.abs(values).max(initial=0)) or 1.0
        image = draw_image(ax, values, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto")
        n_marks = len(found.marks)
        numbers = {"predicted": top["predicted_change"]}
        if "log2_fold_change" in top:
            numbers["measured"] = top["log2_fold_change"]
        places = [*range(n_marks), *(n_marks + _GAP + np.arange(len(numbers)))]
        for place, column in zip(places[n_marks:], numbers.values(), strict=True):
            for row, value in enumerate(column):
                text = "–" if pd.isna(value) else with_minus(f"{value:+.1f}")
                ax.text(place, row, text, ha="center", va="center", fontsize=SMALL - 1)
        ax.set_xlim(-0.5, places[-1] + 0.5)
        style = {"fontsize": SMALL, "parse_math": False}
        ax.set_xticks(places, [*found.marks, *numbers], rotation=45, ha="right", **style)
        ax.set_yticks(range(len(top)), self._names(top), **style)
        for number, tick in enumerate(ax.get_yticklabels()):
            tick.set_color(HIGHER if number < n_higher else LOWER)
        if 0 < n_higher < len(top):
            ax.axhline(n_higher - 0.5, color="white", linewidth=3)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        set_title(ax, "Marks that drive the largest changes")
        label = f"contribution to the {found.unit}"
        self._add_scale(image, ax, label=label, fraction=0.05, pad=0.02, shrink=0.8)


_SHORT = {"pearson": "Pearson", "order_right": "order right", "direction_roc_auc": "AUROC"}
