"""Interactions of all pairs of marks: not found where marks add up, found where they do not."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from histoexpr import BinPooler, HistoneLinearClassifier
from histoexpr.inspection import mark_interaction_matrix
from support.planted import Known, four_corners
from support.small_datasets import make_dataset

pytestmark = pytest.mark.filterwarnings("ignore:backgrounds are of several")

PAIRS = 6


def simulate(seed, product=0.0, n=400):
    """Four correlated marks of 24 bins: one saturates, one has a kink, one a V; one is inert.

    Marks only add up in the log-odds if ``product``, that of the logs of the first two, is 0.
    """
    rng = np.random.default_rng(seed)
    logs = 0.6 * rng.normal(size=(n, 1)) + 0.8 * rng.normal(size=(n, 4))
    centres, widths = np.array([12, 12, 16, 8]), np.array([3, 5, 6, 6])
    shape = np.exp(-0.5 * ((np.arange(24)[:, None] - centres) / widths) ** 2)
    X = rng.poisson(4 * np.exp(logs)[:, None, :] * shape + 0.3).astype(float)
    a, b, c = logs[:, :3].T
    odds = 1.8 * np.tanh(1.2 * a) - 1.2 * np.where(b > 0, b, 0.3 * b) + 0.8 * np.abs(c) - 0.5
    odds += product * a * b
    return X, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)


def on_regions(*steps):
    return make_pipeline(BinPooler("sum", n_regions=3), FunctionTransformer(np.log1p), *steps)


def boosting():
    model = HistGradientBoostingClassifier(max_iter=25, learning_rate=0.2, max_leaf_nodes=8)
    return on_regions(model)


def network():
    model = MLPClassifier((12,), max_iter=40, learning_rate_init=0.02, random_state=0)
    return on_regions(StandardScaler(), model)


def screen(make, seed, product, n_null=15):
    X, y = simulate(seed, product)
    model = make().fit(X, y)
    params = {"n_null": n_null, "n_backgrounds": 200}
    return mark_interaction_matrix(model, 1, backgrounds=X, y=y, **params).table


def rates(tables, column):
    """Return the share of pairs, and of data sets with any after Holm, below 5 %."""
    single = np.array([table[column] for table in tables])
    adjusted = np.array([table[column.replace("value", "holm")] for table in tables])
    if column == "product_p":
        adjusted = np.array([table.product_p_holm for table in tables])
    return (single < 0.05).mean(), (adjusted < 0.05).any(axis=1).mean()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("make", [boosting, network])
def test_marks_that_add_up_do_not_interact(make):
    """40 data sets of 6 pairs. Intervals over backgrounds alone exclude 0 in most of them."""
    tables = [screen(make, seed, 0.0) for seed in range(100, 140)]
    for column in ("p_value", "product_p"):
        single, any_adjusted = rates(tables, column)
        assert single <= 0.05, column
        assert any_adjusted <= 0.05, column
    beyond = [(table.difference.abs() > 2 * table.background_se).mean() for table in tables]
    assert np.mean(beyond) > 0.5


@pytest.mark.slow
def test_a_product_is_found():
    """A log-odds of 1.2 times the product of two logs, of SD 1, in 400 genes."""
    tables = [screen(boosting, seed, 1.2) for seed in range(300, 310)]
    for column, least in (("p_value", 0.8), ("p_holm", 0.5), ("product_p_holm", 0.8)):
        first = np.array([table[column][0] for table in tables])
        assert (first < 0.05).mean() >= least, column


def test_null_in_small():
    """A product of 3 in 400 genes, and a logistic regression, in which nothing interacts."""
    strong = screen(boosting, 0, 3.0, n_null=4)
    assert strong.p_value[0] < 0.05
    assert strong.product_p[0] < 1e-4
    assert strong.low[0] > 0
    X, y = simulate(0)
    linear = on_regions(StandardScaler(), LogisticRegression()).fit(X, y)
    found = mark_interaction_matrix(linear, 1, backgrounds=X, y=y, n_null=3, n_backgrounds=50)
    np.testing.assert_allclose(found.table.interaction, 0, atol=1e-9)
    assert found.table.p_value.isna().all()
    assert set(found.table.note) == {"undefined or the same in the refits"}


def test_quartiles_of_hand_made_marks():
    X, y = four_corners(), np.tile([0, 1, 1], 14)[:40]
    matrix = mark_interaction_matrix(Known(0.5), 1, backgrounds=X, null=None)
    table = matrix.table
    assert table.interaction[0] == pytest.approx(0.5 * 2 * 3)
    assert table.n_near[0] == 10
    assert table.interaction[1:].isna().all()
    assert table.note.tolist() == ["", *["mark3 is the same at both levels"] * 2]
    with_null = mark_interaction_matrix(Known(0.5), 1, backgrounds=X, y=y, n_null=3).table
    assert with_null.p_holm.isna().all()
    assert with_null.product_p.notna().tolist() == [True, False, False]
    assert "the product does not vary" in with_null.note[1]
    assert with_null.note[0] == "undefined or the same in the refits"


def test_marks_that_exclude_each_other_are_said_to():
    X = np.ones((40, 6, 2))
    X[:20, :, 0], X[20:, :, 1] = 9, 9
    table = mark_interaction_matrix(Known(), 1, backgrounds=X, null=None).table
    assert table.n_near[0] == 0
    assert "few backgrounds near a combination" in table.note[0]


def test_data_sets_bring_labels_and_the_state_decides():
    data = make_dataset(n_genes=30)
    model = HistoneLinearClassifier(max_epochs=2, device="cpu").fit(data)
    tables = [
        mark_interaction_matrix(model, 1, backgrounds=data, n_null=3, random_state=state).table
        for state in (0, 0, 1)
    ]
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])
    assert abs(tables[0].interaction[0]) < 1e-3


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="two or more"):
        mark_interaction_matrix(Known(), 1, backgrounds=np.ones((4, 12, 1)), null=None)
    with pytest.raises(ValueError, match="levels must be two"):
        mark_interaction_matrix(
            Known(), 1, backgrounds=four_corners(), null=None, levels=(0.1, 0.5, 0.9)
        )
    with pytest.raises(ValueError, match=r"pass X= and y=.*null=None"):
        mark_interaction_matrix(Known(), 1, backgrounds=four_corners())
