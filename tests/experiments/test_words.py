"""The words of experiments."""

from histoexpr.experiments import BASELINES, SCORE_NAMES
from histoexpr.experiments._results import COLUMNS
from histoexpr.experiments._words import EVALUATION, REGIMES, RESULT_SCORES, SMALLER_IS_BETTER
from histoexpr.metrics import SCORES


def test_every_word_is_defined_once():
    assert set(SCORE_NAMES) == set(RESULT_SCORES) > set(SCORES)
    assert set(SMALLER_IS_BETTER) < set(RESULT_SCORES) < set(COLUMNS)
    assert set(EVALUATION) < set(REGIMES)
    assert set(BASELINES.values()) < set(EVALUATION.values())
