"""Operations on signals, by hand."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneDataset
from histoexpr.inspection import Samples
from histoexpr.inspection._operations import (
    OPERATIONS,
    Donors,
    apply_operation,
    as_given,
    check_operation,
    in_order,
    read_steps,
)
from support.small_datasets import make_dataset


def numbered(n=60, cells=("A",), **columns):
    """Return genes of which gene i has the signal i in all bins of the first mark."""
    X = np.repeat(np.arange(n, dtype=float)[:, None, None], 4, axis=1).repeat(2, axis=2)
    cell = np.repeat(cells, n // len(cells))
    gene = [f"g{i}" for i in range(n)]
    return Samples(HistoneDataset(X, cell=cell, gene=gene, marks=["K4", "K27"], **columns))


def done(operation, value=None, samples=None, bins=slice(1, 3), donors=None, seed=0):
    samples = numbered() if samples is None else samples
    signals = samples.X.copy()
    rng = np.random.default_rng(seed)
    donors = Donors(samples, samples if donors is None else donors, rng)
    apply_operation(signals, bins, 0, operation, value, donors)
    kept = np.ones(signals.shape[1], dtype=bool)
    kept[bins] = False
    np.testing.assert_array_equal(signals[:, kept], samples.X[:, kept])
    np.testing.assert_array_equal(signals[:, :, 1], samples.X[:, :, 1])
    return signals[:, bins, 0]


def test_plain_operations():
    i = np.arange(60.0)[:, None]
    np.testing.assert_array_equal(done("remove"), np.zeros((60, 2)))
    np.testing.assert_array_equal(done("scale", 2), np.hstack([2 * i, 2 * i]))
    np.testing.assert_array_equal(done("set", 7), np.full((60, 2), 7))
    np.testing.assert_array_equal(done("set", [1, 2]), np.tile([1, 2], (60, 1)))
    np.testing.assert_array_equal(done("add", [0, 3]), np.hstack([i, i + 3]))
    with pytest.raises(ValueError, match="value has 3 bins, but the region has 2"):
        done("add", [1, 2, 3])


def test_low_and_high_are_tracks_of_genes_about_a_quantile():
    """Of genes 0 to 59 the five about the lower quartile, 14.75, are 13 to 17."""
    low, high = done("low")[:, 0], done("high")[:, 0]
    assert set(low) == {13, 14, 15, 16, 17}
    assert set(high) == {42, 43, 44, 45, 46}
    assert set(done("low", 0.0)[:, 0]) == {0, 1, 2, 3, 4}
    assert set(done("high", 1.0)[:, 0]) == {55, 56, 57, 58, 59}


def test_swapped_tracks_come_from_other_genes_of_the_cell():
    swapped = done("swap")[:, 0]
    assert sorted(swapped) == list(range(60))
    assert (swapped != np.arange(60)).mean() > 0.8
    cells = done("swap", samples=numbered(cells=("A", "B")))[:, 0]
    assert (cells[:30] < 30).all()
    assert (cells[30:] >= 30).all()
    np.testing.assert_array_equal(done("swap"), done("swap"))
    assert (done("swap") != done("swap", seed=1)).any()


def test_genes_of_a_label_give_their_tracks():
    samples = numbered(y=np.arange(60) % 3)
    assert set(done("swap", 2, samples)[:, 0] % 3) == {2}
    with pytest.raises(ValueError, match="value is 5, but the labels are 0, 1, 2"):
        done("swap", 5, samples)
    with pytest.raises(ValueError, match="no labels are known"):
        done("swap", 1)


def test_one_gene_gives_all_of_its_marks():
    samples = numbered()
    signals = samples.X.copy()
    donors = Donors(samples, samples, np.random.default_rng(0))
    for mark in range(2):
        apply_operation(signals, slice(0, 4), mark, "swap", None, donors)
    np.testing.assert_array_equal(signals[:, :, 0], signals[:, :, 1])


def test_a_reference_gives_tracks_in_the_order_of_marks():
    reference = make_dataset(n_genes=26, cells=("R",))
    X = np.zeros((26, 4, 2))
    X[:, :, 0] = 1000  # of K27
    reference = Samples(reference.replace(X=X, marks=["K27", "K4"], window=(-200, 200)))
    np.testing.assert_array_equal(done("swap", donors=reference), np.zeros((60, 2)))
    other = Samples(reference.dataset.replace(marks=["K9", "K4"]))
    with pytest.raises(ValueError, match="reference has the marks K9, K4, but the data have K4"):
        in_order(other, ["K4", "K27"])
    with pytest.raises(ValueError, match="3 genes are too few to give tracks, at least 20"):
        done("low", samples=numbered(3))


def test_types_hold_what_comes_and_counts_stay_whole():
    counts = np.array([[[200, 3]]], dtype=np.uint8)
    scaled = as_given(counts * 4.0, counts)
    assert scaled.dtype == np.uint16
    assert scaled.tolist() == [[[800, 12]]]
    halved = as_given(counts * 0.5, counts)
    assert halved.dtype == np.uint8
    assert halved.tolist() == [[[100, 2]]]
    assert as_given(counts / 4, counts.astype(np.float32)).dtype == np.float32
    assert as_given(counts * 2.0, counts > 5).tolist() == [[[400, 6]]]
    frame = pd.DataFrame(counts[0])
    assert as_given(counts / 2, frame).dtype == np.uint8
    assert as_given(counts - 10.0, counts.astype(int)).tolist() == [[[190, -7]]]
    assert as_given(counts - 1000.0, np.int8([1])).tolist() == [[[-800, -997]]]
    with pytest.raises(ValueError, match="Counts would be negative"):
        as_given(counts - 10.0, counts)


def test_steps_are_one_for_all_or_one_each():
    samples = numbered()

    def steps(*args):
        found = read_steps(samples, *args)
        return [(bins.start, bins.stop, *rest) for bins, *rest in found]

    assert steps("K4", None, "remove", None) == [(0, 4, 0, "remove", None)]
    assert steps("k27", (-100, 100), "set", [1, 2]) == [(1, 3, 1, "set", [1, 2])]
    both = [(1, 3, 0, "remove", None), (1, 3, 1, "remove", None)]
    assert steps(["K4", 1], (-100, 100), "remove", None) == both
    each = steps(["K4", "K27"], [(-200, 0), None], ["scale", "low"], [2, None])
    assert each == [(0, 2, 0, "scale", 2), (0, 4, 1, "low", None)]
    for args, name in (
        (([], None, "remove", None), "mark is an empty list"),
        ((["K4", "K27"], None, ["remove"], None), "operation has 1 entries for 2 mark"),
        ((["K4", "K27"], [None], "remove", None), "region has 1 entries for 2 mark"),
        ((["K4", "K27"], None, "scale", [1, 2, 3]), "value has 3 entries for 2 mark"),
        (("K9", None, "remove", None), "mark is 'K9'; the marks of the signals are K4, K27"),
        (("K4", (0, 150), "remove", None), "cuts through a bin"),
        (("K4", (0, 900), "remove", None), "must go upwards and lie within"),
    ):
        with pytest.raises(ValueError, match=name):
            read_steps(samples, *args)


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        ("remove", 0), ("scale", None), ("scale", -1), ("scale", "2"), ("scale", True),
        ("scale", np.inf), ("set", None), ("set", "a"), ("set", [[1]]), ("set", np.nan),
        ("add", None), ("low", 1.5), ("high", "top"), ("swap", [0, 1]),
    ],
)  # fmt: skip
def test_values_that_an_operation_does_not_take_are_refused(operation, value):
    with pytest.raises(ValueError, match=f"The operation '{operation}' takes"):
        check_operation(operation, value)


def test_unknown_operations_are_named():
    with pytest.raises(ValueError, match="operation is 'delete'; it is one of remove, scale"):
        check_operation("delete", None)
    assert len(OPERATIONS) == 7
