"""Damaged and edited files of every format: read rightly or refused clearly, in bounded time.

A reader's answer is compared with that of a plain strict reader, or, for files that carry their
own checks (compressed tracks, our formats), with what was written.
"""

import functools
import json
import os
import re
import shutil
import warnings
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from histoexpr import HistoneDataset, build_dataset, load_deepchrome, load_study, read_expression
from histoexpr.experiments import StudySpec
from histoexpr.tracks import count_track, read_genes
from support.deepchrome_files import pack_folder, write
from support.mutations import damage_bytes, edit_text, outcome
from support.small_datasets import make_dataset
from support.strict_readers import integer, number, rows_of, text_of
from support.study_cases import study_of
from support.track_files import make_windows, random_reads, write_bam, write_depth

ANYTHING = object()  # where the formats leave open what a line means
PLACES = [("chr1", start) for start in range(0, 20_000, 2_500)] + [("chr2", 0), ("chr2", 2_000)]
WINDOWS = functools.partial(make_windows, PLACES, n_bins=5, bin_size=100)


class Kind(NamedTuple):
    """A file, how it is read, and what a strict reader makes of other bytes in its place."""

    path: Path
    read: object
    expect: object
    mutate: object
    names: tuple = ()


def _either(rng):
    return edit_text if rng.random() < 0.8 else damage_bytes


def _text_kind(path, text, read, expect):
    path.write_text(text)
    return Kind(path, read, expect, lambda data, rng: _either(rng)(data, rng))


def _unchanged(path, read, *, names=()):
    """Return a kind whose reader may only return what the sound file holds, or refuse."""
    expected = read()
    return Kind(path, read, lambda _: expected, damage_bytes, names)


def _counts(path, rule):
    return lambda: count_track(path, WINDOWS(), rule=rule).values


def _sum_over_bins(intervals):
    values = np.zeros((len(PLACES), 5))
    for chrom, start, end, value, mode in intervals:
        for row, (place, first) in enumerate(PLACES):
            for column in range(5 if place == chrom else 0):
                low = first + 100 * column
                overlap = min(end, low + 100) - max(start, low)
                values[row, column] += value * (max(overlap, 0) if mode else overlap > 0)
    return values


def _track_rows(data, least):
    rows = rows_of(data, ("#", "track", "browser"), "replace")
    if not rows or any(len(row) < least for row in rows):
        return None
    # a read that was shifted over the start of a chromosome is clipped
    starts = ["0" if re.fullmatch(r"-[1-9][0-9]{0,2}", row[1]) else row[1] for row in rows]
    places = [
        (row[0], integer(start), integer(row[2])) for row, start in zip(rows, starts, strict=True)
    ]
    if any(None in place or place[1] >= place[2] for place in places):
        return None
    return list(zip(rows, places, strict=True))


def bed(tmp):
    """Reads as tagAlign."""

    def expect(data):
        rows = _track_rows(data, 3)
        if rows is None or any(len(r) > 5 and r[5] not in ("+", "-", ".") for r, _ in rows):
            return None
        return _sum_over_bins([(*place, 1, False) for _, place in rows])

    reads = random_reads(np.random.default_rng(0), 60)
    text = "".join(f"{c}\t{s}\t{e}\tN\t1000\t{d}\n" for c, s, e, d in reads)
    path = tmp / "reads.bed"
    return _text_kind(path, text, _counts(path, "overlap"), expect)


def bedgraph(tmp):
    """Signal as bedGraph."""

    def expect(data):
        rows = _track_rows(data, 4)
        if rows is not None and any(row[3].lower() == "nan" for row, _ in rows):
            return ANYTHING  # an interval without a value
        if rows is None or any(len(row) != 4 or number(row[3]) is None for row, _ in rows):
            return None
        places = sorted(place for _, place in rows)
        for (chrom, _, end), (other, start, _) in pairwise(places):
            if chrom == other and start < end:
                return None  # two values at a base
        return _sum_over_bins([(*place, number(row[3]), True) for row, place in rows])

    rng = np.random.default_rng(1)
    edges = np.unique(rng.integers(0, 19_000, 80))
    spans = zip(edges[::2], edges[1::2], strict=False)
    text = "".join(f"chr1\t{s}\t{e}\t{(e - s) / 8}\n" for s, e in spans)
    path = tmp / "signal.bedGraph"
    return _text_kind(path, text, _counts(path, "sum"), expect)


def bam(tmp):
    """Reads as BAM: every block has a checksum."""
    path = write_bam(tmp / "reads.bam", random_reads(np.random.default_rng(2), 300))
    return _unchanged(path, _counts(path, "overlap"))


