"""Measures of the fidelity of generated signals, from means of profiles to memorisation.

All functions take signals of shape ``(n_samples, n_bins, n_marks)`` on the scale of counts. In
formulas their logarithm ``L = log(1 + x)`` has the subscripts sample ``i``, bin ``b`` and mark
``k``; distances ``d`` are Euclidean, between the logarithms of whole samples.
"""

import numpy as np
from scipy.stats import wasserstein_distance
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import pairwise_distances, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state
from threadpoolctl import threadpool_limits

from ..utils import StrOptions, region_edges, signed_log1p, validate_params

_LAGS = (1, 2, 5, 10)
# Regions whose sums trees see
_JUDGED_REGIONS, _LEAST_JUDGED = 20, 100


def log_signals(X):
    """Return ``log(1 + X)`` as float64."""
    return signed_log1p(np.asarray(X)).astype(np.float64)


def _flat(X):
    return log_signals(X).reshape(len(X), -1)


def profile_correlation(A, B):
    """Return for each mark the correlation of the mean profiles, nan where one is flat.

    It is Pearson's over bins ``b`` of ``mean_i L_A[i, b, k]`` and ``mean_i L_B[i, b, k]``.
    """
    return np.array([_correlation(a, b) for a, b in zip(_profiles(A), _profiles(B), strict=True)])


def _profiles(X):
    return log_signals(X).mean(axis=0).T


def _is_flat(profile):
    return np.ptp(profile) < 1e-12


def _correlation(a, b):
    return np.nan if _is_flat(a) or _is_flat(b) else np.corrcoef(a, b)[0, 1]


def marginal_distance(A, B):
    """Return for each mark the Wasserstein distance of all its bins' log signals.

    It is the integral of ``|F_A(t) - F_B(t)|`` over ``t``, where ``F`` is the cumulative
    distribution of ``L[i, b, k]`` over samples and bins.
    """
    A, B = log_signals(A), log_signals(B)
    marks = range(A.shape[2])
    return np.array([wasserstein_distance(A[..., k].ravel(), B[..., k].ravel()) for k in marks])


def zero_fraction_error(A, B):
    """Return for each mark the share of bins without signal in A less that in B."""
    return (np.asarray(A) == 0).mean(axis=(0, 1)) - (np.asarray(B) == 0).mean(axis=(0, 1))


def autocorrelation_error(A, B):
    """Return for each mark the mean difference of the autocorrelation over bins.

    It is the mean over the lags ``g`` = 1, 2, 5 and 10 of ``|r_A(g) - r_B(g)|``, with
    ``r(g) = mean(e[i, b] e[i, b + g]) / mean(e[i, b]²)`` and the deviations from the profile
    ``e[i, b] = L[i, b, k] - mean_i L[i, b, k]``.
    """
    return np.abs(_autocorrelation(A) - _autocorrelation(B)).mean(axis=0)


def _autocorrelation(X):
    X = log_signals(X)
    X = X - X.mean(axis=0)
    variance = np.maximum(np.square(X).mean(axis=(0, 1)), 1e-12)
    n_bins = X.shape[1]
    lags = [lag for lag in _LAGS if lag < n_bins] or [0]
    return np.array([(X[:, : n_bins - g] * X[:, g:]).mean(axis=(0, 1)) / variance for g in lags])


def mark_correlation_error(A, B):
    """Return the mean difference of the correlations between marks, nan for one mark.

    It is the mean over pairs of marks ``k < l`` of ``|R_A[k, l] - R_B[k, l]|``, where ``R`` is
    Pearson's correlation over samples ``i`` of ``mean_b L[i, b, k]`` and ``mean_b L[i, b, l]``.
    """
    pairs = np.triu_indices(np.shape(A)[2], 1)
    if not len(pairs[0]):
        return np.nan
    return float(np.abs(_mark_correlation(A) - _mark_correlation(B))[pairs].mean())


def _mark_correlation(X):
    pooled = log_signals(X).mean(axis=1)
    pooled = pooled - pooled.mean(axis=0)
    scale = np.sqrt(np.square(pooled).mean(axis=0))
    pooled /= np.where(scale > 0, scale, 1.0)
    return pooled.T @ pooled / len(pooled)


