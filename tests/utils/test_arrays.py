"""Small types for counts, memory maps, batches."""

import numpy as np
import pytest

from histoexpr.utils import is_memmap, split_batches
from histoexpr.utils._arrays import shrink_counts


def test_batches_cover_everything_once():
    assert [range(7)[batch] for batch in split_batches(7, 3)] == [
        range(3),
        range(3, 6),
        range(6, 7),
    ]
    assert list(split_batches(0, 3)) == []


def test_counts_take_the_smallest_type():
    for top, dtype in ((255, "uint8"), (256, "uint16"), (70_000, "uint32")):
        assert shrink_counts(np.array([0, top])).dtype == dtype
    small = np.zeros(3, dtype=np.uint8)
    assert shrink_counts(small) is small
    with pytest.raises(ValueError, match="negative counts"):
        shrink_counts(np.array([-1, 2]))


def test_memory_maps_and_their_views(tmp_path):
    np.save(tmp_path / "X.npy", np.zeros((4, 2), dtype=np.int64))
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert is_memmap(X)
    assert is_memmap(np.asarray(X)[1:].T)
    assert not is_memmap(np.array(X))
    assert shrink_counts(X) is X
