"""``histoexpr build``: from raw tracks to a saved data set."""

import argparse
import sys
from pathlib import Path

_EPILOG = """\
TRACKS is a tab- or comma-separated table with the columns cell, mark and file: one BAM,
CRAM, tagAlign, BED, bigWig or bedGraph file for each cell and mark. GENES is a GTF, GFF3,
BED or table. EXPRESSION is a table of genes x cells; without it there are no labels.

Counts of finished files are kept in OUT.histoexpr-cache until the data set is saved: after
an interruption, run the same command again and it goes on from there.

example:
  histoexpr build tracks.tsv gencode.gtf.gz rpkm.tsv --out roadmap --biotype protein_coding
"""


def add_parser(subparsers):
    """Add the command to the parser of ``histoexpr``.

    Parameters
    ----------
    subparsers : object
        What :meth:`argparse.ArgumentParser.add_subparsers` returns.

    Returns
    -------
    argparse.ArgumentParser
        The command's own parser.
    """
    parser = subparsers.add_parser(
        "build",
        help="build a data set from raw tracks, genes and expression",
        description="Build a data set from raw tracks, genes and expression.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tracks", metavar="TRACKS")
    parser.add_argument("genes", metavar="GENES")
    parser.add_argument("expression", metavar="EXPRESSION", nargs="?")
    parser.add_argument("--out", "-o", required=True, help="folder to save the data set in")
    parser.add_argument("--overwrite", action="store_true", help="replace a data set in OUT")
    parser.add_argument("--jobs", "-j", type=int, default=1, help="files read at the same time")
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress bar, no report")
    _add_counting(parser.add_argument_group("counting"))
    _add_genes(parser.add_argument_group("genes and labels"))
    parser.set_defaults(run=run)
    return parser


def _add_counting(group):
    group.add_argument(
        "--window",
        type=int,
        nargs=2,
        default=(-5000, 5000),
        metavar=("FIRST", "LAST"),
        help="bp relative to the TSS, LAST exclusive (default: -5000 5000)",
    )
    group.add_argument("--bin-size", type=int, default=100, help="bp (default: 100)")
    group.add_argument(
        "--rule",
        default="auto",
        choices=("auto", "overlap", "5prime", "midpoint", "mean", "sum"),
        help="what the value of a bin is (default: overlap for reads, mean for signals)",
    )
    group.add_argument(
        "--fragment-length", type=int, help="bp that single reads stand for (rule midpoint)"
    )
    group.add_argument("--min-mapq", type=int, default=0, help="smallest mapping quality")
    group.add_argument("--keep-duplicates", action="store_true")
    group.add_argument("--keep-secondary", action="store_true", help="supplementary ones, too")
    group.add_argument("--keep-qc-failed", action="store_true")
    group.add_argument("--chrom-sizes", help="chromosome lengths for BED and bedGraph files")
    for name, default, what in (
        ("--off-chromosome", "pad", "windows that leave their chromosome"),
        ("--unknown-chromosome", "drop", "genes on chromosomes that no track knows"),
    ):
        group.add_argument(
            name,
            default=default,
            choices=("pad", "drop", "error"),
            help=f"{what} (default: {default})",
        )


def _add_genes(group):
    group.add_argument(
        "--biotype", action="append", metavar="NAME", help="keep these only; repeatable"
    )
    group.add_argument(
        "--transcripts",
        default="gene",
        choices=("gene", "canonical", "longest", "each"),
        help="which start a gene with several transcripts has (default: the most 5' one)",
    )
    group.add_argument(
        "--flip-minus-strand", action="store_true", help="bins run along transcription"
    )
    group.add_argument(
        "--labels",
        default="median",
        choices=("median", "quantile", "threshold", "top-bottom", "deepchrome-legacy", "none"),
        help="rule for the labels (default: median)",
    )
    group.add_argument("--quantile", type=float, help="for --labels quantile")
    group.add_argument("--threshold", type=float, help="for --labels threshold")
    group.add_argument("--fraction", type=float, help="for --labels top-bottom")


def run(args):
    """Build and save the data set.

    Parameters
    ----------
    args : argparse.Namespace

    Returns
    -------
    int
        Exit status: 0, or 130 after Ctrl-C.

    Raises
    ------
    FileExistsError
        If the folder exists and may not be replaced; told before any counting.
    """
    from ..datasets import check_target
    from ..tracks import build_dataset, clear_work, describe_report

    out = Path(args.out)
    check_target(out, overwrite=args.overwrite)
    work_dir = out.with_name(out.name + ".histoexpr-cache")
    names = [
        "window",
        "bin_size",
        "flip_minus_strand",
        "rule",
        "fragment_length",
        "min_mapq",
        "keep_duplicates",
        "keep_secondary",
        "keep_qc_failed",
        "transcripts",
        "chrom_sizes",
        "off_chromosome",
        "unknown_chromosome",
        "quantile",
        "threshold",
        "fraction",
    ]
    try:
        dataset = build_dataset(
            args.tracks,
            args.genes,
            args.expression,
            biotypes=args.biotype,
            labels=None if args.labels == "none" else args.labels,
            n_jobs=args.jobs,
            work_dir=work_dir,
            verbose=0 if args.quiet else 1,
            **{name: getattr(args, name) for name in names},
        )
        dataset.save(out, overwrite=args.overwrite)
    except KeyboardInterrupt:
        print(
            f"\nInterrupted. Finished files are kept in {work_dir}: run the same command again "
            "to go on.",
            file=sys.stderr,
        )
        return 130
    clear_work(work_dir)
    if not args.quiet:
        print(dataset)
        for line in describe_report(dataset.meta["report"]):
            print(f"  {line}")
    return 0
