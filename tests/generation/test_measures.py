"""What measures are called and which way is worse."""

import numpy as np

from histoexpr.generation._measures import DERIVED, MEASURES, SHORT, row_names


def test_worse_is_away_from_best():
    for measure in MEASURES.values():
        near, far = measure.best, measure.best + (-0.3 if measure.higher else 0.3)
        assert measure.badness(np.array(far)) > measure.badness(np.array(near))
        assert measure.low <= measure.best <= measure.high
    zeros = MEASURES["zero_fraction_error"]
    assert zeros.badness(np.array([-0.2, 0.1])).tolist() == [0.2, 0.1]
    # below 0.5 samples are copies of the test samples, which is no way to be told from them
    assert MEASURES["two_sample"].badness(0.4) < MEASURES["two_sample"].badness(0.5)


def test_rows_carry_the_names_of_marks():
    assert row_names("recall", ["a", "b"]) == ["recall"]
    assert row_names("zero_fraction_error", ["a", "b"]) == [
        "zero_fraction_error a", "zero_fraction_error b",
    ]  # fmt: skip
    assert row_names("marginal_distance_by_mark", ["a"]) == ["marginal_distance a"]
    assert {*SHORT, *DERIVED} <= set(MEASURES)
    assert not any(MEASURES[name].by_mark for name in SHORT)
