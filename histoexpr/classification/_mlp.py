"""The fully connected network as a classifier."""

from numbers import Real

from ..nn import HistoneMLP
from ..replication import PUBLISHED_INPUT, PUBLISHED_TRAINING
from ..utils import Interval, StrOptions
from ._base import BaseHistoneClassifier


class HistoneMLPClassifier(BaseHistoneClassifier):
    """The fully connected network of DeepChrome 2.0 as a scikit-learn classifier.

    All bins of all marks enter four hidden layers, 500-2048-1024-625-125-2: 3,843,351
    parameters at 100 bins × 5 marks and two classes [1]_. Takes raw counts.

    Parameters
    ----------
    hidden_sizes : sequence of int, default=(2048, 1024, 625, 125)
        Widths of the hidden layers; dropout without activation follows the second.
    dropout : float, default=0.5
        Dropout probability after the second hidden layer, in [0, 1).
    log1p, standardize, random_flip, optimizer, lr, lr_schedule, lr_min, weight_decay, \
batch_size, max_epochs, early_stopping, validation_fraction, n_iter_no_change, class_weight, \
device, callbacks, warm_start, random_state, verbose
        As for :class:`HistoneCNNClassifier`.

    Attributes
    ----------
    classes_, net_, history_, n_iter_, best_epoch_, device_, n_bins_in_, n_marks_in_, \
n_features_in_, feature_names_in_
        As for :class:`HistoneCNNClassifier`.

    See Also
    --------
    HistoneCNNClassifier : The convolutional model.
    HistoneLinearClassifier : The 12-parameter model.

    References
    ----------
    .. [1] Kadavath, Paradis and Yeung (2022), DeepChrome 2.0, arXiv 2209.11923.

    Examples
    --------
    >>> from histoexpr import HistoneMLPClassifier
    >>> from histoexpr.datasets import make_histone_cells
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> X, y = data.return_X_y()
    >>> clf = HistoneMLPClassifier(hidden_sizes=(64, 32), random_state=0).fit(X, y)
    >>> clf.predict(X[:2]).shape
    (2,)
    """

    _parameter_constraints: dict = {
        **BaseHistoneClassifier._parameter_constraints,
        "hidden_sizes": ["array-like"],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "standardize": [StrOptions({"mark", "bin"}), None],
        "random_flip": [StrOptions({"auto"}), "boolean"],
    }

    def __init__(
        self,
        *,
        hidden_sizes=(2048, 1024, 625, 125),
        dropout=0.5,
        log1p=True,
        standardize="mark",
        random_flip="auto",
        optimizer="adamw",
        lr=3e-5,
        lr_schedule="cosine",
        lr_min=1e-6,
        weight_decay=1e-2,
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
        self.hidden_sizes = hidden_sizes
        self.dropout = dropout
        self.log1p = log1p
        self.standardize = standardize
        self.random_flip = random_flip
        self.optimizer = optimizer
        self.lr = lr
        self.lr_schedule = lr_schedule
        self.lr_min = lr_min
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.device = device
        self.callbacks = callbacks
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    @classmethod
    def published(cls, **params):
        """Return a classifier with the training of DeepChrome 2.0.

        See :meth:`HistoneCNNClassifier.published`.

        Parameters
        ----------
        **params
            Any other parameter.

        Returns
        -------
        HistoneMLPClassifier
        """
        return cls(**{**PUBLISHED_TRAINING, **PUBLISHED_INPUT, **params})

    def _module(self):
        arguments = {
            "n_bins": self.n_bins_in_,
            "n_marks": self.n_marks_in_,
            "hidden_sizes": self._check_sizes(self.hidden_sizes),
            "dropout": self.dropout,
            "log1p": self.log1p,
            "scale_shape": self._scale_shape(),
        }
        return HistoneMLP, arguments
