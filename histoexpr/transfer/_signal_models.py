"""Models of signals inside other models, and what they say of genes they have not seen."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

from ..utils import safe_indexing

# Of the default models, where there are bins enough
_N_REGIONS = 10


def make_signal_model(estimator, default, source):
    """Return the estimator to clone; ``default`` is the class that None stands for."""
    if estimator is not None:
        return estimator
    # columns of two axes are marks that are pooled already
    shape = np.shape(source.arrange(np.asarray(source.values)))
    return default(n_regions=min(_N_REGIONS, shape[1] if len(shape) == 3 else 1))


def gene_left_out(source, y, n_splits, *, classes):
    """Return folds that leave out chromosomes where they are known, else genes.

    Of an array, which has no names of genes, samples are left out.
    """
    rows = np.zeros((len(y), 1))
    if source.dataset is None:
        if len(y) < 2:
            raise ValueError("n_samples=1: samples are left out in turn; give at least two.")
        n_splits = min(n_splits, len(y))
        if classes:
            smallest = int(np.unique(y, return_counts=True)[1].min())
            splitter = StratifiedKFold(max(2, min(n_splits, smallest)))
        else:
            splitter = KFold(n_splits)
        return list(splitter.split(rows, y))
    chrom, gene = source.dataset.chrom, source.dataset.gene
    by_chrom = chrom is not None and not np.any(chrom == "")
    groups = chrom if by_chrom and len(np.unique(chrom)) > 1 else gene
    n_groups = len(np.unique(groups))
    if n_groups < 2:
        raise ValueError(
            f"X has samples of one gene only, {gene[0]}: genes are left out in turn to learn what "
            "scores are worth; give at least two."
        )
    return list(GroupKFold(min(n_splits, n_groups)).split(rows, y, groups))


def left_out_scores(template, source, y, folds, score, n_jobs):
    """Return ``score(model, X)`` of every sample, by models that were fitted without its fold."""
    X = source.dataset if source.dataset is not None else source.values
    if not hasattr(X, "iloc") and source.dataset is None:
        X = np.asarray(X)
    parts = Parallel(n_jobs=n_jobs)(
        delayed(_left_out)(score, clone(template), X, y, *fold) for fold in folds
    )
    scores = np.empty(len(y))
    for (_, test), part in zip(folds, parts, strict=True):
        scores[test] = part
    return scores


def _left_out(score, model, X, y, train, test):
    model.fit(safe_indexing(X, train), y[train])
    return score(model, safe_indexing(X, test))
