import copy
import warnings
from unittest import mock

import numpy as np
import pytest
import torch
from scipy.special import logit
from sklearn.ensemble import AdaBoostClassifier, StackingClassifier, VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from histoexpr import (
    BinPooler,
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    MarkSelector,
    SignalGenerator,
    SignalScaler,
    WindowSelector,
)
from histoexpr.exceptions import HistoexprWarning
from histoexpr.inspection import _map_search, class_maps, class_path
from histoexpr.inspection._differentiable import log_odds
from histoexpr.plots import ClassMapDisplay

SMALL_CNN = {"n_filters": 4, "hidden_sizes": (8,), "max_epochs": 8, "lr": 1e-2, "device": "cpu"}


@pytest.fixture(scope="module")
def genes():
    """Mark 0 is high in class "on", mark 1 in class "off", mark 2 says nothing."""
    rng = np.random.default_rng(0)
    y = np.tile(["off", "on"], 60)
    mean = np.full((120, 12, 3), 2.0)
    mean[y == "on", 4:8, 0] = 8
    mean[y == "off", :, 1] = 5
    return rng.poisson(mean).astype(np.uint16), y


@pytest.fixture(scope="module")
def generator(genes):
    return SignalGenerator(
        n_steps=30, width=8, latent_dim=4, lr=2e-3, ema_decay=0.8, encoder_steps=1,
        random_state=0, device="cpu",
    ).fit(*genes)  # fmt: skip


@pytest.fixture(scope="module")
def classifiers(genes):
    X, y = genes
    linear = HistoneLinearClassifier(device="cpu")
    cnn = HistoneCNNClassifier(**SMALL_CNN, random_state=0)
    unscaled = HistoneCNNClassifier(**SMALL_CNN, log1p=False, random_state=0)
    scaled = make_pipeline(SignalScaler(), unscaled)
    voting = VotingClassifier([("a", linear), ("b", scaled)], voting="soft", weights=[1, 3])
    logistic = make_pipeline(SignalScaler(), BinPooler(), LogisticRegression())
    made = {"linear": linear, "cnn": cnn, "pipeline": scaled, "ensemble": voting}
    made["logistic"] = logistic
    return {name: classifier.fit(X, y) for name, classifier in made.items()}


@pytest.mark.parametrize("name", ["linear", "cnn", "pipeline", "ensemble"])
def test_gradients_pass_and_agree_with_predict_proba(name, classifiers, genes):
    torch = pytest.importorskip("torch")
    classifier, X = classifiers[name], genes[0][:6]
    signals = torch.as_tensor(X.astype(np.float32)).requires_grad_()
    odds = log_odds(classifier, "on")(signals)
    proba = classifier.predict_proba(X)[:, 1]
    np.testing.assert_allclose(odds.detach(), np.log(proba / (1 - proba)), atol=1e-3)
    (gradient,) = torch.autograd.grad(odds.sum(), signals)
    assert gradient.abs().sum() > 0


def test_gradients_do_not_pass_elsewhere(classifiers, genes):
    assert log_odds(classifiers["logistic"], "on") is None
    with pytest.raises(ValueError, match="gradients pass"):
        class_maps(classifiers["logistic"], "on", method="gradient", X=genes[0])


def test_log_odds_of_ensembles_searches_and_selections(genes, classifiers):
    X, y = genes
    linear = HistoneLinearClassifier(device="cpu")
    selected = make_pipeline(
        MarkSelector([1, 0]), WindowSelector((-400, 400)), BinPooler(), linear
    )
    search = GridSearchCV(linear, {"alpha": [0.1, 1.0]}, cv=2)
    for classifier in (selected, search):
        classifier.fit(X, y)
        odds = log_odds(classifier, "on")(torch.as_tensor(X.astype(np.float32))).detach()
        np.testing.assert_allclose(odds, logit(classifier.predict_proba(X)[:, 1]), atol=2e-3)
    flat = X.reshape(len(X), -1)
    stacked = StackingClassifier([("a", DecisionTreeClassifier())], cv=2).fit(flat, y)
    chained = AdaBoostClassifier(DecisionTreeClassifier(max_depth=1), n_estimators=2)
    assert log_odds(stacked, "on") is None
    assert log_odds(chained.fit(flat, y), "on") is None


