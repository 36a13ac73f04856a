"""Class maps, drawn as heatmaps or as profiles."""

import numpy as np

from ..utils import StrOptions, check_marks, check_type, check_window, require, validate_params
from ._panels import Panels, in_first_column, in_lines, room_of, set_title
from ._style import (
    PALETTE,
    SEQUENTIAL,
    colors_of,
    draw_band,
    draw_image,
    tss_axis_text,
)

_LINES = ["-", "--", ":", "-."]
_LOG_SIGNAL = "log(1 + signal per bin)"


class ClassMapDisplay(Panels):
    """Maps of one or more classes, classifiers or probabilities, on the same colour scales.

    Make it with :meth:`from_estimator` or :meth:`from_maps`.

    Parameters
    ----------
    maps : dict of str -> ClassMaps
        Maps by the title of their panel.
    marks : list of str
    window : tuple of two int
        First and last position in bp relative to the TSS.
    oriented : bool, optional
        Whether positions run along transcription; False is along the genome, None unknown.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
    """

    def __init__(self, maps, marks, window, oriented=None):
        self.oriented = oriented
        self.maps, self.marks, self.window = maps, list(marks), window

    @classmethod
    def from_maps(cls, maps, *, marks=None, window=None, bin_size=None, **plot_params):
        """Draw maps that were made already.

        Parameters
        ----------
        maps : dict of str -> ClassMaps
            Maps by the title of their panel.
        marks : list of str, optional
            Mark names; default those of the maps, else ``mark1``, ``mark2``, ...
        window : tuple of two int, optional
            First and last position in bp relative to the TSS; default that of the maps, or
            centred.
        bin_size : int, optional
            Width of a bin in bp; default that of the maps, or 100.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        ClassMapDisplay

        Raises
        ------
        ValueError
            If the maps differ in shape, marks or orientation, or marks or window do not fit them.
        """
        from ..inspection import ClassMaps, common_marks, common_orientation, common_window

        n_bins, n_marks = common_shape(maps)
        for title, one in maps.items():
            check_type(f"maps[{title!r}]", one, ClassMaps, "Make them with histoexpr.class_maps.")
        if marks is None:
            marks = common_marks({title: one.marks for title, one in maps.items()})
        marks = check_marks(marks, n_marks)
        window, bin_size = common_window(maps.values(), window, bin_size)
        window = check_window(window, n_bins, bin_size)
        oriented = common_orientation(maps.values())
        return cls(maps, marks, window, oriented).plot(**plot_params)

    @classmethod
    def from_estimator(
        cls,
        classifier,
        target,
        *,
        probabilities=None,
        marks=None,
        window=None,
        bin_size=None,
        kind="heatmap",
        axes=None,
        cmap=SEQUENTIAL,
        scale="shared",
        **params,
    ):
        """Make maps of a class and draw them.

        Parameters
        ----------
        classifier, target
            See :func:`class_maps`.
        probabilities : sequence of float, optional
            Draw the path along these probabilities of the class, one panel each. A title
            states the median of the probabilities that the maps reached.
        marks, window
            See :meth:`from_maps`.
        bin_size : int, optional
            See :meth:`from_maps`.
        kind : {"heatmap", "profile"}, default="heatmap"
        axes : sequence of matplotlib.axes.Axes, optional
        cmap : str, default="viridis"
        scale : {"shared", "mark"}, default="shared"
            See :meth:`plot`.
        **params
            Passed on to :func:`class_maps`.

        Returns
        -------
        ClassMapDisplay
        """
        from ..inspection import class_maps, class_path

        if probabilities is None:
            found = class_maps(classifier, target, **params)
            sought = found.probability
            maps = {f"class {target}" if sought is None else _title(found, f"{sought:g}"): found}
        else:
            texts = _distinct_texts(probabilities)
            path = class_path(classifier, target, probabilities=probabilities, **params)
            maps = {_title(found, text): found for found, text in zip(path, texts, strict=True)}
        drawn = {"kind": kind, "axes": axes, "cmap": cmap, "scale": scale}
        return cls.from_maps(maps, marks=marks, window=window, bin_size=bin_size, **drawn)

    @validate_params(
        {
            "kind": [StrOptions({"heatmap", "profile"})],
            "scale": [StrOptions({"shared", "mark"})],
        },
        prefer_skip_nested_validation=True,
    )
    def plot(self, *, kind="heatmap", axes=None, cmap=SEQUENTIAL, scale="shared"):
        """Draw the maps.

        Parameters
        ----------
        kind : {"heatmap", "profile"}, default="heatmap"
            ``"heatmap"`` draws the average map of each panel, marks × bins. ``"profile"`` draws
            one panel per mark, each with an axis of its own, with a line for each of the maps and
            a band of one standard deviation.
        axes : sequence of matplotlib.axes.Axes, optional
            As many as there are panels; made if not given.
        cmap : str, default="viridis"
            Colour map of the heatmaps.
        scale : {"shared", "mark"}, default="shared"
            Of heatmaps. ``"shared"`` has one scale for all marks, of log(1 + signal per bin), on
            which a strong mark may hide the others. ``"mark"`` draws each mark from 0 to its own
            maximum over all maps, which stands beside its name as signal per bin.

        Returns
        -------
        self
        """
        n_marks = len(self.marks)
        if kind == "heatmap":
            figure = {"n_columns": 4, "size": (2.6, 0.9 + 0.28 * max(n_marks, 3))}
            names = 0.3 + 0.08 * max(len(mark) for mark in self._names(scale))
            self._take(axes, len(self.maps), "one per map", margin=(names, 0.5), **figure)
            self._draw_heatmaps(cmap, scale)
        else:
            figure = {"n_columns": 5, "size": (2.6, 2.4), "margin": (0.4, 0.5)}
            self._take(axes, n_marks, "one per mark", **figure)
            self._draw_profiles()
        return self

    def _highest(self):
        """Return the maximum of each mark over all maps, in signal per bin."""
        return np.max([maps.average.max(axis=0) for maps in self.maps.values()], axis=0)

    def _names(self, scale):
        """Return the marks, with their maxima where each has a scale of its own."""
        if scale == "shared":
            return self.marks
        tops = [f"{top:.3g}" if top < 1000 else f"{top:,.0f}" for top in self._highest()]
        return [f"{mark} ({top})" for mark, top in zip(self.marks, tops, strict=True)]

    def _draw_heatmaps(self, cmap, scale):
        if scale == "shared":
            shown = [np.log1p(maps.average).T for maps in self.maps.values()]
            top, label = max(values.max() for values in shown) or 1.0, _LOG_SIGNAL
        else:
            highest = self._highest()
            highest = np.where(highest > 0, highest, 1)[:, None]
            shown = [maps.average.T / highest for maps in self.maps.values()]
            top = 1.0
            label = "share of the mark's maximum\n(in brackets: signal per bin)"
        first, last = (position / 1000 for position in self.window)
        style = {"aspect": "auto", "cmap": cmap, "vmin": 0, "vmax": top}
        style["extent"] = (first, last, len(self.marks) - 0.5, -0.5)
        labelled = in_first_column(self.axes_)
        panels = zip(self.axes_, self.maps, shown, labelled, strict=True)
        for ax, title, values, has_names in panels:
            image = draw_image(ax, values, **style)
            ax.axvline(0, color="white", linewidth=0.8, linestyle=":")
            ax.set_xlim(first, last)  # the TSS may lie outside
            ax.set_yticks(range(len(self.marks)), self._names(scale), parse_math=False)
            ax.tick_params(axis="y", left=has_names, labelleft=has_names)
            set_title(ax, title)
            lines = tss_axis_text(self.oriented).split("\n")
            ax.set_xlabel("\n".join(in_lines(line, room_of(ax)) for line in lines))
            ax.tick_params(length=2)
            ax.locator_params(axis="x", nbins=4, integer=True)  # short, as panels are close
        bar = {"label": label, "shrink": 0.9, "fraction": 0.05}
        self._add_scale(image, list(self.axes_), **bar)

    def _line_colors(self):
        """Return a colour for each of the maps: along a path from dark to light."""
        n_maps = len(self.maps)
        targets = {maps.target for maps in self.maps.values()}
        sought = {maps.probability for maps in self.maps.values()}
        if len(targets) == 1 and len(sought) == n_maps > 1 and None not in sought:
            colors = require("matplotlib", "Drawing class maps").colormaps[SEQUENTIAL]
            return [colors(0.85 * number / (n_maps - 1)) for number in range(n_maps)]
        return list(colors_of(self.maps).values())

    def _draw_profiles(self):
        n_bins = next(iter(self.maps.values())).signals.shape[1]
        borders = np.linspace(*self.window, n_bins + 1) / 1000
        # the line of a single bin goes from one end of it to the other
        x = (borders[1:] + borders[:-1]) / 2 if n_bins > 1 else borders
        colors = self._line_colors()
        alpha = max(0.24 / len(self.maps), 0.03)  # the more bands overlap, the lighter
        for number, maps in enumerate(self.maps.values()):
            color, line = colors[number], _LINES[number // len(PALETTE) % len(_LINES)]
            style = {"color": color, "alpha": alpha, "linestyle": line}
            shape = len(x), len(self.marks)
            middle = np.broadcast_to(np.log1p(maps.average), shape).T
            spread = np.broadcast_to(maps.spread, shape).T
            for ax, mean, band in zip(self.axes_, middle, spread, strict=True):
                draw_band(ax, x, np.maximum(mean - band, 0), mean, mean + band, **style)
        for ax in self.axes_:
            ax.set_ylim(bottom=0)
        self._frame_profiles(self.marks, self.window, _LOG_SIGNAL, self.oriented)
        self._add_legend(dict(zip(self.maps, self.axes_[0].lines, strict=False)))


def common_shape(sets):
    """Return (n_bins, n_marks) that all signals or class maps of a dict share."""
    if not isinstance(sets, dict) or not sets:
        raise ValueError(
            f"maps must be a dict, by titles of panels, of at least one, got {sets!r:.60}."
        )
    shapes = {title: np.shape(getattr(one, "signals", one)) for title, one in sets.items()}
    first_title, first = next(iter(shapes.items()))
    for title, shape in shapes.items():
        if len(shape) != 3:
            raise ValueError(
                f"maps[{title!r}] must have shape (n_samples, n_bins, n_marks), got {shape}."
            )
        if shape[1:] != first[1:]:
            raise ValueError(
                f"maps[{title!r}] has (n_bins, n_marks) = {shape[1:]}, but "
                f"maps[{first_title!r}] has {first[1:]}."
            )
    return first[1:]


def _distinct_texts(probabilities):
    """Return probabilities as text, with enough digits to distinguish them."""
    if np.ndim(probabilities) != 1 or len(set(probabilities)) < max(len(probabilities), 1):
        raise ValueError(
            "probabilities must be a sequence of one or more, each another one, got "
            f"{probabilities!r}."
        )
    texts = [f"{p:g}" for p in probabilities]
    return texts if len(set(texts)) == len(texts) else [str(p) for p in probabilities]


def _title(maps, sought):
    """Return a title with the probability that was reached, and sought where that is another."""
    reached, nearer_end = np.median(maps.scores), min(maps.probability, 1 - maps.probability)
    if abs(reached - maps.probability) < 0.1 * nearer_end:
        return f"p(class {maps.target}) = {sought}"
    digits = 1 - int(np.floor(np.log10(max(min(reached, 1 - reached), 1e-9))))
    text = np.format_float_positional(reached, max(digits, 2), trim="-")
    return f"p(class {maps.target}) = {text} (sought {sought})"
