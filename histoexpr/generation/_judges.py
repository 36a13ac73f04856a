"""Two-sample tests: how well a judge distinguishes generated signals from real ones."""

from itertools import pairwise

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils import check_random_state

from ..metrics import weighted_auroc
from ..utils import StrOptions, region_edges, validate_params
from ._units import pseudocounts

JUDGES = ("tree", "cnn")
_FOLDS = 5
_REGIONS = 20
# On 500 + 500 samples more trees, epochs or filters hardly distinguished more, for more time
_TREES = {"max_iter": 60, "learning_rate": 0.15, "max_leaf_nodes": 15, "early_stopping": False}
_TRAINING = {"n_epochs": 8, "least_steps": 40}
_LAYERS = {"n_filters": 32, "kernel_size": 5, "pooling": "max", "pool_size": 10}
_LAYERS |= {"hidden_sizes": (32,)}


def judge_folds(genes, strata, rng):
    """Return the number of the fold of every sample, of five.

    Samples of a gene are together, and genes of each stratum, such as a class of real samples,
    are about as many in each fold. Of a gene in several strata the first counts.
    """
    codes, names = pd.factorize(np.asarray(genes))  # numbers in order, whatever genes are called
    _, first = np.unique(codes, return_index=True)
    order = rng.permutation(len(names))
    order = order[np.argsort(np.asarray(strata)[first[order]], kind="stable")]
    folds = np.empty(len(names), dtype=int)
    folds[order] = np.arange(len(names)) % _FOLDS
    return folds[codes]


def judge_scores(judge, A, B, folds, *, unit, seed, flip=False):
    """Return the log-odds or probability of every sample, A and then B, that it is of B.

    ``folds`` has the number of the fold of each sample of A and of B. A sample is judged by
    one that was trained on the samples of the other folds: trees ("tree", histogram gradient
    boosting) on the logarithms of the sums over 20 regions, and over all bins, of each mark; or a
    CNN ("cnn") on the logarithms of all bins, and on which bins have any signal. ``unit`` and
    ``flip`` as in ``cnn_scores``.
    """
    X = np.concatenate([A, B]) / unit
    y = np.repeat([0, 1], [len(A), len(B)])
    score, given = (_cnn_score, _with_presence) if judge == "cnn" else (_tree_score, _region_sums)
    given = given(X)
    scores = np.empty(len(X))
    for fold in np.unique(folds):
        asked = folds == fold
        scores[asked] = score(given[~asked], y[~asked], given[asked], seed, flip)
    return scores


def _tree_score(X, y, asked, seed, flip):
    trees = HistGradientBoostingClassifier(**_TREES, random_state=seed)
    return trees.fit(X, y).decision_function(asked)


def _cnn_score(X, y, asked, seed, flip):
    from ._cnn import cnn_scores  # loads torch

    return cnn_scores(X, y, asked, seed=seed, flip=flip, **_TRAINING, **_LAYERS)


def _with_presence(X):
    """Return log(1 + X), and beside it as further marks whether there is any signal."""
    return np.concatenate([np.log1p(X), X > 0], axis=2).astype(np.float32)


def _region_sums(X):
    """Return log(1 + sums) over regions and over all bins, one row per sample."""
    edges = region_edges(X.shape[1], min(_REGIONS, X.shape[1]))
    sums = [X[:, first:last].sum(axis=1) for first, last in pairwise(edges)]
    # sums that differ by rounding alone are to be equal
    return np.log1p(np.concatenate([*sums, X.sum(axis=1)], axis=1)).astype(np.float32)


def fold_auroc(scores, y, folds, weights):
    """Return the mean over folds of the AUROC within each, for each set of weights.

    Scores of different folds are of different judges and need not compare. ``weights`` is
    (n_samples, n_sets), the result (n_sets,).
    """
    found = [
        weighted_auroc(y[rows] == 1, scores[rows], weights[rows])
        for rows in (np.flatnonzero(folds == fold) for fold in np.unique(folds))
    ]
    return np.mean(found, axis=0)


@validate_params(
    {"judge": [StrOptions(set(JUDGES))], "random_state": ["random_state"]},
    prefer_skip_nested_validation=True,
)
def two_sample_auroc(A, B, judge="tree", random_state=0):
    """Return how well a judge distinguishes signals A from real ones B.

    0.5 if they cannot be distinguished, 1 if they always can. Below 0.5 where samples of A are
    copies of samples of B: what is learned of one is wrong of the other. It is the mean AUROC
    over five folds, each judged by what was trained on the others, and grows with the number of
    samples: only figures of one number compare. Lopez-Paz and Oquab (2017), Revisiting classifier
    two-sample tests, ICLR.
    """
    rng = check_random_state(random_state)
    y = np.repeat([0, 1], [len(A), len(B)])
    folds = judge_folds(np.arange(len(y)), y, rng)
    seed = rng.randint(2**31 - 1)
    scores = judge_scores(judge, A, B, folds, unit=pseudocounts(B), seed=seed)
    return float(fold_auroc(scores, y, folds, np.ones((len(y), 1)))[0])
