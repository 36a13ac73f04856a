"""``histoexpr audit``: check the labels of a data set."""

import argparse
from pathlib import Path

_EPILOG = """\
DATA is a data set saved by histoexpr, or one in the layout of DeepChrome: a folder, a
.tar.gz of it, or one .csv file. EXPRESSION is a table of genes x cells (text, gzip or
.npz); give all cells there are, for labels may belong to another cell than they say.

example:
  histoexpr audit toy_deepchrome 57epigenomes.RPKM.pc.gz --json audit.json --plot audit.png
"""


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
    parser.add_argument("data", metavar="DATA")
    parser.add_argument("expression", metavar="EXPRESSION")
    parser.add_argument("--cell", help="the cell that all labels are said to be from")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON, too")
    parser.add_argument("--plot", metavar="FILE", help="draw it, too (.png, .pdf, .svg ...)")
    parser.add_argument(
        "--duplicates",
        default="error",
        choices=("error", "first", "sum", "max"),
        help="what to do with a gene that has several rows in EXPRESSION (default: error)",
    )
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Audit the labels and print the report; wrong labels are a finding, not an error."""
    from ..datasets import load_data, read_expression
    from ..labels import audit_labels
    from ..utils import atomic_path, require

    if args.plot:  # before anything slow, to fail early
        require("matplotlib", "--plot").use("agg")
        if Path(args.plot).suffix.lower() not in {".png", ".pdf", ".svg", ".jpg", ".eps"}:
            raise ValueError(f"--plot {args.plot}: give the name an ending, such as .png or .pdf.")
    table = read_expression(args.expression, duplicates=args.duplicates)
    report = audit_labels(load_data(args.data), table, cell=args.cell)
    print(report)
    if args.json:
        report.save(args.json)
    if args.plot:
        from ..plots import AuditDisplay

        figure = AuditDisplay.from_report(report).figure_
        with atomic_path(args.plot) as temporary:
            figure.savefig(temporary, dpi=200)
    return 0
