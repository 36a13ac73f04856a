"""Groups of bins replaced by a baseline, and amounts spread over their bins."""

import numpy as np
import pytest

from histoexpr.inspection import ModelOutput, Samples
from histoexpr.inspection._occlusion import occlude, patches, spread_by_change, spread_evenly
from support.planted import Known


@pytest.fixture(scope="module")
def samples():
    return Samples(np.random.default_rng(0).poisson(2, (5, 10, 2)).astype(float))


def test_patches_tile_the_window():
    labels = patches((10, 2), 4)
    assert labels[:, 0].tolist() == [0] * 4 + [2] * 4 + [4] * 2
    assert labels[:, 1].tolist() == [1] * 4 + [3] * 4 + [5] * 2


def test_losses_of_a_sum_are_its_terms(samples):
    baseline, labels = np.ones((10, 2)), patches((10, 2), 5)
    losses = occlude(ModelOutput(Known(), 1), samples, baseline, labels)
    change = (samples.X - 1).reshape(5, 2, 5, 2).sum(axis=2) / 10
    expected = change * [2, -1]
    np.testing.assert_allclose(losses, expected.reshape(5, 4), atol=1e-6)


def test_two_sides_divide_pairs_without_a_gap(samples):
    # a product of the two marks, each of which is one patch
    model, baseline, labels = ModelOutput(Known(0.5), 1), np.zeros((10, 2)), patches((10, 2), 10)
    difference = model(samples.X) - model(np.zeros((5, 10, 2)))
    one_side = occlude(model, samples, baseline, labels)
    both = occlude(model, samples, baseline, labels, inserted=True)
    np.testing.assert_allclose(both.sum(axis=1), difference, atol=1e-6)
    a, b = samples.X.mean(axis=1).T
    np.testing.assert_allclose(both[:, 0], 2 * a + 0.25 * a * b, atol=1e-6)
    np.testing.assert_allclose(one_side.sum(axis=1) - difference, 0.5 * a * b, atol=1e-6)


def test_no_group_has_no_part(samples):
    labels = patches((10, 2), 5)
    labels[:, 1] = -1
    labels[:5, 0], labels[5:, 0] = 0, 1
    losses = occlude(ModelOutput(Known(), 1), samples, np.zeros((10, 2)), labels)
    values = spread_evenly(losses, labels)
    assert losses.shape == (5, 2)
    assert (values[:, :, 1] == 0).all()
    np.testing.assert_allclose(values.sum(axis=1)[:, 0], losses.sum(axis=1))
    np.testing.assert_allclose(values[:, :5, 0], np.repeat(losses[:, :1] / 5, 5, axis=1))


def test_parts_follow_the_change():
    labels = np.array([[0], [0], [0], [1]])
    change = np.array([[[3.0], [-1.0], [2.0], [0.0]]])
    amounts = np.array([[8.0, 0.5]])
    signed = spread_by_change(amounts, change, labels, signed=True)
    assert signed[0, :, 0].tolist() == [6.0, -2.0, 4.0, 0.5]
    absolute = spread_by_change(amounts, change, labels, signed=False)
    np.testing.assert_allclose(absolute[0, :, 0], [4.0, 8 / 6, 16 / 6, 0.5])


def test_changes_that_cancel_give_no_large_parts():
    labels = np.zeros((2, 1), dtype=int)
    change = np.array([[[1.0], [-1.0]]])
    found = spread_by_change(np.array([[1e-7]]), change, labels, signed=True)
    np.testing.assert_allclose(found[0, :, 0], [5e-8, 5e-8])
