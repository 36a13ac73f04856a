"""Split of the training data into a part to train on and one for early stopping."""

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit


def held_out_split(y, groups, fraction, random_state):
    """Return the sorted numbers of the samples to train on, and of those to hold out.

    ``fraction`` is the share of samples, or of groups (genes), which stay together, to hold
    out. Without groups the split is stratified where the target ``y`` is class numbers and each
    has several.
    """
    n_units = len(y) if groups is None else len(np.unique(groups))
    if n_units < 2:
        raise ValueError(
            "Early stopping needs held-out samples, but there is only one "
            f"{'sample' if groups is None else 'group (gene)'}. Pass X_val and y_val or set "
            "early_stopping=False."
        )
    n_held_out = min(max(1, round(fraction * n_units)), n_units - 1)
    settings = {"n_splits": 1, "test_size": n_held_out, "random_state": random_state}
    if groups is not None:
        splitter = GroupShuffleSplit(**settings)
    elif y.dtype.kind == "f":
        splitter = ShuffleSplit(**settings)
    else:
        counts = np.bincount(y)
        counts = counts[counts > 0]
        enough = min(n_held_out, n_units - n_held_out) >= len(counts) and counts.min() >= 2
        splitter = (StratifiedShuffleSplit if enough else ShuffleSplit)(**settings)
    train, held_out = next(splitter.split(np.zeros((len(y), 1)), y, groups))
    return np.sort(train), np.sort(held_out)
