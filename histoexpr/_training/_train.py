"""The skorch net: built from a training plan, trained, and stripped of its data."""

import copy
import dis
from dataclasses import dataclass

import numpy as np
import skorch
import torch
from skorch.callbacks import (
    EarlyStopping,
    EpochScoring,
    EpochTimer,
    LRScheduler,
    PassthroughScoring,
)
from skorch.helper import predefined_split
from skorch.utils import noop

from ._batches import BatchIterator, SignalDataset
from ._callbacks import VALID_SCORES, EpochProgress, LearningRate
from ._fused import fuse_updates
from ._losses import LOSSES
from ._predict import PREDICT_BATCH

_OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


@dataclass(frozen=True)
class TrainingPlan:
    """How a net is trained; the fields are the estimators' parameters of the same name.

    ``patience`` is the number of epochs without improvement after which training stops,
    None to train for all epochs and keep the last.
    """

    optimizer: object
    lr: float
    lr_schedule: str
    lr_min: float
    weight_decay: float
    batch_size: int
    max_epochs: int
    device: str
    patience: int | None = None
    callbacks: object = None
    verbose: int = 0
    name: str = "training"
    momentum: float = 0.0
    loss: str = "cross_entropy"
    score: str = "valid_auroc"


class SignalNet:
    """What our skorch nets share: batches from :class:`SignalDataset` and a weighted loss.

    ``losses`` gives the loss of each sample, ``score`` names one of :data:`VALID_SCORES`.
    """

    order_rng = None
    losses = staticmethod(LOSSES["cross_entropy"])
    score = "valid_auroc"

    @property
    def _default_callbacks(self):
        return [
            ("epoch_timer", EpochTimer()),
            ("train_loss", PassthroughScoring(name="train_loss", on_train=True)),
            ("valid_loss", PassthroughScoring(name="valid_loss")),
            (
                self.score,
                EpochScoring(VALID_SCORES[self.score], lower_is_better=False, name=self.score),
            ),
        ]

    def get_dataset(self, X, y=None):
        """Wrap arrays in a SignalDataset."""
        return SignalDataset(X, y) if isinstance(X, np.ndarray) else super().get_dataset(X, y)

    def get_iterator(self, dataset, training=False):
        """Return batches in random order for training, large ones in order otherwise."""
        if not isinstance(dataset, SignalDataset):
            return super().get_iterator(dataset, training=training)
        if training:
            return BatchIterator(dataset, self.batch_size, self.order_rng)
        return BatchIterator(dataset, PREDICT_BATCH)

    def get_loss(self, y_pred, y_true, *args, **kwargs):
        """Return the mean loss, weighted where there are weights."""
        if not isinstance(y_true, tuple | list):
            return self.losses(y_pred, y_true.to(self.device)).mean()
        target, weight = (part.to(self.device) for part in y_true)
        return (self.losses(y_pred, target) * weight).mean()

    def _set_training(self, training=True):
        # skorch walks through all modules at every step, for 2 % of its time
        if self.module_.training != training:
            super()._set_training(training)

    def fit_loop(self, *args, **kwargs):
        """Train, and raise on Ctrl-C, which skorch treats as the end of training."""
        try:
            return super().fit_loop(*args, **kwargs)
        except KeyboardInterrupt as error:
            if not _raised_by_callback(error):
                self.interrupt_ = error
            raise


class ClassifierNet(SignalNet, skorch.NeuralNetClassifier):
    """The net of a classifier."""


class RegressorNet(SignalNet, skorch.NeuralNetRegressor):
    """The net of a regressor."""

    score = "valid_r2"


def _raised_by_callback(error):
    """Whether a callback of skorch, such as EarlyStopping, asked for the end of training."""
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    module = last.tb_frame.f_globals.get("__name__", "")
    # A signal may arrive within a callback, too, but not at an instruction that raises.
    instruction = last.tb_frame.f_code.co_code[last.tb_lasti]
    return module.startswith("skorch.callbacks") and instruction == dis.opmap["RAISE_VARARGS"]


def build_net(module_class, module_params, plan):
    """Return an initialised net; weights are drawn from torch's current generator.

    ``module_class`` is a class of torch modules, ``module_params`` are its arguments. The loss of
    the plan decides whether the net is that of a classifier.
    """
    optimizer, settings = _optimizer(plan)
    classify = plan.loss == "cross_entropy"
    own = {"classes": np.arange(module_params["n_classes"])} if classify else {}
    net = (ClassifierNet if classify else RegressorNet)(
        module_class,
        criterion=torch.nn.CrossEntropyLoss if classify else torch.nn.MSELoss,
        optimizer=optimizer,
        lr=plan.lr,
        batch_size=plan.batch_size,
        max_epochs=plan.max_epochs,
        train_split=None,
        device=plan.device,
        **own,
        verbose=0,
        **{f"optimizer__{key}": value for key, value in settings.items()},
        **{f"module__{key}": value for key, value in module_params.items()},
    )
    net.losses = LOSSES[plan.loss]
    net.initialize()
    if not callable(plan.optimizer):  # one of the user's own stays as it is
        fuse_updates(net.optimizer_)
    return net