def sliced_wasserstein(A, B, random_state=0, n_projections=200):
    """Return the mean Wasserstein distance of projections onto random directions.

    It is the mean of ``|Q_A(q, u) - Q_B(q, u)| / s`` over random unit vectors ``u`` and 200
    levels ``q``. ``Q`` are the quantiles of ``L`` projected onto ``u``, and ``s²`` is the mean
    variance of a bin of B (``s = 1`` where B does not vary). Bonneel et al. (2015), Sliced and
    Radon Wasserstein barycenters of measures, Journal of Mathematical Imaging and Vision 51.
    """
    A, B = _flat(A), _flat(B)
    directions = check_random_state(random_state).standard_normal((A.shape[1], n_projections))
    directions /= np.linalg.norm(directions, axis=0)
    levels = (np.arange(200) + 0.5) / 200
    a, b = (np.quantile(X @ directions, levels, axis=0) for X in (A, B))
    return float(np.abs(a - b).mean() / (np.sqrt(B.var(axis=0).mean()) or 1.0))


def fidelity_errors(A, B):
    """Return as a dict the few figures by which generators are compared in training.

    They are sliced_wasserstein ``S``, profile_correlation ``r`` (mean over the marks of B that
    are not flat), mark_correlation_error ``M``, two_sample_auroc ``A`` of :func:`quick_judge`, and
    fidelity_error ``S + (1 - r) + M + 2 max(A - 1/2, 0)``, without terms that are undefined. Only
    ``A`` sees what belongs together; of few samples it is 1/2.
    """
    flat = [_is_flat(profile) for profile in _profiles(B)]
    correlations = np.nan_to_num(profile_correlation(A, B)[~np.array(flat)])  # none is 0
    correlation = float(correlations.mean()) if len(correlations) else np.nan
    distance, marks = sliced_wasserstein(A, B), mark_correlation_error(A, B)
    judged = quick_judge(A, B)
    errors = (1 - correlation, marks, 2 * max(judged - 0.5, 0))
    known = [error for error in errors if not np.isnan(error)]
    return {
        "sliced_wasserstein": distance,
        "profile_correlation": correlation,
        "mark_correlation_error": marks,
        "two_sample_auroc": judged,
        "fidelity_error": distance + sum(known),
    }


def quick_judge(A, B):
    """Return the AUROC of boosted trees, cross-validated, that distinguish A and B, in a second.

    They see the logarithms of sums over at most 20 regions of every mark, which are standardised
    by the trees themselves: the unit of measure does not matter. Of fewer than 100 samples of
    either they learn nothing: 1/2.
    """
    if min(len(A), len(B)) < _LEAST_JUDGED:
        return 0.5
    n_regions = min(_JUDGED_REGIONS, A.shape[1])
    edges = region_edges(A.shape[1], n_regions)
    pooled = [np.add.reduceat(X, edges[:-1], axis=1, dtype=np.float64).reshape(len(X), -1)
              for X in (np.asarray(A), np.asarray(B))]  # fmt: skip
    X, y = np.concatenate(pooled), np.repeat([0, 1], [len(A), len(B)])
    judge = HistGradientBoostingClassifier(max_iter=40, early_stopping=False, random_state=0)
    folds = StratifiedKFold(2, shuffle=True, random_state=0)
    found = []
    for train, test in folds.split(X, y):
        with threadpool_limits(1):  # others would wait for each other at so few samples
            scores = judge.fit(X[train], y[train]).decision_function(X[test])
        found.append(roc_auc_score(y[test], scores))
    return float(np.mean(found))


