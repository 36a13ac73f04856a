"""The search without gradients."""

import numpy as np
import pytest

from histoexpr.inspection import _sampled_search, counterfactuals


@pytest.fixture(scope="module")
def shared(genes, generator):
    params = {"generator": generator, "reference": genes[0], "n_steps": 20, "random_state": 0}
    return params | {"prior": 0, "sparsity": 0}


@pytest.fixture(scope="module")
def found(shared, genes, classifiers):
    return counterfactuals(classifiers["logistic"], genes[0][:6], **shared)


def test_valid_without_gradients(found, genes, classifiers):
    assert found.sampled
    assert found.table.valid.all()
    assert found.table.applied_valid.all()
    proba = classifiers["logistic"].predict_proba(found.signals)
    column = np.where(found.table.target == "on", 1, 0)
    given = proba[np.arange(6), column]
    np.testing.assert_allclose(found.table.probability_counterfactual, given)
    assert given.min() >= 0.75


def test_random_steps_come_nearer(found, shared, genes, classifiers, monkeypatch):
    monkeypatch.setattr(_sampled_search, "_ROUNDS", 0)
    first = counterfactuals(classifiers["logistic"], genes[0][:6], **shared)
    assert (found.table.change <= first.table.change + 1e-6).all()
    assert found.table.change.mean() < 0.95 * first.table.change.mean()


def test_each_gene_is_on_its_own(found, shared, genes, classifiers):
    alone = counterfactuals(classifiers["logistic"], genes[0][[5, 2]], **shared)
    np.testing.assert_array_equal(alone.signals, found.signals[[5, 2]])
    np.testing.assert_array_equal(alone.applied, found.applied[[5, 2]])
