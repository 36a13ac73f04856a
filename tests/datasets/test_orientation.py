"""Which way bins run: recorded, kept, turned by strand, and joined."""

import pickle

import numpy as np
import pytest

from histoexpr import HistoneDataset, MarkSelector, WindowSelector
from histoexpr.exceptions import HistoexprWarning
from support.small_datasets import assert_equal_datasets, make_dataset

CENTRED = {"X": np.arange(48).reshape(8, 2, 3), "marks": ["a", "b", "c"]}


def centred(oriented=False, **changes):
    return make_dataset(**CENTRED, oriented=oriented, **changes)


@pytest.mark.parametrize(
    ("oriented", "words"),
    [(True, "bins along transcription"), (False, "bins along the genome"), (None, None)],
)
def test_orientation_is_shown_and_kept(oriented, words):
    data = make_dataset(oriented=oriented)
    assert data.oriented is oriented
    assert ("bins along" in repr(data)) == (words is not None)
    assert words is None or words in repr(data)
    for kept in (
        data.select(cells="B", marks="K27"),
        data[[3, 1]],
        data.replace(y=None),
        pickle.loads(pickle.dumps(data)),
        HistoneDataset.concat([data, data]),
        MarkSelector("K4").fit_transform(data),
        WindowSelector((0, 100)).fit_transform(data),
    ):
        assert kept.oriented is oriented
    assert data.replace(oriented=True).oriented is True
    assert make_dataset(oriented=np.bool_(True)).oriented is True


def test_bins_of_the_minus_strand_are_reversed():
    data = centred()
    turned = data.orient()
    assert turned.oriented is True
    minus = data.strand == "-"
    np.testing.assert_array_equal(turned.X[minus], data.X[minus][:, ::-1])
    np.testing.assert_array_equal(turned.X[~minus], data.X[~minus])
    assert data.X[1].tolist() == CENTRED["X"][1].tolist()  # unchanged
    back = turned.orient(False)
    assert_equal_datasets(back, data)
    assert back.oriented is False
    assert turned.orient() is turned
    assert data.orient(False) is data
    bare = HistoneDataset(np.ones((1, 2, 1)), cell=["A"], gene=["g"], oriented=True)
    assert bare.orient() is bare  # nothing to turn


def test_what_cannot_be_turned_says_why():
    with pytest.raises(ValueError, match=r"unknown which way.*replace\(oriented=False\)"):
        centred(None).orient()
    with pytest.raises(ValueError, match=r"no column strand.*replace\(strand"):
        centred(strand=None).orient()
    some = centred(strand=["+", "-", ".", "-"] * 2)
    with pytest.raises(ValueError, match=r"1 of 4 genes have no strand, the first 002 .*'\.'"):
        some.orient()
    assert some.take(some.strand != ".").orient().n_samples == 6  # the remedy
    with pytest.raises(ValueError, match=r"\(-100, 200\) is not symmetric.*WindowSelector"):
        make_dataset(oriented=False).orient()
    part = WindowSelector((-100, 100)).fit_transform(make_dataset(oriented=False))
    assert part.orient().oriented is True  # the remedy
    with pytest.raises(ValueError, match="must be True or False"):
        centred().orient(None)
    for wrong in ("yes", 1, "auto"):
        with pytest.raises(ValueError, match="oriented must be True"):
            make_dataset(oriented=wrong)


def test_joined_data_sets_run_the_same_way():
    first, second = centred(), centred(True)
    with pytest.raises(
        ValueError, match=r"set 1 has bins along transcription .*set 0 has .*genome.*orient\(\)"
    ):
        HistoneDataset.concat([first, second])
    assert HistoneDataset.concat([first.orient(), second]).oriented is True
    with pytest.warns(HistoexprWarning, match="set 1 is unknown.*replace.oriented"):
        joined = HistoneDataset.concat([first, centred(None)])
    assert joined.oriented is None
    with pytest.raises(ValueError, match=r"set 2 has .* set 1 has"):
        HistoneDataset.concat([centred(None), first, second])
