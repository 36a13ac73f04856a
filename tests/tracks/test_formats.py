"""Formats recognised by content, and what is no track."""

import gzip

import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import detect_format
from support.track_files import SOME_READS, write_bam, write_depth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chr1\t1\t2\n", "bed"),
        ("chr1\t1\t2\tname\n", "bed"),
        ("chr1\t1\t2\t7.5\n", "bedgraph"),
        ("chr1 1 2 7.5\n", "bedgraph"),
        ("chr1\t1\t2\tN\t1000\t-\n", "bed"),
        ("track name=x\nbrowser hide all\n#c\n\nchr1\t1\t2\t-1e3\n", "bedgraph"),
        ('track type="bedGraph" name=x\nchr1\t1\t2\t3\n', "bedgraph"),
        ("track type=bed\nchr1\t1\t2\t3\n", "bed"),
        ("chr1\t1\t2\t7\nchr1\t3\t4\tread\n", "bed"),
        ("chr1\t1\t2\tN\t1000\t-\r\n", "bed"),
    ],
)
@pytest.mark.parametrize("compress", [False, True])
def test_text_formats_are_reported_from_content(tmp_path, text, expected, compress):
    path = tmp_path / "reads.bam"  # the name lies
    path.write_bytes(gzip.compress(text.encode()) if compress else text.encode())
    assert detect_format(path) == expected


def test_binary_formats_are_reported_from_content(tmp_path):
    assert detect_format(write_bam(tmp_path / "a.bed", SOME_READS)) == "bam"
    assert detect_format(write_depth(tmp_path / "b.bam", SOME_READS)) == "bigwig"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"# nothing\n\n", "no lines of data"),
        (b"@HD\tVN:1.6\n", "SAM text"),
        (b"r1\t0\tchr1\t5\t60\t5M\t*\t0\t0\tACGTA\tIIIII\n", "SAM text"),
        (b"fixedStep chrom=chr1 start=1 step=1\n1\n", "wiggle"),
        (b"track type=wiggle_0\nchr1\t1\t2\t3\n", "wiggle"),
        (b">chr1\nACGT\n", "FASTA"),
        (b"##gff-version 3\n", "annotation"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"PK\x03\x04", "zip"),
        (b"BAI\x01\x00", "index of a BAM"),
        (b"\xeb\xf2\x89\x87", "bigBed"),
        (gzip.compress(gzip.compress(b"chr1\t1\t2\n", mtime=0), mtime=0), "gzip twice"),
        (b"\x89PNG\x00\x00", "unknown binary"),
        (b"#c\nfixedStep chrom=chr1 start=1\n5\n", "line 2: this is wiggle.*wigToBigWig"),
        (b"\xef\xbb\xbffixedStep chrom=chr1 start=1\n5\n", "wigToBigWig"),
        (b"<!DOCTYPE html>\n", "Download it again"),
        (b"<?xml version='1.0'?><Error/>", "Download it again"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"@r1\nACGT\n+\nIIII\n", "FASTQ"),
        (b'chr1\tx\tgene\t1\t9\t.\t+\t.\tgene_id "1"\n', "Pass it as genes"),
        (b"#CHROM\tPOS\tID\tREF\tALT\nchr1\t1\t.\tA\tG\n", "VCF"),
        (b"GeneID\tChr\tStart\tEnd\tStrand\ng\tchr1\t1\t9\t+\n", "SAF"),
        (b"g\tchr1\t1\t9\t+\n", "SAF"),
        (b"chr1,1,9\n", "by tabs"),
        (b"chrom\tstart\tend\tvalue\nchr1\t1\t9\t5\n", "header"),
        ("chr1\t1\t2\n".encode("utf-16-le"), "saved as UTF-8"),
        (b"cell,mark\nE003,H3K4me3\n", "expected chromosome, start and end"),
        (b"chr1\t10\n", "expected chromosome, start and end"),
        (b"chr1\t1.5\t20\n", "expected chromosome, start and end"),
    ],
)
def test_what_is_no_track_is_named(tmp_path, content, message):
    path = tmp_path / "track"
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match=message) as caught:
        detect_format(path)
    assert str(path) in str(caught.value)


def test_many_comments_before_the_data(tmp_path):
    path = tmp_path / "a"
    path.write_text("# comment\n" * 20_000 + "chr1\t5\t9\t1.5\n")
    assert detect_format(path) == "bedgraph"
    path.write_text("# comment\n" * 220_000 + "chr1\t5\t9\t1.5\n")  # more than the head
    assert detect_format(path) == "bedgraph"
