"""How much generated signals are like real ones.

All functions take signals of shape ``(n_samples, n_bins, n_marks)`` on the scale of counts
and work on ``log(1 + x)``.
"""

import numpy as np
from scipy.stats import wasserstein_distance
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import pairwise_distances, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..utils import signed_log1p

_LAGS = (1, 2, 5, 10)


def log_signals(X):
    """Return ``log(1 + X)`` as float64."""
    return signed_log1p(np.asarray(X)).astype(np.float64)


def _flat(X):
    return log_signals(X).reshape(len(X), -1)


def profile_correlation(A, B):
    """Return for each mark the correlation of the mean profiles, nan where one is flat."""
    return np.array([_correlation(a, b) for a, b in zip(*_profiles(A, B), strict=True)])


def _profiles(A, B):
    return log_signals(A).mean(axis=0).T, log_signals(B).mean(axis=0).T


def _correlation(a, b):
    if np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12:
        return np.nan
    return np.corrcoef(a, b)[0, 1]


def marginal_distance(A, B):
    """Return for each mark the Wasserstein distance of all its bins' log signals."""
    A, B = log_signals(A), log_signals(B)
    marks = range(A.shape[2])
    return np.array([wasserstein_distance(A[..., k].ravel(), B[..., k].ravel()) for k in marks])


def zero_fraction_error(A, B):
    """Return for each mark the difference of the share of bins without signal."""
    return (np.asarray(A) == 0).mean(axis=(0, 1)) - (np.asarray(B) == 0).mean(axis=(0, 1))


def autocorrelation_error(A, B):
    """Return for each mark the mean difference of the autocorrelation over bins."""
    return np.abs(_autocorrelation(A) - _autocorrelation(B)).mean(axis=0)


def _autocorrelation(X):
    X = log_signals(X)
    X = X - X.mean(axis=0)  # what is the same in all samples is the profile
    variance = np.maximum(np.square(X).mean(axis=(0, 1)), 1e-12)
    lags = [lag for lag in _LAGS if lag < X.shape[1]] or [0]
    n_bins = X.shape[1]
    return np.array([(X[:, : n_bins - g] * X[:, g:]).mean(axis=(0, 1)) / variance for g in lags])


def mark_correlation_error(A, B):
    """Return the mean difference of the correlations between marks, pooled over bins."""
    if np.shape(A)[2] < 2:
        return np.nan
    pairs = np.triu_indices(np.shape(A)[2], 1)
    return float(np.abs(_mark_correlation(A) - _mark_correlation(B))[pairs].mean())


def _mark_correlation(X):
    pooled = log_signals(X).mean(axis=1)
    pooled = pooled - pooled.mean(axis=0)
    scale = np.sqrt(np.square(pooled).mean(axis=0))
    pooled /= np.where(scale > 0, scale, 1.0)
    return pooled.T @ pooled / len(pooled)


def sliced_wasserstein(A, B, random_state=0, n_projections=200):
    """Return the mean Wasserstein distance of projections onto random directions."""
    A, B = _flat(A), _flat(B)
    directions = np.random.RandomState(random_state).standard_normal((A.shape[1], n_projections))
    directions /= np.linalg.norm(directions, axis=0)
    levels = (np.arange(200) + 0.5) / 200
    a, b = (np.quantile(X @ directions, levels, axis=0) for X in (A, B))
    # in units of the deviation of a bin, if real signals differ at all
    return float(np.abs(a - b).mean() / (np.sqrt(B.var(axis=0).mean()) or 1.0))


def fidelity_errors(A, B):
    """Return the few figures by which generators are compared while they are trained.

    Returns
    -------
    dict
        sliced_wasserstein, profile_correlation (mean over the marks of B that are not
        flat), mark_correlation_error, and fidelity_error: the distance, what the correlation
        lacks to 1, and the error, added up. The distance alone would take marks that do not
        belong together for good.
    """
    flat = np.ptp(_profiles(A, B)[1], axis=1) < 1e-12
    correlations = np.nan_to_num(profile_correlation(A, B)[~flat])  # none with a flat one
    correlation = float(correlations.mean()) if len(correlations) else np.nan
    distance, marks = sliced_wasserstein(A, B), mark_correlation_error(A, B)
    known = [error for error in (1 - correlation, marks) if not np.isnan(error)]
    return {
        "sliced_wasserstein": distance,
        "profile_correlation": correlation,
        "mark_correlation_error": marks,
        "fidelity_error": distance + sum(known),
    }


