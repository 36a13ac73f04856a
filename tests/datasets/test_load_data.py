"""Loading from whatever a data set is kept in."""

import tarfile

import numpy as np
import pytest

from histoexpr import make_histone_cells, save_deepchrome
from histoexpr.datasets import load_data
from histoexpr.exceptions import DataFormatError


def test_saved_sets_folders_and_archives_are_loaded(tmp_path):
    data = make_histone_cells(2, 60, oriented=False, random_state=0)
    data.save(tmp_path / "saved")
    save_deepchrome(data, tmp_path / "files")
    with tarfile.open(tmp_path / "files.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "files", arcname=".")
    expected = data.select(cells="C02")
    for name in ("saved", "files", "files.tar.gz"):
        loaded = load_data(tmp_path / name, cells=["C02"])
        assert loaded.cells.tolist() == ["C02"]
        order = np.argsort(loaded.gene)
        np.testing.assert_array_equal(loaded.X[order], expected.X[np.argsort(expected.gene)])
    with pytest.raises((DataFormatError, ValueError, OSError), match="nothing"):
        load_data(tmp_path / "nothing")
    for path in (3, None):
        with pytest.raises(TypeError, match=f"path must be a str or path-like, got {path}"):
            load_data(path)
