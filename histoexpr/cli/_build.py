"""``histoexpr build``: from raw tracks to a saved data set."""

import argparse
import contextlib
import inspect
import sys
from pathlib import Path

from ._options import add_threads, check_folder, check_read, check_written, number_of_jobs

_EPILOG = """\
TRACKS is a tab- or comma-separated table with the columns cell, mark and file: one BAM,
CRAM, tagAlign, BED, bigWig or bedGraph file for each cell and mark, and, if there are any,
control: the input of each file. GENES is a GTF, GFF3, BED or table. EXPRESSION is a table of
genes x cells; without it there are no labels.

Counts of finished files are kept in OUT.histoexpr-cache until the data set is saved: after
an interruption, run the same command again and it goes on from there.

example:
  histoexpr build tracks.tsv gencode.gtf.gz rpkm.tsv --out roadmap --biotype protein_coding
"""


def add_parser(subparsers):
    """Add the command; its options are the parameters of ``build_dataset``."""
    parser = subparsers.add_parser(
        "build",
        help="build a data set from raw tracks, genes and expression",
        description="Build a data set from raw tracks, genes and expression.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,  # what is not given is left to the function
    )
    parser.set_defaults(run=run, expression=None, overwrite=False, quiet=False, json=None)
    add = parser.add_argument
    add("tracks", metavar="TRACKS", help="table of track files by cell and mark")
    add("genes", metavar="GENES", help="genes: GTF, GFF3, BED or a table")
    what = "table of genes x cells; without it there are no labels"
    add("expression", metavar="EXPRESSION", nargs="?", help=what)
    add("--out", "-o", required=True, metavar="OUT", help="folder to save the data set in")
    add("--json", type=Path, metavar="FILE", help="write the report of the counting as JSON, too")
    add("--overwrite", action="store_true", help="replace a data set in OUT, the file of --json")
    what = "files read at the same time, -1 for one a core (default 1)"
    add("--jobs", "-j", type=number_of_jobs, metavar="N", dest="n_jobs", help=what)
    add_threads(parser)
    add("--quiet", "-q", action="store_true", help="no progress bar, no report")
    _add_counting(parser.add_argument_group("counting").add_argument)
    _add_genes(parser.add_argument_group("genes and labels").add_argument)
    _add_expression(parser.add_argument_group("reading of the expression table").add_argument)
    return parser


def _add_counting(add):
    what = "bp relative to the TSS, LAST exclusive (default: -5000 5000)"
    add("--window", type=int, nargs=2, metavar=("FIRST", "LAST"), help=what)
    add("--bin-size", type=int, help="bp (default: 100)")
    rules = ("auto", "overlap", "5prime", "fragment", "midpoint", "mean", "sum")
    what = "what the value of a bin is (default: overlap for reads, mean for signals)"
    add("--rule", choices=rules, help=what)
    add("--fragment-length", type=int, help="bp that single reads stand for (midpoint, fragment)")
    add("--min-mapq", type=int, help="smallest mapping quality")
    add("--keep-duplicates", action="store_true", help="count reads marked as duplicates, too")
    add(
        "--keep-secondary", action="store_true", help="secondary and supplementary alignments, too"
    )
    what = "reads that failed the quality checks of the sequencer, too"
    add("--keep-qc-failed", action="store_true", help=what)
    add("--chrom-sizes", help="chromosome lengths for BED and bedGraph files")
    what = "several files for one cell and mark: pool adds reads and averages signals"
    add("--replicates", choices=("refuse", "pool"), help=f"{what} (default: refuse)")
    what = "how the controls of the tracks are used (default: subtract, scaled to the same depth)"
    add("--control", choices=("subtract", "ratio", "log2-ratio", "ignore"), help=what)
    what = "genome build of genes and tracks, where their headers or names say another or none"
    add("--build", metavar="NAME", help=what)
    policies = ("pad", "drop", "error")
    what = "windows that leave their chromosome (default: pad)"
    add("--off-chromosome", choices=policies, help=what)
    what = "genes on chromosomes that no track knows (default: drop)"
    add("--unknown-chromosome", choices=policies, help=what)


