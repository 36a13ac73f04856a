"""``histoexpr demo``: the main job on simulated cells."""

from ._evaluation import add_evaluation_arguments, run_evaluation


def add_parser(subparsers):
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "demo",
        help="simulate cell types and evaluate classifiers within and across them",
        description="Simulate histone signals of several cell types, evaluate linear models "
        "and the CNN within and across them, and write scores and figures. Needs no download.",
    )
    parser.add_argument("--n-cells", type=int, default=4, help="number of cell types (default 4)")
    parser.add_argument("--n-genes", type=int, default=1500, help="number of genes (default 1500)")
    add_evaluation_arguments(parser, out="histoexpr-demo", models="linear,regions,cnn")
    parser.set_defaults(run=run)


def run(args):
    """Run the command."""
    from ..datasets import make_histone_cells

    dataset = make_histone_cells(args.n_cells, args.n_genes, random_state=args.seed)
    note = "Simulated data: none of the figures below says anything about real cells.\n\n"
    return run_evaluation(dataset, args, note)
