"""Classes and cell types as conditions."""

import numpy as np
import pytest

from histoexpr import SignalGenerator
from histoexpr.generation._conditions import Conditions
from support.generators import TINY


def test_codes_are_one_hot_and_drawn_as_often_as_learned():
    labels = {"y": np.array([0, 1, 1, 1]), "cell": np.array(["b", "a", "a", "b"])}
    conditions = Conditions(labels)
    numbers = conditions.learn(labels, 4)
    assert conditions.sizes == (2, 2)
    expected = [[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 1, 0], [0, 1, 0, 1]]
    np.testing.assert_array_equal(conditions.combinations[numbers], expected)
    drawn = conditions.draw({}, 4000, np.random.RandomState(0))
    assert drawn[:, 1].mean() == pytest.approx(0.75, abs=0.03)
    both = conditions.draw({"y": 0, "cell": "a"}, 5, np.random.RandomState(0))
    np.testing.assert_array_equal(both, [[1, 0, 1, 0]] * 5)


def test_classes_and_their_frequencies_grow_with_partial_fit(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, eval_every=1, random_state=0)
    generator.partial_fit(X[y == 0], y[y == 0], classes=[0, 1])
    assert generator.classes_.tolist() == [0, 1]
    assert generator.sample_codes(50, random_state=0)[:, 6].min() == 1
    generator.partial_fit(X[y == 1], y[y == 1])
    drawn = generator.sample_codes(4000, random_state=0)[:, 7].mean()
    assert drawn == pytest.approx(y.mean(), abs=0.03)


def test_a_new_fit_counts_classes_anew(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, warm_start=True, random_state=0).fit(X, y)
    generator.fit(X[y == 1], y[y == 1])
    assert generator.sample_codes(50, random_state=0)[:, 7].min() == 1
    with pytest.raises(ValueError, match="fit a new generator without it"):
        generator.set_params(conditional=False).fit(X, y)


def test_missing_labels_are_named(genes, fitted):
    X, y = genes
    for missing in (None, np.nan, ""):
        cell = np.array(["E003"] * len(X), dtype=object)
        cell[7] = missing
        with pytest.raises(ValueError, match="cell is missing for sample 7"):
            SignalGenerator(**TINY).fit(X, y, cell=cell)
    with pytest.raises(ValueError, match="y is missing for sample 0"):
        fitted.sample(2, y=[None, 1])
    with pytest.raises(ValueError, match="n_samples"):
        fitted.sample(True)
    once = SignalGenerator(**TINY, eval_every=1).partial_fit(X, y)
    with pytest.raises(ValueError, match=r"classes=\[0, 2\] is not the same"):
        once.partial_fit(X, y, classes=[0, 2])
    with pytest.raises(ValueError, match="classes was passed without y"):
        once.partial_fit(X, classes=[0, 1])


def test_cell_types_are_conditions_too(genes):
    X, y = genes
    cell = np.where(np.arange(len(X)) % 3 == 0, "E003", "E123")
    generator = SignalGenerator(**TINY, random_state=0).fit(X, y, cell=cell)
    assert generator.cells_.tolist() == ["E003", "E123"]
    Z = generator.transform(X)
    assert Z.shape == (len(X), 6 + 2 + 2)
    np.testing.assert_allclose(Z[:, 6:8].sum(axis=1), 1, rtol=1e-5)
    a = generator.sample(3, y=1, cell="E003", random_state=0)
    b = generator.sample(3, y=1, cell="E123", random_state=0)
    assert np.abs(a - b).max() > 0
    with pytest.raises(ValueError, match=r"cell contains \['E999'\]"):
        generator.sample(3, cell="E999")


def test_without_classes(genes):
    X, y = genes
    generator = SignalGenerator(**TINY, conditional=False, random_state=0).fit(X, y)
    assert not hasattr(generator, "classes_")
    assert generator.transform(X).shape == (len(X), 6)
    with pytest.raises(ValueError, match="fitted without it"):
        generator.sample(2, y=1)
    assert generator.score(X, y) == generator.score(X) <= 0