def bigwig(tmp):
    """Signal as bigWig: blocks have checksums, the index says what they hold."""
    path = write_depth(tmp / "signal.bw", random_reads(np.random.default_rng(3), 400))
    kind = _unchanged(path, _counts(path, "sum"))
    sound = path.read_bytes()

    def expect(data):
        # nothing repeats the names of chromosomes, and others are of another genome
        named = all(name in data for name in (b"chr1\0", b"chr2"))
        return kind.expect(data) if named or data[:96] != sound[:96] else ANYTHING

    return kind._replace(expect=expect)


def _positions(path):
    def read():
        genes = read_genes(path)
        columns = (genes.gene, genes.chrom, genes.tss, genes.strand)
        return {
            gene: list(rest) for gene, *rest in zip(*(c.tolist() for c in columns), strict=True)
        }

    return read


def _as_positions(rows):
    """Return positions of (gene, chrom, start, end, strand), None if a row is not possible."""
    found = {}
    if any(row[-1] not in ("+", "-") for row in rows):
        return ANYTHING  # genes without a strand are left out and counted
    for gene, chrom, start, end, strand in rows:
        if None in (start, end) or start >= end or strand not in ("+", "-") or not gene:
            return None
        if not re.fullmatch(r"[!-~]+", chrom) or gene in found:
            return ANYTHING
        found[gene] = [chrom, start if strand == "+" else end - 1, strand]
    return found or None


def bed_genes(tmp):
    """Genes as BED."""

    def expect(data):
        rows = rows_of(data, ("#", "track", "browser"))
        if rows is None:
            return None
        if any(len(row) != 6 for row in rows):
            return ANYTHING  # genes without a strand are left out and counted
        return _as_positions([(r[3], r[0], integer(r[1]), integer(r[2]), r[5]) for r in rows])

    path = tmp / "genes.bed"
    text = "".join(
        f"chr{1 + n % 2}\t{100 * n}\t{100 * n + 50}\tG{n}\t0\t{'+-'[n % 2]}\n" for n in range(12)
    )
    return _text_kind(path, text, _positions(path), expect)


def gtf(tmp):
    """Genes as GTF."""

    def expect(data):
        text = text_of(data)
        if text is None:
            return None
        rows = [line.split("\t") for line in text.split("\n") if line.strip() and line[0] != "#"]
        if any(len(row) != 9 or row[2] != "gene" for row in rows):
            return ANYTHING
        genes = []
        for row in rows:
            name = re.fullmatch(r'gene_id "([^"]+)"; gene_type "protein_coding";', row[8].strip())
            if name is None:
                return ANYTHING
            start = integer(row[3])
            start = None if not start else start - 1
            genes.append((name[1], row[0], start, integer(row[4]), row[6]))
        return _as_positions(genes)

    path = tmp / "genes.gtf"
    attributes = 'gene_id "G{n}"; gene_type "protein_coding";'
    text = "".join(
        f"chr1\tHAVANA\tgene\t{100 * n + 1}\t{100 * n + 60}\t.\t{'+-'[n % 2]}\t.\t"
        f"{attributes.format(n=n)}\n"
        for n in range(12)
    )
    return _text_kind(path, "##description: none\n" + text, _positions(path), expect)


def expression(tmp):
    """Expression of three cells."""

    def expect(data):
        text = text_of(data)
        if text is None:
            return None
        rows = [line.split("\t") for line in text.split("\n") if line.strip()]
        if not rows or any(row[0].startswith("#") for row in rows):
            return ANYTHING
        if rows[0] != ["gene_id", "E1", "E2", "E3"] or len({r[0] for r in rows}) < len(rows):
            return ANYTHING  # other tables: their headers decide
        for row in rows[1:]:
            row[:] = [field.strip() for field in row]
            if len(row) != 4 or '"' in row[0] or not re.fullmatch(r"G\d+", row[0]):
                return ANYTHING
            values = [number(field) for field in row[1:]]
            if None in values or min(values) < 0:
                missing = {"", "na", "nan", "null", "."} & {field.lower() for field in row[1:]}
                return ANYTHING if missing else None
        return {row[0]: [number(field) for field in row[1:]] for row in rows[1:]} or None

    def read():
        table = read_expression(path)
        return dict(zip(table.genes.tolist(), table.values.tolist(), strict=True))

    path = tmp / "expression.tsv"
    values = np.round(np.random.default_rng(4).gamma(1, 9, (12, 3)), 3)
    lines = [f"G{n}\t" + "\t".join(map(str, row)) for n, row in enumerate(values.tolist())]
    return _text_kind(path, "\n".join(["gene_id\tE1\tE2\tE3", *lines]) + "\n", read, expect)


