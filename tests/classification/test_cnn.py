"""The convolutional classifier."""

import numpy as np
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from support.classifiers import CNN


def test_random_flips_make_a_profile_and_its_mirror_image_alike(counts):
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 200)
    X = rng.poisson(1.0, (200, 40, 2))
    X[:, 5:15, 0] += 3 * y[:, None]  # on one side only
    scores = {}
    for flip in (True, False):
        clf = clone(CNN).set_params(random_flip=flip, max_epochs=15).fit(X, y)
        scores[flip] = roc_auc_score(y, clf.decision_function(X[:, ::-1]))
    assert scores[True] > 0.95 > scores[False] + 0.05
