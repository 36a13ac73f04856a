"""Chromosome names in several spellings."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError, HistoexprWarning
from histoexpr.tracks import build_dataset, count_track
from support.track_files import BINS, make_windows, write_bam, write_bed


def test_one_and_chr1_are_the_same_chromosome(tmp_path):
    reads = [("1", 100, 136, "+"), ("2", 100, 136, "+")]
    windows = make_windows([("chr1", 100), ("Chr2", 100)])
    counts = count_track(write_bed(tmp_path / "a", reads), windows)
    np.testing.assert_array_equal(counts.values, [[1, 1, 1, 1]] * 2)
    assert counts.names == {"chr1": "1", "Chr2": "2"}


def test_the_very_name_takes_precedence(tmp_path):
    sizes = {"1": 1000, "chr1": 1000}
    reads = [("1", 100, 136, "+"), ("chr1", 100, 110, "+")]
    path = write_bam(tmp_path / "a.bam", reads, sizes)
    np.testing.assert_array_equal(
        count_track(path, make_windows([("chr1", 100)])).values, [[1, 0, 0, 0]]
    )
    with pytest.raises(DataFormatError, match="stands in the file as 1 and as chr1"):
        count_track(path, make_windows([("Chr1", 100)]))
    # a text file does not say beforehand which names it uses
    with pytest.raises(DataFormatError, match="stands in the file as 1 and as chr1"):
        count_track(write_bed(tmp_path / "a.bed", reads), make_windows([("chr1", 100)]))


def test_renamed_chromosomes_are_in_the_report(tracks, genes, tmp_path):
    path = tmp_path / "plain.bed"
    path.write_text(genes.read_text().replace("chr", ""))
    with pytest.warns(HistoexprWarning, match="names differ and were matched: 1 is chr1, 2 is"):
        data = build_dataset(tracks, path, **BINS)
    np.testing.assert_array_equal(data.X, build_dataset(tracks, genes, **BINS).X)
    assert data.meta["report"]["renamed"] == {"1": "chr1", "2": "chr2"}
    assert set(data.chrom) == {"1", "2"}