def two_sample_auroc(A, B, model, random_state=0):
    """Return how well a classifier tells A from B in cross-validation; 0.5 is not at all.

    Below 0.5 where samples of A are copies of samples of B: what is learned of one is wrong
    of the other.
    """
    X = np.concatenate([_flat(A), _flat(B)])
    y = np.repeat([0, 1], [len(A), len(B)])
    if model == "tree":
        classifier = RandomForestClassifier(200, random_state=random_state)
    else:
        classifier = make_pipeline(StandardScaler(), KNeighborsClassifier(min(15, len(A) // 2)))
    folds = StratifiedKFold(5, shuffle=True, random_state=random_state)
    scores = cross_val_predict(classifier, X, y, cv=folds, method="predict_proba")[:, 1]
    # every fold on its own: probabilities of different folds need not compare
    return float(np.mean([roc_auc_score(y[rows], scores[rows]) for _, rows in folds.split(X, y)]))


def transfer_auroc(A, y_A, B, y_B):
    """Return the AUROC on B of a classifier of the marks' mean log signals trained on A."""
    classes = np.unique(y_A)
    if len(classes) < 2 or len(np.unique(y_B)) < 2:
        return np.nan
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(log_signals(A).mean(axis=1), y_A)
    proba = model.predict_proba(log_signals(B).mean(axis=1))
    if len(classes) == 2:
        return float(roc_auc_score(y_B, proba[:, 1]))
    return float(roc_auc_score(y_B, proba, multi_class="ovr"))


def coverage(A, B, n_neighbors=5):
    """Return the share of B that has a sample of A as near as its own k-th neighbour [1]_.

    Of real signals as noisy as counts are, a few typical ones may cover many: see recall.

    References
    ----------
    .. [1] Naeem et al. (2020), Reliable fidelity and diversity metrics, ICML.
    """
    A, B = _flat(A), _flat(B)
    return float((pairwise_distances(B, A).min(axis=1) <= _radius(B, n_neighbors)).mean())


def recall(A, B, n_neighbors=5):
    """Return the share of B that lies within the k-th neighbour's distance of a sample of A.

    A generator that makes the same again and again reaches nothing else [1]_.

    References
    ----------
    .. [1] Kynkaanniemi et al. (2019), Improved precision and recall, NeurIPS.
    """
    A, B = _flat(A), _flat(B)
    return float((pairwise_distances(B, A) <= _radius(A, n_neighbors)).any(axis=1).mean())


def _radius(X, n_neighbors):
    """Return the distance of every sample to its k-th neighbour."""
    return np.sort(pairwise_distances(X), axis=1)[:, min(n_neighbors, len(X) - 1)]


def memorisation(A, training, held_out, *, reversed_too=False):
    """Return the chance that a sample of A clings more to the training samples than real ones.

    How much a sample clings to them is its distance to the nearest training sample divided
    by that to the nearest held-out sample, so that samples that are near to everything do
    not count as copies. Compared are the samples of A and the held-out samples themselves:
    0.5 means that nothing was memorised, 1 that all are copies. With ``reversed_too`` a
    sample with its bins reversed counts as the same.
    """
    distances = _distances_both_ways if reversed_too else _distances
    among = distances(held_out, held_out)
    np.fill_diagonal(among, np.inf)
    made = _ratio(distances(A, training), distances(A, held_out))
    real = _ratio(distances(held_out, training), among)
    is_made = np.repeat([1, 0], [len(made), len(real)])
    return float(roc_auc_score(is_made, -np.concatenate([made, real])))


def _distances(A, B):
    return pairwise_distances(_flat(A), _flat(B))


def _distances_both_ways(A, B):
    A = np.asarray(A)
    return np.minimum(_distances(A, B), _distances(A[:, ::-1], B))


def _ratio(to_training, to_held_out):
    return to_training.min(axis=1) / np.maximum(to_held_out.min(axis=1), 1e-12)
