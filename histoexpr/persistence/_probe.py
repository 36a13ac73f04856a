"""What a model says of a few invented samples: kept in its file, and compared when it is read.

It finds that other versions of the libraries predict otherwise, and that parts of a file do not
belong together.
"""

import math
import warnings

import numpy as np
from sklearn.base import is_classifier, is_regressor

# More values of a sample than any model has, and values times parts of a model
_MAX_VALUES, _MAX_WORK = 1 << 20, 1 << 28
_N_SAMPLES = 3
_METHODS = ("predict_proba", "predict", "transform")
# Between versions and processors, networks differ by some 1e-6
_TOLERANCE = 1e-4


def kind_of(estimator):
    """Return whether an estimator is a classifier, regressor, generator or transformer."""
    if is_classifier(estimator):
        return "classifier"
    if is_regressor(estimator):
        return "regressor"
    return "generator" if hasattr(estimator, "sample") else "transformer"


def run_probe(estimator):
    """Return the method that was called, and what it gave; None and None if it takes no arrays."""
    shape = _shape_of(estimator)
    method = next((name for name in _METHODS if hasattr(estimator, name)), None)
    if shape is None or method is None:
        return None, None
    if _n_values(shape) > _MAX_VALUES:
        raise ValueError(f"it is for samples of the shape {shape}, which is too large")
    # the same numbers everywhere, without a generator: small counts, and no sample like another
    number = np.arange(_N_SAMPLES * int(np.prod(shape)), dtype=np.int64)
    signals = ((number * 7919 + 13) % 101 % 23).astype(np.float32)
    signals = signals.reshape(_N_SAMPLES, *shape)
    signals[0] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = getattr(estimator, method)(signals)
    values = np.asarray(found)
    if values.dtype.kind not in "fiub":
        return method, None  # names of classes
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError("its predictions are not finite")
    return method, np.ascontiguousarray(values.reshape(_N_SAMPLES, -1)[:, :8])


def compare_probe(estimator, method, values, n_parts=1):
    """Raise ValueError unless an estimator gives what is written in its file.

    ``n_parts`` is the number of objects that it consists of: one that would keep a computer busy
    for long is refused.
    """
    shape = _shape_of(estimator)
    if shape is not None and _n_values(shape) * n_parts > _MAX_WORK:
        raise ValueError(f"it has {n_parts:,} parts for samples of the shape {shape}: too many")
    if values is None:
        return
    found_method, found = run_probe(estimator)
    if found is None:
        raise ValueError("it does not predict for invented samples, as it did when it was saved")
    if found_method != method or found.shape != values.shape:
        raise ValueError("it predicts something else than when it was saved")
    if not np.allclose(found, values, rtol=_TOLERANCE, atol=_TOLERANCE):
        apart = float(np.abs(found - values).max())
        raise ValueError(f"its predictions differ by {apart:.2g} from those when it was saved")


def _n_values(shape):
    return math.prod(map(float, shape))


def _shape_of(estimator):
    """Return the shape of a sample, None if the estimator does not tell."""
    first = estimator
    while steps := getattr(first, "steps", None):
        first = steps[0][1]
    bins, marks = (getattr(first, name, None) for name in ("n_bins_in_", "n_marks_in_"))
    if bins is not None and marks is not None:
        return int(bins), int(marks)
    columns = getattr(first, "n_features_in_", None)
    return None if columns is None else (int(columns),)
