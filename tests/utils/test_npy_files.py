"""NumPy files, sound and not."""

import tracemalloc

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.utils import load_npy


@pytest.mark.parametrize(
    "values", [np.arange(6).reshape(2, 3), np.array(["a", "bc"]), np.empty(0)]
)
def test_sound_files(tmp_path, values):
    path = tmp_path / "a.npy"
    np.save(path, values)
    np.testing.assert_array_equal(load_npy(path), values)
    if values.size:
        assert isinstance(load_npy(path, mmap_mode="r"), np.memmap)
    with open(path, "wb") as file:
        np.lib.format.write_array(file, values, version=(2, 0))
    np.testing.assert_array_equal(load_npy(path), values)


def test_huge_shapes_take_no_memory(tmp_path):
    path = tmp_path / "a.npy"
    for shape in ((10**12,), (10**6, 10**6, 10**6), (-5,)):
        with open(path, "wb") as file:
            head = {"descr": "<i8", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, head)
            file.write(bytes(64))
        tracemalloc.start()
        with pytest.raises(DataFormatError, match=r"a\.npy"):
            load_npy(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
        tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x93NUMPY", b"no array", b"\x93NUMPY\x01\x00\x10\x00{'descr': ((((((\n"],
)
def test_damaged_headers(tmp_path, content):
    path = tmp_path / "a.npy"
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match=r"a\.npy.*Again!"):
        load_npy(path, remedy="Again!")
    with pytest.raises(DataFormatError, match="missing"):
        load_npy(tmp_path / "b.npy")


def test_lengths_and_objects(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, np.arange(9))
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole + b"x"):
        path.write_bytes(damaged)
        with pytest.raises(DataFormatError, match="bytes long, but its header declares 200"):
            load_npy(path)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataFormatError, match="pickled objects"):
        load_npy(path)
