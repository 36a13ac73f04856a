"""Loss and validation score by epoch of training."""

from sklearn.utils.validation import check_is_fitted

from ._panels import Panels
from ._style import BLUE, RED, SMALL, clean


class TrainingHistoryDisplay(Panels):
    """Loss and validation AUROC by epoch.

    Make it with :meth:`from_estimator`.

    Parameters
    ----------
    history : list of dict
        The ``history_`` of a classifier.
    best_epoch : int, optional
        The epoch that was kept.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        The panel of the losses and, with validation data, that of the AUROC.
    """

    def __init__(self, history, *, best_epoch=None):
        self.history, self.best_epoch = history, best_epoch

    @classmethod
    def from_estimator(cls, estimator, **plot_params):
        """Draw the history of a fitted classifier.

        Parameters
        ----------
        estimator : estimator
            A fitted classifier of histoexpr, or a Pipeline that ends in one.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        TrainingHistoryDisplay
        """
        final = estimator[-1] if hasattr(estimator, "named_steps") else estimator
        check_is_fitted(final, "history_")
        return cls(final.history_, best_epoch=final.best_epoch_).plot(**plot_params)

    def plot(self, *, axes=None, name=None):
        """Draw the panels.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            As many as there are panels; made if not given.
        name : str, optional
            Title.

        Returns
        -------
        self
        """
        has_auroc = any("valid_auroc" in row for row in self.history)
        what = "for loss and AUROC" if has_auroc else "for the loss"
        self._take(axes, 1 + has_auroc, what, n_columns=2, size=(3.6, 2.8))
        self._line(0, "train_loss", "training", BLUE)
        self._line(0, "valid_loss", "held out", RED)
        if has_auroc:
            self._line(1, "valid_auroc", "held out", RED)
        for ax, ylabel in zip(self.axes_, ("cross-entropy", "AUROC"), strict=False):
            ax.set_ylabel(ylabel)
            if self.best_epoch is not None:
                ax.axvline(self.best_epoch, color="0.5", linestyle=":", label="epoch kept")
            ax.set_xlabel("epoch")
            ax.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
            ax.legend(frameon=False, fontsize=SMALL)
            clean(ax)
        if name:
            self.figure_.suptitle(name)
        return self

    def _line(self, panel, column, label, color):
        points = [(row["epoch"], row[column]) for row in self.history if column in row]
        if points:
            style = {"color": color, "label": label, "marker": "o" if len(points) == 1 else None}
            self.axes_[panel].plot(*zip(*points, strict=True), **style)
