"""What simulated and real counts are compared by."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]


RPKM = [[0.0, 12.5, 3.0], [43.1, 40.2, 0.0], [3.1, 0.2, 9.9], [7.7, 1.1, 120.0]]


def statistics(counts):
    """Mean, zero fraction, variance / mean, lag-1 autocorrelation of (n_genes, n_bins)."""
    counts = counts.astype(float)
    deviation = counts - counts.mean()
    lagged = np.mean(deviation[:, 1:] * deviation[:, :-1]) / counts.var()
    return [counts.mean(), np.mean(counts == 0), counts.var() / counts.mean(), lagged]


def by_mark_and_label(X, y):
    return {
        (mark, label): statistics(X[y == label][:, :, number])
        for number, mark in enumerate(MARKS)
        for label in (1, 0)
    }


def mark_correlations(X):
    """Correlations of log counts over bins, and of log gene means over genes."""
    upper = np.triu_indices(X.shape[2], 1)
    bins = np.corrcoef(np.log1p(X).reshape(-1, X.shape[2]).T)[upper]
    genes = np.corrcoef(np.log1p(X.mean(axis=1)).T)[upper]
    return bins, genes


def regression_aurocs(cells):
    """AUROC of every cell's test genes with a model of every cell's training genes."""
    tests = [cell.select(split="test") for cell in cells]
    aurocs = []
    for cell in cells:
        train = cell.select(split="train")
        model = make_pipeline(StandardScaler(), LogisticRegression())
        model.fit(pooled(train.X), train.y)
        scores = [model.decision_function(pooled(test.X)) for test in tests]
        aurocs.append([roc_auc_score(t.y, s) for t, s in zip(tests, scores, strict=True)])
    return np.array(aurocs)


def pooled(X):
    return np.log1p(X.mean(axis=1))
