"""Chromosome names in several spellings."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError, HistoexprWarning
from histoexpr.tracks import build_dataset, count_track
from histoexpr.tracks._chromosomes import (
    ChromosomeNames,
    build_of_sizes,
    builds_with_room,
    locus_rank,
    plain_name,
    size_in,
)
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


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("chr1", "1"),
        ("Chr01", "1"),
        ("0", "0"),
        ("chrX", "x"),
        ("chrM", "mt"),
        ("MtDNA", "mt"),
        ("NC_000001.11", "1"),
        ("CM000663.2", "1"),
        ("NC_012920.1", "mt"),
        ("chr1_KI270706v1_random", "ki270706.1"),
        ("KI270706.1", "ki270706.1"),
        ("chrUn_GL000216v2", "gl000216.2"),
        ("chr9_gl000198_random", "gl000198.1"),
        ("chrII", "ii"),
        ("NW_003571061.2", "nw_003571061.2"),
    ],
)
def test_plain_names(name, plain):
    assert plain_name(name) == plain


def test_builds_by_chromosome_in_any_spelling():
    assert build_of_sizes({"NC_000021.8": 48_129_895, "chr9": 1}) == "hg19"
    assert builds_with_room({"chr1": 249_240_000, "1": 5}) == {"hg19"}
    assert size_in("hg38", "chrX") == 156_040_895
    assert size_in("hg38", "chrM") is None
    assert size_in("rn7", "chr1") is None


def test_accessions_on_one_side_or_both(tmp_path):
    reads = [("NC_000001.11", 100, 136, "+")]
    bed = write_bed(tmp_path / "a.bed", reads)
    bam = write_bam(tmp_path / "a.bam", reads, {"NC_000001.11": 1000})
    for path in (bed, bam):
        for wanted in ("NC_000001.11", "chr1", "CM000663.2"):
            counts = count_track(path, make_windows([(wanted, 100)]))
            np.testing.assert_array_equal(counts.values, [[1, 1, 1, 1]])
            assert counts.names == {wanted: "NC_000001.11"}
    with pytest.raises(DataFormatError, match=r"mixed.*NC_000001\.11 is .* hg38, .* of hg19"):
        count_track(bed, make_windows([("NC_000001.10", 100)]))


def test_names_that_the_annotation_states():
    aliases = {"NC_005100.4": "1", "NC_005101.4": "2"}
    names = ChromosomeNames(["1", "2"], ["NC_005100.4", "2"], "a.bam", aliases)
    assert names.resolve("NC_005100.4") == "1"
    assert names.resolve("2") == "2"
    # the track has 2 under that very name
    assert names.resolve("NC_005101.4") is None
    assert names.resolve("NC_005102.4") is None


def test_unusual_chromosomes():
    usual = ["1", "chrX", "NC_000001.11", "NC_005100.4", "chrM", "II", "2L"]
    scaffolds = ["chr6_cox_hap2", "chr6_GL000250v2_alt", "chrUn_KI270302v1", "KI270302.1"]
    scaffolds += ["NW_003571061.2", "HSCHR6_MHC_COX", "chr1_random"]
    names = np.array([*usual, "chrY", "NC_000024.10", *scaffolds])
    assert locus_rank(names).tolist() == [0] * 7 + [1] * 2 + [2] * 7
