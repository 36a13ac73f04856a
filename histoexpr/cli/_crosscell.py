"""``histoexpr crosscell``: the main job on the user's data."""

from pathlib import Path

from ._evaluation import add_evaluation_arguments, run_evaluation


def add_parser(subparsers):
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "crosscell",
        help="evaluate models within and across the cell types of a data set",
        description="Evaluate classifiers of labels and regressors of log2(expression + 1) within "
        "and across cell types, and write scores and figures.",
    )
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="a folder in the DeepChrome layout (E003/classification/train.csv ...), a .tar.gz "
        "of it, or a saved HistoneDataset",
    )
    parser.add_argument("--cells", help="cell types to use, separated by commas (default all)")
    add_evaluation_arguments(parser, out="histoexpr-crosscell", models="linear,cnn")
    parser.set_defaults(run=run)


def run(args):
    """Run the command."""
    cells = None
    if args.cells is not None:
        cells = [cell.strip() for cell in args.cells.split(",") if cell.strip()]
        if not cells:
            raise ValueError("--cells names no cell type.")
    from ..datasets import load_data

    return run_evaluation(load_data(args.path, cells), args)
