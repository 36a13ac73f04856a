"""The 12-parameter network as a classifier."""

import time
from numbers import Integral, Real

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from .._training import draw_seed, isolated_torch_rng, predict_logits, store_parameters
from ..nn import HistoneLinear
from ..replication import PUBLISHED_TRAINING
from ..utils import Interval, StrOptions
from . import _data as data
from ._base import BaseHistoneClassifier


class HistoneLinearClassifier(BaseHistoneClassifier):
    """The linear network of DeepChrome 2.0 as a scikit-learn classifier.

    Pools every mark over bins and applies one linear layer: 12 parameters for 5 marks and
    two classes [1]_, fitted by default by a direct solver that reaches the optimum in
    milliseconds. Takes raw counts. A two-dimensional X holds marks that are already pooled.

    Parameters
    ----------
    pooling : {"sum", "mean", "max", "median", "min"}, default="sum"
        How the bins of a mark become one feature.
    log1p : bool, default=True
        Whether to take ``sign(x) log(1 + |x|)`` of the pooled signals.
    standardize : {"mark", "max", None}, default="mark"
        Scale of the pooled features, learned from the training data: ``"mark"`` subtracts
        the mean and divides by the standard deviation; ``"max"`` divides by the largest
        value of any mark, as the original does within every batch; None leaves them.
    solver : {"newton", "lbfgs", "sgd"}, default="newton"
        ``"newton"`` and ``"lbfgs"`` solve the logistic regression directly; ``"sgd"`` trains
        by the parameters from ``optimizer`` to ``n_iter_no_change``, which otherwise do not count.
    alpha : float, default=1e-3
        L2 penalty of the direct solvers: they minimise the mean cross-entropy plus
        ``alpha / 2`` times the sum of the squared coefficients.
    max_iter : int, default=1000
        Iterations of the direct solvers, at the most.
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
        Whether to stop when the validation AUROC no longer improves and to keep the best
        epoch. ``"auto"`` does above 10,000 samples or when ``X_val`` is passed.
    validation_fraction : float, default=0.1
        Share of the training data (of the genes, if ``groups`` are passed) to hold out.
    n_iter_no_change : int, default=10
        Epochs without improvement after which training stops.
    class_weight : dict, "balanced" or None, default=None
        Weights of the classes.
    device : str, default="auto"
        Where to compute: ``"cpu"``, ``"cuda"``, or ``"auto"`` for CUDA where there is one.
    callbacks : list or None, default=None
        Further skorch callbacks; they are copied before use.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the last solution; the direct solvers need no start.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, batches and the held-out part.
    verbose : int, default=0
        1 shows a progress bar.

    Attributes
    ----------
    coef_ : ndarray of shape (1, n_marks) or (n_classes, n_marks)
        Change of the log-odds (two classes) or logits per unit of the pooled, scaled feature.
    intercept_ : ndarray of shape (1,) or (n_classes,)
        Log-odds (two classes) or logits at zero.
    n_iter_ : int
        Number of iterations of the direct solver, or of epochs.
    classes_, net_, history_, best_epoch_, device_, n_bins_in_, n_marks_in_, \
n_features_in_, feature_names_in_
        As for :class:`HistoneCNNClassifier`.

    See Also
    --------
    HistoneCNNClassifier : The convolutional model.
    histoexpr.preprocessing.BinPooler : The same pooling for a scikit-learn pipeline.

    References
    ----------
    .. [1] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier
    >>> from histoexpr.datasets import make_histone_cells
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> X, y = data.return_X_y()
    >>> clf = HistoneLinearClassifier().fit(X, y)
    >>> clf.coef_.shape
    (1, 5)
    """

    _network = HistoneLinear
    _parameter_constraints: dict = {
        "pooling": [StrOptions({"mean", "max", "sum", "median", "min"})],
        "standardize": [StrOptions({"mark", "max"}), None],
        "solver": [StrOptions({"newton", "lbfgs", "sgd"})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
    }

    _two_d = "marks"

    def __init__(
        self,
        *,
        pooling="sum",
        log1p=True,
        standardize="mark",
        solver="newton",
        alpha=1e-3,
        max_iter=1000,
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
        class_weight=None,
        device="auto",
        callbacks=None,
        warm_start=False,
        random_state=None,
        verbose=0,
    ):
        store_parameters(self, locals())

    @classmethod
    def published(cls, **params):
        """Return a classifier with the training of DeepChrome 2.0.

        Plain SGD on pooled raw counts as in :meth:`HistoneCNNClassifier.published`. Where
        the original divides by the largest value in the batch (``pooling="max"`` and
        ``"sum"``), this divides by the largest in the training data.

        Parameters
        ----------
        **params
            Any other parameter, such as ``pooling="max"``.

        Returns
        -------
        HistoneLinearClassifier
        """
        scaled = params.get("pooling", "mean") in ("max", "sum")
        settings = {"solver": "sgd", "pooling": "mean", "standardize": "max" if scaled else None}
        return cls(**PUBLISHED_TRAINING | settings | params)

    @property
    def coef_(self):
        """Coefficients of the pooled, scaled features."""
        weight = self.net_.module_.linear.weight.detach().cpu().numpy()
        return weight[1:] - weight[:1] if len(weight) == 2 else weight

    @property
    def intercept_(self):
        """Log-odds or logits at zero."""
        bias = self.net_.module_.linear.bias.detach().cpu().numpy()
        return bias[1:] - bias[:1] if len(bias) == 2 else bias

    def _set_scale(self, module, X, weight, rows):
        if self.standardize is not None:
            self._scale_features(module, *self._features(module, X, weight, rows))

    def _features(self, module, X, weight, rows):
        """Return the pooled features before scaling, and their weights."""
        features = predict_logits(module, X, method="features").astype(np.float64)
        data.check_logits(features, X)
        weight = np.ones(len(X)) if weight is None else weight
        rows = slice(None) if rows is None else rows
        return features[rows], weight[rows]

    def _scale_features(self, module, features, weight):
        """Learn the scale of the features and return them scaled."""
        center, scale = np.zeros(features.shape[1]), np.ones(features.shape[1])
        if self.standardize == "mark":
            center = np.average(features, axis=0, weights=weight)
            scale = np.sqrt(np.average((features - center) ** 2, axis=0, weights=weight))
            scale[scale <= 1e-7 * np.abs(center)] = 1.0
        elif self.standardize == "max":
            scale[:] = np.abs(features).max() or 1.0
        module.input.set_scale(center, scale)
        return (features - center) / scale

    def _stops_early(self, n_samples, has_validation_data):
        return self.solver == "sgd" and super()._stops_early(n_samples, has_validation_data)

    def _fit_rows(self, X, codes, weight, rows, valid, rng, previous):
        if self.solver == "sgd":
            super()._fit_rows(X, codes, weight, rows, valid, rng, previous)
            return
        start = time.perf_counter()
        with isolated_torch_rng(draw_seed(rng), self.device_):
            net = self._build(self._plan())
        module = net.module_
        features, used_weight = self._features(module, X, weight, rows)
        features = self._scale_features(module, features, used_weight)
        used_codes = codes if rows is None else codes[rows]
        model = self._solve(features, used_codes, used_weight)
        self._set_linear(module.linear, model)
        proba = model.predict_proba(features)
        of_class = proba[np.arange(len(proba)), np.searchsorted(model.classes_, used_codes)]
        loss = -np.average(np.log(of_class), weights=used_weight)
        self.net_, self.best_epoch_, self.history_ = net, None, []
        seconds = time.perf_counter() - start
        self._record([{"epoch": 1, "train_loss": float(loss), "seconds": seconds}])
        self.n_iter_ = int(model.n_iter_.max())
        module.eval()

    def _solve(self, features, codes, weight):
        if features.shape[1] <= len(features):
            return self._fit_logistic(features, codes, weight)
        # With more marks than samples the coefficients lie in the space of the samples: minutes
        # become milliseconds, and the penalty stays the same.
        basis, _ = np.linalg.qr(features.T)
        model = self._fit_logistic(features @ basis, codes, weight)
        model.coef_ = model.coef_ @ basis.T
        model.n_features_in_ = features.shape[1]
        return model

    def _fit_logistic(self, features, codes, weight):
        solver = {"newton": "newton-cholesky", "lbfgs": "lbfgs"}[self.solver]
        penalty = np.inf if self.alpha == 0 else 1 / (self.alpha * weight.sum())
        model = LogisticRegression(C=penalty, solver=solver, tol=1e-10, max_iter=self.max_iter)
        return model.fit(features, codes, sample_weight=weight)

    def _set_linear(self, linear, model):
        coef, intercept = model.coef_, model.intercept_
        if len(self.classes_) == 2:
            # The two logits share the log-odds equally, as gradient descent would.
            coef = np.concatenate([-coef, coef]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        weights = torch.zeros_like(linear.weight)
        biases = torch.full_like(linear.bias, -1e4)  # classes that do not occur
        weights[model.classes_] = torch.as_tensor(coef, dtype=weights.dtype)
        biases[model.classes_] = torch.as_tensor(intercept, dtype=biases.dtype)
        with torch.no_grad():
            linear.weight.copy_(weights)
            linear.bias.copy_(biases)