def test_log_odds_do_not_saturate(classifiers):
    score = log_odds(classifiers["linear"], "on")
    X = torch.full((1, 12, 3), 1.0)
    X[:, :, 0] = 1e6
    X.requires_grad_()
    odds = score(X)
    assert odds > 17
    assert torch.autograd.grad(odds, X)[0].abs().sum() > 0


def test_prior_holds_maps_near_where_they_start(genes, classifiers, monkeypatch):
    monkeypatch.setattr(_map_search, "_STARTS", 1)  # the same ones for both classes
    shared = {"n_steps": 20, "width": 4, "latent_dim": 4, "encoder_steps": 1, "lr": 2e-3}
    generator = SignalGenerator(**shared, random_state=0).fit(genes[0])
    gaps = []
    for prior in (0, 1e4):
        on, off = (
            class_maps(
                classifiers["linear"],
                target,
                generator=generator,
                n_maps=8,
                prior=prior,
                random_state=0,
            )
            for target in ("on", "off")
        )
        gaps.append(np.abs(np.log1p(on.signals) - np.log1p(off.signals)).mean())
    assert gaps[0] > 0.05
    assert gaps[1] < 0.1 * gaps[0]


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


def test_codes_get_no_farther_out_than_random_ones(classifiers, generator):
    norms = []

    class Watched(torch.nn.Module):
        def __init__(self, module):
            super().__init__()
            self.module, self.latent_dim = module, module.latent_dim
            self.noise_size, self.with_noise = module.noise_size, module.with_noise

        def forward(self, code):
            norms.append(code[:, : self.latent_dim].norm(dim=1).max().item())
            return self.module(code)

    watched = copy.deepcopy(generator)
    watched.generator_ = Watched(watched.generator_)
    class_maps(classifiers["linear"], "on", generator=watched, prior=0, random_state=0)
    start = np.linalg.norm(generator.sample_codes(64, random_state=0)[:, :4], axis=1).max()
    assert len(norms) > 100
    assert max(norms[2:]) <= max(norms[2], start, 2) + 1e-4


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
        methods = ["gan", "data"] + ["gradient"] * (classifier is cnn)
        for method in methods:
            maps = class_maps(
                classifier, "on", method=method, generator=generator, X=X, n_maps=3, random_state=0
            )
            assert maps.signals.shape == (3, 12, 1)
            assert maps.sampled == (method == "gan" and classifier is not cnn)
            np.testing.assert_allclose(
                maps.scores, classifier.predict_proba(maps.signals[:, :, 0])[:, 1], atol=1e-6
            )
    with pytest.raises(ValueError, match="gradients pass through"):
        class_maps(linear, "on", method="gradient", X=X)


def test_marks_in_another_order_are_refused(genes):
    pandas = pytest.importorskip("pandas")
    X, y = genes

    def frame(marks):
        columns = [f"{mark}:{b}" for b in range(12) for mark in marks]
        return pandas.DataFrame(X.reshape(len(X), -1), columns=columns)

    linear = HistoneLinearClassifier(device="cpu").fit(frame("abc"), y)
    tiny = {"n_steps": 1, "width": 4, "encoder_steps": 1, "random_state": 0}
    generator = SignalGenerator(**tiny).fit(frame("bac"), y)
    with pytest.raises(ValueError, match=r"classifier has the marks \['a', 'b', 'c'\], but X"):
        class_maps(linear, "on", method="data", X=frame("cab"), n_maps=2)
    with pytest.raises(ValueError, match=r"but generator has \['b', 'a', 'c'\]"):
        class_maps(make_pipeline(linear), "on", generator=generator, n_maps=2)


def test_the_average_of_small_integers_is_exact(genes, classifiers):
    X = (genes[0] % 3).astype(np.uint8)
    maps = class_maps(classifiers["linear"], "on", method="data", X=X, n_maps=5)
    assert maps.average.dtype == np.float64
    expected = np.expm1(np.log1p(maps.signals.astype(float)).mean(axis=0))
    np.testing.assert_allclose(maps.average, expected)


