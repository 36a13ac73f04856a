"""Fitting one estimator on many training sets and predicting many test sets."""

import hashlib
import time
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sklearn import get_config
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

from ..utils import progress_bar
from ._models import last_step


@dataclass(frozen=True)
class Fit:
    """One training set and the test sets that its estimator is to predict.

    ``tests`` maps a key of the caller's choice to sample numbers.
    """

    train: np.ndarray
    tests: dict


def fits_from_splits(splits, keys):
    """Gather splits that share a training set into one :class:`Fit` each.

    Parameters
    ----------
    splits : iterable of (train, test)
        Sample numbers, as splitters yield them.
    keys : iterable
        A key per split, by which its predictions are found again.

    Returns
    -------
    list of Fit
    """
    gathered = {}
    for (train, test), key in zip(splits, keys, strict=True):
        digest = hashlib.sha256(np.ascontiguousarray(train)).digest()
        _, tests = gathered.setdefault(digest, (train, {}))
        tests[key] = test
    return [Fit(train, tests) for train, tests in gathered.values()]


def run_fits(estimator, dataset, fits, *, n_jobs=None, verbose=0, desc="fits"):
    """Fit and predict; one fit serves all its test sets.

    Parameters
    ----------
    estimator : classifier
        Cloned for every fit. Where its ``fit`` takes ``groups``, it is given the genes.
    dataset : HistoneDataset
        With binary labels.
    fits : list of Fit
    n_jobs : int, optional
        Number of fits at a time, as in joblib.
    verbose : int, default=0
        1 shows a progress bar over fits.
    desc : str
        Text before the bar.

    Returns
    -------
    dict of key -> tuple (scores, are_probabilities, n_train, fit_seconds)
        What :func:`predict_scores` returns, and what the fit cost.
    """
    X, y = dataset.return_X_y()
    genes = dataset.gene
    parallel = Parallel(n_jobs=n_jobs, return_as="generator")
    results = parallel(delayed(_fit_and_predict)(estimator, X, y, genes, fit) for fit in fits)
    gathered = {}
    for result in progress_bar(
        results, total=len(fits), desc=desc, unit="fit", show=bool(verbose)
    ):
        gathered.update(result)
    return gathered


def _fit_and_predict(estimator, X, y, genes, fit):
    start = time.perf_counter()
    fitted = fit_estimator(clone(estimator), X, y, genes, fit.train)
    seconds = time.perf_counter() - start
    scores, probabilities = predict_scores(fitted, X[np.concatenate(list(fit.tests.values()))])
    ends = np.cumsum([len(test) for test in fit.tests.values()])
    parts = np.split(scores, ends[:-1])
    return {
        key: (part, probabilities, len(fit.train), seconds)
        for key, part in zip(fit.tests, parts, strict=True)
    }


def fit_estimator(estimator, X, y, genes, rows, validation=None):
    """Fit an estimator on some rows, with all that its ``fit`` can use.

    Parameters
    ----------
    estimator : classifier
        Fitted in place. Where its ``fit`` takes ``groups``, it is given the genes.
    X, y : arrays
        Signals and labels.
    genes : ndarray of shape (n_samples,)
        Gene of each sample.
    rows : ndarray of int
        Samples to train on.
    validation : ndarray of int, optional
        Samples to choose the epoch on, where ``fit`` takes ``X_val`` and ``y_val``, or that
        of the last step of a pipeline, which gets them as the steps before leave them.

    Returns
    -------
    estimator
    """
    extra = {}
    if name := fit_parameter(estimator, "groups"):
        extra[name] = genes[rows]
    if validation is not None and (name := fit_parameter(estimator, "X_val")):
        held_out = _before_last_step(estimator, X, y, rows, validation)
        extra |= {name: held_out, fit_parameter(estimator, "y_val"): y[validation]}
    return estimator.fit(X[rows], y[rows], **extra)


def fit_parameter(estimator, name):
    """Return the argument of ``fit`` that takes a value to the last step, or None."""
    prefix, last = last_step(estimator)
    if not has_fit_parameter(last, name):
        return None
    return name if get_config()["enable_metadata_routing"] else prefix + name


def _before_last_step(estimator, X, y, rows, validation):
    """Return validation samples as the last step of a pipeline gets its training samples."""
    held_out = X[validation]
    if hasattr(estimator, "steps"):
        train = X[rows]
        while steps := getattr(estimator, "steps", None):
            if len(steps) > 1:
                transformer = clone(estimator[:-1])
                train = transformer.fit_transform(train, y[rows])
                held_out = transformer.transform(held_out)
            estimator = steps[-1][1]
    return held_out


def predict_scores(estimator, X):
    """Return one score per sample for the second class.

    Parameters
    ----------
    estimator : fitted classifier
    X : array of signals

    Returns
    -------
    scores : ndarray of shape (n_samples,)
        The probability of the second class or, from estimators without ``predict_proba``,
        the value of ``decision_function``.
    are_probabilities : bool

    Raises
    ------
    TypeError
        If the estimator has neither ``predict_proba`` nor ``decision_function``.
    ValueError
        If it knows one class only.
    """
    classes = getattr(estimator, "classes_", None)
    if classes is not None and len(classes) != 2:
        raise ValueError(
            f"{type(estimator).__name__} was trained on the classes {list(classes)}; cross-cell "
            "scores need two. Leave out cells whose training genes are all of one class."
        )
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba(X)[:, 1], True
    if hasattr(estimator, "decision_function"):
        return estimator.decision_function(X), False
    raise TypeError(
        f"{type(estimator).__name__} has neither predict_proba nor decision_function; "
        "cross-cell scores rank genes by one of them."
    )
