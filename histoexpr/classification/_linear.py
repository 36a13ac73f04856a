"""The 12-parameter network as a classifier."""

import numpy as np
from scipy.special import log_softmax

from .._estimation import LinearNetwork
from .._training import store_parameters
from ..replication import PUBLISHED_TRAINING
from ..utils import StrOptions
from ._base import BaseHistoneClassifier


class HistoneLinearClassifier(LinearNetwork, BaseHistoneClassifier):
    """The linear network of DeepChrome 2.0 as a scikit-learn classifier, also by region.

    Pools every mark over bins and applies one linear layer: 12 parameters for 5 marks and
    two classes [1]_. With ``n_regions=10`` the window is cut into ten regions first, 102
    parameters: on signals along transcription as good as the CNN. Fitted by default by a direct
    solver that reaches the optimum in milliseconds. Takes raw counts or any other unit. A
    two-dimensional X holds marks that are already pooled.

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
    solver : {"newton", "lbfgs", "sgd"}, default="newton"
        ``"newton"`` and ``"lbfgs"`` solve the logistic regression directly; ``"sgd"`` trains
        by the parameters from ``optimizer`` to ``n_iter_no_change``, which otherwise do not count.
    alpha : float or "auto", default="auto"
        L2 penalty of the direct solvers: they minimise the mean cross-entropy plus
        ``alpha / 2`` times the sum of the squared coefficients. ``"auto"`` is 0.4 times the
        number of features by the number (sum of weights) of samples.
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
        epoch. ``"auto"`` does when ``X_val`` is passed.
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
    coef_ : ndarray of shape (n_regions, n_marks) or (n_classes, n_regions, n_marks)
        Change of the log-odds (two classes) or, of more classes, the logits per unit of the
        pooled, scaled feature; (n_classes, n_marks) for one region. Of ``mirror`` the first half
        of the rows belongs to the means of two regions, from the outermost inwards, and the
        rest to their differences.
    region_edges_ : ndarray of shape (n_regions + 1,)
        Borders of the regions in bp from the TSS, or in bins if X does not bring its window.
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

    _parameter_constraints: dict = {"solver": [StrOptions({"newton", "lbfgs", "sgd"})]}

    def __init__(
        self,
        *,
        n_regions=1,
        pooling="sum",
        log1p=True,
        pseudocount="auto",
        standardize="mark",
        mirror="auto",
        solver="newton",
        alpha="auto",
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

    def _weights(self):
        weight = self._plain().weight
        return weight[1:] - weight[:1] if len(weight) == 2 else weight

    @property
    def intercept_(self):
        """Log-odds or logits at zero."""
        bias = self._plain().bias
        return bias[1:] - bias[:1] if len(bias) == 2 else bias

    def _solve(self, features, codes, weight):
        from sklearn.linear_model import LogisticRegression  # not needed where a model predicts

        alpha = self._penalty(features.shape[1], weight.sum())
        model = LogisticRegression(
            C=np.inf if alpha == 0 else 1 / (alpha * weight.sum()),
            solver={"newton": "newton-cholesky", "lbfgs": "lbfgs"}[self.solver],
            tol=1e-10,
            max_iter=self.max_iter,
        )
        coef, model = self._in_sample_space(
            features, lambda X: model.fit(X, codes, sample_weight=weight)
        )
        logits = features @ coef.T + model.intercept_
        if logits.shape[1] == 1:
            logits = np.hstack([np.zeros_like(logits), logits])
        of_class = np.searchsorted(model.classes_, codes)
        losses = -log_softmax(logits, axis=1)[np.arange(len(codes)), of_class]
        loss = np.average(losses, weights=weight)
        return *self._for_each_class(coef, model), loss, int(model.n_iter_.max())

    def _for_each_class(self, coef, model):
        """Return weights and biases of the logits of all classes."""
        intercept = model.intercept_
        if len(self.classes_) == 2:
            # The two logits share the log-odds equally, as gradient descent would.
            coef = np.concatenate([-coef, coef]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        weights = np.zeros((len(self.classes_), coef.shape[1]))
        biases = np.full(len(self.classes_), -1e4)  # classes that do not occur
        weights[model.classes_], biases[model.classes_] = coef, intercept
        return weights, biases
