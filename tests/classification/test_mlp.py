"""The fully connected classifier."""

import numpy as np
import pytest

from histoexpr import HistoneMLPClassifier


@pytest.mark.parametrize(("standardize", "shape"), [("mark", (2,)), ("bin", (40, 2))])
def test_input_is_scaled_by_mark_or_by_bin(counts, standardize, shape):
    X, y = counts
    clf = HistoneMLPClassifier(
        hidden_sizes=(8,), max_epochs=1, standardize=standardize, pseudocount=1, random_state=0
    ).fit(X, y)
    axes = (0, 1) if standardize == "mark" else 0
    center = clf.net_.module_.input.center.numpy()
    assert center.shape == shape
    np.testing.assert_allclose(center, np.log1p(X.astype(float)).mean(axis=axes), rtol=1e-5)


def test_hidden_layers_have_the_sizes_asked_for(counts):
    clf = HistoneMLPClassifier(hidden_sizes=[7, 5], dropout=0.25, max_epochs=1).fit(*counts)
    head = clf.net_.module_.head
    widths = [layer.out_features for layer in head if hasattr(layer, "out_features")]
    assert widths == [7, 5, 2]
    assert [layer.p for layer in head if hasattr(layer, "p")] == [0.25]
