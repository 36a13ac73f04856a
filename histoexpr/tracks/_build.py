"""A data set built from tracks, gene annotation and expression."""

import warnings
from collections.abc import Iterable
from numbers import Integral
from os import PathLike

import numpy as np
import pandas as pd

from .. import __version__
from ..datasets import ExpressionTable
from ..exceptions import HistoexprWarning
from ..labels import LABEL_METHODS
from ..utils import Interval, StrOptions, validate_params
from . import _build_steps as steps
from ._builds import check_genes, check_positions
from ._combine import CONTROLS, combine, describe_control, unique_files
from ._count import RULES
from ._genes import Genes, read_genes
from ._genome import survey_tracks
from ._parallel import count_tracks
from ._read_filter import ReadFilter
from ._track_table import read_track_table
from ._windows import POLICIES, check_window


@validate_params(
    {
        "tracks": [str, PathLike, pd.DataFrame, Iterable],
        "genes": [str, PathLike, pd.DataFrame, Genes],
        "expression": [ExpressionTable, str, PathLike, pd.DataFrame, None],
        "flip_minus_strand": [StrOptions({"auto"}), "boolean"],
        "rule": [StrOptions({"auto", *RULES})],
        "fragment_length": [Interval(Integral, 1, None, closed="left"), None],
        "min_mapq": [Interval(Integral, 0, None, closed="left")],
        "keep_duplicates": ["boolean"],
        "keep_secondary": ["boolean"],
        "keep_qc_failed": ["boolean"],
        "chrom_sizes": [str, PathLike, dict, None],
        "build": [str, None],
        "control": [StrOptions({*CONTROLS, "ignore"})],
        "cutoff_genes": [StrOptions({"table", "dataset"})],
        "replicates": [StrOptions({"refuse", "pool"})],
        "off_chromosome": [StrOptions(set(POLICIES))],
        "unknown_chromosome": [StrOptions(set(POLICIES))],
        "labels": [StrOptions(set(LABEL_METHODS)), None],
        "work_dir": [str, PathLike, None],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=False,
)
def build_dataset(
    tracks,
    genes,
    expression=None,
    *,
    window=(-5000, 5000),
    bin_size=100,
    flip_minus_strand="auto",
    rule="auto",
    fragment_length=None,
    min_mapq=0,
    keep_duplicates=False,
    keep_secondary=False,
    keep_qc_failed=False,
    biotypes=None,
    transcripts="gene",
    chrom_sizes=None,
    build=None,
    control="subtract",
    replicates="refuse",
    off_chromosome="pad",
    unknown_chromosome="drop",
    labels="median",
    quantile=None,
    threshold=None,
    fraction=None,
    cutoff_genes="table",
    work_dir=None,
    n_jobs=None,
    verbose=0,
):
    r"""Build a data set from raw tracks, a gene annotation and an expression table.

    Every file is read once, from beginning to end, in any order; no index is needed. Memory is
    bounded by the counts and a piece of a file. Positions are 0-based, intervals half-open.

    Parameters
    ----------
    tracks : str, path-like, DataFrame or sequence of (cell, mark, file[, control])
        Table with columns ``cell``, ``mark`` and ``file``: one file for each cell and mark. Files
        are BAM or CRAM (needs pysam), tagAlign or BED, bigWig, or bedGraph, recognised by
        content; text may be compressed with gzip. Paths in a table that is a file are relative
        to its folder. The column ``control`` (or ``input``) may name the control of each file,
        ``replicate`` the replicate, ``expression`` a file of the cell's expression as a
        quantifier writes it (several are averaged), instead of a table; ``note`` and
        ``note_...`` are not read, and other columns are refused.
    genes : str, path-like, DataFrame or Genes
        GTF, GFF3, BED6, BED12 or a table; see :func:`histoexpr.tracks.read_genes`.
    expression : ExpressionTable, str, path-like or DataFrame, optional
        Expression of the genes in the cells; see :func:`histoexpr.datasets.read_expression`.
        A DataFrame has genes as index and cells as columns. Genes are found under their
        identifier, with or without an Ensembl version, or under their symbol, whichever
        finds more; those not in the table are left out.
    window : tuple of two int, or int, default=(-5000, 5000)
        First and last (exclusive) position in bp relative to the TSS; one number is both sides.
    bin_size : int, default=100
        Width of a bin in bp; the window must be a multiple of it.
    flip_minus_strand : bool or "auto", default="auto"
        Whether the bins of genes on the minus strand run along transcription, against the
        genome's direction: their windows are mirrored at the base of the TSS, which is then in the
        same bin on both strands. The data set records it as ``oriented``. By default they do if
        every gene has a strand; otherwise all bins run along the genome, with a warning.
        True needs the strand of every gene; with False, as in the DeepChrome benchmark, all bins
        run along the genome.
    rule : {"auto", "overlap", "5prime", "fragment", "midpoint", "mean", "sum"}, default="auto"
        What the value of a bin is; recorded in ``meta["counting"]``.

        - ``"overlap"``: the number of reads that overlap the bin by at least one base,
          from their first to their last aligned base (deletions and introns included).
          What ``bedtools multicov`` counts. A read counts in each bin it overlaps.
        - ``"5prime"``: the number of reads whose 5' end (first base on the plus strand,
          last on the minus strand) lies in the bin.
        - ``"fragment"``: the number of fragments that overlap the bin, of pairs from end to end:
          each pair counts once in a bin, and in the bins between its mates, too.
        - ``"midpoint"``: the number of fragments whose middle, ``(start + end) // 2``,
          lies in the bin. A proper pair is one fragment, which counts if either of its mates
          passes the filters; any other read stands for a fragment of ``fragment_length`` from
          its 5' end on.
        - ``"mean"``, ``"sum"``: mean or sum over the bases of the bin, of the signal
          (bigWig, bedGraph) or of the depth of reads; uncovered bases count as zero.
        - ``"auto"``: ``"overlap"`` for reads, as in the DeepChrome benchmark, ``"mean"`` for
          signals.
    fragment_length : int, optional
        With ``rule="midpoint"`` or ``"fragment"``: length in bp of the fragments that single
        reads stand for; by default that of the read.
    min_mapq : int, default=0
        Smallest mapping quality of reads in BAM and CRAM files.
    keep_duplicates, keep_secondary, keep_qc_failed : bool, default=False
        Whether to count duplicates, secondary and supplementary alignments, and reads that
        failed quality control in BAM and CRAM files. With ``keep_secondary=True`` counts
        are those of ``bedtools multicov`` in its default settings.
    biotypes : str or sequence of str, optional
        Biotypes of genes to keep, such as ``"protein_coding"``.
    transcripts : {"gene", "canonical", "longest", "each"}, default="gene"
        Which start counts for a gene with several transcripts: by default the most 5' one;
        see :func:`histoexpr.tracks.read_genes`.
    chrom_sizes : path-like or dict of str to int, optional
        Chromosome lengths in bp (a table of names and lengths, such as a ``.fai``). BAM,
        CRAM and bigWig files state them; BED and bedGraph files do not, and without them
        a window that leaves the far end of a chromosome cannot be detected.
    build : str, optional
        Genome build of genes and tracks, such as ``"hg19"`` or ``"GRCh38"``, where files say
        another one or none in their headers and names. Chromosome lengths and positions in
        the files must agree with it.
    control : {"subtract", "ratio", "log2-ratio", "ignore"}, default="subtract"
        What is done with the controls of the tracks; see Notes. ``"ignore"`` does not read them.
    replicates : {"refuse", "pool"}, default="refuse"
        What is done with several files for one cell and mark. ``"pool"`` adds reads and
        averages signals (bigWig, bedGraph).
    off_chromosome : {"pad", "drop", "error"}, default="pad"
        Whether windows that leave their chromosome get zeros outside, are left out, or refused.
    unknown_chromosome : {"drop", "pad", "error"}, default="drop"
        What to do with genes on chromosomes that no track knows. ``1`` and ``chr1`` are
        the same. A chromosome that only some tracks lack gets zeros there, with a warning,
        and is refused with ``"error"``.
    labels : str or None, default="median"
        Method of :func:`histoexpr.labels.binarize_expression`. None makes no labels. Samples that
        ``"top-bottom"`` leaves out are removed.
    quantile, threshold, fraction : float, optional
        Parameters of ``labels``.
    cutoff_genes : {"table", "dataset"}, default="table"
        Genes over which cut-offs are taken: all of the expression table, or those of the data set.
    work_dir : path-like, optional
        Folder for the counts of finished files, so that a later call goes on where an
        interrupted one stopped.
    n_jobs : int, optional
        Files read at the same time, as joblib understands it.
    verbose : int, default=0
        Above 0 shows a progress bar.

    Returns
    -------
    HistoneDataset
        One sample per cell and TSS: all genes of the first cell, then those of the second. Counts
        are integers, means and sums float32. ``meta["report"]`` has the numbers of genes and
        reads that were used and left out.

    Raises
    ------
    DataFormatError
        If a file is empty, damaged, truncated or of another format.
    FileNotFoundError
        If a track does not exist.
    ValueError
        If two files are given for one cell and mark or one is missing, genome builds are mixed,
        the rule does not suit a file, a cell is not in the expression table, a gene has no strand
        with ``flip_minus_strand=True``, or a policy is ``"error"`` and applies.
    MissingExtraError
        If a track is BAM or CRAM and pysam is not installed.

    Warns
    -----
    HistoexprWarning
        If genes were left out or padded, some have no strand, so that bins run along the genome,
        or tracks are not what they seem.

    See Also
    --------
    histoexpr.labels.relabel : Change the labels later.

    Notes
    -----
    With a control, the value of a bin is ``max(track - s * control, 0)``,
    ``(track + 1) / (s * control + 1)`` or the logarithm of the latter to base 2. ``s`` is the
    number of reads of the track over that of the control, of all that pass the filter, anywhere
    in the genome; 1 for signals, which are taken as normalised. Replicates and their controls are
    pooled first. ``meta["control"]`` has the formula, files and ``s``.

    Genome builds of man and mouse are known by chromosome lengths, by positions beyond the end of
    a chromosome, by headers and by names of files. Where genes and tracks are of two builds they
    are refused; ``meta["build"]`` is ``"unknown"`` where nothing tells the build, and
    ``meta["report"]["builds"]`` has what is known of genes and of tracks.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from histoexpr.tracks import build_dataset
    >>> folder = tempfile.TemporaryDirectory()
    >>> reads, genes = (pathlib.Path(folder.name, name) for name in ("a.bed", "genes.bed"))
    >>> _ = reads.write_text("chr1 950 986 r 1 +\nchr1 1090 1126 r 1 -\n")
    >>> _ = genes.write_text("chr1 1000 5000 G1 0 +\n")
    >>> data = build_dataset([("E003", "H3K4me3", reads)], genes, window=(-200, 200))
    >>> data.X[0, :, 0]
    array([0, 1, 1, 1], dtype=uint8)
    >>> folder.cleanup()
    """
    if fragment_length is not None and rule not in ("midpoint", "fragment"):
        raise ValueError("fragment_length has a meaning with rule='midpoint' or 'fragment' only.")
    read_filter = ReadFilter(min_mapq, keep_duplicates, keep_secondary, keep_qc_failed)
    first, last, _ = check_window(window, bin_size)
    tracks = read_track_table(tracks, replicates=replicates, control=control)
    files = unique_files(tracks, control)
    source = genes
    if not isinstance(genes, Genes):
        genes = read_genes(genes, biotypes=biotypes, transcripts=transcripts)
    report = steps.new_report(genes, tracks, off_chromosome, unknown_chromosome)
    parameters = {"quantile": quantile, "threshold": threshold, "fraction": fraction}
    genes, values, y, labelling = steps.join_expression(
        genes,
        expression,
        tracks,
        labels,
        parameters,
        report,
        replicates=replicates,
        cutoff_genes=cutoff_genes,
    )
    annotation = source if isinstance(source, str | PathLike) else None
    about = {"rule": rule, "chrom_sizes": chrom_sizes, "build": build, "annotation": annotation}
    genome = survey_tracks(list(files.values()), genes, **about)
    check_genes(genes, genome)
    kept = np.arange(len(genes))
    if genome.complete:
        kept = steps.on_known(genes, genome.sizes, unknown_chromosome, report)
    windows, inside, oriented = steps.place(
        genes.take(kept), genome.sizes, (first, last), bin_size, flip_minus_strand, report
    )
    kept = kept[inside]
    how = {"rule": rule, "read_filter": read_filter, "fragment_length": fragment_length}
    to_count = list(files.values())
    counts = count_tracks(
        to_count, windows, n_jobs=n_jobs, work_dir=work_dir, verbose=verbose, **how
    )
    behind = check_positions(to_count, [c.reach for c in counts], genes, genome)
    if not genome.complete:
        named = set(genome.sizes).difference(genome.assumed)
        named = named.union(*(counted.names for counted in counts))
        keep = steps.on_known(genes.take(kept), named, unknown_chromosome, report)
        kept, counts = kept[keep], [c._replace(values=c.values[keep]) for c in counts]
    genes = genes.take(kept)
    counts = dict(zip(files, counts, strict=True))
    steps.report_tracks(tracks, files, counts, genes, read_filter, unknown_chromosome, report)
    X, pooled, controlled = combine(tracks, counts, control)
    report |= {
        "control": describe_control(tracks, controlled, control),
        "replicates": pooled,
        "builds": genome.builds,
        "behind_end": behind,
    }
    if lines := steps.describe_report(report, all_lines=False):
        # 3: beyond the wrapper that validates the parameters
        warnings.warn("; ".join(lines) + ".", HistoexprWarning, stacklevel=3)
    meta = {
        "histoexpr": __version__,
        "source": "tracks",
        "counting": {mark: {"rule": r, "value": RULES[r]} for mark, r in genome.rules.items()},
        "fragment_length": fragment_length,
        "filter": read_filter._asdict(),
        "control": report["control"],
        "genes": str(source) if isinstance(source, str | PathLike) else type(source).__name__,
        "transcripts": transcripts,
        "build": genome.build or "unknown",
        "flip_minus_strand": oriented,
        "labels": labelling,
        "report": report,
    }
    values, y = (None if column is None else column[kept] for column in (values, y))
    about = {"bin_size": int(bin_size), "window": (first, last), "oriented": oriented}
    about["meta"] = meta
    return steps.assemble(X, genes, values, y, **about)
