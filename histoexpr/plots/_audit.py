"""An audit of labels: labels explained by each expression column, and labels contradicted."""

import numpy as np

from ._panels import Panels
from ._style import BLUE, GREY, ORANGE, RED, SKY, SMALL, TITLE, clean, small_letters, with_minus

# below this, expression is noise and a logarithm would stretch it over half the panel
_FLOOR = 0.01
_LEGEND = {"frameon": False, "loc": "lower left", "bbox_to_anchor": (0.06, 1), "borderpad": 0}
_LEGEND |= {"handletextpad": 0.3, "columnspacing": 1, "handlelength": 1.2, "borderaxespad": 0.9}
_LEGEND |= {"ncols": 2, "fontsize": SMALL}


class AuditDisplay(Panels):
    """Which expression column explains the labels of each cell, and which labels are wrong.

    For one cell: the share of its labels that each column of the table explains under either
    rule, and its genes by expression and label. For several: each cell's labels against each
    column, and the share of its labels that the numeric median contradicts.

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
        self.report = report

    @classmethod
    def from_report(cls, report, *, axes=None):
        """Draw an audit.

        Parameters
        ----------
        report : AuditReport
        axes : sequence of two matplotlib.axes.Axes, optional
            See :meth:`plot`.

        Returns
        -------
        AuditDisplay
        """
        return cls(report).plot(axes=axes)

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
            small_letters(ax)
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


def _draw_columns(axes, report):
    """For one cell: the labels that each column of the table explains, under two rules."""
    cell = report.cells[0]
    looks = {
        "median": ("compared as number", BLUE, "o"),
        "deepchrome-legacy": ("compared as text", RED, "D"),
    }
    place = np.arange(len(report.table_cells))
    for rule, (name, colour, marker) in looks.items():
        if rule in cell.explained:
            share = 100 * cell.explained[rule] / cell.n_labels
            axes.plot(
                place, share, marker, color=colour, markersize=3.5, label=name, clip_on=False
            )
    found = report.table_cells.index(cell.found)
    best = max(cell.n_numeric, cell.n_text or 0)
    on_the_left = found <= 0.6 * place[-1]
    axes.annotate(
        f"{_short(cell.found)}: {best:,} of {cell.n_labels:,}",
        (found, 100 * best / cell.n_labels),
        xytext=(6 if on_the_left else -6, 0),
        textcoords="offset points",
        ha="left" if on_the_left else "right",
        va="center",
        fontsize=SMALL,
        parse_math=False,
    )
    axes.set_ylim(top=100)
    axes.set_ylabel("labels explained by the median (%)")
    _name_ticks(axes.xaxis, report.table_cells, 14)
    axes.set_xlabel("cell in the expression table")
    axes.legend(**_LEGEND)


def _draw_genes(axes, report):
    """For one cell: its genes by expression, with those that are labelled wrong."""
    cell = report.cells[0]
    values, y, actual = (cell.genes[name] for name in ("values", "y", "actual"))
    logarithmic = (report.unit or "").lower().startswith("log")
    scaled = values if logarithmic else np.maximum(values, _FLOOR)
    edges = np.histogram_bin_edges(scaled if logarithmic else np.log10(scaled), bins=28)
    kinds = {
        "label 0": ((y == 0) & (actual == 0), GREY),
        "label 1": ((y == 1) & (actual == 1), SKY),
        "label 0 but high": ((y == 0) & (actual == 1), RED),
        "label 1 but low": ((y == 1) & (actual == 0), ORANGE),
    }
    kinds = {name: look for name, look in kinds.items() if look[0].any()}
    axes.hist(
        [scaled[chosen] for chosen, _ in kinds.values()],
        bins=edges if logarithmic else 10**edges,
        stacked=True,
        color=[colour for _, colour in kinds.values()],
        label=[f"{name} ({chosen.sum():,})" for name, (chosen, _) in kinds.items()],
    )
    median = report.medians[cell.reference]
    line = median if logarithmic else max(median, _FLOOR)
    axes.axvline(line, color="black", linewidth=0.8, linestyle="--")
    axes.annotate(
        with_minus(f"median {median:.4g}"),
        (line, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-3, -2),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=SMALL,
    )
    axes.set_ylim(top=1.1 * axes.get_ylim()[1])  # room for the word
    if not logarithmic:
        axes.set_xscale("log")
        powers = np.arange(-2, int(np.ceil(edges[-1])) + 1, 1 if edges[-1] < 2.5 else 2)
        names = [f"{10.0**k:g}" if k < 4 else f"$10^{k}$" for k in powers]
        axes.set_xticks(10.0**powers, [f"≤{names[0]}", *names[1:]])
        axes.minorticks_off()
    unit = f" ({report.unit})" if report.unit else ""
    axes.set_xlabel(f"expression in {cell.reference}{unit}", parse_math=False)
    axes.set_ylabel("genes")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.legend(**_LEGEND)


def _draw_matrix(axes, report):
    """For several cells: the labels of each that each column of the table explains."""
    share = [
        100
        * np.max([c.explained[rule] for rule in c.explained if rule != "cutoff"], axis=0)
        / c.n_labels
        for c in report.cells
    ]
    image = axes.imshow(
        share, aspect="auto", cmap="Greys", vmin=50, vmax=100, interpolation="nearest"
    )
    looks = {False: ("best column", BLUE), True: ("best column, of another cell", RED)}
    for elsewhere, (name, colour) in looks.items():
        rows = [
            n for n, c in enumerate(report.cells) if c.differs == elsewhere and not c.one_class
        ]
        columns = [report.table_cells.index(report.cells[row].found) for row in rows]
        if rows:
            axes.plot(columns, rows, "s", color=colour, markersize=3, label=name)
    axes.spines[:].set_visible(False)
    _name_ticks(axes.yaxis, [c.cell for c in report.cells], 80)
    _name_ticks(axes.xaxis, report.table_cells, 30)
    axes.set_xlabel("cell in the expression table")
    axes.set_ylabel("labels of cell")
    axes.legend(**_LEGEND)
    return image


def _draw_flipped(axes, report):
    """For several cells: the share of labels that the numeric median contradicts."""
    rows = np.arange(len(report.cells))
    left = np.zeros(len(rows))
    for way, name, colour in (
        ("n_low_but_high", "0 but high", RED),
        ("n_high_but_low", "1 but low", ORANGE),
    ):
        width = np.array([100 * getattr(c, way) / c.n_labels for c in report.cells])
        if width.any():
            axes.barh(rows, width, left=left, height=0.75, color=colour, label=name)
        left += width
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlim(0, max(1.05 * left.max(), 1))
    axes.set_xlabel("labels contradicted (%)")
    if left.any():
        axes.legend(**_LEGEND)


def _name_ticks(axis, names, limit):
    """Name as many ticks as there is room for."""
    step = -(-len(names) // limit)
    style = {"fontsize": 6, "parse_math": False}  # a $ in a name is no formula
    axis.set_ticks(range(0, len(names), step), map(_short, names[::step]), **style)
    axis.set_tick_params(length=2, rotation=90 if axis.axis_name == "x" else 0)


def _short(name):
    return name if len(name) <= 14 else f"{name[:13]}…"
