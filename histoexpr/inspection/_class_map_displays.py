"""Figures of class maps."""

import numpy as np

from ._class_maps import class_maps, class_path
from ._style import PALETTE, clean, label_tss_axis, pyplot


class ClassMapDisplay:
    """Maps of one or more classes, classifiers or probabilities, on one colour scale.

    Make it with :meth:`from_estimator` or :meth:`from_maps`.

    Parameters
    ----------
    maps : dict of str -> ClassMaps
        Maps by the title of their panel.
    marks : list of str
        Mark names.
    window : tuple of two float
        First and last position in bp relative to the TSS.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
    """

    def __init__(self, maps, marks, window):
        self.maps, self.marks, self.window = maps, list(marks), window

    @classmethod
    def from_maps(cls, maps, *, marks=None, window=None, bin_size=100, **plot_params):
        """Draw maps that were made already.

        Parameters
        ----------
        maps : dict of str -> ClassMaps
            Maps by the title of their panel.
        marks : list of str, optional
            Mark names.
        window : tuple of two float, optional
            First and last position in bp relative to the TSS; default centred on it.
        bin_size : int, default=100
            Width of a bin in bp.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        ClassMapDisplay
        """
        n_bins, n_marks = next(iter(maps.values())).signals.shape[1:]
        marks = [f"mark {k + 1}" for k in range(n_marks)] if marks is None else marks
        if len(marks) != n_marks:
            raise ValueError(f"There are {n_marks} marks, but {len(marks)} names.")
        if window is None:
            window = -n_bins * bin_size / 2, n_bins * bin_size / 2
        return cls(maps, marks, window).plot(**plot_params)

    @classmethod
    def from_estimator(
        cls,
        classifier,
        target,
        *,
        probabilities=None,
        marks=None,
        window=None,
        bin_size=100,
        kind="heatmap",
        **params,
    ):
        """Make maps of a class and draw them.

        Parameters
        ----------
        classifier, target
            See :func:`class_maps`.
        probabilities : sequence of float, optional
            Draw the path along these probabilities of the class, one panel each.
        marks, window, bin_size
            See :meth:`from_maps`.
        kind : {"heatmap", "profile"}
            See :meth:`plot`.
        **params
            Passed on to :func:`class_maps`.

        Returns
        -------
        ClassMapDisplay
        """
        if probabilities is None:
            maps = {f"class {target}": class_maps(classifier, target, **params)}
        else:
            path = class_path(classifier, target, probabilities=probabilities, **params)
            titles = [f"p(class {target}) = {p:g}" for p in probabilities]
            maps = dict(zip(titles, path, strict=True))
        return cls.from_maps(maps, marks=marks, window=window, bin_size=bin_size, kind=kind)

    def plot(self, *, kind="heatmap", axes=None, cmap="viridis"):
        """Draw the maps.

        Parameters
        ----------
        kind : {"heatmap", "profile"}, default="heatmap"
            ``"heatmap"`` draws the average map of each panel, marks × bins, with one colour
            scale. ``"profile"`` draws one panel per mark with a line for each of the maps
            and a band of one standard deviation.
        axes : sequence of matplotlib.axes.Axes, optional
            As many as there are panels; made if not given.
        cmap : str, default="viridis"
            Colour map of the heatmaps.

        Returns
        -------
        self
        """
        if kind not in ("heatmap", "profile"):
            raise ValueError(f"kind must be 'heatmap' or 'profile', got {kind!r}.")
        plt = pyplot("Drawing class maps")
        heat = kind == "heatmap"
        n_panels = len(self.maps) if heat else len(self.marks)
        if axes is None:
            n_columns = min(n_panels, 4 if heat else 5)
            n_rows = -(-n_panels // n_columns)
            height = 0.9 + 0.28 * len(self.marks) if heat else 2.4
            _, axes = plt.subplots(
                n_rows,
                n_columns,
                figsize=(2.7 * n_columns + 1, height * n_rows + 0.5),
                squeeze=False,
                layout="constrained",
            )
        axes = np.asarray(axes, dtype=object).ravel()
        for ax in axes[n_panels:]:
            ax.set_visible(False)
        self.axes_, self.figure_ = axes[:n_panels], axes[0].figure
        if heat:
            self._draw_heatmaps(cmap)
        else:
            self._draw_profiles()
        return self

    def _draw_heatmaps(self, cmap):
        shown = [np.log1p(maps.average).T for maps in self.maps.values()]
        top = max(values.max() for values in shown) or 1.0
        first, last = (position / 1000 for position in self.window)
        extent = (first, last, len(self.marks) - 0.5, -0.5)
        columns = {ax.get_position().x0 for ax in self.axes_}
        for ax, title, values in zip(self.axes_, self.maps, shown, strict=True):
            image = ax.imshow(values, aspect="auto", extent=extent, vmin=0, vmax=top, cmap=cmap)
            ax.axvline(0, color="white", linewidth=0.8, linestyle=":")
            leftmost = ax.get_position().x0 == min(columns)
            ax.set_yticks(range(len(self.marks)), self.marks if leftmost else [])
            ax.set_title(title, fontsize=10)
            ax.set_xlabel("kb around the TSS")
            ax.tick_params(length=2)
        self.figure_.colorbar(
            image, ax=list(self.axes_), label="log(1 + signal)", shrink=0.9, fraction=0.05
        )

    def _line_colors(self):
        """Return a colour for each of the maps: along a path from dark to light."""
        n_maps = len(self.maps)
        along = {(maps.target, maps.probability) for maps in self.maps.values()}
        one_class = len({target for target, _ in along}) == 1
        if one_class and len(along) == n_maps > 1 and all(p is not None for _, p in along):
            viridis = pyplot("Drawing class maps").get_cmap("viridis")
            return [viridis(0.85 * number / (n_maps - 1)) for number in range(n_maps)]
        return [PALETTE[number % len(PALETTE)] for number in range(n_maps)]

    def _draw_profiles(self):
        n_bins = next(iter(self.maps.values())).signals.shape[1]
        borders = np.linspace(*self.window, n_bins + 1) / 1000
        x = (borders[1:] + borders[:-1]) / 2
        colors = self._line_colors()
        for (title, maps), color in zip(self.maps.items(), colors, strict=True):
            middle, spread = np.log1p(maps.average), maps.spread
            for ax, mean, band in zip(self.axes_, middle.T, spread.T, strict=True):
                low = np.maximum(mean - band, 0)
                ax.fill_between(x, low, mean + band, color=color, alpha=0.12, lw=0)
                ax.plot(x, mean, color=color, linewidth=1.4, label=title)
        for ax, mark in zip(self.axes_, self.marks, strict=True):
            ax.set_title(mark, fontsize=10)
            ax.set_ylim(bottom=0)
            label_tss_axis(ax, self.window)
            ax.set_xlabel("kb around the TSS")
            clean(ax)
        self.axes_[0].set_ylabel("log(1 + signal)")
        handles, labels = self.axes_[0].get_legend_handles_labels()
        self.figure_.legend(
            handles, labels, loc="outside lower center", ncols=min(len(labels), 4), frameon=False
        )
