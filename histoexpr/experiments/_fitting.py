"""One fit: an estimator trained on some rows of a data set, and scored on test genes."""

import functools
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sklearn import get_config
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter
from threadpoolctl import ThreadpoolController

from ..metrics import check_predictions, score_checked
from ..utils import exclude_cells, shorten
from ._comparable_cells import ComparableSignals, comparable_predictions
from ._data import training_rows, validation_rows
from ._models import last_step, reads_data_sets, seed_model
from ._targets import score_expression, score_part, target_of
from ._words import EXPRESSION, LABEL, PREDICTIONS, RANKING_SCORES, RESULT_SCORES

# Training samples that the transferred threshold is chosen on, at the most
_THRESHOLD_SAMPLES = 10_000
# The number of threads is that of the process: fits of one process take turns
_TURN = threading.Lock()


@dataclass
class FitResult:
    """What one fit leaves.

    ``facts`` holds target, n_train, steps, epochs and threshold; ``scores`` by test cell n_test
    and the scores; ``predictions`` by test cell float32 in the order of the rows of the data
    set; ``times`` the seconds of the fit and of all.
    """

    facts: dict
    scores: dict
    predictions: dict
    times: dict


def do_fit(data, model, fit):
    """Train a clone of a model, predict and score; on one thread, so that sums come out the same.

    Whatever the estimator raises becomes a ValueError that names the fit.
    """
    with _TURN, _one_thread():
        try:
            return _do_fit(data, model, fit)
        except (ImportError, OSError):
            raise  # of the machine, not of this fit
        except Exception as error:  # whatever an estimator of the user's may raise
            kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
            state = "" if fit.random_state is None else f", random state {fit.random_state}"
            raise ValueError(
                f"The fit of {fit.model}{state}, gene fold {fit.fold_name}, trained on "
                f"{shorten(fit.train_cells)}, failed: {kind}{error}"
            ) from error


def _do_fit(data, model, fit):
    start = time.perf_counter()
    estimator = exclude_cells(seed_model(model, fit.random_state), data.cells)
    target = target_of(estimator)
    rows = training_rows(data, fit)
    X = signals_of(data, model, fit, rows)
    drawn = rows if fit.steps is None else plan_steps(estimator, rows, fit)
    validation = None
    if fit.validation == "leaking-test-cell":
        validation = validation_rows(data, fit.test_cells[0])
    y = data.target(target)
    fitted = fit_estimator(estimator, X, y, data.dataset.gene, drawn, validation)
    fit_seconds = time.perf_counter() - start
    # a prediction of expression is no score of a class that could be cut
    threshold = np.nan if target == EXPRESSION else _threshold(fitted, X, data.y, rows, fit)
    of_training = None
    if data.normalize == PREDICTIONS and {*fit.test_cells} - {*fit.train_cells}:
        of_training, are_probabilities = _predict(fitted, X[rows], target)
        y_of_training = data.y[rows] if are_probabilities else None
    scores, predictions = {}, {}
    for cell in fit.test_cells:
        test = data.test_rows(fit.fold, cell)
        predicted, are_probabilities = _predict(fitted, X[test], target)
        if of_training is not None and cell not in fit.train_cells:
            predicted = comparable_predictions(predicted, of_training, y_of_training)
        kind = target, are_probabilities
        scores[cell] = score_cell(data, test, predicted, *kind, threshold=threshold)
        predictions[cell] = predicted.astype(np.float32)
    epochs = getattr(last_step(fitted)[1], "n_iter_", None)
    facts = {
        "target": target,
        "n_train": len(rows),
        "steps": fit.steps,
        "epochs": int(epochs) if np.ndim(epochs) == 0 and epochs is not None else None,
        "threshold": threshold,
    }
    seconds = time.perf_counter() - start
    return FitResult(facts, scores, predictions, {"fit_seconds": fit_seconds, "seconds": seconds})


def signals_of(data, model, fit, rows):
    """Return what a model is given as X: the data set or its array, normalised if asked for."""
    as_arrays = not reads_data_sets(model)
    if data.normalize in (None, PREDICTIONS):
        return data.dataset.X if as_arrays else data.dataset
    return ComparableSignals(
        data.dataset, data.normalize, rows, fit.test_cells, as_arrays=as_arrays
    )


def _predict(fitted, X, target):
    """Return predictions as float64, and whether they are probabilities."""
    if target == EXPRESSION:
        return predict_expression(fitted, X), False
    predicted, are_probabilities = predict_scores(fitted, X)
    # float32 cannot distinguish the threshold from a score beside it
    return np.asarray(predicted, dtype=np.float64), are_probabilities


def fit_estimator(estimator, X, y, genes, rows, validation=None):
    """Fit an estimator on some rows, with all that its ``fit`` can use.

    Where it takes ``groups``, it is given the genes. ``validation`` are rows to choose the epoch
    on, where ``fit``, or that of the last step of a pipeline, takes ``X_val`` and ``y_val``; a
    last step gets them as the steps before leave them.
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
    # what wraps an estimator passes on what that takes
    inner = getattr(last, "estimator", None)
    if not has_fit_parameter(last, name) or (
        hasattr(inner, "fit") and not has_fit_parameter(inner, name)
    ):
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
    """Return one score per sample for the second class, and whether it is a probability.

    From estimators without ``predict_proba`` it is the value of ``decision_function``;
    TypeError if there is neither.
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