def _add_genes(add):
    what = "keep these only; repeatable"
    add("--biotype", action="append", metavar="NAME", dest="biotypes", help=what)
    starts = ("gene", "canonical", "longest", "each")
    what = "which start a gene with several transcripts has (default: the most 5' one)"
    add("--transcripts", choices=starts, help=what)
    what = "bins run along transcription, or along the genome (default: the former if every gene "
    flips = argparse.BooleanOptionalAction
    add("--flip-minus-strand", action=flips, help=f"{what}has a strand)")
    rules = ("median", "quantile", "threshold", "top-bottom", "deepchrome-legacy", "none")
    add("--labels", choices=rules, help="rule for the labels (default: median)")
    for name, rule in (("quantile",) * 2, ("threshold",) * 2, ("fraction", "top-bottom")):
        add(f"--{name}", type=float, help=f"for --labels {rule}")
    what = "genes over which cut-offs are taken: of the whole table, or those kept"
    add("--cutoff-genes", choices=("table", "dataset"), help=f"{what} (default: table)")


def _add_expression(add):
    what = "column of a cell, if it has another name; columns of a cell are averaged; repeatable"
    add("--cells", action="append", nargs="+", metavar="CELL=COLUMN", help=what)
    add("--gene-column", metavar="NAME", help="column of the genes (default: the first)")
    what = "unit of the values; of a table with several measures the one to take"
    add("--unit", metavar="UNIT", help=what)
    rules = ("error", "first", "sum", "max")
    add("--duplicates", choices=rules, help="several rows of one gene (default: error)")
    what = "make TPM or RPKM of counts, with the lengths in the table"
    add("--normalize", choices=("tpm", "rpkm"), help=what)


def _read_table(args):
    """Return the expression as it is to be read: a path, or a table if options say how."""
    names = ("cells", "gene_column", "unit", "duplicates", "normalize")
    options = {name: vars(args)[name] for name in names if name in vars(args)}
    if not options:
        return args.expression
    if args.expression is None:
        given = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        raise ValueError(f"{given} is for EXPRESSION, the table of expression, which is missing.")
    from ..datasets import read_expression

    if "cells" in options:
        options["cells"] = _pairs([text for texts in options["cells"] for text in texts])
    return read_expression(
        args.expression, replicates=getattr(args, "replicates", "refuse"), **options
    )


def _pairs(texts):
    """Return ``CELL=COLUMN`` as a dict of cell to columns; names alone as a list."""
    if not all("=" in text for text in texts):
        return texts
    columns = {}
    for text in texts:
        cell, _, column = text.partition("=")
        columns.setdefault(cell, []).append(column)
    return columns


def _check(args, out):
    """Refuse paths that cannot be read or written, before anything slow is imported."""
    for name in ("tracks", "genes", "expression"):
        if (path := getattr(args, name)) is not None:
            check_read(Path(path), name.upper(), file=True)
    sizes = getattr(args, "chrom_sizes", None)
    if sizes is not None:
        check_read(Path(sizes), "--chrom-sizes", file=True)
    check_folder("--out", out)
    if out.exists() and not args.overwrite:
        raise FileExistsError(
            f"--out: {out} exists. Choose another name, or replace a data set with --overwrite."
        )
    read = [Path(args.tracks), Path(args.genes)]
    check_written({"--json": args.json}, read, overwrite=args.overwrite)


def run(args):
    """Build and save the data set; return 0, or 130 after Ctrl-C.

    A folder that may not be replaced is refused before any counting.
    """
    out = Path(args.out)
    _check(args, out)
    from ..datasets import check_target
    from ..tracks import build_dataset, clear_work, describe_report

    check_target(out, overwrite=args.overwrite)
    known = inspect.signature(build_dataset).parameters
    options = {name: value for name, value in vars(args).items() if name in known}
    if options.get("labels") == "none":
        options["labels"] = None
    options["expression"] = _read_table(args)
    work_dir = out.with_name(out.name + ".histoexpr-cache")
    try:
        dataset = build_dataset(**options, work_dir=work_dir, verbose=0 if args.quiet else 1)
        try:
            dataset.save(out, overwrite=args.overwrite)
        except OSError as error:
            raise OSError(
                f"the data set cannot be saved ({error}). Counts are kept in {work_dir}: make "
                "room, then run the same command again."
            ) from error
    except KeyboardInterrupt:
        print(
            f"\nInterrupted. Finished files are kept in {work_dir}: run the same command again "
            "to go on.",
            file=sys.stderr,
        )
        return 130
    finally:
        with contextlib.suppress(OSError):
            work_dir.rmdir()  # only if it is empty
    clear_work(work_dir)
    if args.json is not None:
        from ..utils import write_json

        about = {"command": args.command_line, "out": str(out.resolve())}
        write_json(args.json, {**about, "report": dataset.meta["report"]})
    if not args.quiet:
        print(dataset)
        for line in describe_report(dataset.meta["report"]):
            print(f"  {line}")
        sys.stdout.flush()
    return 0
