"""Maps of a class by method, probability and classifier."""

import copy

import numpy as np
import pytest
import torch
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import (
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    SignalGenerator,
    SignalScaler,
)
from histoexpr.exceptions import HistoexprWarning
from histoexpr.inspection import _map_search, class_maps, class_path
from histoexpr.inspection._differentiable import log_odds
from support.planted import SMALL_CNN


def test_gradients_do_not_pass_elsewhere(classifiers, genes):
    assert log_odds(classifiers["logistic"], "on") is None
    with pytest.raises(ValueError, match="gradients pass"):
        class_maps(classifiers["logistic"], "on", method="gradient", X=genes[0])


def test_bad_parameters_of_maps_are_named(genes, classifiers, generator):
    X, y = genes
    linear = classifiers["linear"]
    for params, message in (
        ({"prior": -1}, "'prior'"),
        ({"n_maps": 0}, "n_maps"),
        ({"n_maps": True}, "n_maps"),
        ({"probability": 1.0}, "'probability'"),
        ({"generator": X}, "'generator'"),
        ({"method": "ascent"}, "'method'"),
        ({"generator": SignalGenerator()}, "not fitted"),
        ({"generator": None}, "needs generator"),
        ({"method": "data"}, "needs X"),
        ({"method": "data", "X": X, "n_maps": 1000}, "120 samples only"),
        ({"method": "data", "X": X - 5.0}, "Negative values"),
        ({"method": "gradient", "X": X[:, :6]}, "bins"),
    ):
        with pytest.raises((ValueError, NotFittedError), match=message):
            class_maps(linear, "on", **{"generator": generator} | params)
    other = HistoneLinearClassifier(device="cpu").fit(X[:, :6], y)
    with pytest.raises(ValueError, match="bins"):
        class_maps(other, "on", generator=generator)


def test_the_highest_is_higher_than_what_is_asked_for(classifiers, generator):
    for name in ("linear", "cnn", "logistic"):
        shared = {"generator": generator, "n_maps": 8, "random_state": 0}
        highest = class_maps(classifiers[name], "on", **shared)
        asked = class_maps(classifiers[name], "on", probability=0.6, **shared)
        assert np.median(highest.scores) > np.median(asked.scores)
        assert highest.scores.min() > 0.5


def test_networks_in_training_mode_and_grad_mode_do_not_matter(genes, classifiers, generator):
    cnn = copy.deepcopy(classifiers["cnn"])
    params = {"generator": generator, "n_maps": 4, "random_state": 0}
    expected = class_maps(cnn, "on", **params).signals
    cnn.net_.module_.train()
    with torch.no_grad():
        found = class_maps(cnn, "on", **params).signals
    np.testing.assert_array_equal(found, expected)
    assert cnn.net_.module_.training


def test_signals_of_one_mark_may_have_two_axes(genes):
    X, y = genes[0][:, :, 0], genes[1]
    tiny = {"n_steps": 2, "width": 4, "latent_dim": 4, "encoder_steps": 1, "random_state": 0}
    generator = SignalGenerator(**tiny).fit(X, y)
    cnn, linear = HistoneCNNClassifier(**SMALL_CNN), HistoneLinearClassifier(device="cpu")
    for classifier in (cnn, linear, LogisticRegression(max_iter=1000)):
        classifier.fit(X, y)
        # the linear model takes columns for marks, and a generator takes them for bins
        differentiable = not isinstance(classifier, LogisticRegression)
        methods = ["gan", "data"] + ["gradient"] * differentiable
        for method in methods:
            maps = class_maps(
                classifier, "on", method=method, generator=generator, X=X, n_maps=3, random_state=0
            )
            assert maps.signals.shape == (3, 12, 1)
            assert maps.sampled == (method == "gan" and not differentiable)
            np.testing.assert_allclose(
                maps.scores, classifier.predict_proba(maps.signals[:, :, 0])[:, 1], atol=1e-6
            )
    with pytest.raises(ValueError, match="gradients pass through"):
        class_maps(classifier, "on", method="gradient", X=X)


