"""Coefficients of a linear model by region and mark: the whole model in one picture."""

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from ..utils import check_marks
from ._panels import Panels, set_title
from ._style import DIVERGING, SMALL, draw_image, tss_axis_text, with_minus

# Up to as many squares each says its number
_NUMBERED = 120


class RegionWeightsDisplay(Panels):
    """Coefficients of a linear model of pooled regions, one square per mark and region.

    Make it with :meth:`from_estimator`. Features are scaled to a standard deviation of 1, so the
    squares can be compared: each is the change of the log-odds (of a regressor, of the target)
    if the logarithm of the mark's signal in the region is one standard deviation higher and
    all else stays the same. Neighbouring regions are alike, so their coefficients share an
    effect: a single square is no causal effect.

    Parameters
    ----------
    weights : ndarray of shape (n_regions, n_marks)
        Coefficients.
    edges : ndarray of shape (n_regions + 1,)
        Borders of the regions in bp relative to the TSS, or in bins.
    marks : list of str
    oriented : bool, optional
        Whether regions run along transcription; False is along the genome, None not known.
    label : str, default="change of the log-odds"
        What the colours mean.
    in_bp : bool, default=True
        Whether ``edges`` are in bp; else they are numbers of bins.
    mirrored : bool, default=False
        Whether the first half of the regions holds means over both sides of the TSS, and the
        second half the differences between them.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        One; of mirrored models two, for means and differences.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, RegionWeightsDisplay, make_histone_cells
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> model = HistoneLinearClassifier(n_regions=10).fit(data)
    >>> display = RegionWeightsDisplay.from_estimator(model)
    >>> display.weights.shape
    (10, 5)
    """

    def __init__(
        self,
        weights,
        edges,
        marks,
        oriented=None,
        label="change of the log-odds",
        in_bp=True,
        mirrored=False,
    ):
        self.weights, self.edges = np.atleast_2d(weights), np.asarray(edges)
        self.marks, self.oriented, self.label = list(marks), oriented, label
        self.in_bp, self.mirrored = in_bp, mirrored

    @classmethod
    def from_estimator(cls, estimator, *, target=None, marks=None, **plot_params):
        """Draw the coefficients of a fitted linear classifier or regressor.

        Parameters
        ----------
        estimator : HistoneLinearClassifier or HistoneLinearRegressor
            Fitted; of a Pipeline its last step counts.
        target : label, optional
            The class whose coefficients to draw; needed for more than two classes.
        marks : list of str, optional
            Names of the marks; default those of the X of ``fit``.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        RegionWeightsDisplay

        Raises
        ------
        TypeError
            If the estimator has no coefficients by region.
        ValueError
            If the class is unknown, or needed and not given.
        """
        if isinstance(estimator, Pipeline):
            estimator = estimator[-1]
        if not hasattr(type(estimator), "region_edges_"):
            raise TypeError(
                f"{type(estimator).__name__} has no coefficients by region. Pass a fitted "
                "HistoneLinearClassifier or HistoneLinearRegressor."
            )
        check_is_fitted(estimator, "n_iter_")
        weights, label = estimator.coef_, "change of the log-odds"
        if not hasattr(estimator, "classes_"):
            label = "change of the target"
        elif len(estimator.classes_) > 2:
            label = f"change of the logit of {target}"
            weights = weights[_position(target, estimator.classes_)]
        elif target is not None and _position(target, estimator.classes_) == 0:
            weights = -weights
        known = getattr(estimator, "mark_names_in_", None)
        marks = check_marks(known if marks is None else marks, estimator.n_marks_in_)
        return cls(
            weights,
            estimator.region_edges_,
            marks,
            getattr(estimator, "oriented_in_", None),
            label,
            in_bp=hasattr(estimator, "window_in_"),
            mirrored=estimator._fitted_arguments["mirror"],
        ).plot(**plot_params)

    def plot(self, *, axes=None, cmap=DIVERGING, title=None):
        """Draw one row per mark and one column per region.

        Parameters
        ----------
        axes : matplotlib.axes.Axes or sequence of them, optional
            One, or two for a mirrored model; made if not given.
        cmap : str, default="PuOr"
            Colours, from negative to positive.
        title : str, optional
            Title of the figure.

        Returns
        -------
        self
        """
        parts = self._parts()
        height = 0.9 + 0.36 * len(self.marks)
        size = (5.2 if len(parts) == 1 else 3.6, height)
        self._take(axes, len(parts), "one per kind of feature", n_columns=2, size=size)
        top = float(np.abs(self.weights).max()) or 1.0
        for number, (ax, (name, values, edges)) in enumerate(zip(self.axes_, parts, strict=True)):
            image = self._draw(ax, values, edges, cmap, top, named=number == 0)
            if name:
                set_title(ax, name)
        self._add_scale(image, list(self.axes_), label=self.label, fraction=0.06)
        if title:
            self.figure_.suptitle(title)
        return self

    def _parts(self):
        """Return title, coefficients and borders of each panel."""
        if not self.mirrored:
            return [("", self.weights, self.edges)]
        n_regions = len(self.weights)
        half = -(-n_regions // 2)
        middle = (self.edges[0] + self.edges[-1]) / 2
        # distance from the middle, from far to near as the features are ordered
        distance = middle - self.edges[: half + 1]
        distance[-1] = max(distance[-1], 0)
        means = "mean of both sides", self.weights[:half], distance
        differences = (
            "difference of the sides",
            self.weights[half:],
            distance[: n_regions // 2 + 1],
        )
        return [means, differences] if n_regions > 1 else [means]

    def _draw(self, ax, values, edges, cmap, top, *, named):
        unit = 1000 if self.in_bp else 1
        extent = (edges[0] / unit, edges[-1] / unit, len(self.marks) - 0.5, -0.5)
        style = {"aspect": "auto", "cmap": cmap, "vmin": -top, "vmax": top, "extent": extent}
        image = draw_image(ax, values.T, **style)
        if edges[0] < 0 < edges[-1]:
            ax.axvline(0, color="0.4", linewidth=0.8, linestyle=":")
        ax.set_yticks(range(len(self.marks)), self.marks, parse_math=False)
        ax.tick_params(axis="y", left=named, labelleft=named)
        ax.tick_params(length=2)
        ax.set_xlabel(self._name_of_axis())
        if values.size <= _NUMBERED:
            places = np.linspace(*extent[:2], 2 * len(values) + 1)[1::2]
            for (region, mark), value in np.ndenumerate(values):
                color = "white" if abs(value) > 0.6 * top else "black"
                text = with_minus(f"{value:.1f}" if abs(value) >= 0.05 else "0")
                place = places[region], mark
                ax.text(*place, text, ha="center", va="center", fontsize=SMALL - 2, color=color)
        return image

    def _name_of_axis(self):
        if self.mirrored:
            return "kb from the TSS" if self.in_bp else "bins from the middle"
        return tss_axis_text(self.oriented) if self.in_bp else "bin"


def _position(target, classes):
    found = np.flatnonzero(classes == target)
    if len(found) != 1:
        raise ValueError(f"target must be one of {classes.tolist()}, got {target!r}.")
    return int(found[0])
