"""What a build reports and warns of."""

import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.tracks import build_dataset
from support.track_files import BINS, write_bed


def test_genes_without_a_strand_are_reported_when_flipping(tracks, tmp_path):
    path = tmp_path / "tss.bed"
    path.write_text("chr1\t3000\t3001\tG1\t0\t.\n")
    with pytest.warns(HistoexprWarning, match="1 gene without a strand not flipped"):
        build_dataset(tracks, path, **BINS, flip_minus_strand=True)


def test_filters_that_cannot_work_are_reported(tmp_path, genes, reads):
    bed = write_bed(tmp_path / "a.bed", reads["A", "H3K4me3"])
    with pytest.warns(HistoexprWarning, match="1 not filtered"):
        build_dataset([("A", "m", bed)], genes, **BINS, min_mapq=10)


def test_one_file_for_two_tracks_is_reported(tmp_path, genes, reads):
    bed = write_bed(tmp_path / "a.bed", reads["A", "H3K4me3"])
    with pytest.warns(HistoexprWarning, match=r"a.bed is given for A m, B m"):
        build_dataset([("A", "m", bed), ("B", "m", bed)], genes, **BINS)
