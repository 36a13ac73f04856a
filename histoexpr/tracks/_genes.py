"""Genes and their transcription start sites, from annotation files of several formats."""

from dataclasses import dataclass, field
from itertools import chain
from os import PathLike
from pathlib import Path

import numpy as np

from ..exceptions import DataFormatError
from ..utils import text_lines
from ._gene_tables import records_from_bed, records_from_frame, records_from_table
from ._gff import records_from_gff

TRANSCRIPT_RULES = ("gene", "canonical", "longest", "each")


@dataclass(frozen=True)
class Genes:
    """Transcription start sites, usually one per gene.

    Parameters
    ----------
    gene : ndarray of str of shape (n,)
        Gene identifiers as the annotation writes them.
    symbol : ndarray of str of shape (n,)
        Gene symbols; empty where the annotation has none.
    chrom : ndarray of str of shape (n,)
        Chromosome.
    tss : ndarray of int64 of shape (n,)
        0-based position of the transcription start site in bp.
    strand : ndarray of str of shape (n,)
        ``"+"``, ``"-"`` or ``"."``.
    biotype : ndarray of str of shape (n,)
        Such as ``"protein_coding"``; empty where the annotation has none.
    build : str, optional
        Genome build that the annotation names, such as ``"hg38"``.
    left_out : dict of str to int
        How many genes were left out, by reason.
    """

    gene: np.ndarray
    symbol: np.ndarray
    chrom: np.ndarray
    tss: np.ndarray
    strand: np.ndarray
    biotype: np.ndarray
    build: str | None = None
    left_out: dict = field(default_factory=dict)

    def __len__(self):
        return len(self.gene)

    def take(self, rows):
        """Return the genes with the given indices or mask."""
        columns = ("gene", "symbol", "chrom", "tss", "strand", "biotype")
        values = {name: getattr(self, name)[rows] for name in columns}
        return Genes(**values, build=self.build, left_out=self.left_out)


def read_genes(genes, *, biotypes=None, transcripts="gene"):
    r"""Read transcription start sites from an annotation.

    The format is told from the content. The TSS is strand-aware: the first base of a
    gene on the plus strand, the last one on the minus strand.

    Parameters
    ----------
    genes : str, path-like or DataFrame
        One of

        - GTF or GFF3 in the styles of Ensembl, GENCODE, RefSeq or UCSC;
        - BED6 or BED12, column 4 naming the gene;
        - a tab- or comma-separated table, or a pandas DataFrame, with columns ``gene``,
          ``chrom``, ``strand`` and either ``tss`` or ``start`` and ``end``, all 0-based
          with the end exclusive as in BED; ``symbol`` and ``biotype`` are optional.

        Files may be compressed with gzip.
    biotypes : str or sequence of str, optional
        Keep only genes of these biotypes, such as ``"protein_coding"``.
    transcripts : {"gene", "canonical", "longest", "each"}, default="gene"
        Which start a gene with several transcripts has.

        - ``"gene"``: the most 5' one, which is the start of the gene's own record. Records
          of one gene on one chromosome and strand are united.
        - ``"canonical"``: that of the transcript tagged MANE Select or, if there is none,
          Ensembl canonical or RefSeq Select. Genes without a tag are left out.
        - ``"longest"``: that of the transcript that spans most bp, the first among equals.
        - ``"each"``: every distinct start, as rows of their own with the same gene.

    Returns
    -------
    Genes
        In the order of the file. A gene that the file has at several loci (other than
        for ``"each"``) is kept at the first; genes without a strand are left out unless
        they are a single base. ``left_out`` counts both.

    Raises
    ------
    DataFormatError
        If the file is of no known format or a line is at fault.
    ValueError
        If no gene has a wanted biotype, or no transcript is tagged as canonical.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from histoexpr.tracks import read_genes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "genes.bed")
    ...     _ = path.write_text("1\t1000\t5000\tG1\t0\t+\n1\t2000\t9000\tG2\t0\t-\n")
    ...     read_genes(path).tss
    array([1000, 8999])
    """
    if transcripts not in TRANSCRIPT_RULES:
        raise ValueError(
            f"transcripts must be one of {', '.join(TRANSCRIPT_RULES)}; got {transcripts!r}."
        )
    if hasattr(genes, "columns"):
        records, build, source = records_from_frame(genes), None, "genes"
    else:
        if not isinstance(genes, str | PathLike):
            raise TypeError(f"genes must be a file or a DataFrame, got {type(genes).__name__}.")
        records, build = _records_from_file(Path(genes), transcripts != "gene")
        source = genes
    left_out = {}
    records = _of_biotypes(records, biotypes, source, left_out)
    records = _with_start(records, left_out)
    records = _RULES[transcripts](records, source, left_out)
    if not records:
        raise DataFormatError("no genes found.", source)
    columns = zip(*records, strict=True)
    gene, symbol, chrom, start, end, strand, biotype, _ = (np.array(c) for c in columns)
    tss = np.where(strand == "-", end - 1, start)
    return Genes(gene, symbol, chrom, tss, strand, biotype, build, left_out)


