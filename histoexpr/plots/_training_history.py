"""Loss and validation score by epoch of training, or the errors of a generator by step."""

from sklearn.utils.validation import check_is_fitted

from ._panels import Panels
from ._style import BLUE, RED, SMALL, clean

# Panels: label of the axis, and the columns of the history with label and colour
_NETWORK = (
    ("loss", {"train_loss": ("training", BLUE), "valid_loss": ("held out", RED)}),
    ("AUROC", {"valid_auroc": ("held out", RED)}),
    ("R²", {"valid_r2": ("held out", RED)}),
)
# What the loss of an estimator is called, by its parameter; classifiers have none
_LOSSES = {
    None: "cross-entropy",
    "squared_error": "squared error, target scaled to 1",
    "huber": "Huber loss, target scaled to 1",
}
_GENERATOR = (
    (
        "critic's gap",
        {"critic_gap": ("training", BLUE), "critic_gap_held_out": ("held out", RED)},
    ),
    ("fidelity error", {"fidelity_error": ("generated", BLUE)}),
)


def _final(estimator):
    """Return what was trained: the best of a search, the last step of a Pipeline."""
    if hasattr(estimator, "best_estimator_"):
        return _final(estimator.best_estimator_)
    return _final(estimator[-1]) if hasattr(estimator, "named_steps") else estimator


class TrainingHistoryDisplay(Panels):
    """Loss and validation score, AUROC or R², by epoch.

    Make it with :meth:`from_estimator`.

    Parameters
    ----------
    history : list of dict
        The ``history_`` of a classifier, a regressor or a SignalGenerator.
    best_epoch : int, optional
        The epoch, or step of the generator, that was kept.
    loss : str, default="cross-entropy"
        What the loss is called.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        The panel of the losses and, with validation data, that of the score; of a generator,
        the critic's gap between real and generated signals, and the fidelity error.
    """

    def __init__(self, history, *, best_epoch=None, loss="cross-entropy"):
        self.history, self.best_epoch, self.loss = history, best_epoch, loss

    @classmethod
    def from_estimator(cls, estimator, **plot_params):
        """Draw the history of a fitted classifier, regressor or generator.

        Parameters
        ----------
        estimator : estimator
            A fitted classifier, regressor or SignalGenerator of histoexpr, a Pipeline that ends in
            one, or a search over such estimators, of which the best one is drawn.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        TrainingHistoryDisplay

        Raises
        ------
        NotFittedError
            If the estimator is not fitted.
        TypeError
            If it holds no history, such as an ensemble of several fits.
        """
        final = _final(estimator)
        if not hasattr(final, "history_"):
            check_is_fitted(final)
            raise TypeError(
                f"{type(final).__name__} has no history of training. Pass a classifier or "
                "SignalGenerator of histoexpr, a Pipeline that ends in one, or a search with "
                "refit=True; of an ensemble one of its estimators."
            )
        best = getattr(final, "best_epoch_", getattr(final, "best_step_", None))
        loss = _LOSSES.get(getattr(final, "loss", None), "loss")
        return cls(final.history_, best_epoch=best, loss=loss).plot(**plot_params)

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
        unit = "step" if any("step" in row for row in self.history) else "epoch"
        panels = _GENERATOR if unit == "step" else _NETWORK
        shown = [p for p in panels if any(name in row for row in self.history for name in p[1])]
        shown = shown or panels[:1]
        shown = [(self.loss if label == "loss" else label, columns) for label, columns in shown]
        what = "for " + " and ".join(ylabel for ylabel, _ in shown)
        self._take(axes, len(shown), what, n_columns=2, size=(3.6, 2.8))
        for number, (ylabel, columns) in enumerate(shown):
            ax = self.axes_[number]
            for column, (label, color) in columns.items():
                self._line(number, column, label, color, unit)
            ax.set_ylabel(ylabel)
            if self.best_epoch is not None:
                ax.axvline(self.best_epoch, color="0.5", linestyle=":", label=f"{unit} kept")
            ax.set_xlabel(unit)
            ax.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
            ax.legend(frameon=False, fontsize=SMALL)
            clean(ax)
        if name:
            self.figure_.suptitle(name)
        return self

    def _line(self, panel, column, label, color, unit):
        points = [(row[unit], row[column]) for row in self.history if column in row]
        if points:
            style = {"color": color, "label": label, "marker": "o" if len(points) == 1 else None}
            self.axes_[panel].plot(*zip(*points, strict=True), **style)