def test_starts_that_get_stuck_are_left_out(classifiers, generator, monkeypatch):
    """Of twice as many starts, those that come nearest to what is sought are returned."""
    params = {"generator": generator, "probability": 0.7, "random_state": 0}
    every = {}
    for starts in (1, 2):
        monkeypatch.setattr(_map_search, "_STARTS", starts)
        monkeypatch.setattr(_map_search, "_STEPS", 4)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HistoexprWarning)
            every[starts] = class_maps(
                classifiers["linear"], "on", n_maps=16 // starts, **params
            ).scores
    missed = np.sort(np.abs(logit(np.clip(every[1], 1e-6, 1 - 1e-6)) - logit(0.7)))
    kept = np.abs(logit(np.clip(every[2], 1e-6, 1 - 1e-6)) - logit(0.7))
    assert kept.max() < missed[12]


def test_between_two_classes_candidates_are_mixtures(genes, generator):
    seen = []

    class Watch(LogisticRegression):
        def predict_proba(self, X):
            seen.append(len(X))
            return super().predict_proba(X.reshape(len(X), -1))

    X, y = genes
    classifier = Watch(max_iter=1000).fit(X.reshape(len(X), -1), y)
    conditions = []
    decode = _map_search.decode

    def watched(generator, codes, rng):
        conditions.append(codes[:, 4:])
        return decode(generator, codes, rng)

    with mock.patch.object(_map_search, "decode", watched), warnings.catch_warnings():
        warnings.simplefilter("ignore", HistoexprWarning)
        for probability in (None, 0.5):
            class_maps(classifier, "on", generator=generator, probability=probability, n_maps=3)
    pure, mixed = conditions[-2:]
    assert set(np.unique(pure)) == {0, 1}
    assert ((mixed > 0.1) & (mixed < 0.9)).any(axis=1).mean() > 0.3


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


def test_gradient_maps_stay_in_range(classifiers, genes):
    X = genes[0]
    maps = class_maps(
        classifiers["linear"], "on", method="gradient", X=X, n_maps=4, random_state=0
    )
    assert (maps.signals <= X.max(axis=(0, 1)) * (1 + 1e-6)).all()
    assert maps.signals.min() >= 0
    assert maps.scores.min() > 0.9
    average = maps.average.mean(axis=0)
    assert average[0] > 5 * average[1]


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


def test_displays(classifiers, generator, genes):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    params = {"generator": generator, "n_maps": 4, "random_state": 0}
    path = ClassMapDisplay.from_estimator(
        classifiers["linear"], "on", probabilities=[0.2, 0.8], **params
    )
    assert len(path.axes_) == 2
    limits = {ax.images[0].get_clim() for ax in path.axes_}
    assert len(limits) == 1  # one colour scale
    for ax, maps in zip(path.axes_, path.maps.values(), strict=True):
        np.testing.assert_allclose(ax.images[0].get_array(), np.log1p(maps.average).T)
    assert path.plot(kind="profile") is path
    assert len(path.axes_) == 3
    first = next(iter(path.maps.values()))
    np.testing.assert_allclose(path.axes_[2].lines[0].get_ydata(), np.log1p(first.average)[:, 2])
    low, high = (matplotlib.colors.to_rgb(line.get_color()) for line in path.axes_[0].lines[:2])
    assert sum(low) < sum(high)  # from dark to light along the path
    with pytest.raises(ValueError, match="kind"):
        path.plot(kind="surface")
    with pytest.raises(ValueError, match="2 mark names"):
        ClassMapDisplay.from_maps(path.maps, marks=["a", "b"])
    matplotlib.pyplot.close("all")


def test_path_goes_from_low_to_high(classifiers, generator):
    path = class_path(
        classifiers["linear"], "on", generator=generator, n_maps=6, prior=0.01, random_state=0
    )
    means = [maps.scores.mean() for maps in path]
    assert means == sorted(means)
    assert means[0] < 0.3 < 0.7 < means[-1]


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
