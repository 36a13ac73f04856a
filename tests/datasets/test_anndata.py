"""Data sets as AnnData: the same after a round trip, in memory and in files; those of others."""

import sys

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from histoexpr import HistoneDataset, from_anndata, make_histone_cells, to_anndata
from histoexpr.exceptions import DataFormatError, MissingExtraError
from histoexpr.utils import InvalidParameterError
from support.exchanged import DATA_SETS, assert_same

anndata = pytest.importorskip("anndata", reason="the extra anndata is not installed")


@pytest.fixture
def foreign():
    """What somebody else made: variables in any order, other columns, no description."""
    X = np.array([[4, 1, 3, 2], [8, 5, 7, 6]])
    obs = pd.DataFrame({"cell": ["A", "B"], "batch": [1, 2]}, index=["g1", "g2"])
    names = ["K27:2", "K4:1", "K4:2", "K27:1"]
    return anndata.AnnData(X, obs=obs, var=pd.DataFrame(index=names))


@pytest.mark.parametrize("name", DATA_SETS)
def test_round_trip(name, tmp_path):
    data = DATA_SETS[name]
    adata = to_anndata(data)
    assert_same(from_anndata(adata), data)
    adata.write_h5ad(tmp_path / "d.h5ad")
    assert_same(from_anndata(anndata.read_h5ad(tmp_path / "d.h5ad")), data)
    backed = anndata.read_h5ad(tmp_path / "d.h5ad", backed="r")
    assert_same(from_anndata(backed), data)
    backed.file.close()


def test_layout_of_samples_and_variables():
    data = DATA_SETS["every column"]
    adata = to_anndata(data)
    assert adata.shape == (8, 6)
    assert adata.obs_names[0] == "A:000"
    assert list(adata.obs) == list(data.samples)
    assert adata.var_names.tolist() == ["K4:1", "K27:1", "K4:2", "K27:2", "K4:3", "K27:3"]
    assert adata.var["position"].tolist() == [-50, -50, 50, 50, 150, 150]
    np.testing.assert_array_equal(adata[:, adata.var["mark"] == "K27"].X, data.X[:, :, 1])
    assert np.shares_memory(adata.X, data.X)
    assert to_anndata(DATA_SETS["repeated gene"]).obs_names.tolist() == ["0", "1"]


def test_memory_map_keeps_its_type(tmp_path):
    make_histone_cells(n_cells=2, n_genes=30, random_state=0).save(tmp_path / "d")
    data = HistoneDataset.load(tmp_path / "d")
    part = data[: int(np.argmax(data.X.max(axis=(1, 2)) > 255))]
    assert_same(from_anndata(to_anndata(part)), part)
    assert len(part) > 1
    assert part.X.dtype == np.uint16


def test_objects_of_others(foreign):
    data = from_anndata(foreign, bin_size=200)
    assert data.marks == ["K27", "K4"]
    np.testing.assert_array_equal(data.X, [[[2, 1], [4, 3]], [[6, 5], [8, 7]]])
    assert (data.gene.tolist(), data.cell.tolist()) == (["g1", "g2"], ["A", "B"])
    assert (data.bin_size, data.window, data.oriented) == (200, (-200, 200), None)
    assert data.y is None
    foreign.X = scipy.sparse.csr_matrix(foreign.X)
    assert_same(from_anndata(foreign, bin_size=200), data)
    foreign.layers["twice"] = foreign.X * 2
    np.testing.assert_array_equal(from_anndata(foreign, layer="twice").X, data.X * 2)
    foreign.var["mark"], foreign.var["bin"] = ["K27", "K4", "K4", "K27"], [2, 1, 2, 1]
    foreign.var_names = list("abcd")
    assert_same(from_anndata(foreign, bin_size=200), data)
    foreign.obs = foreign.obs.drop(columns="cell")
    assert from_anndata(foreign, cell="E003").cells.tolist() == ["E003"]


def test_a_part_of_the_bins_keeps_its_place():
    data = make_histone_cells(n_cells=1, n_genes=20, random_state=0)
    adata = to_anndata(data)
    middle = from_anndata(adata[:, adata.var["position"].abs() < 1000])
    assert (middle.window, middle.bin_size, middle.oriented) == ((-1000, 1000), 100, True)
    np.testing.assert_array_equal(middle.X, data.X[:, 40:60])
    with pytest.raises(ValueError, match="without gaps"):
        from_anndata(adata[:, adata.var["bin"].isin([1, 2, 5])])


def test_what_is_missing_is_named(foreign):
    with pytest.raises(ValueError, match="no layer 'raw'; there is none"):
        from_anndata(foreign, layer="raw")
    with pytest.raises(ValueError, match="Leave one of them out"):
        from_anndata(foreign, cell="E003")
    with pytest.raises(ValueError, match=r"K27:2 \.\.\.|lacks K27:2"):
        from_anndata(foreign[:, 1:])
    with pytest.raises(ValueError, match="cell is missing"):
        from_anndata(anndata.AnnData(foreign.X, obs=foreign.obs.assign(cell=["A", None]),
                                     var=foreign.var))  # fmt: skip
    del foreign.obs["cell"]
    with pytest.raises(ValueError, match="pass cell='E003'"):
        from_anndata(foreign)
    foreign.var_names = list("abcd")
    with pytest.raises(ValueError, match=r"name no mark and bin.*mark:bin"):
        from_anndata(foreign, cell="E003")
    with pytest.raises(TypeError, match="got ndarray"):
        from_anndata(np.ones((2, 2)))
    with pytest.raises(ValueError, match="has no X"):
        from_anndata(anndata.AnnData(obs=foreign.obs, var=pd.DataFrame(index=["a:1"])), cell="A")
    with pytest.raises(InvalidParameterError, match="data must be a HistoneDataset"):
        to_anndata(np.ones((2, 3, 1)))


def test_a_damaged_description_is_refused():
    adata = to_anndata(DATA_SETS["bare"])
    adata.uns["histoexpr"]["oriented"] = "sideways"
    with pytest.raises(DataFormatError, match=r"adata.uns\['histoexpr'\].*sideways"):
        from_anndata(adata)


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(MissingExtraError, match=r"histoexpr\[anndata\]"):
        to_anndata(DATA_SETS["bare"])