def _as_deepchrome(data):
    text = text_of(data)
    if text is None:
        return None
    genes = {}
    for line in text.split("\n"):
        if not line.strip():
            continue
        gene, *fields = line.rstrip().split(",")
        if any(number(field) is not None and integer(field) is None for field in fields):
            return ANYTHING  # decimals are signals, too
        fields = [integer(field) for field in fields]
        if len(fields) != 4 or None in fields or not gene.strip() or fields[3] > 1:
            return None
        if '"' in gene or gene != gene.strip():
            return ANYTHING
        genes.setdefault(gene, []).append(fields)
    for rows in genes.values():
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            return ANYTHING if [row[0] for row in rows] == list(range(1, 7)) * 2 else None
        if len({row[3] for row in rows}) > 1 or len(rows) != len(next(iter(genes.values()))):
            return None
    return {gene: [row[1:] for row in rows] for gene, rows in genes.items()} or None


def deepchrome(tmp):
    """A table of the DeepChrome benchmark."""

    def read():
        data = load_deepchrome(tmp / "set", cache=False)
        label = np.repeat(data.y[:, None, None], data.n_bins, axis=1)
        values = np.concatenate([data.X, label], axis=2).tolist()
        return dict(zip(data.gene.tolist(), values, strict=True))

    def mutate(data, rng):
        edited = _either(rng)(data.replace(b",", b"\t"), rng)
        return edited.replace(b"\t", b",")

    counts = np.random.default_rng(5).integers(0, 30, (6, 6, 2))
    text = "".join(
        f"g{gene},{number},{row[0]},{row[1]},{gene % 2}\n"
        for gene, rows in enumerate(counts)
        for number, row in enumerate(rows, 1)
    )
    write(tmp / "set", train=text)
    return Kind(next((tmp / "set").rglob("train.csv")), read, _as_deepchrome, mutate)


def archive(tmp):
    """The benchmark as it is downloaded: gzip has a checksum over all."""
    rows = (f"g{g},{b},{g * b},1,{g % 2}\n" for g in range(5) for b in range(1, 4))
    write(tmp / "set", train="".join(rows), test="h,1,1,1,0\nh,2,1,1,0\nh,3,4,5,0\n")
    path = pack_folder(tmp / "benchmark.tar.gz", tmp / "set", "set")
    return _unchanged(path, lambda: _as_dict(load_deepchrome(path, cache=False)))


def _as_dict(data):
    parts = ("X", "y", "cell", "gene", "chrom", "tss", "strand", "expression", "split")
    known = [name for name in parts if getattr(data, name) is not None]
    values = {name: np.array(getattr(data, name)) for name in known}  # no map of the file
    return values | {"marks": data.marks, "bin": data.bin_size, "window": list(data.window)}


def tracks_table(tmp):
    """A table of tracks."""
    for name in ("a", "b", "c", "d"):
        reads = random_reads(np.random.default_rng(ord(name)), 40)
        text = "".join(f"{c}\t{s}\t{e}\tN\t0\t{d}\n" for c, s, e, d in reads)
        (tmp / f"{name}.bed").write_text(text)
    genes = tmp / "genes.bed"
    genes.write_text("chr1\t3000\t5000\tG1\t0\t+\nchr1\t8000\t9000\tG2\t0\t-\n")
    path = tmp / "tracks.tsv"

    def build():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some tracks have nothing near the genes
            return build_dataset(path, genes, window=(-500, 500))

    def read():
        data = build()
        rows = zip(data.cell, data.gene, data.X.sum(axis=1).tolist(), strict=True)
        sums = {
            f"{cell} {gene} {mark}": value
            for cell, gene, values in rows
            for mark, value in zip(data.marks, values, strict=True)
        }
        return sums

    def expect(data):
        rows = rows_of(data)
        if not rows or rows[0] != ["cell", "mark", "file"] or any(len(r) != 3 for r in rows):
            return ANYTHING if rows and rows[0] != ["cell", "mark", "file"] else None
        found = {}
        for cell, mark, file in rows[1:]:
            if file not in ("a.bed", "b.bed", "c.bed", "d.bed") or (cell, mark) in found:
                return ANYTHING
            found[cell, mark] = file
        wanted = {cell for cell, _ in found}, {mark for _, mark in found}
        if len(found) != len(wanted[0]) * len(wanted[1]):
            return None
        sums = {}
        for (cell, mark), file in found.items():
            for gene, at in (("G1", 0), ("G2", 1)):
                sums[f"{cell} {gene} {mark}"] = whole[file][at]
        return sums or None

    whole = {}
    for name in "abcd":
        path.write_text(f"cell\tmark\tfile\nA\tm\t{name}.bed\n")
        data = build()
        whole[f"{name}.bed"] = [int(data.X[data.gene == gene].sum()) for gene in ("G1", "G2")]
    text = (
        "cell\tmark\tfile\nA\tH3K4me3\ta.bed\nA\tH3K9me3\tb.bed\n"
        "B\tH3K4me3\tc.bed\nB\tH3K9me3\td.bed\n"
    )
    return _text_kind(path, text, read, expect)._replace(names=(tmp,))


