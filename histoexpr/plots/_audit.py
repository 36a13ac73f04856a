"""An audit of labels: labels explained by each expression column, and labels contradicted."""

import numpy as np

from ..labels import AuditReport
from ..utils import check_type
from . import _style
from ._panels import ReportPanels
from ._style import SMALL, TITLE, clean, draw_image, shorten_name, with_minus

# below this, expression is noise and a logarithm would stretch it over half the panel
_FLOOR = 0.01
_NAME = 14  # letters in the name of a cell
_LEGEND = {"frameon": False, "loc": "lower left", "bbox_to_anchor": (0.06, 1), "borderpad": 0}
_LEGEND |= {"handletextpad": 0.3, "columnspacing": 1, "handlelength": 1.2, "borderaxespad": 0.9}
_LEGEND |= {"ncols": 2, "fontsize": SMALL}


class AuditDisplay(ReportPanels):
    """Which expression column explains the labels of each cell, and which labels are wrong.

    For one cell: the share of its labels that each column explains under either rule, and its
    genes by expression and label. For several: each cell's labels against each column, and
    the share of its labels that the numeric median contradicts.

    Parameters
    ----------
    report : AuditReport
        From :func:`~histoexpr.audit_labels`.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes of shape (2,)
    """

    def __init__(self, report):
        remedy = "Make one with histoexpr.audit_labels."
        check_type("report", report, AuditReport, remedy)
        super().__init__(report)

    def plot(self, *, axes=None):
        """Draw two panels.

        Parameters
        ----------
        axes : sequence of two matplotlib.axes.Axes, optional
            Made if not given.

        Returns
        -------
        self

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        n_cells = len(self.report.cells)
        height, ratios = 2.8, [1.1, 1]
        if n_cells > 1:
            height, ratios = min(1.4 + 0.13 * n_cells, 16), [2, 1]
        what = "for the columns and for the labels"
        self._take(axes, 2, what, n_columns=2, size=(3.6, height), width_ratios=ratios)
        for ax in self.axes_:
            clean(ax)
            ax.xaxis.label.set_size(SMALL)
            ax.yaxis.label.set_size(SMALL)
            ax.tick_params(labelsize=SMALL)
        left, right = self.axes_
        if n_cells == 1:
            _draw_columns(left, self.report)
            _draw_genes(right, self.report)
        else:
            scale = {"location": "bottom", "shrink": 0.6, "aspect": 40, "pad": 0.01}
            scale = self._add_scale(_draw_matrix(left, self.report), left, **scale)
            scale.set_label("labels explained (%)", size=SMALL)
            scale.ax.tick_params(labelsize=SMALL)
            _draw_flipped(right, self.report)
        for ax, letter in zip(self.axes_, "ab", strict=True):
            ax.set_title(letter, loc="left", fontweight="bold", fontsize=TITLE)
        return self


def _draw_columns(ax, report):
    """For one cell: the labels that each column of the table explains, under two rules."""
    cell = report.cells[0]
    looks = {
        "median": {"label": "compared as number", "color": _style.BLUE, "marker": "o"},
        "deepchrome-legacy": {"label": "compared as text", "color": _style.RED, "marker": "D"},
    }
    for rule, look in looks.items():
        if rule in cell.explained:
            share = 100 * cell.explained[rule] / cell.n_labels
            ax.plot(share, linestyle="", markersize=3.5, clip_on=False, **look)
    found, n_columns = report.table_cells.index(cell.found), len(report.table_cells)
    best = max(cell.n_numeric, cell.n_text or 0)
    on_the_left = found <= 0.6 * (n_columns - 1)
    _note(
        ax,
        f"{shorten_name(cell.found, _NAME)}: {best:,} of {cell.n_labels:,}",
        (found, 100 * best / cell.n_labels),
        xytext=(6 if on_the_left else -6, 0),
        ha="left" if on_the_left else "right",
        va="center",
        parse_math=False,
    )
    ax.set_ylim(top=100)
    ax.set_ylabel("labels explained by the median (%)")
    _name_ticks(ax.xaxis, report.table_cells, 14)
    ax.set_xlabel("cell in the expression table")
    ax.legend(**_LEGEND)


def _draw_genes(ax, report):
    """For one cell: its genes by expression, with those that are labelled wrong."""
    cell = report.cells[0]
    values, y, actual = (cell.genes[name] for name in ("values", "y", "actual"))
    logarithmic = (report.unit or "").lower().startswith("log")
    scaled = values if logarithmic else np.maximum(values, _FLOOR)
    edges = np.histogram_bin_edges(scaled if logarithmic else np.log10(scaled), bins=28)
    kinds = {
        "label 0": ((y == 0) & (actual == 0), _style.GREY),
        "label 1": ((y == 1) & (actual == 1), _style.SKY),
        "label 0 but high": ((y == 0) & (actual == 1), _style.RED),
        "label 1 but low": ((y == 1) & (actual == 0), _style.ORANGE),
    }
    kinds = {name: look for name, look in kinds.items() if look[0].any()}
    ax.hist(
        [scaled[chosen] for chosen, _ in kinds.values()],
        bins=edges if logarithmic else 10**edges,
        stacked=True,
        color=[colour for _, colour in kinds.values()],
        label=[f"{name} ({chosen.sum():,})" for name, (chosen, _) in kinds.items()],
    )
    median = report.medians[cell.reference]
    line = median if logarithmic else max(median, _FLOOR)
    ax.axvline(line, color="black", linewidth=0.8, linestyle="--")
    place = {"xycoords": ("data", "axes fraction"), "xytext": (-3, -2), "ha": "right", "va": "top"}
    _note(ax, with_minus(f"median {median:.4g}"), (line, 1), **place)
    ax.set_ylim(top=1.1 * ax.get_ylim()[1])  # room for the word
    if not logarithmic:
        ax.set_xscale("log")
        powers = np.arange(-2, int(np.ceil(edges[-1])) + 1, 1 if edges[-1] < 2.5 else 2)
        names = [f"{10.0**k:g}" if k < 4 else f"$10^{k}$" for k in powers]
        ax.set_xticks(10.0**powers, [f"≤{names[0]}", *names[1:]])
        ax.minorticks_off()
    unit = f" ({report.unit})" if report.unit else ""
    ax.set_xlabel(f"expression in {cell.reference}{unit}", parse_math=False)
    ax.set_ylabel("genes")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.legend(**_LEGEND)


def _draw_matrix(ax, report):
    """For several cells: the labels of each that each column of the table explains."""
    share = []
    for cell in report.cells:
        explained = [found for rule, found in cell.explained.items() if rule != "cutoff"]
        share.append(100 * np.max(explained, axis=0) / cell.n_labels)
    image = draw_image(ax, share, aspect="auto", cmap="Greys", vmin=50, vmax=100)
    looks = {
        False: ("best column", _style.BLUE),
        True: ("best column, of another cell", _style.RED),
    }
    for elsewhere, (name, colour) in looks.items():
        places = [
            (report.table_cells.index(cell.found), row)
            for row, cell in enumerate(report.cells)
            if cell.differs == elsewhere and not cell.one_class
        ]
        if places:
            ax.plot(*zip(*places, strict=True), "s", color=colour, markersize=3, label=name)
    ax.spines[:].set_visible(False)
    _name_ticks(ax.yaxis, [cell.cell for cell in report.cells], 80)
    _name_ticks(ax.xaxis, report.table_cells, 30)
    ax.set_xlabel("cell in the expression table")
    ax.set_ylabel("labels of cell")
    ax.legend(**_LEGEND)
    return image


def _draw_flipped(ax, report):
    """For several cells: the share of labels that the numeric median contradicts."""
    rows, left = np.arange(len(report.cells)), 0
    ways = {
        "n_low_but_high": ("0 but high", _style.RED),
        "n_high_but_low": ("1 but low", _style.ORANGE),
    }
    for way, (name, colour) in ways.items():
        width = np.array([100 * getattr(cell, way) / cell.n_labels for cell in report.cells])
        if width.any():
            ax.barh(rows, width, left=left, height=0.75, color=colour, label=name)
        left = left + width
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks([])
    ax.set_xlim(0, max(1.05 * left.max(), 1))
    ax.set_xlabel("labels contradicted (%)")
    if left.any():
        ax.legend(**_LEGEND)


def _note(ax, text, place, **params):
    ax.annotate(text, place, textcoords="offset points", fontsize=SMALL, **params)


def _name_ticks(axis, names, limit):
    """Name as many ticks as there is room for."""
    step = -(-len(names) // limit)
    shown = [shorten_name(name, _NAME) for name in names[::step]]
    # a $ in a name is no formula
    axis.set_ticks(range(0, len(names), step), shown, fontsize=6, parse_math=False)
    axis.set_tick_params(length=2, rotation=90 if axis.axis_name == "x" else 0)
