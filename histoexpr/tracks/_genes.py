"""Genes and their transcription start sites, from annotation files of several formats."""

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError
from ..utils import StrOptions, validate_params
from ._chromosomes import locus_rank
from ._gene_records import data_lines
from ._gene_table import BedGenes, GenePredGenes, TableGenes, frame_records
from ._gff import GffGenes

# A file is offered to each format by the fields of its first line of data; a table takes all.
# ``read`` returns a DataFrame with the columns of GeneRecord, and a dict of build, aliases and
# sizes. With ``transcripts`` the records are transcripts also where there are records of genes.
FORMATS = (GffGenes(), GenePredGenes(), BedGenes(), TableGenes())


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
    aliases : dict of str to str, optional
        Other names of chromosomes that the annotation states, such as accessions, each with
        the name in ``chrom``.
    sizes : dict of str to int, optional
        Lengths in bp of chromosomes, under the names in ``chrom``, where the annotation has them.
    """

    gene: np.ndarray
    symbol: np.ndarray
    chrom: np.ndarray
    tss: np.ndarray
    strand: np.ndarray
    biotype: np.ndarray
    build: str | None = None
    left_out: dict | None = None
    aliases: dict | None = None
    sizes: dict | None = None

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
        - UCSC's tables of transcripts (genePred, refFlat, refGene), with or without header;
        - SAF of featureCounts, a table with ``GeneID``, ``Chr``, ``Start``, ``End`` and
          ``Strand``, whose first base is 1;
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
        for ``"each"``) is kept at the first, those on chromosome Y and on scaffolds coming
        last, and with ``"each"`` those are left out where there is another. Genes without
        a strand are left out unless they are a single base. ``left_out`` counts both.

    Raises
    ------
    DataFormatError
        If the file is of no known format, a line is at fault, or no gene has a strand.
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
    if isinstance(genes, pd.DataFrame):
        name, records, about = "genes", frame_records(genes), {}
    else:
        name, path = genes, Path(genes)
        fields = next((fields for _, fields in data_lines(path)), None)
        if fields is None:
            raise DataFormatError("the file has no lines of data.", path)
        annotation = next(one for one in FORMATS if one.sniff(fields))
        records, about = annotation.read(path, transcripts=transcripts != "gene")
    left_out = {}
    records = _of_biotypes(records, biotypes, name, left_out)
    with_start = (records["strand"] != ".") | (records["end"] - records["start"] == 1)
    left_out["no_strand"] = _n_lost(records, records[with_start])
    if len(records) and not with_start.any():
        raise DataFormatError(
            "no gene has a strand, so that none has a known start. Give + or - in column 6 of a "
            "BED file or in the column strand of a table, or the starts themselves as single "
            "bases.",
            name,
        )
    records = records[with_start]
    rank = pd.Series(locus_rank(records["chrom"].to_numpy(dtype=str)), index=records.index)
    usual = rank == rank.groupby(records["gene"]).transform("min")
    loci = records[~usual].drop_duplicates(["gene", "chrom", "strand"])
    records = records[usual]
    if transcripts == "each":
        start = records["start"].where(records["strand"] != "-", records["end"])
        at = ["gene", "chrom", "strand", "at"]
        records = records[~records.assign(at=start).duplicated(at)]
    else:
        records = _one_start(records, transcripts, name, left_out)
    left_out["repeated"] = left_out.get("repeated", 0) + len(loci)
    if not len(records):
        raise DataFormatError("no genes found.", name)
    tss = np.where(records["strand"] == "-", records["end"] - 1, records["start"])
    gene, symbol, chrom, strand, biotype = (
        records[column].to_numpy(dtype=str) for column in _TEXT_COLUMNS
    )
    return Genes(gene, symbol, chrom, tss, strand, biotype, left_out=left_out, **about)


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
    left_out["other_biotype"] = _n_lost(records, kept)
    return kept


def _n_lost(records, kept):
    return records["gene"].nunique() - kept["gene"].nunique()


def _one_start(records, transcripts, source, left_out):
    """Return one record of each gene, from its first chromosome and strand."""
    if transcripts == "canonical" and len(records) and not records["canonical"].any():
        raise ValueError(
            f"{source}: no transcript is tagged MANE Select, Ensembl canonical or RefSeq "
            "Select. Choose transcripts='gene' or 'longest'."
        )
    locus = ["chrom", "strand"]
    n_loci = records.drop_duplicates(["gene", *locus])["gene"].value_counts()
    first = records.groupby("gene", sort=False)[locus].transform("first")
    records = records[(records[locus] == first).all(axis=1)]
    if transcripts == "gene":
        ends = records.groupby("gene", sort=False).agg({"start": "min", "end": "max"})
        chosen = records.drop_duplicates("gene").assign(**{n: ends[n].to_numpy() for n in ends})
    else:
        canonical = transcripts == "canonical"
        value = records["canonical"] if canonical else records["end"] - records["start"]
        chosen = records.loc[value.groupby(records["gene"], sort=False).idxmax()]
    n_genes = len(chosen)
    if transcripts == "canonical":
        chosen = chosen[chosen["canonical"] > 0]
    left_out["repeated"] = int((n_loci[chosen["gene"]] - 1).sum())
    if transcripts == "canonical":
        left_out["not_canonical"] = n_genes - len(chosen)
    return chosen


_TEXT_COLUMNS = ("gene", "symbol", "chrom", "strand", "biotype")
