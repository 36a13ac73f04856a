"""``histoexpr compare``: which genes two cells switch, and which marks drive it."""

import argparse
from pathlib import Path

from ._options import (
    FIGURES,
    MODELS,
    TABLES,
    add_common,
    check_ending,
    check_read,
    check_written,
    names_of,
    positive,
)

_EPILOG = """\
DATA is a data set saved by histoexpr, as histoexpr build writes it, or one in the layout of
DeepChrome: a folder or a .tar.gz of it. Either cell may lack expression; models learn from cells
that have it, and never from the gene that they predict.

example:
  histoexpr compare my-cells E012 E013 -o switched.tsv --json switched.json
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "compare",
        help="rank genes by how much two cell types are predicted to differ",
        description="Rank genes by how much two cell types are predicted to differ, with the "
        "marks that drive it, beside measured change where it is known; write a table and a "
        "figure.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("data", metavar="DATA", type=Path, help="data set with both cells")
    add("first", metavar="A", help="a cell type")
    add("second", metavar="B", help="another; a change is that of B relative to A")
    add("--out", "-o", type=Path, required=True, metavar="TABLE", help="table of genes (.tsv or "
        ".csv, also .gz)")  # fmt: skip
    add("--figure", type=Path, metavar="FILE", help="name of the figure (.png, .pdf or .svg; "
        "default that of TABLE with .png)")  # fmt: skip
    add("--no-figure", action="store_true", help="draw nothing")
    add("--method", choices=("auto", "scores", "pairs"), default="auto", help="difference of the "
        "scores of two cells, or models of pairs of cells (default: pairs, where two cells or "
        "more have expression)")  # fmt: skip
    add("--model", choices=MODELS, metavar="MODEL", help=f"one of {', '.join(MODELS)} "
        "(default: 10 regions, of pairs a model of changes)")  # fmt: skip
    add("--train", type=Path, metavar="DATA", help="data set to learn from (default: DATA)")
    add("--train-cells", metavar="CELLS", help="cell types to learn from, separated by commas "
        "(default: all with expression, or labels)")  # fmt: skip
    add("--normalize", action=argparse.BooleanOptionalAction, default="auto", help="make signals "
        "comparable between cell types first (default: unless models learn from A and B as a "
        "pair)")  # fmt: skip
    add("--genes", choices=("auto", "chromosome", "kfold"), default="auto", help="which genes are "
        "left out together: whole chromosomes, or random ones (default: chromosomes, where they "
        "are known)")  # fmt: skip
    add("--names", type=Path, metavar="FILE", help="table of two columns, gene and what to call "
        "it, such as its symbol")  # fmt: skip
    add("--top", type=positive, default=10, metavar="N", help="genes to list and draw for each "
        "cell type (default 10)")  # fmt: skip
    add_common(parser, json="scores, table and what was done", overwrite="files that exist",
               seed=True, threads=True)  # fmt: skip
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Compare the two cells, write the files, and print the largest changes."""
    check_read(args.data, "DATA")
    for option, path in (("--train", args.train), ("--names", args.names)):
        if path is not None:
            check_read(path, option, file=option == "--names")
    train_cells = names_of("--train-cells", args.train_cells)
    files = _files(args)  # before anything slow, to fail early
    from ..datasets import load_data
    from ..experiments import package_versions
    from ..transfer import compare_cells

    data = load_data(args.data)
    found = compare_cells(
        data,
        args.first,
        args.second,
        estimator=_model(args),
        method=args.method,
        train=None if args.train is None else load_data(args.train),
        train_cells=train_cells,
        normalize=args.normalize,
        genes=args.genes,
        names=None if args.names is None else read_names(args.names),
        random_state=args.seed,
        verbose=0 if args.quiet else 1,
    )
    _write(found, args, files, {"command": args.command_line, "versions": package_versions()})
    print(f"{describe_comparison(found, args.top)}\n")
    print(f"Written: {', '.join(str(path) for path in files.values())}", flush=True)
    return 0


def _files(args):
    """Return the files to write by kind; refuse names without an ending, and existing files."""
    files = {"table": args.out}
    check_ending("--out", args.out, TABLES)
    if args.figure is not None and args.no_figure:
        raise ValueError("--figure and --no-figure exclude each other. Leave one of them out.")
    if not args.no_figure:
        stem = args.out.name.removesuffix(".gz").rsplit(".", 1)[0]
        files["figure"] = args.figure or args.out.with_name(f"{stem}.png")
        check_ending("--figure", files["figure"], FIGURES)
    if args.json is not None:
        files["json"] = args.json
    options = {"table": "--out"}
    named = {options.get(kind, f"--{kind}"): path for kind, path in files.items()}
    check_written(named, (args.data, args.train, args.names), overwrite=args.overwrite)
    if "figure" in files:
        from ..utils import require

        require("matplotlib", "The figure (leave it out with --no-figure)").use("agg")
    return files


def _model(args):
    from ..experiments import make_model, seed_model

    return None if args.model is None else seed_model(make_model("--model", args.model), args.seed)


def read_names(path):
    """Return what genes are called, from a table of two columns, separated by tab or comma."""
    from ..exceptions import DataFormatError
    from ..utils import text_lines

    names = {}
    for number, line in text_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.rstrip("\r\n").split("\t" if "\t" in line else ",")
        if len(fields) < 2:
            raise DataFormatError(
                "expected a gene and what to call it, separated by a tab or a comma.", path, number
            )
        names[fields[0].strip()] = fields[1].strip() or fields[0].strip()
    return names


def _write(found, args, files, about):
    """Write every file whole or not at all, the table last."""
    from ..utils import atomic_path, write_json

    if "figure" in files:
        from ..plots import CellComparisonDisplay

        figure = CellComparisonDisplay.from_comparison(found, n_genes=args.top).figure_
        with atomic_path(files["figure"]) as temporary:
            figure.savefig(temporary, dpi=200, bbox_inches="tight", pad_inches=0.1)
    if "json" in files:
        saved = found.to_dict()
        data = {name: None if path is None else str(path) for name, path in
                (("data", args.data), ("train", args.train))}  # fmt: skip
        write_json(files["json"], {**saved, "about": {**saved["about"], **data, **about}})
    found.to_csv(files["table"])


def describe_comparison(found, n_genes):
    """Return what was done, the scores, and the largest changes of each cell as text."""
    from ..utils import format_table

    columns = ["rank", "gene"]
    if "name" in found.table:
        columns.append("name")
    head = [*columns, "predicted", "drivers"]
    measured = "log2_fold_change" in found.table
    lines = [[*head[:-1], *(["measured"] if measured else []), head[-1]]]
    for cell in (found.second, found.first):
        lines.append(None)
        for row in found.top(n_genes, cell).to_dict("records"):
            numbers = [row["predicted_change"]]
            if measured:
                numbers.append(row["log2_fold_change"])
            shown = ["" if value != value else f"{value:+.2f}" for value in numbers]
            lines.append([*(str(row[name]) for name in columns), *shown, row["drivers"]])
    title = f"Predicted {found.unit} of {found.second} relative to {found.first}"
    table = format_table(lines, len(lines[0]))
    return "\n".join([title, *(f"  {line}" for line in found.describe()), "", table])
