"""The words of experiments."""

from histoexpr.experiments import BASELINES, BETWEEN_SCORES, SCORE_NAMES
from histoexpr.experiments._results import COLUMNS
from histoexpr.experiments._words import (
    CORRELATIONS,
    EVALUATION,
    EXPRESSION,
    LABEL,
    MAIN_SCORES,
    RANKING_SCORES,
    REGIMES,
    RESULT_SCORES,
    SAME_GENE,
    SMALLER_IS_BETTER,
)
from histoexpr.metrics import EXPRESSION_SCORES, SCORES


def test_every_word_is_defined_once():
    assert set(SCORE_NAMES) == set(RESULT_SCORES) > set(SCORES)
    assert set(SMALLER_IS_BETTER) < set(RESULT_SCORES) < set(COLUMNS)
    assert set(EVALUATION) < set(REGIMES)
    assert set(SAME_GENE) == set(MAIN_SCORES) == {LABEL, EXPRESSION}
    assert set(SAME_GENE.values()) < set(BASELINES)
    assert set(MAIN_SCORES.values()) | set(RANKING_SCORES) < set(RESULT_SCORES)
    assert set(CORRELATIONS) < set(EXPRESSION_SCORES) < set(RESULT_SCORES)
    assert not set(BETWEEN_SCORES) & set(SCORE_NAMES)
    assert set(BASELINES.values()) < set(EVALUATION.values())
