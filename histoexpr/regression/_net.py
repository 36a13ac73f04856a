"""Any torch module as a regressor."""

from .._estimation import ModuleOwner
from ._base import BaseHistoneRegressor


class HistoneNetRegressor(ModuleOwner, BaseHistoneRegressor):
    """Any torch module as a scikit-learn regressor of signals.

    A module from ``(batch, n_bins, n_marks)`` to ``(batch, 1)`` gets the scaling,
    training, validation, seeding and early stopping of our own networks, and runs in studies: a
    new architecture is one :class:`torch.nn.Module`.

    Parameters
    ----------
    module : callable or None, default=None
        Class or function that returns a :class:`torch.nn.Module`; None is for
        :class:`~histoexpr.nn.HistoneCNN`. It is called with those of ``n_bins``, ``n_marks`` and
        ``n_outputs`` (or ``n_classes``) that it takes by name.
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
    loss : {"squared_error", "huber"}, default="squared_error"
        What is minimised: squared errors, or those up to one standard deviation of the target
        and absolute ones beyond.
    optimizer : {"adamw", "adam", "sgd"} or callable, default="adamw"
        Optimizer; a callable is called like a class of :mod:`torch.optim`.
    lr : float, default=2e-3
        Learning rate.
    lr_schedule : {"cosine", "constant"}, default="cosine"
        ``"cosine"`` lowers the rate at every step, to ``lr_min`` at the end of ``max_epochs``.
    lr_min : float, default=1e-6
        Final learning rate of the schedule.
    weight_decay : float, default=1e-2
        Weight decay of the optimizer.
    momentum : float, default=0.0
        Momentum of ``optimizer="sgd"``, at least 0 and below 1; another has none.
    batch_size : int, default=64
        Number of samples per optimisation step.
    max_epochs : int, default=3
        Number of passes over the training data, at the most.
    early_stopping : {"auto"} or bool, default="auto"
        Whether to stop when the validation R² no longer improves and to keep the best
        epoch. ``"auto"`` does when ``X_val`` is passed.
    validation_fraction : float, default=0.1
        Share of the training data (of the genes, if ``groups`` are passed) to hold out.
    n_iter_no_change : int, default=10
        Epochs without improvement after which training stops.
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
    **module__params
        Arguments of the module, each as ``module__NAME``.

    Attributes
    ----------
    target_mean_, target_scale_ : float
        Mean and standard deviation of the target in training.
    net_ : skorch.NeuralNetRegressor
        The fitted net; ``net_.module_`` is the torch module.
    history_ : list of dict
        One per epoch: epoch, train_loss, lr, seconds and, with held-out data, valid_loss
        and valid_r2.
    n_iter_, best_epoch_ : int
        Number of epochs trained, and the one that early stopping kept (None without it).
    device_ : str
        The device used.
    n_bins_in_, n_marks_in_ : int
        Shape of the signals seen in ``fit``.
    n_features_in_ : int
        Number of columns of a two-dimensional X, number of bins of a three-dimensional one.
    feature_names_in_ : ndarray of str
        Column names, if X was a DataFrame.

    Notes
    -----
    Arguments of the module are passed as ``module__NAME`` and searched over like other
    parameters. Predictions are computed in batches of one size; that the last bit of a
    prediction does not depend on other samples holds as far as the module's own layers keep
    it (:class:`torch.nn.Linear` with few outputs does not). The module is to be importable where
    models are pickled, as always.

    See Also
    --------
    HistoneCNNRegressor : The convolutional model.

    Examples
    --------
    >>> import torch
    >>> from histoexpr import HistoneNetRegressor
    >>> from histoexpr.datasets import make_histone_cells
    >>> class Small(torch.nn.Module):
    ...     def __init__(self, n_marks, n_outputs, width=8):
    ...         super().__init__()
    ...         self.hidden = torch.nn.Linear(n_marks, width)
    ...         self.last = torch.nn.Linear(width, n_outputs)
    ...     def forward(self, x):
    ...         return self.last(torch.relu(self.hidden(x.mean(dim=1))))
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> reg = HistoneNetRegressor(Small, module__width=4, max_epochs=2, random_state=0)
    >>> reg.fit(data).predict(data).shape
    (300,)
    """

    def __init__(
        self,
        module=None,
        *,
        log1p=True,
        pseudocount="auto",
        standardize="mark",
        random_flip="auto",
        loss="squared_error",
        optimizer="adamw",
        lr=2e-3,
        lr_schedule="cosine",
        lr_min=1e-6,
        weight_decay=1e-2,
        momentum=0.0,
        batch_size=64,
        max_epochs=3,
        early_stopping="auto",
        validation_fraction=0.1,
        n_iter_no_change=10,
        device="auto",
        callbacks=None,
        warm_start=False,
        random_state=None,
        verbose=0,
        **module__params,
    ):
        self._store(locals(), module__params)
