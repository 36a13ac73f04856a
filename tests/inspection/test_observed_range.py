"""What is inside and outside the range of real genes."""

import numpy as np
import pytest

from histoexpr.inspection._observed_range import ObservedRange

WHOLE = slice(0, 4)


def flat(marks):
    """Return signals of which each mark is the same in all bins: exp(level) - 1."""
    return np.expm1(np.repeat(np.asarray(marks, dtype=float)[:, None], 4, axis=1))


@pytest.fixture(scope="module")
def real():
    """Two marks, uniform and equal."""
    level = np.random.default_rng(0).uniform(1, 3, 2000)
    return flat(np.stack([level, level], axis=1))


def test_real_genes_are_inside(real):
    observed = ObservedRange(real, [(WHOLE, 0), (WHOLE, 1)])
    np.testing.assert_allclose(observed.ends, [[1.01, 2.99]] * 2, atol=0.01)
    assert observed.outside_alone(real).mean(axis=0) == pytest.approx([0.01, 0.01], abs=0.001)
    assert observed.outside_together(real, own=True).mean() == pytest.approx(0.01, abs=0.002)
    new = np.random.default_rng(1).uniform(1, 3, 1000)
    new = flat(np.stack([new, new], axis=1))
    assert observed.outside_together(new, own=False).mean() < 0.03


def test_a_mark_beyond_its_range_is_outside(real):
    observed = ObservedRange(real, [(WHOLE, 0)])
    assert observed.outside_alone(flat([[0.9, 2], [2, 9], [3.1, 2]])).ravel().tolist() == [
        True, False, True,
    ]  # fmt: skip


def test_marks_that_are_never_seen_together_are_outside(real):
    observed = ObservedRange(real, [(WHOLE, 0)])
    torn = flat([[1.2, 2.8], [2.8, 1.2], [2, 2]])
    assert not observed.outside_alone(torn).any()
    assert observed.outside_together(torn, own=False).tolist() == [True, True, False]


def test_the_region_counts_by_itself(real):
    """A mark that moves within the window has the same mean, but not where it was."""
    observed = ObservedRange(real, [(slice(0, 2), 0)])
    moved = flat([[2.0, 2.0]])
    moved[:, :2, 0], moved[:, 2:, 0] = np.expm1(1.2), np.expm1(2.8)
    assert observed.outside_together(moved, own=False).all()


def test_a_range_with_0_in_it_lets_marks_be_removed():
    level = np.where(np.arange(1000) % 20 == 0, 0, 2.0)[:, None]
    observed = ObservedRange(flat(level), [(WHOLE, 0)])
    assert not observed.outside_alone(flat([[0.0]])).any()
    always = ObservedRange(flat(level + 1), [(WHOLE, 0)])
    assert always.outside_alone(flat([[0.0]])).all()


def test_few_genes_have_no_range(real):
    assert not ObservedRange(real[:99], [(WHOLE, 0)]).known
    assert np.isnan(ObservedRange(real[:99], [(WHOLE, 0)]).ends).all()
    assert ObservedRange(real[:100], [(WHOLE, 0)]).known


def test_a_mark_that_is_always_the_same_has_a_range():
    observed = ObservedRange(flat(np.ones((200, 1))), [(WHOLE, 0)])
    assert not observed.outside_alone(flat([[1.0]])).any()
    assert observed.outside_alone(flat([[1.1]])).all()
    assert observed.outside_together(flat([[1.1]]), own=False).all()
