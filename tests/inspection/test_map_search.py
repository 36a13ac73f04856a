"""The search for signals of a class."""

import copy
import warnings
from unittest import mock

import numpy as np
import torch
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from histoexpr import (
    SignalGenerator,
)
from histoexpr.exceptions import HistoexprWarning
from histoexpr.inspection import _map_search, class_maps


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
