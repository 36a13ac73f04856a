"""Reading and counting tracks: tagAlign and bedGraph as text, 2 million reads and a bigWig.

Run with ``python benchmarks/tracks.py [n_reads] [n_windows] [n_repeats]``; about four
minutes. The parsing of half as many lines of text, whole and checked, is compared with that of
pandas alone, with pandas and the checks that it needs, and with the scanner that is slow and
names faults (CPU time). Then 20,000 windows of 100 bins are counted: count_track is compared with
``bedtools coverage -sorted``, ``bedtools multicov`` (on one bin in 200, times 200) and, for
bigWig, with pyBigWig, pybigtools and figwig, whichever are installed. All ways take turns; the
table holds medians, and every result is compared with ours first. Last comes the peak memory for
growing numbers of reads.
"""

import importlib.util
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pyBigWig
import pysam
from _timing import interleaved, report

from histoexpr.tracks import Windows, _intervals, count_track

# hg19
SIZES = dict(
    zip(
        [f"chr{number}" for number in range(1, 23)],
        [249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022,
         141213431, 135534747, 135006516, 133851895, 115169878, 107349540, 102531392, 90354753,
         81195210, 78077248, 59128983, 63025520, 48129895, 51304566],
        strict=True,
    )
)  # fmt: skip
NAMES = np.array(list(SIZES))
LENGTHS = np.array(list(SIZES.values()))
SAMPLE = 200


def draw_windows(rng, n):
    chrom = rng.choice(len(NAMES), n, p=LENGTHS / LENGTHS.sum())
    start = (rng.random(n) * (LENGTHS[chrom] - 30_000)).astype(np.int64) + 10_000
    order = np.lexsort((start, chrom))
    return Windows(NAMES[chrom[order]], start[order], 100, 100, np.zeros(n, dtype=bool))


def numbers_of(windows):
    number = {name: place for place, name in enumerate(NAMES.tolist())}
    return np.array([number[name] for name in windows.chrom.tolist()])


def draw_reads(rng, n, windows):
    """Draw reads, four in ten around the middles of windows, sorted by position."""
    chrom = rng.choice(len(NAMES), n, p=LENGTHS / LENGTHS.sum())
    start = (rng.random(n) * (LENGTHS[chrom] - 200)).astype(np.int64)
    near = rng.random(n) < 0.4
    window = rng.integers(0, len(windows.start), near.sum())
    chrom[near] = numbers_of(windows)[window]
    start[near] = windows.start[window] + 5000 + rng.normal(0, 2500, near.sum()).astype(int)
    order = np.lexsort((start, chrom))
    return chrom[order], np.maximum(start[order], 0), rng.choice([36, 50], n)


def write_bam(path, chrom, start, length):
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": name, "LN": size} for name, size in SIZES.items()],
        }
    )
    rng = np.random.default_rng(0)
    bases = ["".join(rng.choice(list("ACGT"), 50)) for _ in range(997)]
    columns = zip(chrom.tolist(), start.tolist(), length.tolist(), strict=True)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for number, (place, position, size) in enumerate(columns):
            read = pysam.AlignedSegment(header)
            read.query_name = f"run:1:{number}"
            read.query_sequence = bases[number % 997][:size]
            read.query_qualities = pysam.qualitystring_to_array("I" * size)
            read.flag = 16 * (number % 2)
            read.reference_id, read.reference_start = place, position
            read.mapping_quality, read.cigartuples = 30, [(0, size)]
            out.write(read)
    pysam.index(str(path))


def write_depth(path, chrom, start, length):
    with pyBigWig.open(str(path), "w") as out:
        out.addHeader(list(SIZES.items()))
        for number, name in enumerate(NAMES.tolist()):
            here = chrom == number
            begin, end = np.sort(start[here]), np.sort(start[here] + length[here])
            edges = np.unique(np.concatenate([begin, end]))
            depth = np.searchsorted(begin, edges, "right") - np.searchsorted(end, edges, "right")
            covered = depth[:-1] > 0
            out.addEntries(
                [name] * int(covered.sum()),
                edges[:-1][covered].tolist(),
                ends=edges[1:][covered].tolist(),
                values=depth[:-1][covered].astype(float).tolist(),
            )


