"""Train on generated, test on real."""

import numpy as np
import pytest

from histoexpr.generation._transfer import MODELS, transfer_auroc, transfer_scores


@pytest.mark.parametrize("model", MODELS)
def test_what_is_learned_from_one_set_holds_in_another(model):
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    X = rng.poisson(2 + 6 * y[:, None, None], (60, 12, 2))
    unit = np.ones(2)
    weights = np.ones((60, 1))
    for labels, low, high in ((y, 0.95, 1), (1 - y, 0, 0.05)):
        scores = transfer_scores(model, X[::-1], labels[::-1], X, unit=unit, seed=0)
        assert low <= transfer_auroc(scores, y, weights)[0] <= high


def test_several_classes_count_one_against_the_rest():
    y = np.array([0, 1, 2, 0])
    scores = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0.0]])
    # class 0: one of two pairs wins and ties; by hand 1, 1/2 for the ties of the last sample
    found = transfer_auroc(scores, y, np.ones((4, 1)))[0]
    assert found == pytest.approx(((1 + 0.5) / 2 + (1 + 1 + 0.5) / 3 + 1) / 3)
