"""BinPooler: by hand, without overflow, with names, in a grid search on real counts."""

import itertools

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from histoexpr import BinPooler
from histoexpr.utils import region_edges
from support.counts import COUNTS, MARKS


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [("mean", [2, 5]), ("sum", [8, 20]), ("max", [5, 9]), ("min", [0, 1]), ("median", [1.5, 5])],
)
def test_pooling_by_hand(pooling, expected):
    X = np.array([[[5, 1], [0, 9], [2, 5], [1, 5]]])
    assert BinPooler(pooling).fit_transform(X).tolist() == [expected]
    assert BinPooler(pooling).fit_transform(X[:, :, 1]).tolist() == [[expected[1]]]


def test_sums_do_not_overflow():
    X = np.full((2, 100, 1), 65535, dtype=np.uint16)
    assert BinPooler("sum").fit_transform(X).tolist() == [[6553500], [6553500]]
    assert BinPooler("mean").fit_transform(X).tolist() == [[65535], [65535]]


def test_names_of_pooled_marks():
    assert BinPooler().fit(COUNTS).get_feature_names_out().tolist() == [
        f"mark{number}" for number in range(1, 6)
    ]
    assert BinPooler(mark_names=MARKS).fit(COUNTS).get_feature_names_out().tolist() == MARKS
    with pytest.raises(ValueError, match=r"2 mark names .* for 5 marks"):
        BinPooler(mark_names=["a", "b"]).fit(COUNTS)
    with pytest.raises(ValueError, match="not distinct"):
        BinPooler(mark_names=["a"] * 5).fit(COUNTS)


def test_classical_pipeline_in_a_grid_search(shared_data):
    data = np.load(shared_data / "counts" / "E003.npz")
    model = make_pipeline(BinPooler(), StandardScaler(), LogisticRegression())
    search = GridSearchCV(
        model, {"binpooler__pooling": ["mean", "max"]}, scoring="roc_auc", error_score="raise"
    )
    search.fit(data["X"], data["y"])
    assert search.best_score_ > 0.8


def test_regions_by_hand():
    X = np.array([[[5, 1], [0, 9], [2, 5], [1, 5], [4, 0]]])
    # five bins in two regions: three and two
    assert BinPooler("sum", n_regions=2).fit_transform(X).tolist() == [[7, 15, 5, 5]]
    assert BinPooler("max", n_regions=5).fit_transform(X).tolist() == [X.ravel().tolist()]
    assert BinPooler("sum", n_regions=2).fit_transform(X[:, :, 0]).tolist() == [[7, 5]]


@pytest.mark.parametrize("n_regions", [3, 7, 20])
def test_regions_are_sums_between_borders(n_regions):
    edges = region_edges(COUNTS.shape[1], n_regions)
    expected = [COUNTS[:, a:b].sum(axis=1) for a, b in itertools.pairwise(edges)]
    found = BinPooler("sum", n_regions=n_regions).fit_transform(COUNTS)
    np.testing.assert_array_equal(found, np.concatenate(expected, axis=1))
    # nothing depends on what is transformed beside a sample
    alone = BinPooler("sum", n_regions=n_regions).fit(COUNTS).transform(COUNTS[3:4])
    np.testing.assert_array_equal(alone, found[3:4])


def test_names_of_regions():
    names = BinPooler(n_regions=2, mark_names=MARKS).fit(COUNTS).get_feature_names_out()
    assert names.tolist() == [f"{mark}:{region}" for region in (1, 2) for mark in MARKS]


def test_more_regions_than_bins_are_refused():
    with pytest.raises(ValueError, match=r"n_regions=21, but X has 20 bin"):
        BinPooler(n_regions=21).fit(COUNTS)
    with pytest.raises(ValueError, match="'n_regions' parameter"):
        BinPooler(n_regions=0).fit(COUNTS)
