"""Formats told from content, and what a bad file is answered."""

import gzip

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import Windows, count_track, detect_format
from histoexpr.tracks._intervals import read_intervals
from histoexpr.utils._text_files import text_chunks, text_lines
from support.track_files import random_reads, write_bam, write_bed, write_depth

READS = [("chr1", 100, 136, "+"), ("chr1", 150, 186, "-")]


@pytest.fixture
def windows():
    return Windows(np.array(["chr1"]), np.array([0]), 4, 100, np.array([False]))


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
def test_text_formats_are_told_from_content(tmp_path, text, expected, compress):
    path = tmp_path / "reads.bam"  # the name lies
    path.write_bytes(gzip.compress(text.encode()) if compress else text.encode())
    assert detect_format(path) == expected


def test_binary_formats_are_told_from_content(tmp_path):
    assert detect_format(write_bam(tmp_path / "a.bed", READS)) == "bam"
    assert detect_format(write_depth(tmp_path / "b.bam", READS)) == "bigwig"


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


def test_reads_with_numbers_for_names_are_not_taken_for_a_signal(tmp_path):
    path = tmp_path / "reads.bed"
    path.write_text("chr1\t1\t2\t17\n")
    with pytest.raises(DataFormatError, match="reads with numbers for names or a signal"):
        detect_format(path)


def test_truncated_gzip(tmp_path, windows):
    reads = random_reads(np.random.default_rng(0), 20_000)
    path = write_bed(tmp_path / "reads.tagAlign.gz", reads, compress=True)
    path.write_bytes(path.read_bytes()[:-4000])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


def test_damaged_gzip(tmp_path, windows):
    path = write_bed(tmp_path / "reads.gz", READS, compress=True)
    content = bytearray(path.read_bytes())
    content[-6] ^= 0xFF  # the checksum
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match="damaged"):
        count_track(path, windows)


def test_bgzip_cut_between_two_blocks(tmp_path, windows):
    pysam = pytest.importorskip("pysam")
    path = tmp_path / "reads.bed.gz"
    with pysam.BGZFile(str(path), "w") as out:
        out.write(b"chr1\t100\t136\n" * 100_000)
    assert count_track(path, windows).tally["reads"] == 100_000
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "little") + 1  # of the first block
    path.write_bytes(content[:size])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


@pytest.mark.parametrize("cut", [28, 100, 5_000, "header"])
def test_truncated_bam(tmp_path, windows, cut):
    path = write_bam(tmp_path / "reads.bam", random_reads(np.random.default_rng(0), 3000))
    content = path.read_bytes()
    path.write_bytes(content[:60] if cut == "header" else content[:-cut])
    with pytest.raises(DataFormatError, match="cut short"):
        count_track(path, windows)


def test_damaged_bam(tmp_path, windows, capfd):
    path = write_bam(tmp_path / "reads.bam", random_reads(np.random.default_rng(0), 3000))
    content = bytearray(path.read_bytes())
    content[5_000:6_000] = bytes(1000)
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match="damaged"):
        count_track(path, windows)
    assert capfd.readouterr().err == ""  # htslib is kept quiet


def test_unaligned_reads(tmp_path, windows):
    read = {"chrom": None, "flag": 4, "reference_start": -1}
    path = write_bam(tmp_path / "a.bam", [read], sizes={})
    with pytest.raises(DataFormatError, match="unaligned reads"):
        count_track(path, windows)


def test_many_comments_before_the_data(tmp_path):
    path = tmp_path / "a"
    path.write_text("# comment\n" * 20_000 + "chr1\t5\t9\t1.5\n")
    assert detect_format(path) == "bedgraph"


def test_bam_without_reads(tmp_path, windows):
    with pytest.raises(DataFormatError, match="holds no reads"):
        count_track(write_bam(tmp_path / "a.bam", []), windows)
    duplicate = {"reference_start": 5, "cigarstring": "9M", "flag": 0x400}
    with pytest.raises(DataFormatError, match=r"no read passes the filter \(1 duplicates\)"):
        count_track(write_bam(tmp_path / "b.bam", [duplicate]), windows)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chr1\t10\t10", "end must lie behind the start"),
        ("chr1\t20\t10", "end must lie behind the start"),
        ("chr1\t-5\t10", "column 2 must be a position"),
        ("chr1\t5\tx", "column 3 must be a position"),
        ("chr1\t5", "column 3 must be a position"),
        ("chr1\t5\t99999999999999999999", "column 3 must be a position"),
        ("\t5\t9", "column 1 must name a chromosome"),
        ("chr1", "column 2 must be a position"),
    ],
)
@pytest.mark.parametrize("line_number", [1, 2, 301])
def test_a_bad_line_is_named(tmp_path, line, message, line_number):
    lines = ["chr1\t5\t9\tN\t0\t+"] * 400
    lines[line_number - 1] = line
    path = tmp_path / "reads.bed"
    path.write_text("\n".join(lines))
    with pytest.raises(DataFormatError, match=f"line {line_number}: .*{message}"):
        list(read_intervals(path))


@pytest.mark.parametrize("value", ["x", "", "1,5", "inf", "1" * 60])
def test_a_bad_value_is_named(tmp_path, value):
    path = tmp_path / "a.bedGraph"
    path.write_text(f"chr1\t1\t2\t1.5\nchr1\t3\t4\t{value}\n")
    with pytest.raises(DataFormatError, match="line 2: column 4 must be a number"):
        list(read_intervals(path, values=True))


def test_intervals_agree_with_splitting_lines(tmp_path):
    rng = np.random.default_rng(3)
    lines, expected = [], []
    for _ in range(2000):
        chrom = rng.choice(["1", "chr10", "chrUn_KI270442v1", "track1", "bX"])
        start, length = int(rng.integers(0, 10 ** rng.integers(1, 9))), int(rng.integers(1, 999))
        strand = rng.choice(["+", "-", "."])
        lines.append(f"{chrom}\t{start}\t{start + length}\tread name\t0\t{strand}")
        expected.append((chrom, start, start + length, strand))
        if rng.random() < 0.05:
            lines.append(rng.choice(["", "# comment", "track name=a b", "browser position x"]))
    path = tmp_path / "a.bed"
    path.write_text("\n".join(lines) + "\n")
    found = [
        (piece.chrom, int(start), int(end), chr(strand))
        for piece in read_intervals(path)
        for start, end, strand in zip(piece.start, piece.end, piece.strand, strict=True)
    ]
    # lines of a chromosome come together, in the order of the file
    first = {read[0]: number for number, read in reversed(list(enumerate(expected)))}
    assert found == sorted(expected, key=lambda read: first[read[0]])


@pytest.mark.parametrize("size", [8, 64, 1 << 20])
def test_chunks_hold_whole_lines(tmp_path, size):
    text = b"".join(b"line %d\n" % n for n in range(50)) + b"last"
    path = tmp_path / "text"
    path.write_bytes(text)
    chunks = list(text_chunks(path, size=size))
    assert b"".join(chunk for _, chunk in chunks) == text + b"\n"
    for line, chunk in chunks:
        assert chunk.endswith(b"\n")
        assert chunk.startswith(b"line %d\n" % (line - 1)) or line == 51


def test_lines_that_are_not_utf8_are_named(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"one\ntwo\n\xff\n")
    with pytest.raises(DataFormatError, match="line 3: not UTF-8"):
        list(text_lines(path))
