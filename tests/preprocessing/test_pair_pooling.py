"""PairPooler: by hand, names, and what swapping the cells does."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

from histoexpr import PairPooler, make_histone_cells, pair_cells
from histoexpr.datasets import swap_pairs

MARKS = ["first:K4", "first:K27", "second:K4", "second:K27", "change:K4", "change:K27"]


@pytest.fixture(scope="module")
def pairs():
    return pair_cells(make_histone_cells(n_cells=2, n_genes=60, random_state=0))


def test_changes_and_means_by_hand():
    # two bins, two regions; changes are not read
    X = np.array([[[0, 3, 1, 3, 9, 9], [7, 0, 0, 1, 9, 9]]])
    pooler = PairPooler(2, pseudocount=1.0, mark_names=MARKS)
    log = np.log([1, 2, 4, 4, 8, 1, 1, 2])  # first, second of K4 and K27, of either region
    found = pooler.fit_transform(X)
    change = log[1::2] - log[::2]
    mean = (log[1::2] + log[::2]) / 2
    np.testing.assert_allclose(found, [[*change, *mean]], rtol=1e-6)
    assert pooler.get_feature_names_out().tolist() == [
        f"{what}:{mark}:{region}"
        for what in ("change", "mean")
        for region in (1, 2)
        for mark in ("K4", "K27")
    ]
    # bins of a region are summed: K4 is 7 and 1
    summed = PairPooler(1, pseudocount=1.0, mark_names=MARKS).fit_transform(X)
    np.testing.assert_allclose(summed[0, 0], np.log(2 / 8), rtol=1e-6)


def test_the_pseudocount_is_that_of_both_cells():
    X = np.array([[[10, 0, 30, 0]]])
    pooler = PairPooler(1, mark_names=MARKS[:4]).fit(X)
    assert pooler.pseudocount_.tolist() == [0.2 * 20, 1.0]


def test_the_unit_of_signals_has_no_effect(pairs):
    expected = PairPooler().fit_transform(pairs)
    other = pairs.replace(X=pairs.X * 0.01)
    np.testing.assert_allclose(PairPooler().fit_transform(other), expected, atol=1e-4)


def test_swapped_cells_flip_changes_to_the_last_bit(pairs):
    pooler = PairPooler(10).fit(pairs)
    there, back = pooler.transform(pairs), pooler.transform(swap_pairs(pairs))
    assert there.shape == (60, 100)
    assert np.array_equal(back[:, :50], -there[:, :50])
    assert np.array_equal(back[:, 50:], there[:, 50:])
    assert (there[:, :50] != 0).any()


def test_marks_are_found_by_name(pairs):
    expected = PairPooler().fit_transform(pairs)
    turned = pairs.select(marks=pairs.marks[::-1])
    names = PairPooler().fit(pairs).get_feature_names_out().tolist()
    other = PairPooler().fit(turned)
    order = [other.get_feature_names_out().tolist().index(name) for name in names]
    np.testing.assert_array_equal(other.transform(turned)[:, order], expected)
    np.testing.assert_array_equal(other.transform(pairs)[:, order], expected)
    frame = pairs.as_frame()
    np.testing.assert_array_equal(PairPooler().fit_transform(frame), expected)
    without = pair_cells(make_histone_cells(n_cells=2, n_genes=60, random_state=0), change=False)
    np.testing.assert_array_equal(PairPooler().fit_transform(without), expected)


def test_what_has_no_names_holds_changes():
    X = np.array([[[-1.0, 3], [-2, 0]]])
    found = PairPooler(1, pseudocount=1.0).fit_transform(X)
    np.testing.assert_allclose(found, [[-np.log(4), np.log(4)]])
    flat = PairPooler(pseudocount=1.0).fit_transform(X[:, :, 0])
    np.testing.assert_allclose(flat, [[-np.log(2), -np.log(3)]])


def test_what_is_no_pair_is_refused(pairs):
    with pytest.raises(ValueError, match=r"K4, K27 are not those of pairs.*pair_cells"):
        PairPooler(mark_names=["K4", "K27"]).fit(np.ones((1, 9, 2)))
    with pytest.raises(ValueError, match="not the signals of both cells"):
        PairPooler().fit(pairs.select(marks=[m for m in pairs.marks if "change" in m]))
    with pytest.raises(ValueError, match="n_regions=101, but X has 100"):
        PairPooler(101).fit(pairs)


def test_any_regressor_learns_from_it(pairs):
    model = make_pipeline(PairPooler(), Ridge(100)).fit(pairs, pairs.log2_fold_change)
    assert model.score(pairs, pairs.log2_fold_change) > 0.3
