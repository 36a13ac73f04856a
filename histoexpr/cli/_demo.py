"""``histoexpr demo``: the main job on simulated cells."""

import argparse

from ._evaluation import add_evaluation_arguments, check_evaluation, run_evaluation
from ._options import positive

_EPILOG = """\
example:
  histoexpr demo
  histoexpr demo --n-cells 2 --n-genes 300 --models linear,regions --out small-demo
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "demo",
        help="simulate cell types and evaluate classifiers within and across them",
        description="Simulate histone signals of several cell types, evaluate linear models "
        "and the CNN within and across them, and write scores and figures. Needs no download.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--n-cells", type=positive, default=4, metavar="N", help="cell types (default 4)")
    add("--n-genes", type=positive, default=1500, metavar="N", help="genes (default 1500)")
    # A demo is to be fast, and its scores those of the same genes whatever is shown beside them
    shared = {"out": "histoexpr-demo", "models": "linear,regions,cnn", "genes": "split"}
    add_evaluation_arguments(parser, **shared)
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Run the command."""
    check_evaluation(args)
    from ..datasets import make_histone_cells

    dataset = make_histone_cells(args.n_cells, args.n_genes, random_state=args.seed)
    note = "Simulated data: none of the figures below says anything about real cells.\n\n"
    return run_evaluation(dataset, args, note)
