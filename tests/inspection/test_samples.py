"""What is known of signals that are explained."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneLinearClassifier, make_histone_cells
from histoexpr.inspection import Samples


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=1, n_genes=60, random_state=0)


@pytest.fixture(scope="module")
def linear(data):
    return HistoneLinearClassifier().fit(data)


def test_data_sets_bring_everything(data, linear):
    samples = Samples(data, [linear])
    assert (samples.marks, samples.window, samples.bin_size) == (data.marks, (-5000, 5000), 100)
    assert samples.gene.tolist() == data.gene.tolist()
    part = samples.take([3, 1])
    assert part.gene.tolist() == data.gene[[3, 1]].tolist()
    np.testing.assert_array_equal(part.X, data.X[[3, 1]])
    changed = part.given(part.X * 2, linear)
    assert changed.gene.tolist() == part.gene.tolist()
    np.testing.assert_array_equal(changed.X, part.X * 2)


def test_arrays_take_the_names_of_the_estimator(data, linear):
    samples = Samples(np.asarray(data), [linear])
    assert samples.marks == data.marks
    assert samples.gene is None
    assert samples.given(samples.X, linear) is samples.X


def test_named_marks_are_put_in_order(data, linear):
    order = data.marks[::-1]
    columns = [f"{mark}:{b}" for b in range(1, 101) for mark in order]
    frame = pd.DataFrame(data.X[:, :, ::-1].reshape(len(data), -1), columns=columns)
    samples = Samples(frame, [linear])
    assert samples.marks == order
    given = samples.given(samples.X, linear)
    np.testing.assert_allclose(linear.predict_proba(given), linear.predict_proba(data))


def test_marks_and_regions_by_name(data, linear):
    samples = Samples(data, [linear])
    assert samples.mark_number("h3k4me3") == data.marks.index("H3K4me3")
    assert samples.mark_number(1) == 1
    assert samples.bins((-500, 500)) == slice(45, 55)
    assert samples.bins(None) == slice(None)
    for wrong in ("H3K9ac", 5, True, None):
        with pytest.raises(ValueError, match="marks of the signals are"):
            samples.mark_number(wrong)


def test_what_is_no_signal_is_named(data, linear):
    with pytest.raises(ValueError, match="at least 1 sample"):
        Samples(np.zeros((0, 100, 5)), [linear])
    with pytest.raises(ValueError, match="NaN"):
        Samples(np.full((1, 100, 5), np.nan), [linear])
    with pytest.raises(ValueError, match="different directions"):
        Samples(data.replace(oriented=not data.oriented), [linear])
