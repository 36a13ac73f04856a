"""Contributions to the prediction for a gene beside its signals, and their average by class."""

import numpy as np

from ..utils import StrOptions, check_type, validate_params
from ._panels import Panels, in_first_column, set_title
from ._style import (
    BLACK,
    BLUE,
    CLASSES,
    DIVERGING,
    RED,
    SMALL,
    TITLE,
    clean,
    colors_of,
    draw_band,
    draw_image,
    label_tss_axis,
    tss_axis_text,
    with_minus,
)

_REMEDY = "Make it with histoexpr.attribute."
_SIGNAL = "0.35"


class AttributionDisplay(Panels):
    """What the signals of a gene contribute to its prediction, or their average by class.

    Make it with :meth:`from_attribution` or :meth:`from_estimator`.

    Parameters
    ----------
    attribution : Attribution
    gene : str or int, optional
        The gene that is drawn, see :meth:`Attribution.row`; None draws averages by class.
    cell : str, optional
        Its cell type, where the gene is there in several.
    labels : array-like of shape (n_samples,), optional
        Classes to average over, see :meth:`Attribution.by_class`.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        Of a gene two per mark, its signal and its contributions; of averages one per mark.
    """

    def __init__(self, attribution, gene=None, cell=None, labels=None):
        from ..inspection import Attribution

        check_type("attribution", attribution, Attribution, _REMEDY)
        self.attribution, self.gene, self.cell = attribution, gene, cell
        if gene is None:
            self.averages = attribution.by_class(labels)
        else:
            attribution.row(gene, cell)

    @classmethod
    def from_attribution(cls, attribution, gene=None, *, cell=None, labels=None, **plot_params):
        """Draw contributions that were computed already.

        Parameters
        ----------
        attribution : Attribution
        gene : str or int, optional
            Identifier, symbol or number of the gene to draw; None draws averages by class. Of one
            sample without labels it is that.
        cell : str, optional
            Its cell type, where the gene is there in several.
        labels : array-like of shape (n_samples,), optional
            Classes to average over; default the labels.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        AttributionDisplay
        """
        if gene is None and labels is None and len(getattr(attribution, "values", ())) == 1:
            gene = 0
        return cls(attribution, gene, cell, labels).plot(**plot_params)

    @classmethod
    def from_estimator(
        cls, estimator, X, gene=None, *, cell=None, labels=None, axes=None, **params
    ):
        """Explain predictions and draw what was found.

        Parameters
        ----------
        estimator, X
            See :func:`attribute`.
        gene, cell, labels
            See :meth:`from_attribution`.
        axes : sequence of matplotlib.axes.Axes, optional
            See :meth:`plot`.
        **params
            Passed on to :func:`attribute`.

        Returns
        -------
        AttributionDisplay
        """
        from ..inspection import attribute

        found = attribute(estimator, X, **params)
        return cls.from_attribution(found, gene, cell=cell, labels=labels, axes=axes)

    @validate_params(
        {"scale": [StrOptions({"linear", "log"})]}, prefer_skip_nested_validation=True
    )
    def plot(self, *, axes=None, cmap=DIVERGING, scale="linear", title=None):
        """Draw the gene, or the averages.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            As many as there are panels; made if not given.
        cmap : str, default="PuOr"
            Colours of contributions, from negative to positive.
        scale : {"linear", "log"}, default="linear"
            Whether signals of a gene are drawn as they are, or as log(1 + signal).
        title : str, optional
            Title of the figure; default names the gene, what is predicted and what is known.

        Returns
        -------
        self
        """
        if self.gene is None:
            self._draw_averages(axes, title)
        else:
            self._draw_gene(axes, cmap, scale, title)
        return self

    def _draw_gene(self, axes, cmap, scale, title):
        found, n_marks = self.attribution, len(self.attribution.marks)
        row = found.row(self.gene, self.cell)
        figure = {"n_columns": 1, "size": (6.0, 0.44), "margin": (0.8, 1.1)}
        figure |= {"height_ratios": [2.6, 1] * n_marks}
        self._take(axes, 2 * n_marks, "two per mark: signal, contributions", **figure)
        if axes is None:  # contributions right below the signal, a gap between marks
            self.figure_.get_layout_engine().set(h_pad=0.02, hspace=0)
        values = found.values[row]
        top = float(np.abs(values).max()) or 1.0
        first, last = (position / 1000 for position in found.window)
        style = {"aspect": "auto", "cmap": cmap, "vmin": -top, "vmax": top}
        style["extent"] = (first, last, 0, 1)
        for number, mark in enumerate(found.marks):
            ax, strip = self.axes_[2 * number : 2 * number + 2]
            self._draw_signal(ax, row, number, scale)
            total = with_minus(f"{values[:, number].sum():+.2f}")
            # the empty line keeps the marks apart
            text = {"label": f"\n{mark}   {total}", "linespacing": 0.5, "parse_math": False}
            ax.set_title(**text, loc="left", fontsize=SMALL, pad=2)
            image = draw_image(strip, values[:, number][None], **style)
            strip.set_yticks([])
            strip.axvline(0, color="0.4", linewidth=0.8, linestyle=":")
            strip.set_xlim(first, last)
            for one in (ax, strip):
                one.tick_params(labelbottom=False, bottom=False, labelsize=SMALL - 1, length=2)
        strip.tick_params(labelbottom=True, bottom=True, labelsize=SMALL)
        strip.set_xlabel(tss_axis_text(found.oriented))
        self._draw_legend(scale)
        label = f"contribution per bin ({found.unit})"
        self._add_scale(image, list(self.axes_), label=label, fraction=0.05, aspect=35)
        self._title(self._default_title(row) if title is None else title)

    def _draw_signal(self, ax, row, number, scale):
        found = self.attribution
        borders = np.linspace(*found.window, len(found.baseline) + 1) / 1000
        signal, baseline = found.signals[row, :, number], found.baseline[:, number]
        if scale == "log":
            signal, baseline = (np.copysign(np.log1p(np.abs(v)), v) for v in (signal, baseline))
        ax.stairs(signal, borders, fill=True, color="0.75", label="signal of the gene")
        ax.stairs(signal, borders, color=_SIGNAL, linewidth=0.8)
        ax.stairs(baseline, borders, color=RED, linewidth=1, label="baseline", baseline=None)
        ax.axvline(0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
        ax.set_xlim(borders[0], borders[-1])
        low, high = ax.get_ylim()
        ax.set_ylim(min(low, 0), high)
        ax.locator_params(axis="y", nbins=3)
        clean(ax)

    def _draw_legend(self, scale):
        """Name the lines below all panels, and what the axes of signals show."""
        found = self.attribution
        unit = "log(1 + signal)" if scale == "log" else "signal per bin"
        self.figure_.supylabel(unit, fontsize=TITLE)
        handles, _ = self.axes_[0].get_legend_handles_labels()
        names = ["signal of the gene", f"baseline: {found.baseline_name}"]
        self._add_legend(dict(zip(names, handles, strict=True)))

    def _default_title(self, row):
        found = self.attribution
        start, end = found.baseline_output[row], found.output[row]
        ends = with_minus(f"{start:+.2f} (baseline), {end:+.2f} (gene)")
        return f"{found.title(row)}\n{found.unit}: {ends}"

    def _draw_averages(self, axes, title):
        found = self.attribution
        figure = {"n_columns": 5, "size": (2.6, 2.4), "margin": (0.4, 0.6)}
        self._take(axes, len(found.marks), "one per mark", **figure, sharey=True)
        colors = self._colors()
        x = found.positions / 1000
        for name, part in self.averages.groupby("class", sort=True):
            label = f"{found.name_class(name)}, {part['n'].iloc[0]:,} genes"
            for ax, mark in zip(self.axes_, found.marks, strict=True):
                one = part[part["mark"] == mark]
                ends = (one[end].to_numpy() for end in ("low", "mean", "high"))
                draw_band(ax, x, *ends, color=colors[name], alpha=0.25, label=label)
        for ax, mark in zip(self.axes_, found.marks, strict=True):
            ax.axhline(0, color="0.6", linewidth=0.8, zorder=0)
            set_title(ax, mark)
            label_tss_axis(ax, found.window, found.oriented)
            clean(ax)
        for ax, is_first in zip(self.axes_, in_first_column(self.axes_), strict=True):
            if is_first:
                ax.set_ylabel(f"mean contribution per bin\n({found.unit})")
        self._add_legend()
        if title is None:
            title = f"Contributions to {found.name}; baseline: {found.baseline_name}"
        self._title(title)

    def _title(self, text):
        self.figure_.suptitle(text, fontsize=TITLE, parse_math=False)

    def _colors(self):
        names = np.unique(self.averages["class"]).tolist()
        if set(names) <= set(CLASSES):
            return {1: RED, 0: BLUE}
        return colors_of(names) if len(names) > 1 else {names[0]: BLACK}
