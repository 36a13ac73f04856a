"""The base of all estimators of one network: parameters, validation, fitting, output."""

import inspect
import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .. import _training as training  # loads torch where a name of it that needs it is used
from ..replication import PUBLISHED_INPUT, PUBLISHED_TRAINING
from ..utils import (
    Interval,
    StrOptions,
    check_sample_weight,
    check_signals,
    read_signals,
    refuse_masked,
)
from ._history import TrainingHistory
from ._network import NetworkOwner
from ._samples import check_logits, group_by_gene
from ._saved_state import attributes_of, check_attributes, check_input

_COUNT = [Interval(Integral, 1, None, closed="left")]
_UNIT = [StrOptions({"auto"}), Interval(Real, 0, None, closed="neither")]


class BaseNetworkEstimator(NetworkOwner, TrainingHistory, BaseEstimator):
    """Base of the estimators of one network each.

    A class names its network as ``_network``, lists all its parameters in ``__init__`` and its
    docstring, and declares constraints of those that are not among the shared ones here. What its
    target is, it states in ``_learn_target``, ``_encode_target``, ``_target_identity``,
    ``_n_outputs`` and ``_check_held_out``.
    """

    _parameter_constraints: dict = {
        **dict.fromkeys(("n_filters", "kernel_size", "stride", "pool_size"), _COUNT),
        "pooling": [StrOptions({"avg", "max"})],
        "hidden_sizes": ["array-like"],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "log1p": ["boolean"],
        "pseudocount": _UNIT,
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
        "device": [str],
        "callbacks": [list, tuple, None],
        "warm_start": ["boolean"],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    # With metadata routing, groups reach fit unasked: they only guard early stopping.
    __metadata_request__fit = {"groups": True}
    # Studies give it data sets, which say how bins run
    _reads_data_sets = True
    # What the columns of a two-dimensional X are, see check_signals
    _two_d = "bins"
    # Score of held-out samples after each epoch, see _training
    _score = "valid_auroc"

    def __init_subclass__(cls, **kwargs):
        """Give a class the constraints of the parameters that it has."""
        super().__init_subclass__(**kwargs)
        cls._declared = vars(cls).get("_parameter_constraints", {})
        known = dict(BaseNetworkEstimator._parameter_constraints)
        for base in reversed(cls.__mro__):
            known |= vars(base).get("_declared", {})
        names = inspect.signature(cls).parameters
        cls._parameter_constraints = {name: known[name] for name in names if name in known}

    @classmethod
    def published(cls, **params):
        """Return an estimator with the training of DeepChrome 2.0.

        Plain SGD at 1e-3 lowered along a cosine to 1e-6, batches of 32, 100 epochs, raw
        counts, the best epoch on held-out data with a patience of 15. Pass the published
        validation split as ``X_val`` and ``y_val``.

        Parameters
        ----------
        **params
            Any other parameter, such as ``pooling="max"`` for the CNN of 2016.

        Returns
        -------
        estimator
        """
        names = inspect.signature(cls).parameters
        settings = PUBLISHED_TRAINING | PUBLISHED_INPUT
        return cls(**{k: v for k, v in settings.items() if k in names} | params)

    def _fit(self, X, y, sample_weight, groups, X_val, y_val):
        """Fit; see the public method of the classes."""
        source = read_signals(X)
        if X_val is not None:
            X_val = read_signals(X_val, "X_val")
            y_val = self._target_of(X_val, y_val)
        if groups is None and source.dataset is not None:
            groups = source.dataset.groups
        if (X_val is None) != (y_val is None):
            given, missing = ("y_val", "X_val") if X_val is None else ("X_val", "y_val")
            raise ValueError(f"Argument {given} was given without {missing}.")
        with training.last_fit_kept(self) as before:
            # the network to go on with has its marks in an order
            named = source.marks is not None and "mark_names_in_" in before
            go_on = self.warm_start and "_fitted_arguments" in before
            reset = not (go_on and named)
            y = self._target_of(source, y)
            X, y = check_signals(self, source, y, reset=reset, **self._checks())
            target, weight = self._learn_target(X, y, sample_weight, before if go_on else None)
            self._check_continuable(before)
            rng = check_random_state(self.random_state)
            self._rng = None  # of partial_fit, which starts anew
            self.device_ = self._resolve_device()
            rows, held_out = self._validation_rows(target, weight, groups, X_val, rng)
            valid = None
            if held_out is not None:
                valid = training.SignalDataset(X, target, rows=held_out)
            if X_val is not None:
                X_val, y_val = check_signals(self, X_val, y_val, reset=False, **self._checks())
                valid = training.SignalDataset(X_val, self._encode_target(y_val))
            self._fit_rows(X, target, weight, rows, valid, rng, go_on)
        return self

    def _partial_fit(self, X, y, sample_weight, **known):
        """Train for one pass over some samples; ``known`` is for ``_learn_part``."""
        first = "_fitted_arguments" not in vars(self)
        net = None if first else self.net_
        kept = training.network_kept(net, vars(self).get("_rng"))
        with training.last_fit_kept(self), kept:
            source = read_signals(X)
            y = self._target_of(source, y)
            X, y = check_signals(self, source, y, reset=first, **self._checks())
            target, weight = self._learn_part(X, y, sample_weight, first, **known)
            if first:
                self.device_ = training.resolve_device(self.device)
                self.history_, self.best_epoch_, self._rng = [], None, None
            if self._rng is None:
                self._rng = check_random_state(self.random_state)
            plan = self._plan(lr_schedule="constant", max_epochs=1, callbacks=None)
            rows = None if weight is None else np.flatnonzero(weight)
            train = self._training_set(X, target, weight, rows, self._rng, not first)
            with training.isolated_torch_rng(training.draw_seed(self._rng), self.device_):
                if first:
                    net = self._build(plan)
                    self._set_scale(net.module_, X, weight, rows)
                history, _ = training.run_training(net, plan, train, None, self._rng)
            self.net_ = net
            self._record(history)
        return self

    def _target_of(self, source, y):
        """Return the target: what is given, else that of the data set that X is."""
        return source.labels(y)

    def _checks(self):
        """Return arguments of :func:`check_signals`."""
        return {"two_d": self._two_d}

    def _resolve_device(self):
        return training.resolve_device(self.device)

    def _fit_rows(self, X, target, weight, rows, valid, rng, go_on):
        """Train a network on some rows of X; ``go_on`` from the weights of the last fit."""
        previous = self.net_ if go_on else None
        watched = valid is not None and self._stops_early(True)
        if watched:
            self._check_held_out(valid.targets())
        plan = self._plan(patience=self.n_iter_no_change if watched else None)
        train = self._training_set(X, target, weight, rows, rng, go_on)
        with training.isolated_torch_rng(training.draw_seed(rng), self.device_):
            net = self._build(plan)
            if previous is None:
                self.history_ = []
                self._set_scale(net.module_, X, weight, rows)
            else:
                net.module_.load_state_dict(previous.module_.state_dict())
            history, best = training.run_training(net, plan, train, valid, rng)
        net.optimizer_.state.clear()  # up to twice the size of the network
        self.net_ = net
        self.best_epoch_ = None if best is None else best + len(self.history_)
        self._record(history)

    def _training_set(self, X, target, weight, rows, rng, go_on):
        flip = getattr(self, "random_flip", False)
        if not go_on:
            vars(self).pop("_alike", None)
        if flip == "auto":
            if not hasattr(self, "_alike"):
                self._alike = training.runs_along_genome(self, X, rows)
            flip = self._alike
        return training.SignalDataset(X, target, weight, rows, rng if flip else None)

    def _record(self, history):
        start = len(self.history_)
        self.history_ = self.history_ + [row | {"epoch": start + row["epoch"]} for row in history]
        self.n_iter_ = len(self.history_)

    def _check_weight(self, X, sample_weight):
        if sample_weight is None:
            return None
        refuse_masked(sample_weight, "sample_weight")
        return check_sample_weight(sample_weight, X, ensure_non_negative=True)

    def _stops_early(self, has_validation_data):
        if self.early_stopping == "auto":
            return has_validation_data
        return self.early_stopping

    def _validation_rows(self, target, weight, groups, X_val, rng):
        """Return the rows to train on and those to hold out (None for all and for none)."""
        used = None if weight is None else np.flatnonzero(weight)
        given, groups = groups, group_by_gene(groups, len(target))
        if X_val is not None or not self._stops_early(False):
            return used, None
        if given is None:
            warnings.warn(
                "Early stopping holds out samples at random. If genes repeat, as in data of "
                "several cells, samples of one gene are then trained on and held out: fit a "
                "HistoneDataset, or pass groups (with scikit-learn's metadata routing through "
                "cross_val_score and searches). X_val and y_val or early_stopping=False end this "
                "warning.",
                UserWarning,
                stacklevel=4,
            )
        used = np.arange(len(target)) if used is None else used
        target, groups = target[used], None if groups is None else groups[used]
        seed = training.draw_seed(rng)
        train, held_out = training.held_out_split(target, groups, self.validation_fraction, seed)
        self._check_training_part(target, train)
        return used[train], used[held_out]

    def _check_training_part(self, target, train):
        """Raise ValueError if holding out samples leaves too little to train on."""

    def _outputs(self, X):
        """Return what the network gives for signals, float64 of shape (n_samples, n_outputs)."""
        check_is_fitted(self, "n_iter_")
        X = check_signals(self, X, reset=False, two_d=self._two_d)
        outputs = self._compute(X)
        check_logits(outputs, X)
        return outputs

    def _compute(self, X):
        return training.predict_logits(self._fitted_module(), X).astype(np.float64)

    def _fitted_module(self):
        """Return the network itself, whether a net of skorch is around it or not."""
        found = vars(self)
        restored = "net_" not in found and "_module" in found
        return found["_module"] if restored else self.net_.module_

    def __getattr__(self, name):
        """Make the net of a restored estimator when it is first asked for: skorch loads slowly."""
        module = vars(self).get("_module") if name == "net_" else None
        if module is None:
            why = "is not fitted yet: it" if name == "net_" else "object"
            raise AttributeError(f"This {type(self).__name__} {why} has no {name}.")
        with training.isolated_torch_rng(0, self.device_):
            net = self._build(self._plan())
        net.module_.load_state_dict(module.state_dict())
        net.module_.eval()
        self.net_ = net
        del self._module
        return net

    def _saved_state(self):
        """Return what was learned as plain values and arrays, without what only training needs.

        ``weights`` has the arrays of the network by name. The state of an optimizer is left out:
        ``partial_fit`` of a restored estimator goes on from the weights with a new one.
        """
        return attributes_of(self) | {"weights": self._arrays()}

    def _restore_state(self, state):
        """Take over what :meth:`_saved_state` returned, of an estimator with the same parameters.

        The values may come from a stranger: whatever does not fit raises ValueError, before memory
        is taken for a network.
        """
        if not isinstance(state, dict) or not isinstance(state.get("weights"), dict):
            raise ValueError("the weights of the network are missing")
        state = dict(state)
        weights = state.pop("weights")
        check_attributes(self, state)
        with training.last_fit_kept(self):
            vars(self).update(state)
            self._rng = None
            self._take_weights(weights)

    def _arrays(self):
        return training.weights_of(self._fitted_module())

    def _take_weights(self, weights):
        try:
            self.device_ = self._resolve_device()
        except ValueError:
            # a file may be made where there is a GPU
            warnings.warn(
                f"device={self.device!r} is not available here; 'auto' takes its place.",
                UserWarning,
                stacklevel=2,
            )
            self.device, self.device_ = "auto", training.resolve_device("auto")
        with training.isolated_torch_rng(0, self.device_):
            module = training.network_with(
                lambda: self._network(**self._module_arguments()), weights
            )
            check_input(weights)
        vars(self).pop("net_", None)
        self._fitted_arguments = self._network_identity()
        self._module = module.to(self.device_).eval()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
