"""Checks of the labels, classes and weights that classifiers are trained on."""

import warnings

import numpy as np
from sklearn.utils import compute_class_weight


def encode(y, classes):
    """Return the position of each label among the sorted classes."""
    unknown = np.setdiff1d(y, classes)
    if len(unknown):
        raise ValueError(
            f"Target y contains {unknown.tolist()}, which is not among the classes "
            f"{classes.tolist()}."
        )
    return np.searchsorted(classes, y).astype(np.int64)


def check_classes(classes, fitted):
    """Return the sorted classes of ``partial_fit``: those announced, or ``fitted`` before."""
    if classes is None:
        if fitted is None:
            raise ValueError("All classes must be passed on the first call to partial_fit.")
        return fitted
    classes = np.unique(classes)
    if len(classes) < 2:
        raise ValueError(f"Pass at least two classes, got classes={classes.tolist()}.")
    if fitted is not None and not np.array_equal(classes, fitted):
        raise ValueError(
            f"The value classes={classes.tolist()} is not the same as on the last call to "
            f"partial_fit, which was {fitted.tolist()}."
        )
    return classes


def warn_of_left_out(classes):
    """Warn of three classes of which -1 marks, in our labels, genes that are in neither."""
    if np.array_equal(classes, [-1, 0, 1]):
        warnings.warn(
            "The labels are -1, 0 and 1: three classes are trained. If -1 marks genes that were "
            "left out, as binarize_expression does, leave them out of X and y: rows with y != -1.",
            UserWarning,
            stacklevel=5,
        )


def check_two_classes(name, codes, weight, classes):
    """Raise ValueError unless samples of two classes count."""
    used = codes if weight is None else codes[weight > 0]
    present = np.unique(used)
    if len(present) < 2:
        counted = "" if weight is None else " with positive weight (sample_weight, class_weight)"
        raise ValueError(
            f"{name} needs samples of at least two classes, but y contains {len(present)} class"
            f"{counted}: {classes[present].tolist()}."
        )


def check_held_out(codes, classes):
    """Raise ValueError unless early stopping can rank the held-out samples."""
    present = np.unique(codes)
    if len(present) < 2:
        raise ValueError(
            f"The held-out samples are all of class {classes[present].tolist()[0]!r}: the "
            "validation AUROC is not defined. Pass other X_val and y_val or set "
            "early_stopping=False."
        )


def weigh_classes(class_weight, codes, weight, classes):
    """Return the weights of the samples times those of their classes, None for all equal."""
    if class_weight is None:
        return weight
    # a class without any weight takes no part in the balance
    rows = slice(None) if weight is None else weight > 0
    used, used_weight = codes[rows], None if weight is None else weight[rows]
    present = np.unique(used) if isinstance(class_weight, str) else np.arange(len(classes))
    per_class = np.zeros(len(classes))
    per_class[present] = compute_class_weight(
        class_weight, classes=classes[present], y=classes[used], sample_weight=used_weight
    )
    if not (np.isfinite(per_class).all() and (per_class >= 0).all()):
        raise ValueError(
            f"The class_weight must hold finite numbers of at least 0, got {class_weight!r}."
        )
    return per_class[codes] * (1.0 if weight is None else weight)
