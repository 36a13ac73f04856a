"""Small signals, a generator and classifiers fitted to them."""

import numpy as np
import pytest
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    SignalGenerator,
    SignalScaler,
)
from support.planted import SMALL_CNN, planted_pairs


@pytest.fixture(scope="session")
def genes():
    """Mark 0 is high in class "on", mark 1 in class "off", mark 2 in neither."""
    rng = np.random.default_rng(0)
    y = np.tile(["off", "on"], 60)
    mean = np.full((120, 12, 3), 2.0)
    mean[y == "on", 4:8, 0] = 8
    mean[y == "off", :, 1] = 5
    return rng.poisson(mean).astype(np.uint16), y


@pytest.fixture(scope="session")
def generator(genes):
    return SignalGenerator(
        n_steps=80, width=8, latent_dim=4, lr=2e-3, ema_decay=0.8, encoder_steps=1,
        random_state=0, device="cpu",
    ).fit(*genes)  # fmt: skip


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def planted():
    """Signals of planted_pairs."""
    return planted_pairs()
