"""What an estimator that wraps another one takes over from it."""

import numpy as np

from ..utils import match_signals, read_signals

# What a fitted estimator knows of X
LEARNED = (
    "n_features_in_",
    "feature_names_in_",
    "n_bins_in_",
    "n_marks_in_",
    "mark_names_in_",
    "bin_size_in_",
    "window_in_",
    "oriented_in_",
)


def take_over(estimator, wrapped, source):
    """Let an estimator know of X what the fitted one that it wraps knows.

    Where that does not know the marks of a data set, because its first step takes arrays, they are
    learned of ``source``, and :func:`as_fitted` matches them.
    """
    steps = _steps(wrapped)
    for name in LEARNED:
        vars(estimator).pop(name, None)
        for step in (wrapped, *steps):
            if hasattr(step, name):
                setattr(estimator, name, getattr(step, name))
                break
    estimator._matches = source.dataset is not None and not _knows_marks(wrapped)
    if estimator._matches:
        estimator.n_bins_in_, estimator.n_marks_in_ = source.values.shape[1:]
        estimator.mark_names_in_ = np.asarray(source.marks, dtype=object)
        for name in ("bin_size", "window", "oriented"):
            if (value := getattr(source, name)) is not None:
                setattr(estimator, f"{name}_in_", value)


def as_fitted(estimator, X):
    """Return X with its marks in the order of ``fit``, where the wrapped estimator cannot tell.

    Marks, bins or a direction that are not those of ``fit`` are refused.
    """
    source = read_signals(X)
    if source.dataset is None or not estimator._matches:
        return X
    values = match_signals(estimator, source.values, source)
    if values is source.values:
        return X
    return source.dataset.replace(X=values, marks=estimator.mark_names_in_.tolist())


def _knows_marks(wrapped):
    """Return whether the estimator, or the first step of a pipeline, knows the marks of X."""
    steps = getattr(wrapped, "steps", None)
    return _knows_marks(steps[0][1]) if steps else hasattr(wrapped, "mark_names_in_")


def _steps(wrapped):
    """Return the steps of a pipeline from the last to the first, those within them too."""
    found = []
    for _, step in reversed(getattr(wrapped, "steps", [])):
        found += [step, *_steps(step)]
    return found
