"""Building a net and training it: optimizers, callbacks, interrupts, divergence."""

import signal
from functools import partial

import numpy as np
import pytest
import torch
from sklearn.base import clone
from skorch.callbacks import Callback, EarlyStopping, scoring

from histoexpr._training._train import _raised_by_callback
from support.classifiers import CNN


def test_partial_fit_takes_a_new_optimizer(counts):
    clf = clone(CNN).set_params(optimizer="adamw").partial_fit(*counts, classes=[0, 1])
    clf.set_params(optimizer="sgd", weight_decay=0.125).partial_fit(*counts)
    assert type(clf.net_.optimizer_) is torch.optim.SGD
    assert clf.net_.optimizer_.param_groups[0]["weight_decay"] == 0.125
    clf.set_params(optimizer=torch.optim.RMSprop, weight_decay=0.0)
    before = clf.decision_function(counts[0])
    assert np.abs(clf.partial_fit(*counts).decision_function(counts[0]) - before).max() > 0
    assert type(clf.net_.optimizer_) is torch.optim.RMSprop
    working = clf.net_.optimizer
    clf.set_params(optimizer=partial(torch.optim.SGD, momentum=-1))
    with pytest.raises(ValueError, match="momentum"):
        clf.partial_fit(*counts)
    assert clf.net_.optimizer is working


def test_an_optimizer_of_ones_own_keeps_its_weight_decay(counts):
    own = partial(torch.optim.AdamW, weight_decay=0.25)
    clf = clone(CNN).set_params(optimizer=own, weight_decay=0.0).fit(*counts)
    assert clf.net_.optimizer_.param_groups[0]["weight_decay"] == 0.25


def test_user_callbacks_are_copied_and_may_stop(counts):
    stop = EarlyStopping(monitor="train_loss", patience=1, threshold=10.0, sink=lambda text: None)
    before = dict(vars(stop))
    clf = clone(CNN).set_params(max_epochs=50, callbacks=[("stop", stop)]).fit(*counts)
    assert clf.n_iter_ < 5
    assert vars(stop) == before


def test_ctrl_c_gets_through(counts):
    class Interrupt(Callback):
        def on_epoch_end(self, net, **kwargs):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clone(CNN).set_params(callbacks=[("interrupt", Interrupt())]).fit(*counts)


def test_ctrl_c_that_arrives_within_a_callback_of_skorch_is_no_regular_end():
    # what a signal looks like that arrives on the second line of that file
    code = compile("\nsignal.default_int_handler(2, None)", scoring.__file__, "exec")
    with pytest.raises(KeyboardInterrupt) as caught:
        exec(code, {"signal": signal, "__name__": scoring.__name__})
    assert caught.traceback[-1].path.name == "scoring.py"
    assert not _raised_by_callback(caught.value)


def test_diverging_training_is_an_error_with_a_remedy(counts):
    X, y = counts
    with pytest.raises(FloatingPointError, match="Lower lr"):
        clone(CNN).set_params(log1p=False, standardize=None, optimizer="sgd", lr=1e6).fit(X, y)


def test_dropout_acts_in_training_steps_and_not_in_validation(counts):
    seen = []

    class Modes(Callback):
        def on_batch_end(self, net, training, **kwargs):
            seen.append((training, {module.training for module in net.module_.modules()}))

    X, y = counts
    clf = clone(CNN).set_params(max_epochs=2, early_stopping=False, callbacks=[Modes()])
    clf.fit(X, y, X_val=X, y_val=y)
    assert len(seen) > 4
    assert all(modes == {training} for training, modes in seen)
