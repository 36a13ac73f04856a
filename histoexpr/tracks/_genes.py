"""Genes and their transcription start sites, from annotation files of several formats."""

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError
from ..utils import StrOptions, text_lines, validate_params
from ._gene_bed import BedGenes
from ._gene_table import FrameGenes, TableGenes
from ._gff import GffGenes

# In this order a source is offered to them; a table takes every text.
FORMATS = (FrameGenes(), GffGenes(), BedGenes(), TableGenes())


@dataclass(frozen=True)
class Genes:
    """Transcription start sites, usually one per gene.

    Parameters
    ----------
    gene, symbol, chrom : ndarray of str of shape (n,)
        Identifiers as the annotation writes them, gene symbols (empty where it has none), and
        chromosomes.
    tss : ndarray of int64 of shape (n,)
        0-based position of the transcription start site in bp.
    strand : ndarray of str of shape (n,)
        ``"+"``, ``"-"`` or ``"."``.
    biotype : ndarray of str of shape (n,)
        Such as ``"protein_coding"``; empty where the annotation has none.
    build : str, optional
        Genome build that the annotation names, such as ``"hg38"``.
    left_out : dict of str to int, optional
        How many genes were left out, by reason.
    """

    gene: np.ndarray
    symbol: np.ndarray
    chrom: np.ndarray
    tss: np.ndarray
    strand: np.ndarray
    biotype: np.ndarray
    build: str | None = None
    left_out: dict | None = None

    def __len__(self):
        return len(self.gene)

    def take(self, rows):
        """Return the genes with the given indices or mask."""
        return replace(self, **{n: getattr(self, n)[rows] for n in (*_TEXT_COLUMNS, "tss")})


@validate_params(
    {
        "genes": [str, PathLike, pd.DataFrame],
        "biotypes": [str, "array-like", set, frozenset, None],
        "transcripts": [StrOptions({"gene", "canonical", "longest", "each"})],
    },
    prefer_skip_nested_validation=True,
)
def read_genes(genes, *, biotypes=None, transcripts="gene"):
    r"""Read transcription start sites from an annotation.

    The format is recognised by the content. The TSS is strand-aware: the first base of a
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
    source = genes if isinstance(genes, pd.DataFrame) else Path(genes)
    name = "genes" if isinstance(genes, pd.DataFrame) else genes
    fields = None if isinstance(genes, pd.DataFrame) else _first_fields(source)
    # the last format takes every text
    annotation = next(one for one in FORMATS if one.sniff(source, fields))
    records, build = annotation.read(source, transcripts=transcripts != "gene")
    left_out = {}
    records = _of_biotypes(records, biotypes, name, left_out)
    records = _with_start(records, left_out)
    records = _RULES[transcripts](records, name, left_out)
    if not len(records):
        raise DataFormatError("no genes found.", name)
    tss = np.where(records["strand"] == "-", records["end"] - 1, records["start"])
    gene, symbol, chrom, strand, biotype = (
        records[column].to_numpy(dtype=str) for column in _TEXT_COLUMNS
    )
    return Genes(gene, symbol, chrom, tss, strand, biotype, build, left_out)


def _first_fields(path):
    for _, line in text_lines(path):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            return line.split("\t") if "\t" in line else line.split()
    raise DataFormatError("the file has no lines of data.", path)


def _of_biotypes(records, biotypes, source, left_out):
    if biotypes is None:
        return records
    wanted = {biotypes} if isinstance(biotypes, str) else set(biotypes)
    if not wanted:
        raise ValueError("biotypes is empty. Name those to keep, or pass None for all.")
    present = set(records["biotype"])
    if unknown := wanted - present:
        there = ", ".join(sorted(present - {""})[:12]) or "none"
        raise ValueError(
            f"{source}: no gene has the biotype {', '.join(sorted(unknown))}; there are {there}."
        )
    kept = records[records["biotype"].isin(wanted)]
    left_out["other_biotype"] = records["gene"].nunique() - kept["gene"].nunique()
    return kept


def _with_start(records, left_out):
    kept = records[(records["strand"] != ".") | (records["end"] - records["start"] == 1)]
    left_out["no_strand"] = records["gene"].nunique() - kept["gene"].nunique()
    return kept


def _at_first_locus(records):
    """Return the records of each gene on its first chromosome and strand, and other loci."""
    first = records.groupby("gene", sort=False)[["chrom", "strand"]].transform("first")
    loci = records.drop_duplicates(["gene", "chrom", "strand"])["gene"].value_counts()
    return records[(records[["chrom", "strand"]] == first).all(axis=1)], loci - 1


def _unite(records, source, left_out):
    records, others = _at_first_locus(records)
    left_out["repeated"] = int(others.sum())
    ends = records.groupby("gene", sort=False).agg(start=("start", "min"), end=("end", "max"))
    return records.drop_duplicates("gene").assign(**{n: ends[n].to_numpy() for n in ends})


def _canonical(records, source, left_out):
    if len(records) and not records["canonical"].any():
        raise ValueError(
            f"{source}: no transcript is tagged MANE Select, Ensembl canonical or RefSeq "
            "Select. Choose transcripts='gene' or 'longest'."
        )
    records, others = _at_first_locus(records)
    best = _greatest(records, records["canonical"])
    tagged = best["canonical"] > 0
    left_out["repeated"] = int(others[best["gene"][tagged]].sum())
    left_out["not_canonical"] = int((~tagged).sum())
    return best[tagged]


def _longest(records, source, left_out):
    records, others = _at_first_locus(records)
    left_out["repeated"] = int(others.sum())
    return _greatest(records, records["end"] - records["start"])


def _greatest(records, values):
    """Return the first record of each gene with its greatest value."""
    return records.loc[values.groupby(records["gene"], sort=False).idxmax()]


def _each(records, source, left_out):
    start = records["start"].where(records["strand"] != "-", records["end"])
    return records[~records.assign(at=start).duplicated(["gene", "chrom", "strand", "at"])]


_RULES = {"gene": _unite, "canonical": _canonical, "longest": _longest, "each": _each}
_TEXT_COLUMNS = ("gene", "symbol", "chrom", "strand", "biotype")
