"""``histoexpr crosscell``: the main job on the user's data."""

import argparse
from pathlib import Path

from ._evaluation import add_evaluation_arguments, check_evaluation, run_evaluation
from ._options import check_read, names_of

_EPILOG = """\
example:
  histoexpr crosscell my-cells --cells E003,E123 --models linear,regions --json scores.json
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "crosscell",
        help="evaluate models within and across the cell types of a data set",
        description="Evaluate classifiers of labels and regressors of log2(expression + 1) within "
        "and across cell types, and write scores and figures.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="a folder in the DeepChrome layout (E003/classification/train.csv ...), a .tar.gz "
        "of it, or a saved HistoneDataset",
    )
    parser.add_argument(
        "--cells", metavar="CELLS", help="cell types to use, separated by commas (default all)"
    )
    add_evaluation_arguments(parser, out="histoexpr-crosscell", models="linear,cnn")
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Run the command."""
    check_read(args.path, "PATH")
    cells = names_of("--cells", args.cells)
    check_evaluation(args, (args.path,))
    from ..datasets import load_data

    return run_evaluation(load_data(args.path, cells), args)
