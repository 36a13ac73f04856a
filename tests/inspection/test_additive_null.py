"""Labels drawn from a model in which marks only add up, and refits to them."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from histoexpr import BinPooler, HistoneLinearClassifier
from histoexpr.inspection import Samples
from histoexpr.inspection._additive_null import (
    AdditiveModel,
    AdditiveNull,
    draw_labels,
    refit,
)
from support.planted import Known, four_corners
from support.small_datasets import make_dataset


def test_additive_model_learns_curves_but_no_product():
    rng = np.random.default_rng(0)
    logs = rng.normal(size=(3000, 2))
    X = np.exp(logs)[:, None, :] * np.ones((1, 4, 1))
    curve, product = np.abs(logs[:, 0]) * 3 - 2.4 - logs[:, 1], 1.5 * logs[:, 0] * logs[:, 1]
    for odds, fits in ((curve, True), (product, False)):
        y = rng.random(3000) < 1 / (1 + np.exp(-odds))
        proba = AdditiveModel(X, y).probabilities()
        np.testing.assert_allclose(proba.sum(axis=1), 1)
        found = np.log(proba[:, 1] / proba[:, 0])
        assert (np.corrcoef(found, odds)[0, 1] > 0.95) == fits
        assert abs(np.cov(found, product)[0, 1] / product.var()) < 0.1


def test_marks_that_do_not_vary_give_shares():
    y = np.repeat(["a", "b", "c"], [10, 20, 30])
    proba = AdditiveModel(np.ones((60, 4, 2)), y).probabilities()
    np.testing.assert_allclose(proba, np.tile([1 / 6, 1 / 3, 1 / 2], (60, 1)), atol=1e-4)


def test_a_class_of_one_sample_is_named():
    X = np.random.default_rng(0).poisson(3, size=(20, 4, 2))
    with pytest.raises(ValueError, match=r"class of one sample.*null=None"):
        AdditiveModel(X, np.arange(20) == 3)


def test_labels_are_drawn_from_probabilities():
    proba = np.tile([[0.2, 0.3, 0.5], [0, 0, 1.0]], (5000, 1))
    drawn = draw_labels(
        proba, np.array(["a", "b", "c"]), np.arange(10_000), np.random.default_rng(0)
    )
    assert set(drawn[1::2]) == {"c"}
    shares = [(drawn[::2] == name).mean() for name in "abc"]
    np.testing.assert_allclose(shares, [0.2, 0.3, 0.5], atol=0.03)


def test_cells_of_a_gene_share_their_draw():
    proba = np.tile([[0.6, 0.4], [0.4, 0.6]], (200, 1))
    gene = np.repeat(np.arange(200), 2)
    drawn = draw_labels(proba, np.array([0, 1]), gene, np.random.default_rng(0)).reshape(-1, 2)
    assert (drawn[:, 0] <= drawn[:, 1]).all()
    assert set(drawn.sum(axis=1)) == {0, 1, 2}


def test_labels_without_a_class_are_drawn_again_or_refused():
    proba = np.tile([0.7, 0.3], (4, 1))
    rng, classes = np.random.default_rng(0), np.array([0, 1])
    assert all(len(set(draw_labels(proba, classes, np.arange(4), rng))) == 2 for _ in range(100))
    with pytest.raises(ValueError, match="lack a class"):
        draw_labels(np.tile([1.0, 0.0], (4, 1)), classes, np.arange(4), rng)


def test_refits_are_clones_with_seeds_of_their_own():
    X, y = four_corners(), np.tile([0, 0, 0, 1], 10)
    model = make_pipeline(BinPooler(), RandomForestClassifier(5, random_state=3)).fit(X, y)
    other = refit(model, X, 1 - y, 8)
    assert (model[-1].random_state, other[-1].random_state) == (3, 8)
    assert (model.predict(X) == y).all()
    assert (other.predict(X) == 1 - y).all()


def test_data_sets_bring_their_labels_and_marks():
    data = make_dataset(n_genes=20)
    model = HistoneLinearClassifier(max_epochs=1, device="cpu").fit(data)
    backgrounds = Samples(data.select(marks=["K27", "K4"]), [model])
    null = AdditiveNull([model], backgrounds, data, None, np.random.default_rng(0))
    assert null.order == [1, 0]
    np.testing.assert_array_equal(null.y, data.y)
    labels = null.draw(2)
    refits = list(null.refits(labels, 0))
    assert len({one.random_state for one in refits}) == 2
    assert all(one.mark_names_in_.tolist() == data.marks for one in refits)
    turned = data.replace(oriented=True)
    with pytest.raises(ValueError, match="run in different directions"):
        AdditiveNull(
            [model],
            Samples(data.replace(oriented=False)),
            turned,
            None,
            np.random.default_rng(0),
        )


def test_several_fits_take_turns():
    X, y = four_corners(), np.tile([0, 1], 20)
    fits = [Known(0.1), Known(0.2)]
    null = AdditiveNull(fits, Samples(X), X, y, np.random.default_rng(0))
    assert [one.c for one in null.refits(null.draw(3), 0)] == [0.1, 0.2, 0.1]