def write_bins(path, windows, step=1):
    starts = (windows.start[:, None] + 100 * np.arange(100)).ravel()
    chroms = np.repeat(numbers_of(windows), 100)
    order = np.lexsort((starts, chroms))[::step]
    with open(path, "w") as out:
        for place, start in zip(chroms[order].tolist(), starts[order].tolist(), strict=True):
            out.write(f"{NAMES[place]}\t{start}\t{start + 100}\n")
    return order


def write_text(folder, chrom, start, length):
    """Write reads as tagAlign, and intervals of as many values as bedGraph."""
    reads, signal = folder / "reads.tagAlign", folder / "signal.bedGraph"
    columns = [NAMES[chrom].tolist(), start.tolist(), (start + length).tolist()]
    with open(reads, "w") as out:
        for number, (name, begin, end) in enumerate(zip(*columns, strict=True)):
            out.write(f"{name}\t{begin}\t{end}\tN\t1000\t{'+-'[number % 2]}\n")
    values = np.random.default_rng(0).gamma(1, 3, len(start)).round(4).tolist()
    with open(signal, "w") as out:
        for number, (name, value) in enumerate(zip(columns[0], values, strict=True)):
            out.write(f"{name}\t{50 * number}\t{50 * number + 50}\t{value}\n")
    return reads, signal


def compare_text(path, values, n_repeats):
    """Parse by our fastest way, by slower ones of ours, and by pandas without checks."""

    def ours(*left_out):
        nothing = dict.fromkeys(left_out, lambda *_: None)
        with mock.patch.dict(vars(_intervals), nothing):
            return [piece.start.sum() for piece in _intervals.read_intervals(path, values=values)]

    ways = {
        "read_intervals": ours,
        "pandas and checks": lambda: ours("parse_regular_lines"),
        "line by line": lambda: ours("parse_regular_lines", "_parse"),
    }
    expected = sum(ours())
    assert all(sum(way()) == expected for way in ways.values())
    columns = [0, 1, 2, 3 if values else 5]
    ways["pandas.read_csv, no checks"] = lambda: pd.read_csv(
        path, sep="\t", header=None, usecols=columns
    )
    seconds = interleaved(ways, n_repeats, clock=time.process_time)
    report(f"{path.name}, parsed, CPU time", seconds, "read_intervals")


def bedtools(*arguments):
    done = subprocess.run(["bedtools", *map(str, arguments)], capture_output=True, check=True)
    return done.stdout


def last_column(output):
    return np.array([int(line.rsplit(b"\t", 1)[1]) for line in output.splitlines()])


def compare_reads(folder, windows, n_repeats):
    bam, bins, sample = folder / "reads.bam", folder / "bins.bed", folder / "sample.bed"
    order = write_bins(bins, windows)
    sampled = write_bins(sample, windows, SAMPLE)
    genome = folder / "genome.txt"
    genome.write_text("".join(f"{name}\t{size}\n" for name, size in SIZES.items()))
    coverage = ["coverage", "-sorted", "-counts", "-g", genome, "-a", bins, "-b", bam]
    multicov = ["multicov", "-bams", bam, "-bed", sample]
    ways = {"count_track": lambda: count_track(bam, windows)}
    if shutil.which("bedtools"):
        counts = count_track(bam, windows).values.ravel()
        assert (last_column(bedtools(*coverage)) == counts[order]).all()
        assert (last_column(bedtools(*multicov)) == counts[sampled]).all()
        ways["bedtools coverage -sorted -counts"] = lambda: bedtools(*coverage)
        ways["bedtools multicov, 1 bin in 200, × 200"] = lambda: bedtools(*multicov)
    seconds = interleaved(ways, n_repeats)
    for name in seconds:
        if "multicov" in name:
            seconds[name] = [SAMPLE * value for value in seconds[name]]
    report("BAM, reads that overlap each bin", seconds, "count_track")


