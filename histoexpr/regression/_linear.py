"""The linear network as a regressor."""

import numpy as np

from .._estimation import LinearNetwork
from .._training import store_parameters
from ..utils import StrOptions
from ._base import BaseHistoneRegressor


class HistoneLinearRegressor(LinearNetwork, BaseHistoneRegressor):
    """A linear network on pooled signals as a scikit-learn regressor.

    The network of DeepChrome 2.0 with one output, the level of expression [1]_: every mark is
    pooled over the bins of each region, and one linear layer follows. With ``n_regions=10`` it has
    51 parameters for 5 marks. Fitted by default by a direct solver. Takes raw counts or any other
    unit. A two-dimensional X holds marks that are already pooled.

    Parameters
    ----------
    n_regions : int, default=1
        Number of regions of equal width that the window is cut into, at the most that of bins.
        Where bins cannot be divided evenly, regions differ by one.
    pooling : {"sum", "mean", "max", "median", "min"}, default="sum"
        How the bins of a mark in a region become one feature.
    log1p : bool, default=True
        Whether to take ``sign(x) log(1 + |x| / pseudocount)`` of the pooled signals.
    pseudocount : float or "auto", default="auto"
        Signal below which logarithms level out, in the unit of the pooled signals. ``"auto"``
        is 0.2 times the mean of each mark in training: the unit of the signals then has no
        effect. 1.0 is right for read counts only.
    standardize : {"mark", "max", None}, default="mark"
        Scale of the pooled features, learned from the training data: ``"mark"`` subtracts
        the mean and divides by the standard deviation; ``"max"`` divides by the largest
        value of any mark, as the original does within every batch; None leaves them.
    mirror : {"auto"} or bool, default="auto"
        Whether the features of two regions at the same distance from the TSS are replaced by
        their mean and the absolute value of their difference, so that the direction of the bins
        has no effect. Right where bins run along the genome, not along transcription.
        ``"auto"`` does so with several regions for a data set that says so (``oriented``).
    solver : {"cholesky", "sgd"}, default="cholesky"
        ``"cholesky"`` solves the ridge regression directly; ``"sgd"`` trains by the parameters
        from ``loss`` to ``n_iter_no_change``, which otherwise do not count.
    alpha : float or "auto", default="auto"
        L2 penalty of the direct solver: it minimises the mean squared error of the scaled target
        plus ``alpha`` times the sum of the squared coefficients. ``"auto"`` is 0.4 times the
        number of features by the number (sum of weights) of samples.
    loss : {"squared_error", "huber"}, default="squared_error"
        What ``"sgd"`` minimises: squared errors, or those up to one standard deviation of the
        target and absolute ones beyond.
    optimizer : {"adamw", "adam", "sgd"} or callable, default="adamw"
        Optimizer; a callable is called like a class of :mod:`torch.optim`.
    lr : float, default=0.05
        Learning rate.
    lr_schedule : {"cosine", "constant"}, default="cosine"
        ``"cosine"`` lowers the rate at every step, to ``lr_min`` at the end of ``max_epochs``.
    lr_min : float, default=1e-6
        Final learning rate of the schedule.
    weight_decay : float, default=0.0
        Weight decay of the optimizer.
    momentum : float, default=0.0
        Momentum of ``optimizer="sgd"``, at least 0 and below 1; another has none.
    batch_size : int, default=32
        Number of samples per optimisation step.
    max_epochs : int, default=20
        Number of passes over the training data, at the most.
    early_stopping : {"auto"} or bool, default="auto"
        Whether to stop when the validation R² no longer improves and to keep the best
        epoch. ``"auto"`` does when ``X_val`` is passed.
    validation_fraction : float, default=0.1
        Share of the training data (of the genes, if ``groups`` are passed) to hold out.
    n_iter_no_change : int, default=10
        Epochs without improvement after which training stops.
    device : str, default="auto"
        Where ``solver="sgd"`` trains: ``"cpu"``, ``"cuda"``, or ``"auto"`` for CUDA where there is
        one. Direct solvers and predictions compute on the CPU.
    callbacks : list or None, default=None
        Further skorch callbacks; they are copied before use.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the last solution; the direct solver needs no start.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, batches and the held-out part.
    verbose : int, default=0
        1 shows a progress bar.

    Attributes
    ----------
    coef_ : ndarray of shape (n_regions, n_marks), or (n_marks,) for one region
        Change of the target per unit of the pooled, scaled feature. Of ``mirror`` the first half
        of the rows belongs to the means of two regions, from the outermost inwards, and the
        rest to their differences.
    region_edges_ : ndarray of shape (n_regions + 1,)
        Borders of the regions in bp from the TSS, or in bins if X does not bring its window.
    intercept_ : float
        Target at zero.
    n_iter_ : int
        1 for the direct solver, or the number of epochs.
    target_mean_, target_scale_, net_, history_, best_epoch_, device_, n_bins_in_, n_marks_in_, \
n_features_in_, feature_names_in_
        As for :class:`HistoneCNNRegressor`.

    See Also
    --------
    HistoneLinearClassifier : The same network for labels.
    HistoneCNNRegressor : The convolutional model.
    histoexpr.preprocessing.BinPooler : The same pooling for a scikit-learn pipeline.

    Notes
    -----
    Direct solvers and predictions use NumPy alone. ``net_``, the skorch net with the same weights,
    is made when it is first asked for, which loads torch; weights that are changed in it count.

    References
    ----------
    .. [1] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.

    Examples
    --------
    >>> from histoexpr import HistoneLinearRegressor
    >>> from histoexpr.datasets import make_histone_cells
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> reg = HistoneLinearRegressor(n_regions=10).fit(data)  # log2(RPKM + 1)
    >>> reg.coef_.shape
    (10, 5)
    """

    _parameter_constraints: dict = {"solver": [StrOptions({"cholesky", "sgd"})]}

    def __init__(
        self,
        *,
        n_regions=1,
        pooling="sum",
        log1p=True,
        pseudocount="auto",
        standardize="mark",
        mirror="auto",
        solver="cholesky",
        alpha="auto",
        loss="squared_error",
        optimizer="adamw",
        lr=0.05,
        lr_schedule="cosine",
        lr_min=1e-6,
        weight_decay=0.0,
        momentum=0.0,
        batch_size=32,
        max_epochs=20,
        early_stopping="auto",
        validation_fraction=0.1,
        n_iter_no_change=10,
        device="auto",
        callbacks=None,
        warm_start=False,
        random_state=None,
        verbose=0,
    ):
        store_parameters(self, locals())

    def _weights(self):
        return self._plain().weight * self.target_scale_

    @property
    def coef_(self):
        """Coefficients of the pooled, scaled features."""
        return self._by_region(self._weights())[0 if self.n_regions == 1 else slice(None)]

    @property
    def intercept_(self):
        """Value at zero."""
        bias = float(self._plain().bias[0])
        return bias * self.target_scale_ + self.target_mean_

    def _solve(self, features, target, weight):
        from sklearn.linear_model import Ridge  # not needed where a model predicts

        alpha = self._penalty(features.shape[1], weight.sum())
        target = target.astype(np.float64)
        model = Ridge(alpha=alpha * weight.sum(), solver="cholesky" if alpha else "svd")
        coef, model = self._in_sample_space(
            features, lambda X: model.fit(X, target, sample_weight=weight)
        )
        errors = features @ coef[0] + model.intercept_ - target
        loss = np.average(errors**2, weights=weight)
        return coef, np.atleast_1d(model.intercept_), loss, 1
