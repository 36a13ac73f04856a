"""Counterfactuals of genes of which it is known what makes their class."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from histoexpr import HistoneDataset, HistoneLinearClassifier, SignalGenerator
from histoexpr.inspection import counterfactuals


@pytest.fixture(scope="module")
def shared(genes, generator):
    return {"generator": generator, "reference": genes[0], "n_steps": 80}


@pytest.fixture(scope="module")
def found(shared, genes, classifiers):
    return counterfactuals(classifiers["linear"], genes[0][:4], **shared)


def test_the_known_marks_change_and_the_inert_one_hardly(found):
    table, changes = found.table, found.changes
    assert table.valid.all()
    assert table.applied_valid.all()
    assert not found.sampled
    assert table.target.tolist() == ["on", "off", "on", "off"]
    share = changes.groupby(["row", "mark"]).share.sum().unstack()
    np.testing.assert_allclose(share.sum(axis=1), 1)
    assert share["mark3"].mean() < 0.2
    assert share["mark1"].mean() > 0.4
    toward_on = changes[changes["sample"] % 2 == 0].groupby("mark").log2_change.mean()
    assert toward_on["mark1"] > 0.3
    assert toward_on["mark2"] < 0


def test_figures_of_the_table_are_those_of_the_signals(found, genes, classifiers):
    X, table = genes[0], found.table
    linear = classifiers["linear"]

    def logs(signals):
        return np.log1p(signals / found.unit) / found.scale

    def of_target(signals):
        proba = linear.predict_proba(signals)
        return proba[np.arange(4), np.where(table.target == "on", 1, 0)]

    def apart(A, B):
        return np.sqrt(np.square(logs(A) - logs(B)).mean(axis=(-2, -1)))

    for name, signals in (
        ("probability", X[:4]),
        ("probability_reconstruction", found.reconstructions),
        ("probability_counterfactual", found.signals),
        ("probability_applied", found.applied),
    ):
        np.testing.assert_allclose(table[name], of_target(signals), atol=1e-6)
    np.testing.assert_allclose(table.gap, apart(X[:4], found.reconstructions))
    np.testing.assert_allclose(table.change, apart(found.signals, found.reconstructions))
    np.testing.assert_allclose(table.distance, apart(X[:4], found.signals))
    np.testing.assert_allclose(table.applied_distance, apart(X[:4], found.applied))
    np.testing.assert_array_equal(found.originals, X[:4])
    # the nearest of the real genes that reach the probability
    proba = linear.predict_proba(X)
    for row in range(4):
        reach = np.flatnonzero(proba[:, int(table.target[row] == "on")] >= 0.75)
        distances = apart(X[row], X[reach])
        assert table.nearest[row] == reach[distances.argmin()]
        np.testing.assert_allclose(table.distance_nearest[row], distances.min())
        nearer = (distances < table.applied_distance[row]).mean()
        np.testing.assert_allclose(table.share_nearer[row], nearer)
    np.testing.assert_array_equal(found.nearest, X[table.nearest])
    changed = np.abs(np.log2((found.unit + found.signals) / (found.unit + found.reconstructions)))
    np.testing.assert_allclose(table.bins_changed, (changed >= 0.5).mean(axis=(1, 2)))


def test_each_gene_is_on_its_own(found, shared, genes, classifiers):
    alone = counterfactuals(classifiers["linear"], genes[0][[3, 0]], **shared)
    for name in ("signals", "applied", "reconstructions", "nearest"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(found, name)[[3, 0]])
    numbers = found.table.select_dtypes("number").columns.drop("sample")
    there = found.table.loc[[3, 0], numbers]
    np.testing.assert_allclose(alone.table[numbers], there, atol=1e-9)


def test_a_gene_of_the_class_already_stays(genes, generator, classifiers):
    proba = classifiers["linear"].predict_proba(genes[0])[:, 1]
    row = [int(proba.argmax())]
    params = {"generator": generator, "reference": genes[0], "n_steps": 10}
    kept = counterfactuals(classifiers["linear"], genes[0][row], target="on", **params)
    assert kept.table.valid.all()
    assert kept.table.change[0] < 0.15
    assert kept.table.applied_distance[0] < 0.15


def test_another_classifier_other_changes(found, shared, genes):
    """A classifier that has learned nothing of mark 1 needs more of mark 2."""
    X, y = genes
    shuffled = X.copy()
    shuffled[..., 0] = X[np.random.default_rng(0).permutation(len(X)), :, 0]
    blind = HistoneLinearClassifier(device="cpu").fit(shuffled, y)
    made = counterfactuals(blind, X[:1], **shared)
    assert made.table.target[0] == "on"
    assert made.table.valid.all()
    less = [
        one.changes[one.changes.row == 0].groupby("mark").log2_change.mean()
        for one in (found, made)
    ]
    assert less[1]["mark2"] < less[0]["mark2"] - 0.1
    assert less[1]["mark1"] < less[0]["mark1"] - 0.05


def test_generators_that_agree(shared, genes, generator, classifiers):
    params = shared | {"generator": [generator, generator], "n_steps": 10}
    twice = counterfactuals(classifiers["linear"], genes[0][:2], **params)
    assert twice.table["generator"].tolist() == [0, 0, 1, 1]
    assert twice.table["sample"].tolist() == [0, 1, 0, 1]
    np.testing.assert_array_equal(twice.signals[:2], twice.signals[2:])
    np.testing.assert_allclose(twice.table.stability, 1)
    assert twice.row_of(1, generator=1) == 3
    assert len(twice.realism) == 2 * 2 * 2


def data_set(X, y, marks):
    order = ["abc".index(mark) for mark in marks]
    labels = {"cell": np.full(len(y), "c"), "gene": np.arange(len(y)).astype(str)}
    return HistoneDataset(X[..., order], y, **labels, marks=list(marks), bin_size=50)


def test_marks_are_matched_by_name(genes):
    X, y = genes
    tiny = {"n_steps": 5, "width": 4, "encoder_steps": 1, "random_state": 0, "device": "cpu"}
    generator = SignalGenerator(**tiny).fit(data_set(X, y, "bac"))
    linear = HistoneLinearClassifier(device="cpu").fit(data_set(X, y, "cba"))
    made = {}
    for marks, others in (("abc", "bca"), ("cab", "abc")):
        made[marks] = counterfactuals(
            linear, data_set(X, y, marks).take([0]), generator=generator,
            reference=data_set(X, y, others), n_steps=10,
        )  # fmt: skip
    assert made["cab"].marks == ["c", "a", "b"]
    np.testing.assert_array_equal(made["cab"].signals, made["abc"].signals[..., [2, 0, 1]])
    np.testing.assert_allclose(made["cab"].table.gap, made["abc"].table.gap)
    assert made["cab"].table.nearest_gene[0] == made["abc"].table.nearest_gene[0]
    assert made["abc"].table.gene[0] == "0"
    assert made["abc"].bin_size == 50
    with pytest.raises(ValueError, match="a, b, d"):
        counterfactuals(
            linear, data_set(X, y, "abc").take([0]), generator=generator,
            reference=data_set(X, y, "abc").replace(marks=["a", "b", "d"]),
        )  # fmt: skip


def test_what_does_not_fit_is_named(genes, generator, classifiers):
    X, y = genes
    linear = classifiers["linear"]
    given = {"generator": generator, "reference": X}
    for params, message in (
        ({"generator": SignalGenerator()}, "not fitted"),
        ({"generator": []}, "empty list"),
        ({"generator": [linear]}, "list with HistoneLinearClassifier"),
        ({"generator": X}, "'generator'"),
        ({"probability": 0.4}, "'probability'"),
        ({"prior": -1}, "'prior'"),
        ({"sparsity": -1}, "'sparsity'"),
        ({"n_steps": 0}, "n_steps"),
        ({"n_regions": 13, "n_steps": 1}, "n_regions=13"),
        ({"target": "high"}, "not a class"),
        ({"reference": X[:, :6]}, "reference"),
        ({"reference": X[y == "off"], "target": "on"}, "No gene of the reference"),
    ):
        with pytest.raises((ValueError, NotFittedError), match=message):
            counterfactuals(linear, X[:1], **given | params)
    with pytest.raises(ValueError, match="Negative"):
        counterfactuals(linear, X[:1] - 5.0, **given)
    three = HistoneLinearClassifier(device="cpu").fit(X, np.arange(len(y)) % 3)
    with pytest.raises(ValueError, match="target is missing"):
        counterfactuals(three, X[:1], **given)
    with pytest.raises(NotFittedError):
        counterfactuals(LogisticRegression(), X[:1], **given)