def test_marks_are_matched_by_name(genes):
    """Signals of a generator or of X in another order of marks are the same signals."""
    X, y = genes

    def data(marks):
        order = ["abc".index(mark) for mark in marks.lower()]
        labels = {"cell": np.full(len(y), "c"), "gene": np.arange(len(y)).astype(str)}
        return HistoneDataset(X[..., order], y, **labels, marks=list(marks), bin_size=50)

    linear = HistoneLinearClassifier(device="cpu").fit(data("abc"))
    for classifier in (linear, make_pipeline(SignalScaler(), linear).fit(data("abc"))):
        for method in ("data", "gradient"):
            wanted = {"method": method, "n_maps": 3, "random_state": 0}
            expected = class_maps(classifier, "on", X=data("abc"), **wanted)
            assert expected.marks == ["a", "b", "c"]
            maps = class_maps(classifier, "on", X=data("Cab"), **wanted)
            assert maps.marks == ["C", "a", "b"]
            np.testing.assert_array_equal(maps.rows, expected.rows)
            if method == "data":
                np.testing.assert_array_equal(maps.signals, expected.signals[..., [2, 0, 1]])
            else:  # the random starts differ
                np.testing.assert_allclose(maps.scores, expected.scores, atol=1e-3)
                np.testing.assert_array_less(5, maps.signals[..., 1].max(axis=1))

    tiny = {"n_steps": 5, "width": 4, "encoder_steps": 1, "random_state": 0}
    generator = SignalGenerator(**tiny).fit(data("bac"))
    maps = class_maps(linear, "on", generator=generator, n_maps=2, random_state=0)
    assert maps.marks == ["b", "a", "c"]
    np.testing.assert_array_equal(
        maps.scores, linear.predict_proba(maps.signals[..., [1, 0, 2]])[:, 1]
    )
    other = data("abc").replace(marks=["a", "b", "d"])
    with pytest.raises(ValueError, match=r"X has the marks a, b, d.* fitted with a, b, c"):
        class_maps(linear, "on", method="data", X=other, n_maps=1)


def test_maps_of_a_generator_without_classes(genes, classifiers):
    tiny = {"n_steps": 2, "width": 4, "latent_dim": 4, "encoder_steps": 1, "random_state": 0}
    generator = SignalGenerator(**tiny).fit(genes[0])
    maps = class_maps(classifiers["cnn"], "on", generator=generator, n_maps=3, random_state=0)
    assert maps.signals.shape == (3, 12, 3)
    assert not maps.sampled
    assert class_maps(classifiers["logistic"], "on", generator=generator, n_maps=3).sampled


@pytest.mark.parametrize("name", ["linear", "pipeline", "ensemble", "logistic"])
def test_gan_maps_reach_the_probability_sought(name, classifiers, generator):
    classifier = classifiers[name]
    params = {"generator": generator, "n_maps": 8, "random_state": 0, "prior": 0.01}
    maps = class_maps(classifier, "on", probability=0.7, **params)
    assert maps.signals.shape == (8, 12, 3)
    assert maps.signals.min() >= 0
    np.testing.assert_allclose(maps.scores, classifier.predict_proba(maps.signals)[:, 1])
    assert np.median(np.abs(maps.scores - 0.7)) < 0.1
    best = class_maps(classifier, "on", **params)
    assert np.median(best.scores) > 0.85
    again = class_maps(classifier, "on", **params)
    np.testing.assert_array_equal(best.signals, again.signals)
    assert best.average.shape == best.spread.shape == (12, 3)
    assert best.spread.max() > 0


def test_maps_of_the_other_class_show_the_other_mark(classifiers, generator):
    params = {"generator": generator, "n_maps": 16, "random_state": 0}
    on = class_maps(classifiers["linear"], "on", **params).average.mean(axis=0)
    off = class_maps(classifiers["linear"], "off", **params).average.mean(axis=0)
    assert on[0] > off[0]
    assert on[1] < off[1]


def test_data_maps_are_the_best_samples(classifiers, genes):
    X = genes[0]
    proba = classifiers["linear"].predict_proba(X)[:, 1]
    maps = class_maps(classifiers["linear"], "on", method="data", X=X, n_maps=5)
    np.testing.assert_array_equal(np.sort(proba)[::-1][:5], maps.scores)
    np.testing.assert_array_equal(X[maps.rows], maps.signals)
    with pytest.warns(HistoexprWarning, match="probability 0.5 were sought, but half"):
        near = class_maps(
            classifiers["linear"], "on", method="data", X=X, n_maps=1, probability=0.5
        )
    assert abs(near.scores[0] - 0.5) == np.abs(proba - 0.5).min()


