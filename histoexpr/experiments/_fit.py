"""Doing one fit of a study in a worker, and writing its result."""

import functools
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from ..datasets import HistoneDataset
from ..exceptions import HistoexprWarning
from ..metrics import binary_scores
from ..utils import atomic_path, shorten
from ._data import Division, StudyData, training_rows, validation_rows
from ._files import write_json
from ._fits import fit_estimator, predict_scores
from ._models import last_step, seed_model

# Training samples that the transferred threshold is chosen on, at the most
_THRESHOLD_SAMPLES = 10_000
# torch draws from one generator per process: fits of one process take turns
_TURN = threading.Lock()


@dataclass(frozen=True)
class StudyContext:
    """What every fit of a study needs; small, so that it can travel with each task."""

    data: str
    data_sha256: str
    out: str
    division: Division
    models: dict


def result_path(out, task):
    """Return the file of the result of a fit."""
    return Path(out) / "results" / f"{task.key}.json"


def predictions_path(out, task):
    """Return the file of the predictions of a fit."""
    return Path(out) / "predictions" / f"{task.key}.npy"


def times_path(out, task):
    """Return the file of what a fit cost."""
    return Path(out) / "times" / f"{task.key}.json"


def is_done(out, task):
    """Return whether a fit has left all its files."""
    return all(path(out, task).is_file() for path in (result_path, predictions_path, times_path))


@functools.lru_cache(maxsize=1)
def _open_data(path, sha256, division):
    """Open a saved data set with X as a memory map, once a process and content."""
    return StudyData(HistoneDataset.load(path), division)


def run_task(context, task):
    """Fit, predict, score and write; the result comes last and says that all is there."""
    with _TURN, _one_thread():
        try:
            _run_task(context, task)
        except (ImportError, OSError):
            raise  # of the machine, not of this fit
        except Exception as error:  # whatever an estimator of the user's may raise
            kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
            raise ValueError(
                f"The fit of {task.model}, seed {task.seed}, gene fold {task.fold_name}, trained "
                f"on {shorten(task.train_cells)}, failed: {kind}{error}"
            ) from error


def _run_task(context, task):
    data = _open_data(context.data, context.data_sha256, context.division)
    X, y = data.dataset.X, data.y
    start = time.perf_counter()
    estimator = seed_model(context.models[task.model], task.seed)
    rows = training_rows(data, task)
    drawn = rows if task.steps is None else plan_steps(estimator, rows, task)
    validation = None
    if task.validation == "leaking-test-cell":
        validation = validation_rows(data, task.test_cells[0])
    fitted = fit_estimator(estimator, X, y, data.dataset.gene, drawn, validation)
    seconds = time.perf_counter() - start
    threshold = _threshold(fitted, X, y, rows, task)
    scores, predictions = {}, []
    for cell in task.test_cells:
        test = data.test_rows(task.fold, cell)
        predicted, are_probabilities = predict_scores(fitted, X[test])
        # float32 could not tell the threshold from a score beside it
        predicted = np.asarray(predicted, dtype=np.float64)
        scores[cell] = _score(y[test], predicted, are_probabilities, threshold)
        predictions.append(np.asarray(predicted, dtype=np.float32))
    with atomic_path(predictions_path(context.out, task)) as temporary:
        np.save(temporary, np.concatenate(predictions))
    total = time.perf_counter() - start
    write_json(times_path(context.out, task), {"fit_seconds": seconds, "seconds": total})
    epochs = getattr(last_step(fitted)[1], "n_iter_", None)
    result = {
        "task": asdict(task),
        "n_train": len(rows),
        "steps": task.steps,
        "epochs": int(epochs) if np.ndim(epochs) == 0 and epochs is not None else None,
        "threshold": threshold,
        "scores": scores,
    }
    write_json(result_path(context.out, task), result)


def plan_steps(estimator, rows, task):
    """Set the number of optimiser steps of an estimator.

    The epochs divide the steps evenly. An epoch holds every training sample equally often,
    give or take one, or a random part of them where it has fewer steps than the samples
    take.

    Parameters
    ----------
    estimator : estimator
        Its ``max_epochs`` and ``early_stopping``, or those of the last step of a pipeline, are
        set.
    rows : ndarray of int
        Training samples.
    task : Task

    Returns
    -------
    ndarray of int
        The samples that make up one epoch.
    """
    prefix, last = last_step(estimator)
    passes = max(1, task.steps * last.batch_size // len(rows))
    epochs = max(n for n in range(1, passes + 1) if task.steps % n == 0)
    size = task.steps // epochs * last.batch_size
    settings = {"max_epochs": epochs, "early_stopping": False}
    known = settings.keys() & last.get_params()
    estimator.set_params(**{prefix + name: settings[name] for name in known})
    rng = np.random.default_rng([task.seed, task.fold, 2])
    whole, rest = divmod(size, len(rows))
    return np.sort(np.concatenate([*[rows] * whole, rng.permutation(rows)[:rest]]))


def _threshold(fitted, X, y, rows, task):
    """Return the threshold with the highest accuracy on the training samples."""
    if len(rows) > _THRESHOLD_SAMPLES:
        rng = np.random.default_rng([task.seed, task.fold, 3])
        rows = np.sort(rng.permutation(rows)[:_THRESHOLD_SAMPLES])
    scores, _ = predict_scores(fitted, X[rows])
    return best_threshold(y[rows], np.asarray(scores, dtype=np.float64))


def best_threshold(y, scores):
    """Return the threshold above which calling samples positive is most accurate.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Labels 0 and 1.
    scores : ndarray of shape (n_samples,)

    Returns
    -------
    float
        Half-way between two neighbouring scores, or just below the lowest or at the highest:
        then all samples are of one class. The lowest of equally good ones.
    """
    order = np.argsort(scores, kind="stable")
    ordered, positive = scores[order], y[order].astype(np.int64)
    # calling positive all but the first i: negatives among these and positives after them
    correct = positive.sum() + np.append(0, np.cumsum(1 - 2 * positive))
    inner = np.flatnonzero(ordered[1:] > ordered[:-1]) + 1
    cuts = np.concatenate([[0], inner, [len(ordered)]])
    lowest, highest = np.nextafter(ordered[0], -np.inf), ordered[-1]
    values = [lowest, *(ordered[inner - 1] + ordered[inner]) / 2, highest]
    return float(values[correct[cuts].argmax()])


def _score(y, predicted, are_probabilities, threshold):
    with warnings.catch_warnings():
        # a cell with one class gets NaN, which the table shows
        warnings.simplefilter("ignore", HistoexprWarning)
        values = binary_scores(y, predicted, probabilities=are_probabilities)
    cut = 0.5 if are_probabilities else 0.0
    values["accuracy"] = float(np.mean((predicted > cut) == (y == 1)))
    values["transferred_accuracy"] = float(np.mean((predicted > threshold) == (y == 1)))
    return {"n_test": len(y), **values}


@contextmanager
def _one_thread():
    """Keep a fit to one thread: sums over several come out differently."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(before)