@validate_params(
    {"model": [StrOptions({"tree", "neighbours"})]}, prefer_skip_nested_validation=True
)
def two_sample_auroc(A, B, model, random_state=0):
    """Return how well a random forest ("tree") or nearest neighbours distinguish A and B.

    0.5 if they cannot be distinguished, 1 if they always can. Below 0.5 where samples of A are
    copies of samples of B: what is learned of one is wrong of the other. It is the mean AUROC
    over five stratified folds, each on its own, since probabilities of different folds need not
    compare. Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests, ICLR.
    """
    X = np.concatenate([_flat(A), _flat(B)])
    y = np.repeat([0, 1], [len(A), len(B)])
    if model == "tree":
        classifier = RandomForestClassifier(200, random_state=random_state)
    else:
        classifier = make_pipeline(StandardScaler(), KNeighborsClassifier(min(15, len(A) // 2)))
    folds = StratifiedKFold(5, shuffle=True, random_state=random_state)
    scores = cross_val_predict(classifier, X, y, cv=folds, method="predict_proba")[:, 1]
    return float(np.mean([roc_auc_score(y[rows], scores[rows]) for _, rows in folds.split(X, y)]))


def transfer_auroc(A, y_A, B, y_B):
    """Return the AUROC on B of a classifier that was trained on A, nan for one class.

    It is a logistic regression on ``mean_b L[i, b, k]``; several classes count one against the
    rest. "Train on synthetic, test on real": Esteban, Hyland and Rätsch (2017), Real-valued
    (medical) time series generation with recurrent conditional GANs, arXiv 1706.02633.
    """
    classes = np.unique(y_A)
    if len(classes) < 2 or len(np.unique(y_B)) < 2:
        return np.nan
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(log_signals(A).mean(axis=1), y_A)
    proba = model.predict_proba(log_signals(B).mean(axis=1))
    scores = proba[:, 1] if len(classes) == 2 else proba
    return float(roc_auc_score(y_B, scores, multi_class="ovr"))


def coverage(A, B, n_neighbors=5):
    """Return the share of B that has a sample of A as near as its own k-th neighbour.

    It is the share of samples ``b`` with ``min_a d(a, b) <= rho_B(b)``, the distance of ``b``
    to its k-th neighbour in B. Of real signals as noisy as counts are, a few typical ones may
    cover many: see recall. Naeem et al. (2020), Reliable fidelity and diversity metrics, ICML.
    """
    A, B = _flat(A), _flat(B)
    return float((pairwise_distances(B, A).min(axis=1) <= _radius(B, n_neighbors)).mean())


def recall(A, B, n_neighbors=5):
    """Return the share of B that lies within the k-th neighbour's distance of a sample of A.

    It is the share of samples ``b`` for which some ``a`` has ``d(a, b) <= rho_A(a)``, the
    distance of ``a`` to its k-th neighbour in A. A generator that makes the same again and again
    reaches nothing else. Kynkäänniemi et al. (2019), Improved precision and recall, NeurIPS.
    """
    A, B = _flat(A), _flat(B)
    return float((pairwise_distances(B, A) <= _radius(A, n_neighbors)).any(axis=1).mean())


def _radius(X, n_neighbors):
    """Return the distance of every sample to its k-th neighbour."""
    return np.sort(pairwise_distances(X), axis=1)[:, min(n_neighbors, len(X) - 1)]


def memorisation(A, training, held_out, *, reversed_too=False):
    """Return the probability that a sample of A is relatively nearer to training samples.

    Nearer than a held-out sample is: 0.5 means that nothing was memorised, 1 that all of A are
    copies. It is ``P(u < v)`` (ties count half) for the ratios
    ``u = min_t d(a, t) / min_h d(a, h)`` of samples ``a`` of A and
    ``v = min_t d(h', t) / min_h d(h', h)`` of held-out samples ``h' ≠ h``, over training samples
    ``t`` and held-out samples ``h``. With ``reversed_too``, ``d`` is the distance to the sample
    or to it with its bins reversed, whichever is shorter.

    A variant of the test of Meehan, Chaudhuri and Dasgupta (2020), A non-parametric test to
    detect data-copying in generative models, AISTATS; the division keeps samples that are near
    to everything from counting as copies.
    """
    among = _distances(held_out, held_out, reversed_too)
    np.fill_diagonal(among, np.inf)
    made = _ratio(_distances(A, training, reversed_too), _distances(A, held_out, reversed_too))
    real = _ratio(_distances(held_out, training, reversed_too), among)
    is_made = np.repeat([1, 0], [len(made), len(real)])
    return float(roc_auc_score(is_made, -np.concatenate([made, real])))


def _distances(A, B, reversed_too):
    distances = pairwise_distances(_flat(A), _flat(B))
    if not reversed_too:
        return distances
    return np.minimum(distances, _distances(np.asarray(A)[:, ::-1], B, False))


def _ratio(to_training, to_held_out):
    return to_training.min(axis=1) / np.maximum(to_held_out.min(axis=1), 1e-12)
