"""Baselines that predict labels from other labels, without signals."""

import numpy as np
import pandas as pd

from ._labels_and_scores import binary_column


def consensus_baseline(y_train, gene_train, gene_test):
    """Predict a gene from its own label in the training cells.

    Most genes are expressed in nearly all cells or in hardly any, so this alone reaches an
    AUROC of about 0.95 on a cell that is new. Compare cross-cell scores with it: only what
    exceeds it is learned from signals.

    Parameters
    ----------
    y_train : array-like of shape (n_train,)
        Labels of two classes, see :func:`auroc`, in the training cells. Unlike those that a
        classifier is trained on, they have to include the test genes, in other cells.
    gene_train : array-like of shape (n_train,)
        Genes of the training samples.
    gene_test : array-like of shape (n_test,)
        Genes of the samples to predict.

    Returns
    -------
    ndarray of shape (n_test,)
        Share of positive labels of the gene in the training samples; for genes that do not
        occur there, the share over all of them.

    Raises
    ------
    ValueError
        If there is no training sample, lengths differ, or labels are of more than two
        classes.

    Examples
    --------
    >>> from histoexpr.metrics import consensus_baseline
    >>> consensus_baseline([1, 0, 1, 1], ["a", "b", "a", "b"], ["a", "b", "c"])
    array([1.  , 0.5 , 0.75])
    """
    positive = binary_column(y_train, "y_train")
    gene_train, gene_test = as_gene_names(gene_train), as_gene_names(gene_test)
    if gene_train.shape != positive.shape:
        raise ValueError(
            f"gene_train has shape {gene_train.shape}, but y_train has {positive.shape}."
        )
    share = pd.Series(positive).groupby(gene_train).mean()
    return share.reindex(gene_test).fillna(positive.mean()).to_numpy()


def majority_baseline(y_train, n_test):
    """Predict the share of positive labels in the training samples for every sample.

    As a class this is the majority class of the training samples; AUROC is 0.5.

    Parameters
    ----------
    y_train : array-like of shape (n_train,)
        Labels of two classes, see :func:`auroc`.
    n_test : int
        Number of samples to predict.

    Returns
    -------
    ndarray of shape (n_test,)

    Raises
    ------
    ValueError
        If there is no training sample, or labels are of more than two classes.
    """
    positive = binary_column(y_train, "y_train")
    return np.full(n_test, positive.mean())


def as_gene_names(gene):
    """Return names of genes as text; ValueError for floats."""
    # text, so that the gene 1 is found whether it came as a number or not
    gene = np.asarray(gene)
    if gene.size and gene.dtype.kind == "f":
        raise ValueError("Genes must be text or whole numbers, got floats (1.0 is not '1').")
    return gene.astype(str)
