"""Arrays that name their axes, as xarray does."""

import numpy as np
import pytest

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, SignalScaler
from histoexpr.utils import read_signals
from support.signals import COUNTS

LABELS = np.arange(len(COUNTS)) % 2


class Named:
    """What is asked of an array with named axes."""

    def __init__(self, values, dims, **coords):
        self.values, self.dims, self.coords = values, dims, coords
        self.shape = values.shape


def as_coordinate(*names):
    return Named(np.array(names, dtype=object), ())


@pytest.mark.parametrize(
    ("dims", "axes"),
    [
        (("sample", "bin", "mark"), (0, 1, 2)),
        (("gene", "mark", "position"), (0, 2, 1)),
        (("Marks", "Bins", "Samples"), (2, 1, 0)),
        (("n_marks", "gene_id", "tss_distance"), (2, 0, 1)),
        (("assay", "promoter", "bin"), (2, 0, 1)),
        (("histone_mark", "pos", "obs"), (2, 1, 0)),
        (("dim_0", "track", "dim_2"), (0, 2, 1)),
        (("dim_0", "dim_1", "dim_2"), (0, 1, 2)),
    ],
)
def test_axes_are_put_in_order(dims, axes):
    source = read_signals(Named(np.transpose(COUNTS, axes), dims))

    assert np.array_equal(source.values, COUNTS)
    assert source.marks is None


def test_names_along_an_axis_are_those_of_the_marks():
    array = Named(np.swapaxes(COUNTS, 1, 2), ("gene", "mark", "bin"), mark=as_coordinate("b", "a"))
    assert read_signals(array).marks == ["b", "a"]
    numbered = Named(COUNTS, ("gene", "bin", "mark"), mark=Named(np.arange(2), ()))
    assert read_signals(numbered).marks is None
    read = Named(COUNTS, ("gene", "bin", "mark"), mark=Named(np.array([b"b", b"a"]), ()))
    assert read_signals(read).marks == ["b", "a"]


def test_two_axes_by_name():
    """Marks and bins stay what they are, whatever a classifier takes two axes for."""
    of_genes, of_bins = COUNTS[:, :, 0], COUNTS[:, 0, :]
    for dims, values in ((("gene", "bin"), of_genes), (("bin", "gene"), of_genes.T)):
        assert np.array_equal(read_signals(Named(values, dims)).values, of_genes[:, :, None])
    for dims, values in ((("gene", "mark"), of_bins), (("mark", "row_0"), of_bins.T)):
        array = Named(values, dims, mark=as_coordinate("b", "a"))
        source = read_signals(array)
        assert np.array_equal(source.values, of_bins[:, None, :])
        assert source.marks == ["b", "a"]
    for dims in (("row", "what"), ("a", "b"), ("bin", "mark")):
        source = read_signals(Named(of_genes, dims))
        assert source.is_flat
        assert np.array_equal(source.values, of_genes)


def test_axes_that_cannot_be_told_apart():
    with pytest.raises(ValueError, match="X_val has the axes gene, mark, track, of which"):
        read_signals(Named(COUNTS, ("gene", "mark", "track")), "X_val")

    class Collection(Named):
        def values(self):
            """As a mapping has it."""

    collection = Collection.__new__(Collection)
    collection.dims, collection.coords = {"gene": 6}, {}
    with pytest.raises(ValueError, match=r"X is a Collection of several arrays; pass one"):
        read_signals(collection)
    with pytest.raises(ValueError, match="X has 4 dimensions"):
        SignalScaler().fit(Named(COUNTS[None], ("cell", "gene", "bin", "mark")))


@pytest.mark.parametrize(
    "model",
    [
        HistoneLinearClassifier(),
        HistoneCNNClassifier(n_filters=2, hidden_sizes=(4,), max_epochs=1, random_state=0),
    ],
    ids=lambda model: type(model).__name__,
)
def test_classifiers_read_axes_and_marks(model):
    """The same signals, with their axes and marks in another order, are the same samples."""
    usual = Named(COUNTS, ("gene", "bin", "mark"), mark=as_coordinate("a", "b"))
    turned = Named(
        COUNTS[..., ::-1].transpose(2, 1, 0), ("mark", "bin", "gene"), mark=as_coordinate("b", "a")
    )
    fitted = model.fit(usual, LABELS)
    expected = fitted.predict_proba(COUNTS)

    assert fitted.mark_names_in_.tolist() == ["a", "b"]
    np.testing.assert_array_equal(fitted.predict_proba(turned), expected)
    many = Named(np.ones((4, 2, 20)), ("gene", "bin", "mark"))
    SignalScaler().fit(many)  # axes with names are not said to be swapped
    with pytest.warns(UserWarning, match="2 bins of 20 marks"):
        SignalScaler().fit(Named(np.ones((4, 2, 20)), ("dim_0", "dim_1", "dim_2")))
