"""Which test and training samples a report draws, class by class."""

import numpy as np


def matching(test, training):
    """Return the number of the stratum of each test and each training sample.

    Strata are classes; combinations of class and cell type, where both sides have cell types and
    each combination of the test samples is among the training samples. Numbers are those of the
    test samples', -1 for a training sample of none.
    """
    sides = [test.y], [training.y]
    if test.cell is not None and training.cell is not None:
        detailed = _codes([test.y, test.cell], [training.y, training.cell])
        if np.isin(detailed[0], detailed[1]).all():
            return detailed
    return _codes(*sides)


def _codes(test, training):
    keys = [list(zip(*(map(str, column) for column in side), strict=True))
            for side in (test, training)]  # fmt: skip
    numbers = {key: number for number, key in enumerate(sorted(set(keys[0])))}
    return [np.array([numbers.get(key, -1) for key in side]) for side in keys]


def feasible(n, wanted, there, *, limit=None):
    """Return how many samples of the shares of the wanted strata can be drawn, at most n.

    ``there`` has the strata of what is drawn from, none twice; ``limit`` is a bound of its own.
    """
    counts = np.bincount(wanted)
    available = np.bincount(there[there >= 0], minlength=len(counts))
    most = np.min(available[counts > 0] * len(wanted) / counts[counts > 0])
    return int(min(n, np.floor(most + 1e-9), np.inf if limit is None else limit))


def stratified(strata, n, rng):
    """Return n sorted rows, of each stratum as many as its share."""
    numbers, counts = np.unique(strata, return_counts=True)
    exact = n * counts / counts.sum()
    quota = np.floor(exact).astype(int)
    order = np.argsort(quota - exact, kind="stable")
    quota[order[: n - quota.sum()]] += 1
    rows = [
        rng.choice(np.flatnonzero(strata == number), size=size, replace=False)
        for number, size in zip(numbers, quota, strict=True)
    ]
    return np.sort(np.concatenate(rows))


def matched_rows(wanted, there, rng):
    """Return rows of training samples of the wanted strata, one for each, in order.

    No row comes twice, as long as there are enough.
    """
    rows = np.empty(len(wanted), dtype=int)
    for number in np.unique(wanted):
        asked, found = np.flatnonzero(wanted == number), np.flatnonzero(there == number)
        rows[asked] = rng.choice(found, size=len(asked), replace=len(asked) > len(found))
    return rows
