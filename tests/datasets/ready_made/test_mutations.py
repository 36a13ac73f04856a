"""Files that were damaged or edited on their way: read, or refused as what they are, never raw."""

import gzip
import warnings

import numpy as np
import pytest

from histoexpr import load_chromoformer, load_deepdiff, read_compute_matrix, read_multibamsummary
from histoexpr.exceptions import DataFormatError
from support.mutations import damage_bytes, edit_text
from support.ready_made import write_chromoformer, write_counts, write_deepdiff, write_matrix


@pytest.fixture
def kinds(tmp_path):
    """The files by what they are, and how each is read."""
    packed = write_matrix(tmp_path / "m.gz")
    plain = tmp_path / "m"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    table, bed = write_counts(tmp_path)
    archive = tmp_path / "c.npz"
    np.savez(archive, matrix=np.arange(12.0).reshape(6, 2), labels=np.array(["a", "b"]))
    pairs, demo = write_deepdiff(tmp_path / "pairs"), write_chromoformer(tmp_path / "demo")
    order = ["chr1", "chr2"]
    return {
        "matrix": (plain, lambda: read_compute_matrix(plain)),
        "packed": (packed, lambda: read_compute_matrix(packed)),
        "counts": (table, lambda: read_multibamsummary(table, bed)),
        "bins": (bed, lambda: read_multibamsummary(table, bed)),
        "archive": (archive, lambda: read_multibamsummary(archive, bed, chromosomes=order)),
        "cell": (pairs / "C1.train.csv", lambda: load_deepdiff(pairs)),
        "expression": (pairs / "C1.expr.csv", lambda: load_deepdiff(pairs)),
        "genes": (demo / "meta.csv", lambda: load_chromoformer(demo)),
    }


@pytest.mark.parametrize(
    "kind", ["matrix", "packed", "counts", "bins", "archive", "cell", "expression", "genes"]
)
def test_changed_files_are_read_or_refused(kind, kinds):
    path, read = kinds[kind]
    sound, rng = path.read_bytes(), np.random.default_rng(0)
    text = kind not in ("packed", "archive")
    known, refused = read().X, 0
    for _ in range(40):
        change = edit_text if text and rng.random() < 0.7 else damage_bytes
        path.write_bytes(change(sound, rng))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = read()
            except DataFormatError as error:
                named, found = str(path.parent) in str(error), None
        if found is None:
            assert named
            refused += 1
            continue
        assert found.X.shape[1:] == known.shape[1:] or text
        assert np.isfinite(found.X).all()
    assert refused > 3
