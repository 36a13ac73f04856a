import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable
from histoexpr.persistence._kinds import kind_by_name
from histoexpr.persistence._our_codecs import Elsewhere, hash_values
from histoexpr.transfer import ReferenceTable

VALUES = np.array([[1.0, 0.0], [3.0, 7.0]])
GENES, CELLS = np.array(["a", "b"]), np.array(["x", "y"])
LOG2 = np.log2(VALUES + 1)


def make(name, **state):
    return kind_by_name(f"histoexpr.{name}", "there").make({}, state, "there")


def test_a_reference_table_comes_back_with_its_ranks():
    made = make("ReferenceTable", genes=GENES, cells=CELLS, log2=LOG2, spelled={"c": 1})
    like = ReferenceTable(ExpressionTable(VALUES, GENES, CELLS))
    for name in ("log2", "ranks", "on"):
        np.testing.assert_array_equal(getattr(made, name), getattr(like, name))
    assert made.find(["c", "a"]).tolist() == [1, 0]


def test_rows_beyond_the_reference_are_refused():
    with pytest.raises(ValueError, match="genes that it does not have"):
        make("ReferenceTable", genes=GENES, cells=CELLS, log2=VALUES, spelled={"c": 2})


def test_parts_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        make("Distribution", values=np.zeros(2), weights=np.ones(3), mean=0.0)


def test_polynomials_must_have_the_terms_of_their_degree():
    state = dict.fromkeys(("low_", "high_", "mean_", "scale_"), np.ones(2))
    state |= dict.fromkeys(("term_mean_", "term_scale_", "coef_"), np.ones(5))
    made = make("Polynomial", degree=2, classes=True, intercept_=0.0, **state)
    assert made.output(np.zeros((1, 2))).shape == (1,)
    for degree in (1, 3, 10**9):
        with pytest.raises(ValueError, match="do not fit its degree"):
            make("Polynomial", degree=degree, classes=True, intercept_=0.0, **state)


def test_a_table_elsewhere_is_found_by_its_values():
    table = ExpressionTable(VALUES[::-1], GENES[::-1], CELLS)
    found = Elsewhere(hash_values(LOG2), table).find(GENES, CELLS)
    np.testing.assert_array_equal(found, LOG2)
    with pytest.raises(ValueError, match="values differ"):
        Elsewhere(hash_values(LOG2 + 1), table).find(GENES, CELLS)
    with pytest.raises(ValueError, match="Pass reference="):
        Elsewhere(hash_values(LOG2)).find(GENES, CELLS)