def _in_folder(folder, pick, read):
    """Return a kind that damages any file of a folder in turn."""
    expected = read()
    files = sorted(path for path in folder.rglob("*") if path.is_file() and pick(path))
    sound = {path: path.read_bytes() for path in files}

    def mutate(_, rng):
        for path, data in sound.items():
            path.write_bytes(data)
        path = files[int(rng.integers(len(files)))]
        data = damage_bytes(sound[path], rng)
        if path != files[0]:
            path.write_bytes(data)
            return sound[files[0]]
        return data

    return Kind(files[0], read, lambda _: expected, mutate, (folder, *(p.name for p in files)))


def data_set(tmp):
    """A saved data set."""
    make_dataset(n_genes=40).save(tmp / "data")
    read = functools.partial(HistoneDataset.load, tmp / "data")
    return _in_folder(tmp / "data", lambda _: True, lambda: _as_dict(read()))


def cache(tmp):
    """The cache of a benchmark that was read before."""
    folder = Path(os.environ["HISTOEXPR_CACHE"])
    shutil.rmtree(folder, ignore_errors=True)
    rows = (f"g{g},{b},{g * b},1,{g % 2}\n" for g in range(30) for b in range(1, 9))
    write(tmp / "set", train="".join(rows))
    load_deepchrome(tmp / "set")
    return _in_folder(folder, lambda _: True, lambda: _as_dict(load_deepchrome(tmp / "set")))


def study(tmp):
    """The folder of a finished study."""
    rng = np.random.default_rng(0)
    data = make_dataset(n_genes=24, X=rng.poisson(3, (48, 3, 2)), y=rng.integers(0, 2, 48))
    study_of(data, tmp, {"name": "own", "regime": "own"})

    def read():
        results = load_study(tmp / "out")
        return [results.table.to_csv(), results.summary().to_csv()]

    return _in_folder(tmp / "out", lambda path: path.suffix in (".json", ".csv"), read)


def study_file(tmp):
    """A specification of a study."""
    path = tmp / "study.json"
    experiments = [{"name": "own", "regime": "own"}, {"name": "each", "regime": "each"}]
    spec = {"models": {"linear": "linear"}, "random_state": [0, 1], "experiments": experiments}

    def read():
        StudySpec.load(path)
        return True

    def expect(data):
        try:
            json.loads(data.decode("utf-8"))
        except ValueError:
            return None if data[:3] != b"\xef\xbb\xbf" else ANYTHING
        return ANYTHING

    path.write_text(json.dumps(spec, indent=1))
    return Kind(path, read, expect, damage_bytes)


KINDS = (
    bed, bedgraph, bam, bigwig, bed_genes, gtf, expression, deepchrome, archive, tracks_table,
    data_set, cache, study, study_file,
)  # fmt: skip


def _try(kind, seed):
    rng = np.random.default_rng(seed)
    sound = kind.path.read_bytes() if kind.path.exists() else b""
    data = kind.mutate(sound, rng)
    kind.path.write_bytes(data)
    expected = kind.expect(data)
    names = (kind.path, kind.path.name, *kind.names)
    try:
        if expected is ANYTHING:
            word, detail = outcome(kind.read, None, names)
            return ("right", "") if word == "wrong" else (word, detail)
        return outcome(kind.read, expected, names)
    finally:
        kind.path.parent.mkdir(parents=True, exist_ok=True)
        kind.path.write_bytes(sound)


def _run(make, tmp_path, seeds):
    kind = make(tmp_path)
    tally, faults = Counter(), []
    for seed in seeds:
        word, detail = _try(kind, seed)
        tally[word] += 1
        if word not in ("right", "clear"):
            faults.append(f"{make.__name__} {seed}: {word}: {' '.join(detail.split())[:300]}")
    print(make.__name__, dict(tally))
    assert not faults, "\n".join([str(dict(tally)), *faults[:40]])
    if make is not cache:  # which is made anew
        assert tally["clear"] > 0, "no mutation was refused: the check cannot fail"


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_some_mutated_files_are_right_or_refused(make, tmp_path):
    _run(make, tmp_path, range(25))


@pytest.mark.slow
@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_ten_thousand_mutated_files_are_right_or_refused(make, tmp_path):
    _run(make, tmp_path, range(100, 100 + -(-10_000 // len(KINDS))))
