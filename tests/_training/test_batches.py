"""Batches cut from one array."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from histoexpr._training._batches import BatchIterator, SignalDataset, as_float32
from support.classifiers import ALL, ids


def make(**params):
    X = np.arange(10 * 3 * 2).reshape(10, 3, 2).astype(np.uint8)
    return X, SignalDataset(X, np.arange(10), **params)


def test_batches_hold_the_rows_asked_for():
    X, dataset = make(rows=np.array([8, 1, 3]))
    assert len(dataset) == 3
    assert dataset.targets().tolist() == [8, 1, 3]
    signals, target = dataset.batch(np.array([2, 0]))
    assert signals.dtype == torch.float32
    np.testing.assert_array_equal(signals, X[[3, 8]])
    assert target.tolist() == [3, 8]
    signal_of_one, code = dataset[1]
    np.testing.assert_array_equal(signal_of_one, X[1])
    assert code == 1


def test_weights_have_a_mean_of_one_over_the_rows():
    weight = np.arange(10.0)
    _, dataset = make(rows=np.array([2, 4]), sample_weight=weight)
    _, (target, used) = dataset.batch(np.array([0, 1]))
    assert target.tolist() == [2, 4]
    np.testing.assert_allclose(used, [2 / 3, 4 / 3], rtol=1e-6)


def test_about_half_of_the_samples_are_flipped_whole():
    X = np.arange(400 * 3 * 2).reshape(400, 3, 2).astype(float)
    dataset = SignalDataset(X, flip_rng=np.random.RandomState(0))
    signals = dataset.batch(np.arange(400))[0].numpy()
    same, flipped = (np.all(signals == Z, axis=(1, 2)) for Z in (X, X[:, ::-1]))
    assert (same ^ flipped).all()
    assert 150 < flipped.sum() < 250


@pytest.mark.parametrize("rng", [None, np.random.RandomState(0)])
def test_every_sample_comes_once_an_epoch(rng):
    _, dataset = make()
    batches = BatchIterator(dataset, 4, rng)
    assert len(batches) == 3
    assert [len(target) for _, target in batches] == [4, 4, 2]
    first, second = (torch.cat([t for _, t in batches]).tolist() for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(10))
    assert (first == second == list(range(10))) == (rng is None)


def test_a_copy_is_made_of_floats_too():
    X = np.ones((2, 3, 1), dtype=np.float32)
    copy = as_float32(X)
    copy[:] = 5
    assert X.max() == 1


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_values_beyond_single_precision_are_refused(estimator, counts):
    X, y = counts
    large = X.astype(float)
    large[3, 0, 0] = 1e39
    with pytest.raises(ValueError, match=r"beyond ±3\.4e38"):
        clone(estimator).fit(large, y)
    clf = clone(estimator).fit(X, y)
    with pytest.raises(ValueError, match=r"beyond ±3\.4e38"):
        clf.predict(large)
