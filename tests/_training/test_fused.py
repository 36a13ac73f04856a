"""Updates of all weights by one kernel."""

import copy
import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone

from histoexpr._training._fused import fuse_updates
from support.classifiers import CNN

KINDS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def is_fused(optimizer):
    return bool(optimizer.param_groups[0].get("fused"))


@pytest.mark.parametrize("name", KINDS)
def test_the_steps_are_those_of_the_plain_optimizer(name):
    found = []
    for fused in (False, True):
        torch.manual_seed(0)
        weights = [torch.nn.Parameter(torch.randn(shape)) for shape in [(3, 4), (5,)]]
        optimizer = KINDS[name](weights, lr=0.01, weight_decay=0.1)
        if fused:
            fuse_updates(optimizer)
        assert is_fused(optimizer) == fused
        for _ in range(100):
            for weight in weights:
                weight.grad = torch.randn_like(weight)
            optimizer.step()
        found.append(torch.cat([weight.detach().flatten() for weight in weights]))
    torch.testing.assert_close(*found, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", KINDS)
def test_optimizers_by_name_are_fused_and_the_users_own_are_not(name, counts):
    clf = clone(CNN).set_params(optimizer=name, max_epochs=1)
    assert is_fused(clf.fit(*counts).net_.optimizer_)
    own = clone(clf).set_params(optimizer=KINDS[name], weight_decay=0.0)
    assert not is_fused(own.fit(*counts).net_.optimizer_)


@pytest.mark.parametrize(
    "settings", [{"foreach": True}, {"foreach": False}, {"fused": False}, {"differentiable": True}]
)
def test_settings_that_were_made_stay(settings):
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.ones(2))], **settings)
    fuse_updates(optimizer)
    assert not is_fused(optimizer)


def test_complex_weights_have_no_such_kernel():
    weight = torch.nn.Parameter(torch.ones(2, dtype=torch.complex64))
    optimizer = torch.optim.Adam([weight])
    fuse_updates(optimizer)
    weight.grad = torch.ones_like(weight)
    optimizer.step()
    assert not is_fused(optimizer)
    assert (weight.real < 1).all()


def test_optimizers_without_such_a_kernel_and_in_use_stay():
    weight = torch.nn.Parameter(torch.ones(2))
    fuse_updates(torch.optim.RMSprop([weight]))
    used = torch.optim.Adam([weight])
    weight.grad = torch.ones(2)
    used.step()
    fuse_updates(used)
    assert not is_fused(used)


def test_training_goes_on_with_its_moments_after_a_change_and_a_pickle(counts):
    clf = clone(CNN).set_params(optimizer="sgd").partial_fit(*counts, classes=[0, 1])
    clf.set_params(optimizer="adamw").partial_fit(*counts)
    assert is_fused(clf.net_.optimizer_)
    steps = clf.net_.optimizer_.state[clf.net_.module_.conv.weight]["step"].item()
    again = pickle.loads(pickle.dumps(clf)).partial_fit(*counts)
    twin = copy.deepcopy(clf).partial_fit(*counts)
    state = again.net_.optimizer_.state[again.net_.module_.conv.weight]
    assert state["step"].item() == 2 * steps
    np.testing.assert_array_equal(
        again.decision_function(counts[0]), twin.decision_function(counts[0])
    )