def _optimizer(plan):
    """Return the class of the optimizer, and the settings to pass to it."""
    optimizer = _OPTIMIZERS.get(plan.optimizer, plan.optimizer)
    if plan.momentum and plan.optimizer != "sgd":
        raise ValueError(
            f"momentum={plan.momentum} is a setting of optimizer='sgd', but optimizer is "
            f"{plan.optimizer!r}. Set momentum=0.0 or optimizer='sgd'."
        )
    # Not every optimizer of the user's own has a decay, and some set theirs.
    own = callable(plan.optimizer) and plan.weight_decay == 0
    settings = {} if own else {"weight_decay": plan.weight_decay}
    return optimizer, settings | ({"momentum": plan.momentum} if plan.momentum else {})


def run_training(net, plan, train, valid, order_rng):
    """Train an initialised net in place, and return its history and best epoch.

    ``train`` and ``valid`` are SignalDatasets; the held-out samples ``valid``, if not None, are
    scored after every epoch. ``order_rng`` is the source of the order of the batches. The
    history has a dict per epoch: epoch, train_loss, valid_loss, valid_auroc, lr, seconds. The
    best epoch is the one that was kept, None unless held-out samples decided.
    """
    net.callbacks = _callbacks(plan, len(train), valid)
    net.train_split = None if valid is None else predefined_split(valid)
    net.order_rng, net.interrupt_ = order_rng, None
    net.max_epochs = plan.max_epochs
    optimizer, settings = _optimizer(plan)
    if net.optimizer is not optimizer:  # changed between two calls of partial_fit
        net.optimizer_ = optimizer(net.module_.parameters(), lr=plan.lr, **settings)
        net.optimizer = optimizer
        if not callable(plan.optimizer):
            fuse_updates(net.optimizer_)
    for group in net.optimizer_.param_groups:
        group.update(lr=plan.lr, **settings)  # a schedule may have lowered the rate
    net.initialize_callbacks()
    net.history.clear()
    try:
        net.partial_fit(train, None)
        rows = [_readable(row) for row in net.history]
        keeper = dict(net.callbacks_).get("keep_best")
    finally:
        _strip(net)
    if net.interrupt_ is not None:
        raise net.interrupt_
    last = rows[-1].get("train_loss", np.nan) if rows else np.nan
    diverged = not all(bool(p.isfinite().all()) for p in net.module_.parameters())
    if diverged or not np.isfinite(last):
        raise FloatingPointError(
            f"Training diverged: the loss of epoch {len(rows)} is {last}. "
            "Lower lr, or bring the signals onto a common scale (log1p=True, "
            "standardize='mark')."
        )
    # 0 where no epoch had a score
    return rows, None if keeper is None else keeper.best_epoch_ or None


def _callbacks(plan, n_samples, valid):
    n_steps = None
    if plan.lr_schedule == "cosine" and not any(map(_is_scheduler, plan.callbacks or [])):
        n_steps = plan.max_epochs * -(-n_samples // plan.batch_size)
    callbacks = [("learning_rate", LearningRate(plan.lr_min, n_steps))]
    if plan.verbose:
        callbacks.append(("progress", EpochProgress(plan.max_epochs, plan.name)))
    if plan.patience is not None and valid is not None:
        settings = {"threshold": 0, "threshold_mode": "abs", "lower_is_better": False}
        settings |= {"load_best": True, "sink": noop}
        callbacks.append(("keep_best", EarlyStopping(plan.score, plan.patience, **settings)))
    # skorch changes callbacks while training; the user's own stay as they are
    return callbacks + copy.deepcopy(list(plan.callbacks or []))


def _is_scheduler(callback):
    """Whether a callback of the user's, possibly with a name, sets the learning rate."""
    callback = callback[1] if isinstance(callback, tuple) else callback
    kind = callback if isinstance(callback, type) else type(callback)
    return issubclass(kind, LRScheduler)


def _readable(row):
    """Return what the history tells users: our scores first, then those of their callbacks."""
    names = ("epoch", "train_loss", "valid_loss", *VALID_SCORES, "lr")
    out = {name: row[name] for name in names if name in row}
    if "dur" in row:
        out["seconds"] = row["dur"]
    own = {f"{name}_best" for name in row} | {"batches", "dur"}
    counts = ("train_batch_count", "valid_batch_count")
    return out | {k: v for k, v in row.items() if k not in out and k not in own | {*counts}}


def _strip(net):
    """Drop what only training needs, so that a fitted net is small and free of data."""
    net.callbacks, net.callbacks_ = None, []
    net.train_split, net.order_rng = None, None
    for row in net.history:
        row["batches"] = []
    net.module_.eval()
