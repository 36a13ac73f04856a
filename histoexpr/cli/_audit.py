"""``histoexpr audit``: check the labels of a data set."""

import argparse
from pathlib import Path

from ._options import FIGURES, add_common, check_ending, check_read, check_written

_EPILOG = """\
DATA is a data set saved by histoexpr, or one in the layout of DeepChrome: a folder, a
.tar.gz of it, or one .csv file. EXPRESSION is a table of genes x cells (text, gzip or
.npz); give all cells there are, for labels may belong to another cell than they say.

example:
  histoexpr audit toy_deepchrome 57epigenomes.RPKM.pc.gz --json audit.json --plot audit.png
"""
_FIGURES = (*FIGURES, ".jpg", ".eps")


def add_parser(subparsers):
    """Add the command to the parser of ``histoexpr`` and return its own parser."""
    parser = subparsers.add_parser(
        "audit",
        help="check labels against the expression they come from",
        description="Report which rule the labels of a data set follow, which cell they are "
        "from, how many are wrong and in which direction, and whether columns are shifted "
        "or cells swapped.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("data", metavar="DATA", type=Path, help="the data set with labels")
    add("expression", metavar="EXPRESSION", type=Path, help="table of genes x cells")
    add("--cell", metavar="CELL", help="the cell that all labels are said to be from")
    add("--plot", metavar="FILE", type=Path, help=f"draw it, too ({', '.join(_FIGURES)})")
    parser.add_argument(
        "--duplicates",
        default="error",
        choices=("error", "first", "sum", "max"),
        help="what to do with a gene that has several rows in EXPRESSION (default: error)",
    )
    add_common(parser, json="the report", overwrite="files that exist", threads=True,
               quiet="print nothing")  # fmt: skip
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Audit the labels and print the report; wrong labels are a finding, not an error."""
    check_read(args.data, "DATA")
    check_read(args.expression, "EXPRESSION", file=True)
    if args.plot is not None:
        check_ending("--plot", args.plot, _FIGURES)
    files = {"--json": args.json, "--plot": args.plot}
    check_written(files, (args.data, args.expression), overwrite=args.overwrite)
    from ..datasets import load_data, read_expression
    from ..labels import audit_labels
    from ..utils import atomic_path, require

    if args.plot:  # before anything slow, to fail early
        require("matplotlib", "--plot").use("agg")
    table = read_expression(args.expression, duplicates=args.duplicates)
    report = audit_labels(load_data(args.data), table, cell=args.cell)
    if args.json:
        report.save(args.json)
    if args.plot:
        from ..plots import AuditDisplay

        figure = AuditDisplay.from_report(report).figure_
        with atomic_path(args.plot) as temporary:
            figure.savefig(temporary, dpi=200)
    if not args.quiet:
        print(report, flush=True)
    return 0