def bigwig_ways(path, windows):
    """Sum over bins by each reader that is installed."""
    places = list(zip(windows.chrom.tolist(), windows.start.tolist(), strict=True))

    def ours():
        return count_track(path, windows, rule="sum").values

    def with_pybigwig():
        with pyBigWig.open(str(path)) as signal:
            rows = [signal.values(c, s, s + 10_000, numpy=True) for c, s in places]
        return np.nan_to_num(np.array(rows)).reshape(-1, 100, 100).sum(axis=2)

    def with_pybigwig_stats():
        with pyBigWig.open(str(path)) as signal:
            for c, s in places[::SAMPLE]:
                signal.stats(c, s, s + 10_000, nBins=100, exact=True)

    def with_pybigtools():
        import pybigtools

        bases = np.empty(10_000)
        with pybigtools.open(str(path)) as signal:
            rows = [
                signal.values(c, s, s + 10_000, fillna=0.0, arr=bases)
                .reshape(100, 100)
                .sum(axis=1)
                for c, s in places
            ]
        return np.array(rows)

    def with_figwig():
        import figwig

        bases = figwig.BigWigReader(str(path)).read(windows.chrom, windows.start, 10_000, n_jobs=1)
        return bases.reshape(-1, 100, 100).sum(axis=2)

    ways = {"count_track": ours, "pyBigWig values": with_pybigwig}
    ways["pyBigWig stats, 1 window in 200, × 200"] = with_pybigwig_stats
    for name, way in (("pybigtools", with_pybigtools), ("figwig", with_figwig)):
        if importlib.util.find_spec(name):
            ways[f"{name} values"] = way
    return ways


def compare_signal(path, windows, n_repeats):
    ways = bigwig_ways(path, windows)
    expected = ways["count_track"]()
    for name, way in ways.items():
        if "stats" not in name:
            np.testing.assert_allclose(way(), expected, rtol=1e-6, err_msg=name)
    seconds = interleaved(ways, n_repeats)
    for name in seconds:
        if "stats" in name:
            seconds[name] = [SAMPLE * value for value in seconds[name]]
    report("bigWig, sum over each bin, uncovered bases zero", seconds, "count_track")


def peak_memory(path, windows):
    """Return the peak in MiB; not from getrusage, where a child takes over its parent's."""
    if path is not None:
        count_track(path, windows)
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def report_memory(files, windows):
    print("\nfile, its size, peak memory of a process that counts it")
    for file in [None, *files]:
        # a fresh process each: the peak never goes down
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            peak = pool.apply(peak_memory, (file, windows))
        size = file.stat().st_size / 2**20 if file else 0
        name = file.name if file else "nothing"
        print(f"  {name:<30} {size:8.1f} MiB {peak:8.0f} MiB")


def main(n_reads=2_000_000, n_windows=20_000, n_repeats=3):
    warnings.simplefilter("ignore")  # the readers' own
    rng = np.random.default_rng(0)
    windows = draw_windows(rng, n_windows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reads = draw_reads(rng, n_reads, windows)
        write_bam(folder / "reads.bam", *reads)
        write_depth(folder / "depth.bw", *reads)
        for share in (16, 4):
            part = [column[::share] for column in reads]
            write_bam(folder / f"reads-{n_reads // share}.bam", *part)
        print(f"{n_reads:,} reads, {n_windows:,} windows of 100 bins of 100 bp")
        for path in write_text(folder, *(column[::2] for column in reads)):
            compare_text(path, path.suffix == ".bedGraph", n_repeats)
        compare_reads(folder, windows, n_repeats)
        compare_signal(folder / "depth.bw", windows, n_repeats)
        files = [folder / f"reads-{n_reads // share}.bam" for share in (16, 4)]
        report_memory([*files, folder / "reads.bam", folder / "depth.bw"], windows)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
