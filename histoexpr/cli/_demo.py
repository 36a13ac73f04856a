"""``histoexpr demo``: the main job on simulated cells."""

from ._report import add_report_arguments, run_report


def add_parser(subparsers):
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "demo",
        help="simulate cell types and evaluate classifiers within and across them",
        description="Simulate histone signals of several cell types, evaluate the linear model "
        "and the CNN within and across them, and write scores and figures. Needs no download.",
    )
    parser.add_argument("--n-cells", type=int, default=4, help="number of cell types (default 4)")
    parser.add_argument("--n-genes", type=int, default=1500, help="number of genes (default 1500)")
    add_report_arguments(parser, out="histoexpr-demo", models="linear,cnn")
    parser.set_defaults(run=run)


def run(args):
    """Run the command."""
    from ..datasets import make_histone_cells

    dataset = make_histone_cells(args.n_cells, args.n_genes, random_state=args.seed)
    print("Simulated data: none of the figures below says anything about real cells.\n")
    return run_report(dataset, args)
