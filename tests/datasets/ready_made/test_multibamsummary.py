"""Counts of multiBamSummary: bins by their place, whatever the order; damage."""

import io
import zipfile

import numpy as np
import pytest

from histoexpr import read_multibamsummary
from histoexpr.exceptions import DataFormatError
from support.ready_made import write_counts, write_lines

EXPECTED = [[[4, 14], [5, 15]], [[2, 12], [3, 300]], [[1, 11], [2, 12]]]


def test_bins_are_matched_by_their_place(tmp_path):
    data = read_multibamsummary(*write_counts(tmp_path))
    np.testing.assert_array_equal(data.X, EXPECTED)
    assert data.X.dtype == np.uint16
    assert data.gene.tolist() == ["z", "b", "a"]
    assert (data.marks, data.cells.tolist()) == (["K4", "K27"], ["E003"])
    assert (data.window, data.bin_size, data.oriented) == ((-50, 50), 50, False)
    assert data.tss.tolist() == [50, 200, 150]
    assert data.strand.tolist() == ["-", "+", "."]
    assert data.y is None
    turned = data.take([0, 1]).orient()
    np.testing.assert_array_equal(turned.X[0], EXPECTED[0][::-1])


def test_marks_cell_and_window(tmp_path):
    paths = write_counts(tmp_path)
    data = read_multibamsummary(*paths, cell="A", marks={"K27.bam": "H3K27me3"}, window=(0, 100))
    assert (data.marks, data.cells.tolist(), data.window) == (["H3K27me3"], ["A"], (0, 100))
    assert data.tss.tolist() == [0, 150, 100]
    assert read_multibamsummary(*paths, marks=["a", "b"]).marks == ["a", "b"]
    with pytest.raises(ValueError, match="BAM file x"):
        read_multibamsummary(*paths, marks={"x": "a"})


def test_archive_needs_the_order_of_chromosomes(tmp_path):
    _, bed = write_counts(tmp_path)
    # rows of a repeated bin are repeated
    counts = np.array([[1, 11], [2, 12], [2, 12], [3, 300], [4, 14], [5, 15]], dtype=float)
    labels = np.array(["K4.bam", "K27.bam"])
    path = tmp_path / "E003.npz"
    np.savez_compressed(path, matrix=counts, labels=labels)
    data = read_multibamsummary(path, bed, chromosomes=["chr1", "chr2"])
    np.testing.assert_array_equal(data.X, EXPECTED)
    np.savez_compressed(path, matrix=counts[[4, 5, 0, 1, 2, 3]], labels=labels)
    again = read_multibamsummary(path, bed, chromosomes=["chr2", "chr1"])
    np.testing.assert_array_equal(again.X, EXPECTED)
    with pytest.raises(ValueError, match="--outRawCounts"):
        read_multibamsummary(path, bed)
    with pytest.raises(ValueError, match="lacks chr2"):
        read_multibamsummary(path, bed, chromosomes=["chr1"])
    for parts, message in (
        ({"matrix": counts[1:], "labels": labels}, "counts of 5 bins .* expected 6"),
        ({"matrix": counts}, "labels"),
        ({"matrix": counts, "labels": np.array([{}], dtype=object)}, "pickled objects"),
        ({"matrix": -counts, "labels": labels}, "negative"),
        ({"matrix": counts.astype(str), "labels": labels}, "of the type"),
    ):
        np.savez(path, **parts)
        with pytest.raises(DataFormatError, match=message):
            read_multibamsummary(path, bed, chromosomes=["chr1", "chr2"])
    path.write_bytes(path.read_bytes()[:300] + b"\0" * 20 + path.read_bytes()[320:])
    with pytest.raises(DataFormatError):
        read_multibamsummary(path, bed, chromosomes=["chr1", "chr2"])


def test_a_huge_array_is_refused_before_it_is_made(tmp_path):
    _, bed = write_counts(tmp_path)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 2)}
    )
    labels = io.BytesIO()
    np.save(labels, np.array(["a", "b"]))
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("labels.npy", labels.getvalue())
        archive.writestr("matrix.npy", header.getvalue())
    with pytest.raises(DataFormatError, match="declares 16,000,000,000,"):
        read_multibamsummary(tmp_path / "x.npz", bed, chromosomes=["chr1", "chr2"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("chr1\t150\t200\t2.0", "chr1\t150\t200\tx", "line 3: column 4 is 'x'"),
        ("chr1\t150\t200\t2.0", "chr1\t150\t200\t-2", "line 3: .*negative"),
        ("chr1\t150\t200\t2.0", "chr1\t150\t200\tnan", "line 3: .*missing"),
        ("chr1\t150\t200\t2.0", "chr1\t151\t200\t2.0", r"no counts of 2 bins .*chr1:150-200"),
        ("chr1\t150\t200\t2.0\t", "chr1\t150\t200\t", "line 3: has 4 columns, expected 5"),
        ("#'chr'", "#'chrom'", "line 1: begins with"),
        ("\t'K27.bam'", "", "line 1: begins with"),
    ],
)
def test_damaged_counts(old, new, message, tmp_path):
    table, bed = write_counts(tmp_path)
    table.write_text(table.read_text().replace(old, new))
    with pytest.raises(DataFormatError, match=message):
        read_multibamsummary(table, bed)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["chr1\t100\t150\ta\t0\t+", "chr1\t200\t250\ta\t0\t+"], "bin 2 of gene a .*no gaps"),
        (["chr1\t100\t150\ta\t0\t+", "chr1\t150\t250\ta\t0\t+"], "equally wide"),
        (["chr1\t100\t150\ta\t0\t+", "chr2\t0\t50\ta\t0\t+"], "expected chr"),
        (["chr1\t100\t150\t.\t0\t+"], "line 1: column 4 has no name of a gene"),
        (["chr1\t100\t150\ta\t0\t1"], "line 1: column 6 is '1'; expected a strand"),
        (["chr1\t100\t150"], "has 3 columns, expected 6"),
        (["chr1\t100\tend\ta\t0\t+"], "line 1: column 3 is 'end'"),
        (
            ["chr1\t100\t150\ta\t0\t+", "chr2\t0\t50\tb\t0\t+", "chr2\t50\t100\tb\t0\t+"],
            "others have 1 on average",
        ),
    ],
)
def test_bins_that_make_no_genes(lines, message, tmp_path):
    table, bed = write_counts(tmp_path)
    with pytest.raises(DataFormatError, match=message):
        read_multibamsummary(table, write_lines(bed, *lines))
