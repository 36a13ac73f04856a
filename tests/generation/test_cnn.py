"""The CNN that the report trains."""

import numpy as np

from histoexpr.generation._cnn import cnn_scores

SMALL = {"n_epochs": 1, "least_steps": 30, "n_filters": 8, "hidden_sizes": (8,)}


def test_scores_rank_classes_and_repeat():
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    X = rng.normal(size=(60, 12, 2)) + 2 * y[:, None, None]
    scores = cnn_scores(X, y, X, seed=1, **SMALL)
    assert scores[y == 1].min() > scores[y == 0].max()
    np.testing.assert_array_equal(cnn_scores(X, y, X[:5], seed=1, **SMALL), scores[:5])
    assert (cnn_scores(X, y, X[:5], seed=2, **SMALL) != scores[:5]).any()
    several = cnn_scores(X, np.arange(60) % 3, X[:5], seed=1, flip=True, **SMALL)
    assert several.shape == (5, 3)
