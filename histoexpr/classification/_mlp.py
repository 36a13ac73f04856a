"""The fully connected network as a classifier."""

from .._training import store_parameters
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
    log1p : bool, default=True
        Whether to take ``sign(x) log(1 + |x| / pseudocount)`` of the signals first.
    pseudocount : float or "auto", default="auto"
        Signal below which logarithms level out. ``"auto"`` is 0.2 times the mean of each mark in
        training: the unit of the signals then has no effect.
    standardize : {"mark", "bin", None}, default="mark"
        Subtract mean and divide by deviation in training, per mark, or per mark and bin.
    random_flip : {"auto"} or bool, default="auto"
        Whether to reverse the bins of a training sample half of the times it is shown. Right
        where bins run along the genome, as in DeepChrome's data, not along transcription.
        ``"auto"`` does what the data set says (``oriented``), and where nothing does, flips
        several marks whose two sides are alike on average over genes.
    optimizer : {"adamw", "adam", "sgd"} or callable, default="adamw"
        Optimizer; a callable is called like a class of :mod:`torch.optim`.
    lr : float, default=3e-5
        Learning rate.
    lr_schedule : {"cosine", "constant"}, default="cosine"
        ``"cosine"`` lowers the rate at every step, to ``lr_min`` at the end of ``max_epochs``.
    lr_min : float, default=1e-6
        Final learning rate of the schedule.
    weight_decay : float, default=1e-2
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
        Whether ``fit`` goes on from the last solution.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, batches, dropout and the held-out part.
    verbose : int, default=0
        1 shows a progress bar.

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

    @property
    def _network(self):
        from ..nn import HistoneMLP

        return HistoneMLP

    def __init__(
        self,
        *,
        hidden_sizes=(2048, 1024, 625, 125),
        dropout=0.5,
        log1p=True,
        pseudocount="auto",
        standardize="mark",
        random_flip="auto",
        optimizer="adamw",
        lr=3e-5,
        lr_schedule="cosine",
        lr_min=1e-6,
        weight_decay=1e-2,
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
