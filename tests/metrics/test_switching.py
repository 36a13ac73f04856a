"""Switching genes: by hand, by brute force, symmetry, without and with an effect."""

from itertools import combinations

import numpy as np
import pytest

from histoexpr.metrics import auroc, switching_accuracy, switching_roc_auc
from support.between_cells import columns_of, coverage


def test_order_by_hand():
    columns = columns_of(4, 3, 4)
    y = [[0, 1, 1], [1, 0, 0], [1, 1, 1], [0, 0, 1]]
    score = [[0.1, 0.5, 0.1], [0.2, 0.4, 0.1], [0.0, 0.5, 0.9], [0.3, 0.2, 0.3]]
    # 1 and a tie; wrong and right; no pair; a tie and right
    found = switching_accuracy(np.ravel(y), np.ravel(score), **columns)
    assert found.value == pytest.approx((1 + 0.5 + 0 + 1 + 0.5 + 1) / 6)
    assert (found.n_genes, found.n_pairs, found.n_left_out) == (3, 6, 1)


def brute_force(y, score, weights):
    """Order right, and stratified AUROC of the direction, of tables (n_genes, n_cells)."""
    right = total = above = compared = 0
    for a, b in combinations(range(y.shape[1]), 2):
        rows = np.flatnonzero(y[:, a] != y[:, b])
        d, up, w = score[rows, b] - score[rows, a], y[rows, b] == 1, weights[rows]
        credit = np.where(up, d > 0, d < 0) + (d == 0) / 2
        right, total = right + w @ credit, total + w.sum()
        for i in np.flatnonzero(up):
            for j in np.flatnonzero(~up):
                above += w[i] * w[j] * ((d[i] > d[j]) + (d[i] == d[j]) / 2)
                compared += w[i] * w[j]
    return right / total, above / compared


def test_both_equal_brute_force_and_so_do_their_resamples():
    rng = np.random.default_rng(0)
    y, score = rng.integers(0, 2, (40, 4)), rng.integers(0, 5, (40, 4)) / 4  # with ties
    columns = columns_of(40, 4, 8)
    found = [
        f(y.ravel(), score.ravel(), **columns, n_resamples=2, confidence=0.05)
        for f in (switching_accuracy, switching_roc_auc)
    ]
    expected = brute_force(y, score, np.ones(40))
    assert [f.value for f in found] == pytest.approx(expected)
    draws = np.random.default_rng(0).multinomial(8, np.full(8, 1 / 8), size=2)
    resampled = np.array([brute_force(y, score, draw[np.arange(40) % 8]) for draw in draws])
    for number, f in enumerate(found):
        # of two resamples the ends of a narrow interval lie about their mean
        assert (f.low + f.high) / 2 == pytest.approx(resampled[:, number].mean())


def test_of_two_cells_the_direction_is_an_auroc():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, (80, 2))
    score = rng.normal(size=(80, 2)) + y
    switching = y[:, 0] != y[:, 1]
    expected = auroc(y[switching, 1], (score[:, 1] - score[:, 0])[switching])
    columns = columns_of(80, 2)
    found = switching_roc_auc(y.ravel(), score.ravel(), **columns)
    assert found.value == pytest.approx(expected)
    assert found.n_genes == found.n_pairs == switching.sum()
    # a shift of a cell costs the order, not the direction
    shifted = score + np.array([0, 2])
    order = [switching_accuracy(y.ravel(), s.ravel(), **columns).value for s in (score, shifted)]
    assert order[1] < order[0] - 0.1
    assert switching_roc_auc(y.ravel(), shifted.ravel(), **columns).value == found.value
    # names of cells and classes exchanged
    other = columns | {"cell": np.where(columns["cell"] == "0", "b", "a")}
    assert switching_roc_auc(y.ravel(), score.ravel(), **other) == found
    assert switching_roc_auc(1 - y.ravel(), -score.ravel(), **columns).value == found.value


def test_missing_cells_and_text_labels():
    y, score = ["off", "on", "on", "on"], [0.1, 0.3, 0.2, 0.4]
    found = switching_accuracy(y, score, gene=list("aabb"), cell=list("xyxz"))
    assert (found.value, found.n_genes, found.n_pairs) == (1, 1, 1)
    nothing = switching_roc_auc([1, 1], [0.1, 0.2], gene=list("ab"), cell=list("xx"))
    assert np.isnan(nothing.value)
    assert (nothing.n_genes, nothing.n_left_out) == (0, 2)
    with pytest.raises(ValueError, match=r"y_true has 3 class\(es\)"):
        switching_accuracy([0, 1, 2, 0], score, gene=list("aabb"), cell=list("xyxy"))


@pytest.mark.parametrize("metric", [switching_accuracy, switching_roc_auc])
def test_intervals_cover_chance_and_find_something(metric):
    columns = columns_of(120, 4)

    def score(effect):
        def draw(rng):
            y = rng.integers(0, 2, 480)
            # what is a property of the gene is no knowledge of cells
            level = np.repeat(rng.normal(size=120), 4)
            predicted = level + effect * y + rng.normal(size=480)
            return metric(y, predicted, **columns, n_resamples=400)

        return draw

    share, mean = coverage(score(0), 0.5, 150)
    assert 0.88 <= share <= 0.99
    assert mean == pytest.approx(0.5, abs=0.01)
    share, mean = coverage(score(0.6), 0.5, 40)
    assert share <= 0.05
    assert mean > 0.6