def _records_from_file(path, transcripts):
    lines = text_lines(path)
    skipped = []
    for number, line in lines:
        skipped.append((number, line))
        if line.strip() and not line.startswith(("#", "track", "browser")):
            break
    else:
        raise DataFormatError("the file has no lines of data.", path)
    fields = line.split("\t") if "\t" in line else line.split()
    if len(fields) == 9 and fields[3].isdecimal() and fields[4].isdecimal():
        return records_from_gff(path, transcripts=transcripts)
    if len(fields) >= 3 and fields[1].isdecimal() and fields[2].isdecimal():
        return records_from_bed(path, chain(skipped, lines)), None
    return records_from_table(path, chain(skipped, lines)), None


def _of_biotypes(records, biotypes, source, left_out):
    if biotypes is None:
        return records
    wanted = {biotypes} if isinstance(biotypes, str) else set(biotypes)
    if not wanted:
        raise ValueError("biotypes is empty. Name those to keep, or pass None for all.")
    present = {record.biotype for record in records}
    if unknown := wanted - present:
        there = ", ".join(sorted(present - {""})[:12]) or "none"
        raise ValueError(
            f"{source}: no gene has the biotype {', '.join(sorted(unknown))}; there are {there}."
        )
    kept = [record for record in records if record.biotype in wanted]
    left_out["other_biotype"] = _n_genes(records) - _n_genes(kept)
    return kept


def _n_genes(records):
    return len({record.gene for record in records})


def _with_start(records, left_out):
    kept = [r for r in records if r.strand != "." or r.end - r.start == 1]
    left_out["no_strand"] = _n_genes(records) - _n_genes(kept)
    return kept


def _by_gene(records):
    """Yield the records of each gene at its first locus, and how many others there are."""
    loci = {}
    for record in records:
        places = loci.setdefault(record.gene, {})
        places.setdefault((record.chrom, record.strand), []).append(record)
    for places in loci.values():
        first, *others = places.values()
        yield first, len(others)


def _unite(records, source, left_out):
    united, left_out["repeated"] = [], 0
    for same, others in _by_gene(records):
        start, end = min(r.start for r in same), max(r.end for r in same)
        united.append(same[0]._replace(start=start, end=end))
        left_out["repeated"] += others
    return united


def _canonical(records, source, left_out):
    if records and not any(record.canonical for record in records):
        raise ValueError(
            f"{source}: no transcript is tagged MANE Select, Ensembl canonical or RefSeq "
            "Select. Choose transcripts='gene' or 'longest'."
        )
    chosen, left_out["repeated"], left_out["not_canonical"] = [], 0, 0
    for same, others in _by_gene(records):
        best = max(same, key=lambda record: record.canonical)
        if best.canonical:
            chosen.append(best)
            left_out["repeated"] += others
        else:
            left_out["not_canonical"] += 1
    return chosen


def _longest(records, source, left_out):
    chosen, left_out["repeated"] = [], 0
    for same, others in _by_gene(records):
        chosen.append(max(same, key=lambda record: record.end - record.start))
        left_out["repeated"] += others
    return chosen


def _each(records, source, left_out):
    starts = {}
    for r in records:
        site = r.gene, r.chrom, r.strand, r.end if r.strand == "-" else r.start
        starts.setdefault(site, r)
    return list(starts.values())


_RULES = {"gene": _unite, "canonical": _canonical, "longest": _longest, "each": _each}
