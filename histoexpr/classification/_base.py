"""What all classifiers share: constraints, validation, fitting, prediction."""

import inspect
import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets

from .._training import (
    SignalDataset,
    draw_seed,
    held_out_split,
    isolated_torch_rng,
    last_fit_kept,
    network_kept,
    resolve_device,
    run_training,
)
from ..replication import PUBLISHED_INPUT, PUBLISHED_TRAINING
from ..utils import (
    Interval,
    StrOptions,
    check_sample_weight,
    check_signals,
    fit_context,
    is_symmetric,
    read_signals,
    refuse_masked,
)
from . import _data as data
from ._network import NetworkOwner
from ._prediction import Prediction

# Above this many samples early_stopping="auto" stops early, as in HistGradientBoosting.
_AUTO_EARLY_STOPPING = 10_000


class BaseHistoneClassifier(Prediction, ClassifierMixin, NetworkOwner, BaseEstimator):
    """Base of the classifiers of one network each.

    A class names its network as ``_network``, lists all its parameters in ``__init__`` and its
    docstring, and declares constraints of those that are not among the shared ones here.
    """

    _parameter_constraints: dict = {
        "hidden_sizes": ["array-like"],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "log1p": ["boolean"],
        "standardize": [StrOptions({"mark", "bin"}), None],
        "random_flip": [StrOptions({"auto"}), "boolean"],
        "optimizer": [StrOptions({"adam", "adamw", "sgd"}), callable],
        "lr": [Interval(Real, 0, None, closed="neither")],
        "lr_schedule": [StrOptions({"cosine", "constant"})],
        "lr_min": [Interval(Real, 0, None, closed="left")],
        "weight_decay": [Interval(Real, 0, None, closed="left")],
        "momentum": [Interval(Real, 0, 1, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "max_epochs": [Interval(Integral, 1, None, closed="left")],
        "early_stopping": [StrOptions({"auto"}), "boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, None],
        "device": [str],
        "callbacks": [list, tuple, None],
        "warm_start": ["boolean"],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    # With metadata routing, groups reach fit unasked: they only guard early stopping.
    __metadata_request__fit = {"groups": True}
    # What the columns of a two-dimensional X are, see check_signals
    _two_d = "bins"

    def __init_subclass__(cls, **kwargs):
        """Give a class the constraints of the parameters that it has."""
        super().__init_subclass__(**kwargs)
        known = {}
        for base in reversed(cls.__mro__):
            known |= vars(base).get("_parameter_constraints", {})
        names = inspect.signature(cls).parameters
        cls._parameter_constraints = {name: known[name] for name in names if name in known}

    @classmethod
    def published(cls, **params):
        """Return a classifier with the training of DeepChrome 2.0.

        Plain SGD at 1e-3 lowered along a cosine to 1e-6, batches of 32, 100 epochs, raw
        counts, the best epoch on held-out data with a patience of 15. Pass the published
        validation split as ``X_val`` and ``y_val``.

        Parameters
        ----------
        **params
            Any other parameter, such as ``pooling="max"`` for the CNN of 2016.

        Returns
        -------
        classifier
        """
        return cls(**PUBLISHED_TRAINING | PUBLISHED_INPUT | params)

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None, groups=None, X_val=None, y_val=None):
        """Fit the classifier.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals, usually raw read counts; a DataFrame may have columns ``mark:bin``.
        y : array-like of shape (n_samples,), optional
            Labels, numbers or strings, of two or more classes; by default those of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.
        groups : array-like, optional
            Genes, or cells and genes as for :meth:`CrossCellSplit.split`, by default those of
            the data set. Early stopping then holds out whole genes.
        X_val, y_val : HistoneDataset or array-like, optional
            Held-out samples for the validation score, instead of a part of ``X``. A data set
            brings its labels.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X or y is malformed or y has one class only, naming what is wrong.
        """
        source = read_signals(X)
        if X_val is not None:
            X_val = read_signals(X_val, "X_val")
            y_val = X_val.labels(y_val)
        if groups is None and source.dataset is not None:
            groups = source.dataset.groups
        if (X_val is None) != (y_val is None):
            given, missing = ("y_val", "X_val") if X_val is None else ("X_val", "y_val")
            raise ValueError(f"Argument {given} was given without {missing}.")
        with last_fit_kept(self) as before:
            # the network to go on with has its marks in an order
            named = source.marks is not None and "mark_names_in_" in before
            reset = not (self.warm_start and "net_" in before and named)
            X, y = check_signals(self, source, y, reset=reset, two_d=self._two_d)
            check_classification_targets(y)
            self.classes_ = np.unique(y)
            data.warn_of_left_out(self.classes_)
            codes = data.encode(y, self.classes_)
            weight = self._check_weight(X, codes, sample_weight, self.classes_)
            data.check_two_classes(type(self).__name__, codes, weight, self.classes_)
            previous = self._network_to_continue(before)
            rng = check_random_state(self.random_state)
            self._rng = None  # of partial_fit, which starts anew
            self.device_ = resolve_device(self.device)
            rows, held_out = self._validation_rows(codes, weight, groups, X_val, rng)
            valid = None if held_out is None else SignalDataset(X, codes, rows=held_out)
            if X_val is not None:
                X_val, y_val = check_signals(self, X_val, y_val, reset=False, two_d=self._two_d)
                valid = SignalDataset(X_val, data.encode(y_val, self.classes_))
            self._fit_rows(X, codes, weight, rows, valid, rng, previous)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None, classes=None, sample_weight=None):
        """Train for one pass over some samples, going on from where training stands.

        The scale of the signals is learned from the first call and kept, the learning
        rate is constant, and nothing is held out; ``callbacks`` are not called.

        Parameters
        ----------
        X, y
            See :meth:`fit`.
        classes : array-like of shape (n_classes,), optional
            All labels that will ever come; required in the first call.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        self : object
        """
        kept = vars(self).get("net_"), vars(self).get("_rng")
        with last_fit_kept(self), network_kept(*kept):
            self._train_one_pass(X, y, classes, sample_weight)
        return self

    def _train_one_pass(self, X, y, classes, sample_weight):
        first = not hasattr(self, "net_")
        X, y = check_signals(self, X, y, reset=first, two_d=self._two_d)
        known = data.check_classes(classes, None if first else self.classes_)
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"Setting class_weight={self.class_weight!r} needs all labels at once and does "
                "not work with partial_fit. Pass a dict of weights."
            )
        codes = data.encode(y, known)
        weight = self._check_weight(X, codes, sample_weight, known)
        self.classes_ = known
        if first:
            self.device_ = resolve_device(self.device)
            self.history_, self.best_epoch_, self._rng = [], None, None
        if self._rng is None:
            self._rng = check_random_state(self.random_state)
        plan = self._plan(lr_schedule="constant", max_epochs=1, callbacks=None)
        rows = None if weight is None else np.flatnonzero(weight)
        train = self._training_set(X, codes, weight, rows, self._rng, not first)
        with isolated_torch_rng(draw_seed(self._rng), self.device_):
            if first:
                self.net_ = self._build(plan)
                self._set_scale(self.net_.module_, X, weight, rows)
            history, _ = run_training(self.net_, plan, train, None, self._rng)
        self._record(history)

    def _fit_rows(self, X, codes, weight, rows, valid, rng, previous):
        """Train a network on some rows of X, going on from a previous one if there is one."""
        watched = valid is not None and self._stops_early(len(X), True)
        if watched:
            data.check_held_out(valid.codes(), self.classes_)
        plan = self._plan(patience=self.n_iter_no_change if watched else None)
        train = self._training_set(X, codes, weight, rows, rng, previous is not None)
        with isolated_torch_rng(draw_seed(rng), self.device_):
            net = self._build(plan)
            if previous is None:
                self.history_ = []
                self._set_scale(net.module_, X, weight, rows)
            else:
                net.module_.load_state_dict(previous.module_.state_dict())
            history, best = run_training(net, plan, train, valid, rng)
        net.optimizer_.state.clear()  # up to twice the size of the network
        self.net_ = net
        self.best_epoch_ = None if best is None else best + len(self.history_)
        self._record(history)

    def _training_set(self, X, codes, weight, rows, rng, go_on):
        flip = getattr(self, "random_flip", False)
        if not go_on:
            vars(self).pop("_alike", None)
        if flip == "auto":
            if not hasattr(self, "_alike"):
                # The columns of a two-dimensional X may be anything, not only bins.
                self._alike = self.n_marks_in_ > 1 and is_symmetric(X, rows)
            flip = self._alike
        return SignalDataset(X, codes, weight, rows, rng if flip else None)

    def _record(self, history):
        start = len(self.history_)
        self.history_ = self.history_ + [row | {"epoch": start + row["epoch"]} for row in history]
        self.n_iter_ = len(self.history_)

    def _check_weight(self, X, codes, sample_weight, classes):
        if sample_weight is not None:
            refuse_masked(sample_weight, "sample_weight")
            sample_weight = check_sample_weight(sample_weight, X, ensure_non_negative=True)
        return data.weigh_classes(self.class_weight, codes, sample_weight, classes)

    def _stops_early(self, n_samples, has_validation_data):
        if self.early_stopping == "auto":
            return has_validation_data or n_samples > _AUTO_EARLY_STOPPING
        return self.early_stopping

    def _validation_rows(self, codes, weight, groups, X_val, rng):
        """Return the rows to train on and those to hold out (None for all and for none)."""
        used = None if weight is None else np.flatnonzero(weight)
        given, groups = groups, data.group_by_gene(groups, len(codes))
        if X_val is not None or not self._stops_early(len(codes), False):
            return used, None
        if given is None:
            warnings.warn(
                "Early stopping holds out samples at random. If genes repeat, as in data of "
                "several cells, samples of one gene are then trained on and held out: fit a "
                "HistoneDataset, or pass groups (with scikit-learn's metadata routing through "
                "cross_val_score and searches). X_val and y_val or early_stopping=False end this "
                "warning.",
                UserWarning,
                stacklevel=2,
            )
        used = np.arange(len(codes)) if used is None else used
        codes, groups = codes[used], None if groups is None else groups[used]
        fraction = self.validation_fraction
        train, held_out = held_out_split(codes, groups, fraction, draw_seed(rng))
        if len(np.unique(codes[train])) < len(np.unique(codes)):
            raise ValueError(
                "Holding out samples for early stopping leaves a class without training "
                "samples. Pass X_val and y_val or set early_stopping=False."
            )
        return used[train], used[held_out]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
