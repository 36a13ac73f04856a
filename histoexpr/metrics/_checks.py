"""Checks of what tests and intervals are computed from."""

import numpy as np


def check_share(name, value):
    """Raise ValueError unless a parameter is between 0 and 1."""
    if not 0 < value < 1:
        raise ValueError(f"{name} must be between 0 and 1, got {value!r}.")


def check_cell_scores(scores, n_least):
    """Return scores by model as arrays of one length, of at least so many cells, all defined."""
    columns = {name: np.asarray(values, dtype=float) for name, values in scores.items()}
    lengths = {name: values.shape for name, values in columns.items()}
    shape = next(iter(lengths.values()), (0,))
    if len(shape) != 1 or any(other != shape for other in lengths.values()):
        raise ValueError(f"Scores need one value per cell for every model, got shapes {lengths}.")
    if shape[0] < n_least:
        raise ValueError(f"Scores of at least {n_least} cells are needed, got {shape[0]}.")
    for name, values in columns.items():
        if not np.isfinite(values).all():
            raise ValueError(
                f"The scores of {name} are not defined in {(~np.isfinite(values)).sum()} "
                "cell(s). Compare the models over the cells where all are."
            )
    return columns
