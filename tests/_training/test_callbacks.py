"""Callbacks: the validation score, the learning rate, the progress bar."""

from unittest import mock

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from skorch.callbacks import Callback, EpochScoring, LRScheduler

from histoexpr._training._callbacks import LearningRate, valid_auroc
from support.classifiers import CNN, MLP, ids


class Net:
    """What a scoring function of skorch sees of a net: the kept logits, batch by batch."""

    def __init__(self, *logits):
        self.logits = [torch.tensor(batch) for batch in logits]

    def forward_iter(self, X):
        yield from self.logits


def test_valid_auroc_ranks_by_the_difference_of_the_logits():
    # by the second logit alone, the first sample of class 0 would rank highest
    net = Net([[9.0, 8.0], [0.0, 1.0]], [[0.0, -2.0]])
    assert valid_auroc(net, None, np.array([0, 1, 0])) == 1
    assert valid_auroc(net, None, np.array([1, 0, 0])) == 0.5
    assert np.isnan(valid_auroc(net, None, np.array([1, 1, 1])))


def test_valid_auroc_of_several_classes_is_the_mean_of_those_that_occur():
    logits = np.random.default_rng(0).normal(size=(40, 3))
    y = np.arange(40) % 2
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = np.mean([roc_auc_score(y == k, proba[:, k]) for k in (0, 1)])
    assert valid_auroc(Net(logits[:30], logits[30:]), None, y) == pytest.approx(expected)


def test_learning_rate_follows_the_cosine():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    recorded = {}
    net = mock.Mock(optimizer_=optimizer)
    net.history.record = recorded.__setitem__
    schedule = LearningRate(0.1, 4)
    schedule.on_train_begin(net)
    rates = []
    for _ in range(5):
        schedule.on_batch_end(net, training=False)
        schedule.on_batch_end(net, training=True)
        rates.append(optimizer.param_groups[0]["lr"])
    expected = 0.1 + 0.4 * (1 + np.cos(np.pi * np.array([1, 2, 3, 4, 4]) / 4)) / 2
    np.testing.assert_allclose(rates, expected, rtol=1e-12)
    schedule.on_epoch_end(net)
    assert recorded == {"lr": rates[-1]}


def test_a_constant_rate_stays_and_every_epoch_has_one(counts):
    X, y = counts
    clf = clone(CNN).set_params(lr_schedule="constant", early_stopping=True, n_iter_no_change=1)
    clf.set_params(max_epochs=60).fit(X, y, groups=np.arange(300))
    assert clf.n_iter_ < 60
    assert {row["lr"] for row in clf.history_} == {clf.lr}


def test_verbose_shows_a_bar(counts, capsys):
    clone(CNN).set_params(verbose=1).fit(*counts)
    assert "HistoneCNNClassifier" in capsys.readouterr().err
    clone(CNN).fit(*counts)
    out = capsys.readouterr()
    assert out.err == ""
    assert out.out == ""


class Rates(Callback):
    """Collects the learning rate at the start of every epoch."""

    def on_epoch_begin(self, net, **kwargs):
        RATES.append(net.optimizer_.param_groups[0]["lr"])


class Halve(Callback):
    """Sets the rate by hand."""

    def on_epoch_end(self, net, **kwargs):
        net.optimizer_.param_groups[0]["lr"] = 0.25


RATES = []


@pytest.mark.parametrize(
    ("callback", "expected"),
    [
        (LRScheduler("StepLR", step_size=1, gamma=0.1), [1e-2, 1e-3, 1e-4]),
        (("mine", LRScheduler("ExponentialLR", gamma=0.5)), [1e-2, 5e-3, 2.5e-3]),
        (LRScheduler("StepLR", step_size=2, gamma=0.1), [1e-2, 1e-2, 1e-3]),
    ],
)
@pytest.mark.parametrize("estimator", [CNN, MLP], ids=ids)
def test_a_scheduler_of_ones_own_replaces_ours(estimator, callback, expected, counts):
    RATES.clear()
    clone(estimator).set_params(lr=1e-2, callbacks=[callback, Rates()]).fit(*counts)
    np.testing.assert_allclose(RATES, expected, rtol=1e-9)


def test_a_rate_that_a_callback_sets_stays(counts):
    RATES.clear()
    clone(CNN).set_params(lr=1e-2, callbacks=[Halve(), Rates()]).fit(*counts)
    assert RATES == [1e-2, 0.25, 0.25]


def test_scores_of_ones_own_callbacks_stay_in_the_history(counts):
    X, y = counts
    callbacks = [
        EpochScoring("accuracy", on_train=True, name="train_acc"),
        EpochScoring("roc_auc", name="valid_roc", lower_is_better=False),
    ]
    clf = clone(CNN).set_params(callbacks=callbacks).fit(X, y, X_val=X[:60], y_val=y[:60])
    assert list(clf.history_[0]) == [
        "epoch", "train_loss", "valid_loss", "valid_auroc", "lr", "seconds", "train_acc",
        "valid_roc",
    ]  # fmt: skip
    last = clf.history_[-1]
    assert last["valid_roc"] == pytest.approx(last["valid_auroc"], abs=1e-6)
    assert 0.4 < last["train_acc"] < 1
