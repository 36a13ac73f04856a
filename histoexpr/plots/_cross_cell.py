"""The train-cell × test-cell heatmap."""

import numpy as np

from ..experiments import (
    CONSENSUS,
    SCORE_NAMES,
    SMALLER_IS_BETTER,
    CrossCellMatrix,
    CrossCellResults,
    cross_cell_matrix,
)
from ..utils import check_type
from ._panels import Panels
from ._style import SMALL, TITLE, draw_image

# Above this many cells numbers no longer fit into the squares
_ANNOTATED = 12
# Distance of the baseline's row from the last training cell, in rows
_BASELINE = 1.3


class CrossCellDisplay(Panels):
    """Heatmap of a score by training cell and test cell.

    The last row, apart from the others, is the same-gene consensus: what is reached without
    any signal by giving a gene the mean label it has in the other cells, beside a regressor
    its mean log2 expression there. Make it with
    :meth:`from_matrix`, :meth:`from_results` or :meth:`from_estimator`.

    Parameters
    ----------
    scores : ndarray of shape (n_train_cells, n_test_cells)
    train_cells, test_cells : sequence of str
    metric : str, default="roc_auc"
        Name of the score.
    consensus : ndarray of shape (n_test_cells,), optional
        Score of the same gene in the other cells.
    baseline : str, default="same-gene consensus"
        What the row of ``consensus`` is called.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    ax_ : matplotlib.axes.Axes
    im_ : matplotlib.image.AxesImage
    """

    def __init__(
        self,
        scores,
        train_cells,
        test_cells,
        *,
        metric="roc_auc",
        consensus=None,
        baseline=CONSENSUS,
    ):
        self.scores = np.asarray(scores)
        self.train_cells, self.test_cells = list(train_cells), list(test_cells)
        self.metric, self.consensus, self.baseline = metric, consensus, baseline

    @classmethod
    def from_matrix(cls, matrix, *, metric=None, **plot_params):
        """Draw the result of :func:`histoexpr.experiments.cross_cell_matrix`.

        Parameters
        ----------
        matrix : CrossCellMatrix
        metric : str, optional
            A score; default AUROC, Pearson's correlation of a regressor.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        CrossCellDisplay

        Raises
        ------
        TypeError
            If ``matrix`` is something else, such as results of several models.
        """
        remedy = "Make one with histoexpr.cross_cell_matrix; draw results with from_results."
        check_type("matrix", matrix, CrossCellMatrix, remedy)
        scores, cells = matrix.score(metric), (matrix.train_cells, matrix.test_cells)
        beside = {"consensus": matrix.consensus(metric), "baseline": matrix.baseline}
        return cls(scores, *cells, metric=metric or matrix.metric, **beside).plot(**plot_params)

    @classmethod
    def from_results(cls, results, model=None, *, experiment=None, metric=None, **plot_params):
        """Draw the matrix of a model in results of experiments.

        Parameters
        ----------
        results : CrossCellResults
            Of :func:`histoexpr.evaluate_cells` or :func:`histoexpr.run_study`.
        model : str, optional
            Name of the model; default the first.
        experiment : str, optional
            Name of an experiment with regime "each"; default the first one.
        metric : str, optional
            A score; default AUROC, Pearson's correlation of a regressor.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        CrossCellDisplay

        Raises
        ------
        ValueError
            If the model was not trained on single cells.
        TypeError
            If ``results`` is something else, such as a matrix.
        """
        remedy = (
            "Make results with run_study or evaluate_cells, or read those of a folder with "
            "histoexpr.load_study; draw a CrossCellMatrix with from_matrix."
        )
        check_type("results", results, CrossCellResults, remedy)
        matrix = results.matrix(model, experiment)
        return cls.from_matrix(matrix, metric=metric, **plot_params)

    @classmethod
    def from_estimator(cls, estimator, dataset, *, metric=None, ax=None, **matrix_params):
        """Train on every cell, score on every cell and draw the result.

        Parameters
        ----------
        estimator : classifier or regressor
            Cloned and fitted once per training cell and gene fold.
        dataset : HistoneDataset
            Several cells.
        metric : str, optional
            A score; default AUROC, Pearson's correlation of a regressor.
        ax : matplotlib.axes.Axes, optional
            Where to draw.
        **matrix_params
            Passed on to :func:`histoexpr.experiments.cross_cell_matrix`.

        Returns
        -------
        CrossCellDisplay
        """
        matrix = cross_cell_matrix(estimator, dataset, **matrix_params)
        return cls.from_matrix(matrix, metric=metric, ax=ax)

    @property
    def figsize(self):
        """Width and height in inches of a figure that the cells fit into."""
        n_rows, n_columns = self.scores.shape
        side = 0.55 if n_columns <= _ANNOTATED else 0.16
        return 2.6 + side * n_columns, 1.7 + side * (n_rows + _BASELINE)

    def plot(self, *, ax=None, cmap="viridis", vmin=None, vmax=None, title=None, colorbar=True):
        """Draw the heatmap.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; made if not given.
        cmap : str, default="viridis"
            Colour map; reversed where smaller is better.
        vmin, vmax : float, optional
            Ends of the colour scale; default the range of the scores.
        title : str, optional
        colorbar : bool, default=True
            Whether to draw the scale.

        Returns
        -------
        self
        """
        n_rows, n_columns = self.scores.shape
        rows, parts = list(range(n_rows)), [self.scores]
        if self.consensus is not None:
            rows.append(n_rows - 1 + _BASELINE)
            parts.append(np.asarray(self.consensus, dtype=float)[None])
        values = np.concatenate(parts)
        defined = values[~np.isnan(values)] if not np.isnan(values).all() else np.array([0.0, 1.0])
        axes = None if ax is None else [ax]
        size = {"size": self.figsize, "layout": "compressed"}
        self._take(axes, 1, "for the heatmap", n_columns=1, **size)
        (ax,) = self.axes_
        scale = {
            "cmap": f"{cmap}_r" if self.metric in SMALLER_IS_BETTER else cmap,
            "vmin": defined.min() if vmin is None else vmin,
            "vmax": defined.max() if vmax is None else vmax,
        }
        image = draw_image(ax, self.scores, aspect="equal", **scale)
        if self.consensus is not None:
            # A narrow line sets the baseline apart.
            extent = (-0.5, n_columns - 0.5, rows[-1] + 0.5, rows[-1] - 0.5)
            draw_image(ax, parts[1], extent=extent, **scale)
            ax.set_ylim(rows[-1] + 0.5, -0.5)
        self._label(ax, rows)
        if max(n_rows, n_columns) <= _ANNOTATED:
            self._annotate(ax, rows, values, image)
        if colorbar:
            name = SCORE_NAMES.get(self.metric, self.metric)
            self._add_scale(image, ax, shrink=0.8, label=name)
        if title:
            ax.set_title(title, fontsize=TITLE, parse_math=False)
        self.ax_, self.im_ = ax, image
        return self

    def _label(self, ax, rows):
        # the name of the consensus is left out where there is none
        names = [*self.train_cells, self.baseline.replace(" ", "\n")][: len(rows)]
        size = 9 if max(self.scores.shape) <= _ANNOTATED else 5
        style = {"fontsize": size, "parse_math": False}  # a $ in a name is no formula
        ax.set_yticks(rows, names, **style)
        ax.set_xticks(range(len(self.test_cells)), self.test_cells, rotation=90, **style)
        ax.set_ylabel("training cell type")
        ax.set_xlabel("test cell type")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)

    @staticmethod
    def _annotate(ax, rows, shown, image):
        for (row, column), value in np.ndenumerate(shown):
            if np.isnan(value):
                continue
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
            digits = 3 if abs(value) < 1 else 2
            text = f"{value:.{digits}f}".replace("-", "−")
            text = text.replace("0.", ".", 1) if abs(value) < 1 else text
            style = {"fontsize": SMALL, "color": "white" if dark else "black"}
            ax.text(column, rows[row], text, ha="center", va="center", **style)
