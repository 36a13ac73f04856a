"""Which marks drive a predicted change: contributions that add up to it."""

from itertools import product
from math import factorial

import numpy as np

# Up to so many marks all subsets are evaluated, 64 at the most
_FEW_MARKS = 6
# A mark with less than this share of all contributions is not named
_LEAST_SHARE = 0.1


def mark_contributions(change, n_marks, *, additive=False):
    """Return what each mark contributes to a change, and how the contributions were found.

    ``change`` takes a Boolean mask (n_marks,), of marks that are as in the second cell while the
    others are as in the first, and returns an array (n_samples,). The contributions, an array
    (n_samples, n_marks), sum to the change with all marks less that with none: exactly with
    ``"exchange"`` in additive models and with ``"shapley"`` in all, which is taken for up to six
    marks. For more marks it is the mean effect of a mark alone and of a mark after all others
    (``"mean exchange"``), which leaves a gap where three or more marks interact.
    """
    if additive:
        none = change(np.zeros(n_marks, dtype=bool))
        return np.stack([change(m) - none for m in np.eye(n_marks, dtype=bool)], -1), "exchange"
    if n_marks <= _FEW_MARKS:
        return _shapley(change, n_marks), "shapley"
    none, all_marks = (change(np.full(n_marks, value)) for value in (False, True))
    alone = np.stack([change(m) for m in np.eye(n_marks, dtype=bool)], -1)
    last = np.stack([change(~m) for m in np.eye(n_marks, dtype=bool)], -1)
    return (alone - none[:, None] + all_marks[:, None] - last) / 2, "mean exchange"


def _shapley(change, n_marks):
    """Return Shapley values: the mean effect of a mark over all orders of exchanging them."""
    masks = list(product((False, True), repeat=n_marks))
    values = {mask: change(np.array(mask)) for mask in masks}
    found = np.zeros((len(values[masks[0]]), n_marks))
    for mask in masks:
        size = sum(mask)
        for mark in np.flatnonzero(~np.array(mask)):
            weight = factorial(size) * factorial(n_marks - size - 1) / factorial(n_marks)
            with_mark = (*mask[:mark], True, *mask[mark + 1 :])
            found[:, mark] += weight * (values[with_mark] - values[mask])
    return found


def is_additive(estimator):
    """Return whether an estimator sums effects of single marks, as our linear networks do."""
    while steps := getattr(estimator, "steps", None):
        if not all(getattr(step, "_reads_data_sets", False) for _, step in steps):
            return False
        estimator = steps[-1][1]
    return hasattr(type(estimator), "region_edges_")


def describe_drivers(contributions, change, marks):
    """Return for each sample the marks that drive its change, with their shares, as text.

    Shares are of the sum of all absolute contributions; a mark that works against the change has
    a minus.
    """
    total = np.abs(contributions).sum(axis=1, keepdims=True)
    shares = np.divide(contributions, total, out=np.zeros_like(contributions), where=total > 0)
    shares *= np.where(np.asarray(change) < 0, -1, 1)[:, None]
    order = np.argsort(-np.abs(shares), axis=1, kind="stable")
    texts = []
    for row, places in zip(shares, order, strict=True):
        named = [place for place in places if abs(row[place]) >= _LEAST_SHARE]
        texts.append(", ".join(f"{marks[place]} {100 * row[place]:.0f}%" for place in named))
    return texts
