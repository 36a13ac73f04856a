"""Means of scores over cells, by group of results and model."""

import numpy as np
import pandas as pd

# Pairs of training and test cell that get an interval each, at the most
_PAIRS = 144


def mean_by_cell(rows, metric):
    """Return the mean of a score by test cell, cells sorted; NaN where nothing is defined."""
    return rows.groupby("test_cell")[metric].mean()


def is_small(results, group):
    """Whether resampling genes does not take too long: a matrix has many pairs."""
    return group["regime"] != "each" or len(results.cells) ** 2 <= _PAIRS


def seed_noise(rows, metric, base=None):
    """Return the standard deviation over random states of the mean, or of a difference."""
    means = rows.groupby("random_state", dropna=False)[metric].mean()
    if base is not None:
        means = means - base.groupby("random_state", dropna=False)[metric].mean()
    means = means.dropna()
    return float(np.std(means, ddof=1)) if len(means) > 1 else None


def scores_by_model(results, group, names, metric):
    """Return a score by cell (rows) and model (columns), cells where all are defined.

    Models of which it is defined in no cell are left out: R² of classifiers.
    """
    columns = {name: mean_by_cell(results.of_group(group, name), metric) for name in names}
    return pd.DataFrame(columns).dropna(axis=1, how="all").dropna()


def same_cells(first, second):
    """Return the rows of two groups for the cells that both are tested on."""
    cells = set(first["test_cell"]) & set(second["test_cell"])
    return [rows[rows["test_cell"].isin(cells)] for rows in (first, second)]
