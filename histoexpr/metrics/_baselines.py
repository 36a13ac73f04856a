"""What is reached without looking at the signals."""

import numpy as np

from ._binary import as_binary, check_one_dimension


def consensus_baseline(y, gene, *, train, test):
    """Predict a gene from its own label in the training cells.

    Most genes are expressed in nearly all cells or in hardly any, so this alone reaches an
    AUROC of about 0.95 on a cell that is new. A cross-cell score says something of signals
    only beside it.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    gene : array-like of shape (n_samples,)
        Gene of each sample.
    train, test : array-like
        Rows of the training cells and rows to predict, as indices or Boolean masks of shape
        (n_samples,); for example ``train=cell != "E003", test=cell == "E003"``. Here, unlike
        for a classifier, ``train`` is to hold the test genes in other cells.

    Returns
    -------
    ndarray of shape (n_test,)
        Share of positive labels of the gene in the training rows; for genes that do not
        occur there, the share over all training rows.

    Raises
    ------
    ValueError
        If there is no training row, a test row is among them, or lengths differ.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr.metrics import consensus_baseline
    >>> cell = np.array(["E003", "E003", "E116", "E116", "E123", "E123"])
    >>> gene = np.array(["a", "b", "a", "b", "a", "c"])
    >>> y = np.array([1, 0, 1, 0, 0, 1])
    >>> consensus_baseline(y, gene, train=cell != "E123", test=cell == "E123")
    array([1. , 0.5])
    """
    positive, train, test = _check(y, train, test)
    gene = np.asarray(gene)
    if gene.shape != positive.shape:
        raise ValueError(f"gene has shape {gene.shape}, but y has shape {positive.shape}.")
    _, codes = np.unique(gene if gene.dtype.kind != "O" else gene.astype(str), return_inverse=True)
    n_rows = np.bincount(codes[train], minlength=codes.max() + 1)
    n_positive = np.bincount(codes[train], weights=positive[train], minlength=codes.max() + 1)
    share = np.full(len(n_rows), positive[train].mean())
    np.divide(n_positive, n_rows, out=share, where=n_rows > 0)
    return share[codes[test]]


def majority_baseline(y, *, train, test):
    """Predict the share of positive labels in the training rows for every sample.

    As a class this is the majority class of the training rows; AUROC is 0.5.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels of two classes, see :func:`auroc`.
    train, test : array-like
        Training rows and rows to predict, as indices or Boolean masks of shape (n_samples,).

    Returns
    -------
    ndarray of shape (n_test,)

    Raises
    ------
    ValueError
        If there is no training row, a test row is among them, or lengths differ.
    """
    positive, train, test = _check(y, train, test)
    return np.full(len(test), positive[train].mean())


def _check(y, train, test):
    positive = check_one_dimension(as_binary(y, "y"), "y")
    train, test = (
        _as_rows(rows, len(positive), name) for rows, name in ((train, "train"), (test, "test"))
    )
    if len(train) == 0:
        raise ValueError("train has no rows.")
    trained = np.zeros(len(positive), dtype=bool)
    trained[train] = True
    both = test[trained[test]]
    if len(both):
        raise ValueError(
            f"{len(both)} row(s) are in train and in test, the first being row {both.min()}: "
            "a sample would be predicted from its own label."
        )
    return positive, train, test


def _as_rows(rows, n_samples, name):
    rows = np.asarray(rows)
    if rows.dtype == bool:
        if rows.shape != (n_samples,):
            raise ValueError(
                f"{name} is a mask of shape {rows.shape}, but y has {n_samples} rows."
            )
        return np.flatnonzero(rows)
    if rows.size == 0:
        return np.empty(0, dtype=int)
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise ValueError(f"{name} must be row numbers or a Boolean mask.")
    if rows.min() < 0 or rows.max() >= n_samples:
        raise ValueError(
            f"{name} has row numbers from {rows.min()} to {rows.max()}, but y has {n_samples} "
            "rows, from 0."
        )
    return rows