def predict_expression(estimator, X):
    """Return one finite prediction per sample of a regressor; ValueError if it gives others."""
    predicted = np.asarray(estimator.predict(X), dtype=np.float64)
    if predicted.shape == (len(X), 1):
        predicted = predicted[:, 0]
    if predicted.shape != (len(X),) or not np.isfinite(predicted).all():
        what = "NaN or infinite values" if predicted.shape == (len(X),) else predicted.shape
        raise ValueError(
            f"{type(estimator).__name__} predicted {what}; expected one finite number for each "
            f"of {len(X)} samples."
        )
    return predicted


def plan_steps(estimator, rows, fit):
    """Set the number of optimiser steps of an estimator; return the rows of one epoch.

    ``max_epochs`` and ``early_stopping``, or those of the last step of a pipeline, are set so
    that epochs divide the steps evenly. An epoch holds every training sample equally often,
    give or take one, or a random part of them where it has fewer steps than the samples take.
    """
    prefix, last = last_step(estimator)
    passes = max(1, fit.steps * last.batch_size // len(rows))
    epochs = max(n for n in range(1, passes + 1) if fit.steps % n == 0)
    size = fit.steps // epochs * last.batch_size
    settings = {"max_epochs": epochs, "early_stopping": False}
    known = settings.keys() & last.get_params()
    estimator.set_params(**{prefix + name: settings[name] for name in known})
    rng = fit.rng(2)
    whole, rest = divmod(size, len(rows))
    return np.sort(np.concatenate([*[rows] * whole, rng.permutation(rows)[:rest]]))


def _threshold(fitted, X, y, rows, fit):
    """Return the threshold with the highest accuracy on the training samples."""
    if len(rows) > _THRESHOLD_SAMPLES:
        rng = fit.rng(3)
        rows = np.sort(rng.permutation(rows)[:_THRESHOLD_SAMPLES])
    scores, _ = predict_scores(fitted, X[rows])
    return best_threshold(y[rows], np.asarray(scores, dtype=np.float64))


def best_threshold(y, scores):
    """Return the threshold above which calling samples positive is most accurate.

    It lies half-way between two neighbouring scores, or just below the lowest or at the highest:
    then all samples are of one class. Of equally good ones it is the lowest.
    """
    order = np.argsort(scores)
    ordered, positive = scores[order], y[order].astype(np.int64)
    # calling positive all but the first i: negatives among these and positives after them
    correct = positive.sum() + np.append(0, np.cumsum(1 - 2 * positive))
    inner = np.flatnonzero(ordered[1:] > ordered[:-1]) + 1
    cuts = np.concatenate([[0], inner, [len(ordered)]])
    lowest, highest = np.nextafter(ordered[0], -np.inf), ordered[-1]
    values = [lowest, *(ordered[inner - 1] + ordered[inner]) / 2, highest]
    return float(values[correct[cuts].argmax()])


def score_predictions(y, predicted, are_probabilities=True, threshold=np.nan):
    """Return the number of samples and all of RESULT_SCORES of predictions of one cell."""
    positive, score = check_predictions(y, predicted, are_probabilities)
    # without a warning: a cell with one class gets NaN, which the table shows
    values = score_checked(positive, score, are_probabilities)
    cuts = {"accuracy": 0.5 if are_probabilities else 0.0, "transferred_accuracy": threshold}
    for name, cut in cuts.items():
        n_right = np.count_nonzero((score > cut) == positive)
        values[name] = np.nan if np.isnan(cut) else n_right / len(positive)
    return {"n_test": len(y), **values}


def score_cell(data, rows, predicted, target, are_probabilities, *, threshold=np.nan):
    """Return the number of samples and all of RESULT_SCORES; NaN for those without a meaning."""
    found = {"n_test": len(rows), **dict.fromkeys(RESULT_SCORES, np.nan)}
    if data.y is not None:
        scores = score_predictions(data.y[rows], predicted, are_probabilities, threshold)
        if data.clear is not None:
            scores["roc_auc_clear"] = score_part(data.y[rows], data.clear[rows], predicted)
        if data.variable is not None:
            scores["roc_auc_variable"] = score_part(data.y[rows], data.variable[rows], predicted)
        kept = scores if target == LABEL else [n for n in RANKING_SCORES if n in scores]
        found |= {name: scores[name] for name in kept}
    if data.expression is not None:
        expression = data.expression[rows]
        found |= score_expression(expression, predicted, target, are_probabilities)
    return found


@contextmanager
def _one_thread():
    """Keep a fit to one thread: sums over several come out differently."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with _thread_pools(len(sys.modules)).limit(limits=1):
            yield
    finally:
        torch.set_num_threads(before)


@functools.lru_cache(maxsize=1)
def _thread_pools(n_modules):
    """Return what limits threads, looked for again only where a module was imported since.

    To look through the libraries that are loaded takes longer than scoring a cell.
    """
    return ThreadpoolController()
