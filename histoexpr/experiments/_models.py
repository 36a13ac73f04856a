"""The registry of models by name, and what is asked of any estimator."""

import importlib
from collections.abc import Callable
from typing import NamedTuple

from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from ..preprocessing import BinPooler, Flattener, SignalScaler
from ..utils import signed_log1p


class Model(NamedTuple):
    """A classifier or regressor that can be named: what figures call it, and what makes it."""

    label: str
    factory: Callable


def _logistic(**params):
    """Logistic regression on the mean of log(1 + x) of each mark."""
    return make_pipeline(
        SignalScaler(standardize=None),
        BinPooler("mean"),
        StandardScaler(),
        LogisticRegression(**params),
    )


def _boosting_of_bins(**params):
    """Gradient boosting on all bins of all marks, for studies that name it.

    Regions are no worse on full-size data, at a fifth of the time.
    """
    return make_pipeline(
        SignalScaler(standardize=None), Flattener(), HistGradientBoostingClassifier(**params)
    )


def _on_regions(n_regions, *steps):
    """Return a model of the log sums of every mark over regions of equal width."""
    logged = FunctionTransformer(signed_log1p, feature_names_out="one-to-one")
    return make_pipeline(BinPooler("sum", n_regions=n_regions), logged, *steps)


def _boosting(n_regions=20, **params):
    """Gradient boosting on log sums of regions."""
    return _on_regions(n_regions, HistGradientBoostingClassifier(**params))


def _boosting_regressor(n_regions=20, **params):
    """Gradient boosting of log2 expression on log sums of regions."""
    return _on_regions(n_regions, HistGradientBoostingRegressor(**params))


def _ridge(n_regions=10, alpha=30.0, **params):
    """Ridge regression of log2 expression on log sums of regions."""
    return _on_regions(n_regions, StandardScaler(), Ridge(alpha=alpha, **params))


def _ours(name, **settings):
    """Return a factory of an estimator in our registries; torch is loaded when it is called."""

    def make(**params):
        from ..classification import CLASSIFIERS
        from ..regression import REGRESSORS

        return {**CLASSIFIERS, **REGRESSORS}[name](**settings | params)

    return make


# The registry of models: studies, commands, their help and tests read it
MODELS = {
    "linear": Model("linear", _ours("linear")),
    "logistic": Model("logistic", _logistic),
    "regions": Model("10 regions", _ours("linear", n_regions=10)),
    "cnn": Model("CNN", _ours("cnn")),
    "mlp": Model("MLP", _ours("mlp")),
    "boosting": Model("boosting", _boosting),
    "gradient-boosting": Model("gradient-boosting", _boosting_of_bins),
    "ridge": Model("ridge", _ridge),
    "linear-regressor": Model("linear regressor", _ours("linear-regressor")),
    "regions-regressor": Model("10 regions regressor", _ours("linear-regressor", n_regions=10)),
    "cnn-regressor": Model("CNN regressor", _ours("cnn-regressor")),
    "mlp-regressor": Model("MLP regressor", _ours("mlp-regressor")),
    "boosting-regressor": Model("boosting regressor", _boosting_regressor),
}


def make_model(name, model, *, allow_imports=False):
    """Make an estimator from its declaration: an estimator, a kind, or a dict of kind and params.

    A kind is a name in ``MODELS``, or ``"package.module:name"`` of a class or function that
    returns an estimator: it is imported, and called, only with ``allow_imports``, since that
    runs code. ``name`` is what the study calls it, for messages.
    """
    if hasattr(model, "get_params") and not isinstance(model, type):
        return clone(model)
    declared = {"kind": model} if isinstance(model, str) else model
    if isinstance(declared, dict) and set(declared) == {"class", "params"}:
        raise ValueError(
            f"Model {name!r} is what is kept of an estimator ({declared['class']}), which is not "
            "enough to make it again. Give the estimator itself."
        )
    if (
        not isinstance(declared, dict)
        or "kind" not in declared
        or set(declared) - {"kind", "params"}
    ):
        raise ValueError(
            f"Model {name!r} is {model!r}; expected an estimator, one of {', '.join(MODELS)}, "
            "'package.module:name', or a dict with the keys kind and params."
        )
    kind, params = declared["kind"], declared.get("params") or {}
    if not isinstance(params, dict):
        raise ValueError(f"Model {name!r}: params must be names and values, got {params!r}.")
    try:
        estimator = _factory(name, kind, allow_imports)(**params)
    except (TypeError, ImportError, AttributeError) as error:
        raise ValueError(f"Model {name!r} cannot be made from {declared!r}: {error}.") from error
    if not hasattr(estimator, "fit") or not hasattr(estimator, "get_params"):
        raise ValueError(
            f"Model {name!r}: {kind} made a {type(estimator).__name__}, which is no estimator."
        )
    return estimator


def _factory(name, kind, allow_imports):
    if kind in MODELS:
        return MODELS[kind].factory
    module, _, attribute = str(kind).partition(":")
    if not attribute:
        raise ValueError(
            f"Model {name!r} is of the unknown kind {kind!r}; choose among "
            f"{', '.join(MODELS)}, or name a class or function as 'package.module:name'."
        )
    if not allow_imports:
        raise ValueError(
            f"Model {name!r} names {kind!r}, which would run code when it is imported. If you "
            "trust the study, say allow_imports=True, or --allow-imports on the command line."
        )
    return getattr(importlib.import_module(module), attribute)


def last_step(estimator):
    """Return the estimator that ends a pipeline, or itself, and the prefix of its parameters."""
    prefix = ""
    while steps := getattr(estimator, "steps", None):
        name, estimator = steps[-1]
        prefix += f"{name}__"
    return prefix, estimator


def reads_data_sets(estimator):
    """Return whether an estimator, or every step of a pipeline, is one of ours for signals.

    They read from a data set how its bins run. Others may do with X what arrays alone allow.
    """
    if steps := getattr(estimator, "steps", None):
        return all(reads_data_sets(step) for _, step in steps)
    return getattr(estimator, "_reads_data_sets", False)


def takes_steps(estimator):
    """Return whether the number of optimiser steps of an estimator can be set."""
    _, last = last_step(estimator)
    if not hasattr(last, "get_params") or getattr(last, "solver", "sgd") != "sgd":
        return False
    return {"max_epochs", "batch_size"} <= {*last.get_params()}


def seed_model(estimator, random_state):
    """Return a clone in which every ``random_state`` is set; None leaves them as they are."""
    seeded = clone(estimator)
    if random_state is None:
        return seeded
    names = [
        name
        for name in seeded.get_params(deep=True)
        if name == "random_state" or name.endswith("__random_state")
    ]
    return seeded.set_params(**dict.fromkeys(names, random_state))
