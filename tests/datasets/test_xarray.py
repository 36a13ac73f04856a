"""Data sets as those of xarray: the same after a round trip, in memory and in files."""

import sys

import numpy as np
import pytest

from histoexpr import from_xarray, make_histone_cells, to_xarray
from histoexpr.exceptions import DataFormatError, MissingExtraError
from histoexpr.utils import InvalidParameterError
from support.exchanged import DATA_SETS, assert_same

xarray = pytest.importorskip("xarray", reason="the extra xarray is not installed")


@pytest.fixture
def foreign():
    """What somebody else made: axes in another order, no description."""
    return xarray.DataArray(
        np.arange(12.0).reshape(2, 3, 2),
        dims=("mark", "bin", "sample"),
        coords={"mark": ["K4", "K27"], "sample": ["g1", "g2"]},
    )


@pytest.mark.parametrize("name", DATA_SETS)
def test_round_trip(name, tmp_path):
    data = DATA_SETS[name]
    ds = to_xarray(data)
    assert_same(from_xarray(ds), data)
    pytest.importorskip("h5netcdf", reason="netCDF needs h5netcdf")
    ds.to_netcdf(tmp_path / "d.nc", engine="h5netcdf")
    with xarray.open_dataset(tmp_path / "d.nc", engine="h5netcdf") as again:
        assert_same(from_xarray(again), data)


def test_layout_of_axes_and_coordinates():
    data = DATA_SETS["every column"]
    ds = to_xarray(data)
    assert ds["signal"].dims == ("sample", "bin", "mark")
    assert set(ds.data_vars) == {"signal", "y", "expression", "log2_fold_change"}
    assert {"cell", "gene", "chrom", "tss", "strand", "split"} < set(ds.coords)
    assert ds["position"].values.tolist() == [-50, 50, 150]
    assert ds["bin"].values.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(ds["signal"].sel(mark="K27"), data.X[:, :, 1])
    assert np.shares_memory(ds["signal"].values, data.X)
    signals = from_xarray(ds["signal"])
    assert (signals.oriented, signals.meta) == (True, data.meta)
    assert (signals.chrom[0], signals.y) == ("chr1", None)


def test_objects_of_others(foreign):
    data = from_xarray(foreign, cell="E003", bin_size=50, window=(0, 150))
    np.testing.assert_array_equal(data.X, foreign.values.transpose(2, 1, 0))
    assert (data.marks, data.gene.tolist()) == (["K4", "K27"], ["g1", "g2"])
    assert (data.cells.tolist(), data.window, data.oriented) == (["E003"], (0, 150), None)
    assert from_xarray(foreign.to_dataset(name="depth"), cell="E003").n_bins == 3
    placed = foreign.assign_coords(position=("bin", [25, 75, 125]))
    assert_same(from_xarray(placed, cell="E003"), data)
    named = foreign.assign_coords(gene=("sample", ["h1", "h2"]), cell=("sample", ["A", "B"]))
    assert from_xarray(named).gene.tolist() == ["h1", "h2"]


def test_a_part_of_the_bins_keeps_its_place():
    data = make_histone_cells(n_cells=1, n_genes=20, random_state=0)
    middle = from_xarray(to_xarray(data).isel(bin=slice(40, 60)))
    assert (middle.window, middle.oriented) == ((-1000, 1000), True)
    np.testing.assert_array_equal(middle.X, data.X[:, 40:60])


def test_what_is_missing_is_named(foreign):
    with pytest.raises(ValueError, match="pass cell='E003'"):
        from_xarray(foreign)
    with pytest.raises(ValueError, match=r"axes mark, bin, genes.*rename\(genes='sample'\)"):
        from_xarray(foreign.rename(sample="genes"), cell="A")
    with pytest.raises(ValueError, match="axis mark has no names"):
        from_xarray(foreign.drop_vars("mark"), cell="A")
    with pytest.raises(ValueError, match="samples have no gene"):
        from_xarray(foreign.drop_vars("sample"), cell="A")
    with pytest.raises(ValueError, match=r"2 variables .*to_dataarray"):
        from_xarray(xarray.Dataset({"a": foreign, "b": foreign}), cell="A")
    with pytest.raises(ValueError, match="without gaps"):
        from_xarray(foreign.assign_coords(position=("bin", [25, 75, 175])), cell="A")
    with pytest.raises(TypeError, match="got ndarray"):
        from_xarray(foreign.values)
    with pytest.raises(InvalidParameterError, match="data must be a HistoneDataset"):
        to_xarray(foreign)


def test_a_damaged_description_is_refused():
    ds = to_xarray(DATA_SETS["bare"])
    ds.attrs["meta"] = "{"
    with pytest.raises(DataFormatError, match=r"ds\.attrs is not what histoexpr wrote"):
        from_xarray(ds)


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(MissingExtraError, match=r"histoexpr\[xarray\]"):
        to_xarray(DATA_SETS["bare"])