def test_what_is_missing_is_named(classifiers, generator, genes):
    linear = classifiers["linear"]
    with pytest.raises(ValueError, match="needs generator"):
        class_maps(linear, "on")
    with pytest.raises(ValueError, match="needs X"):
        class_maps(linear, "on", method="data")
    with pytest.raises(ValueError, match=r"target 'high'.*\['off', 'on'\]"):
        class_maps(linear, "high", generator=generator)
    with pytest.raises(ValueError, match="probability"):
        class_maps(linear, "on", generator=generator, probability=1.0)
    with pytest.raises(ValueError, match="method"):
        class_maps(linear, "on", method="saliency")


def test_path_needs_several_probabilities(classifiers, generator):
    with pytest.raises(ValueError, match="'probabilities'"):
        class_path(classifiers["linear"], "on", probabilities=0.5, generator=generator)


def test_path_goes_from_low_to_high(classifiers, generator):
    path = class_path(
        classifiers["linear"], "on", generator=generator, n_maps=6, prior=0.01, random_state=0
    )
    means = [maps.scores.mean() for maps in path]
    assert means == sorted(means)
    assert means[0] < 0.3 < 0.7 < means[-1]


def test_maps_that_start_from_real_genes(genes, classifiers, generator, monkeypatch):
    """One map each, near its gene; alone or with others the same."""
    monkeypatch.setattr(_map_search, "_STEPS", 60)
    X, linear = genes[0], classifiers["linear"]
    shared = {"generator": generator, "probability": 0.7, "prior": 0.01, "X": X}
    for method in ("gan", "gradient"):
        maps = class_maps(linear, "on", method=method, start=X[:3], **shared)
        assert maps.signals.shape == maps.start.shape == (3, 12, 3)
        assert np.median(np.abs(maps.scores - 0.7)) < 0.05
        logs = np.log1p(maps.signals)
        own, others = np.log1p(X[:3]), np.log1p(X[[1, 2, 0]])
        away = [np.square(logs - one).mean(axis=(1, 2)) for one in (own, others)]
        assert away[0].mean() < 0.8 * away[1].mean()
        alone = class_maps(linear, "on", method=method, start=X[2:3], **shared)
        np.testing.assert_allclose(alone.signals, maps.signals[2:], atol=1e-4)
    np.testing.assert_allclose(maps.start, X[:3], rtol=1e-5)  # gradient: the genes themselves


def test_a_path_of_one_gene(genes, classifiers):
    path = class_path(
        classifiers["linear"], "on", method="gradient", start=genes[0][1:2], X=genes[0],
        probabilities=(0.2, 0.5, 0.8),
    )  # fmt: skip
    np.testing.assert_allclose([maps.scores[0] for maps in path], [0.2, 0.5, 0.8], atol=0.02)


def test_starts_that_do_not_fit_are_named(genes, classifiers, generator):
    X = genes[0]
    for classifier, params, message in (
        ("linear", {"n_maps": 2}, "n_maps=2, but start has 3"),
        ("linear", {"method": "data", "X": X}, "Leave start out"),
        ("linear", {"start": X[:3, :6]}, r"\(6, 3\), but those of generator have \(12, 3\)"),
        ("logistic", {}, "gradients pass through.* counterfactuals"),
    ):
        with pytest.raises(ValueError, match=message):
            class_maps(
                classifiers[classifier], "on", **{"generator": generator, "start": X[:3]} | params
            )


@pytest.mark.slow
def test_maps_recover_known_biology(shared_data):
    """Real counts of K562: which marks belong to expressed and to silent genes, and where."""
    with np.load(shared_data / "counts" / "E123.npz", allow_pickle=False) as file:
        X, y = file["X"], file["y"].astype(int)
    k27me3, k36me3, _, k4me3, _ = range(5)
    generator = SignalGenerator(n_steps=500, random_state=0, device="cpu").fit(X, y)
    cnn = HistoneCNNClassifier(max_epochs=10, random_state=0, device="cpu").fit(X, y)
    for classifier in (cnn, HistoneLinearClassifier(device="cpu").fit(X, y)):
        params = {"generator": generator, "probability": 0.9, "random_state": 0}
        on, off = (np.log1p(class_maps(classifier, target, **params).average) for target in (1, 0))
        tss, away = slice(45, 55), np.r_[0:25, 75:100]
        assert on[tss, k4me3].mean() > off[tss, k4me3].mean() + 0.7
        assert on[tss, k4me3].mean() > 2 * on[away, k4me3].mean()
        assert on[away, k36me3].mean() > off[away, k36me3].mean() + 0.1
        assert on[away, k36me3].mean() > on[tss, k36me3].mean() + 0.1
        assert off[:, k27me3].mean() > on[:, k27me3].mean() + 0.1
