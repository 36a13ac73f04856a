"""Judges: folds by gene, what they distinguish, and what not."""

import numpy as np
import pytest

from histoexpr.generation import _judges as judges
from histoexpr.metrics import weighted_auroc


def test_folds_keep_genes_together_and_strata_even():
    genes = np.array(list("aabbccddeeffgghhiijj"))
    strata = np.tile([0, 1], 10)
    folds = judges.judge_folds(genes, strata, np.random.RandomState(0))
    assert (folds[::2] == folds[1::2]).all()
    folds = judges.judge_folds(
        np.arange(100), np.repeat([0, 1], [60, 40]), np.random.RandomState(0)
    )
    assert np.bincount(folds[:60]).tolist() == [12] * 5
    assert np.bincount(folds[60:]).tolist() == [8] * 5


def test_auroc_is_within_folds():
    y, folds = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    scores = np.array([10.0, 11, 0, 1])  # of judges on different scales
    assert judges.fold_auroc(scores, y, folds, np.ones((4, 1))) == [1.0]
    assert weighted_auroc(y == 1, scores, np.ones((4, 1))) == [0.75]


@pytest.mark.parametrize("judge", judges.JUDGES)
def test_judges_detect_only_what_differs(judge):
    rng = np.random.default_rng(0)
    A, B = rng.poisson(3, (2, 60, 6, 2))
    assert abs(judges.two_sample_auroc(A, B, judge) - 0.5) < 0.2
    found = judges.two_sample_auroc(A, B + 4, judge)
    assert found > 0.95
    assert judges.two_sample_auroc(A, B + 4, judge) == found


def test_the_cnn_sees_what_sums_do_not():
    rng = np.random.default_rng(0)
    B = np.zeros((80, 40, 1))
    B[np.arange(80), 2 * rng.integers(0, 20, 80)] = 8
    A = B / 2 + np.roll(B, 1, axis=1) / 2  # the same in each of the regions of two bins
    tree, cnn = (judges.two_sample_auroc(A, B, judge) for judge in judges.JUDGES)
    assert tree < 0.65
    assert cnn > 0.9


def test_judges_are_named():
    A = np.ones((10, 2, 1))
    with pytest.raises(ValueError, match=r"'judge' parameter.*tree"):
        judges.two_sample_auroc(A, A, "forest")
