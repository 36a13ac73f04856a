"""Sampling, encoding, decoding and scoring with a fitted generator."""

import pickle

import numpy as np
import pytest

from histoexpr import SignalGenerator
from support.generators import TINY


def test_samples_are_signals_of_the_shape_and_class_asked_for(fitted, genes):
    X = fitted.sample(7, y=1, random_state=0)
    assert X.shape == (7, 100, 5)
    assert X.dtype == np.float32
    assert X.min() >= 0
    np.testing.assert_array_equal(X, fitted.sample(7, y=[1] * 7, random_state=0))
    assert np.abs(X - fitted.sample(7, y=0, random_state=0)).max() > 0
    assert np.abs(X - fitted.sample(7, y=1, random_state=1)).max() > 0


def test_signals_of_counts_are_counts(fitted):
    assert fitted.counts_
    signals = fitted.sample(40, random_state=3)
    assert signals.dtype == np.float32
    np.testing.assert_array_equal(signals, np.rint(signals))
    for counts in ("round", "sample"):
        whole = fitted.sample(40, counts=counts, random_state=3)
        assert whole.dtype == np.int64
        np.testing.assert_array_equal(whole, signals)
    # the typical signal of a code is no count, as a mean is none
    given_back = fitted.inverse_transform(fitted.transform(signals))
    assert np.abs(given_back - np.rint(given_back)).max() > 0


def test_other_signals_are_made_counts_on_request(genes):
    generator = SignalGenerator(**TINY, random_state=0).fit(genes[0] / 3, genes[1])
    assert not generator.counts_
    signals = generator.sample(400, random_state=3)
    rounded = generator.sample(400, counts="round", random_state=3)
    drawn = generator.sample(400, counts="sample", random_state=3)
    assert rounded.dtype == drawn.dtype == np.int64
    np.testing.assert_array_equal(rounded, np.rint(signals))
    assert np.abs(drawn - signals).max() < 1.001
    assert abs(drawn.mean() - signals.mean()) < 0.01


def test_codes_do_not_depend_on_batch_mates_and_survive_a_pickle(fitted, genes):
    X = genes[0]
    Z = fitted.transform(X)
    np.testing.assert_allclose(Z[5:6], fitted.transform(X[5:6]), rtol=0, atol=1e-6)
    copied = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copied.transform(X), Z)
    assert len(pickle.dumps(fitted)) < 500_000  # no training data inside
    assert fitted.inverse_transform(Z).shape == X.shape
    assert fitted.reconstruction_error(X).shape == (len(X),)
    assert list(fitted.get_feature_names_out()[:2]) == ["signalgenerator0", "signalgenerator1"]


def test_score_prefers_the_better_generator(genes):
    X, y = genes
    shared = {"width": 8, "latent_dim": 4, "encoder_steps": 1, "lr": 2e-3, "ema_decay": 0.9}
    young, old = (
        SignalGenerator(n_steps=n, eval_every=n, random_state=0, **shared).fit(X, y)
        for n in (2, 150)
    )
    assert old.score(X, y) > young.score(X, y) + 0.5


def test_codes_can_be_drawn(fitted):
    codes = fitted.sample_codes(5, y=1, random_state=0)
    assert codes.shape == (5, 8)
    np.testing.assert_array_equal(codes[:, 6:], [[0, 1]] * 5)
    np.testing.assert_array_equal(codes, fitted.sample_codes(5, y=[1] * 5, random_state=0))


def test_signals_of_one_mark_keep_two_axes(genes):
    X = genes[0][:, :, 0].astype(float) / 3
    with pytest.warns(UserWarning, match="100 bins of one mark"):
        generator = SignalGenerator(**TINY, random_state=0).fit(X)
    assert generator.sample(2, random_state=0).shape == (2, 100)
    assert generator.inverse_transform(generator.transform(X)).shape == X.shape
    assert generator.reconstruction_error(X).shape == (len(X),)
