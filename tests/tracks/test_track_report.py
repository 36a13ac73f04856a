"""One line a file, and warnings about files of which little is used."""

import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.tracks import build_dataset, describe_report
from support.track_files import write_bam, write_bed


@pytest.fixture
def genes(tmp_path):
    path = tmp_path / "genes.bed"
    path.write_text("chr1\t1000\t5000\tG1\t0\t+\n")
    return path


def test_most_of_a_track_left_out_is_a_warning_that_names_the_option(tmp_path, genes):
    reads = [("chr1", 1000, 1036, "+")]
    flagged = {"chrom": "chr1", "reference_start": 1000, "cigarstring": "36M", "flag": 1024}
    poor = {"chrom": "chr1", "reference_start": 1000, "cigarstring": "36M", "mapping_quality": 3}
    write_bam(tmp_path / "a.bam", [*reads, dict(flagged), dict(flagged), dict(poor)])
    table = [("A", "m", tmp_path / "a.bam")]
    with pytest.warns(HistoexprWarning, match=r"most reads of A m .*2 duplicates.*--keep-dup"):
        data = build_dataset(table, genes, window=(-200, 200), min_mapq=20)
    (record,) = data.meta["report"]["tracks"]
    assert (record["format"], record["rule"]) == ("bam", "overlap")
    assert (record["n_used"], record["left_out"]) == (1, {"duplicates": 2, "low_mapq": 1})
    (line,) = [x for x in describe_report(data.meta["report"]) if x.startswith("A m a.bam")]
    assert "BAM, overlap; 1 of 4 reads used; left out: 2 duplicates, 1 below" in line
    # one of four is no cause for alarm
    data = build_dataset(table, genes, window=(-200, 200), min_mapq=20, keep_duplicates=True)
    assert data.X[0, 2, 0] == 3


def test_a_track_without_anything_in_the_windows_is_said(tmp_path, genes):
    far = write_bed(tmp_path / "far.bed", [("chr1", 9000, 9036, "+"), ("chr2", 5, 9, "+")])
    with pytest.warns(HistoexprWarning, match=r"A m is zero in every window: .*far.bed"):
        data = build_dataset([("A", "m", far)], genes, window=(-200, 200))
    text = "\n".join(describe_report(data.meta["report"]))
    assert "2 reads used, 1 of them on chromosomes without genes" in text
    assert "genome build unknown" in text
