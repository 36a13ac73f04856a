"""``histoexpr crosscell``: the main job on the user's data."""

from pathlib import Path

from ._report import add_report_arguments, run_report


def add_parser(subparsers):
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "crosscell",
        help="evaluate classifiers within and across the cell types of a data set",
        description="Evaluate classifiers within and across cell types, and write scores and "
        "figures.",
    )
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="a folder in the DeepChrome layout (E003/classification/train.csv ...), a .tar.gz "
        "of it, or a saved HistoneDataset",
    )
    parser.add_argument("--cells", help="cell types to use, separated by commas (default all)")
    add_report_arguments(parser, out="histoexpr-crosscell", models="linear,cnn")
    parser.set_defaults(run=run)


def run(args):
    """Run the command."""
    cells = None
    if args.cells is not None:
        cells = [cell.strip() for cell in args.cells.split(",") if cell.strip()]
        if not cells:
            raise ValueError("--cells names no cell type.")
    return run_report(load_any(args.path, cells), args)


def load_any(path, cells=None):
    """Load a saved data set, or files in the DeepChrome layout.

    Parameters
    ----------
    path : pathlib.Path
    cells : list of str, optional
        Cell types to keep.

    Returns
    -------
    HistoneDataset
    """
    from ..datasets import HistoneDataset, load_deepchrome

    if (path / "dataset.json").is_file():
        dataset = HistoneDataset.load(path)
        return dataset if cells is None else dataset.select(cells=cells)
    return load_deepchrome(path, cells=cells)
