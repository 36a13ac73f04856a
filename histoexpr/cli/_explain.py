"""``histoexpr explain``: why a model predicts what it does of one gene."""

import argparse
from pathlib import Path

from ._generator import check_figure
from ._options import add_common, check_read, check_written, positive

# Static, so that help and completion import nothing; a test holds them against attribute
METHODS = ("auto", "exact", "integrated_gradients", "occlusion")
BASELINES = ("mean", "silent", "zero")
_EPILOG = """\
The difference between what the model says of the gene and of the average gene of its cell is
divided among all marks and bins: of classifiers the log-odds of a class, of regressors what they
predict. The figure has the signals of the gene and, below each, what they contribute. The numbers
are in a .tsv of the same name.

MODEL is a classifier or regressor that histoexpr train or save_model kept. DATA is a data set (a
folder that histoexpr build or HistoneDataset.save wrote, or one in the layout of DeepChrome, or a
.tar.gz of it) with all genes of the cell: they make the average gene. Labels are not needed.

methods:
  exact                 linear models: the terms of their sum
  integrated_gradients  networks
  occlusion             any other model: what a patch of one mark makes of the average gene, and
                        what is lost without it; the gap to the whole is said
  auto                  the first of these that the model allows

A contribution says what the model makes of a signal, not what the mark does in the cell.

example:
  histoexpr explain my.histoexpr new-cell --gene SOX1 -o SOX1.png
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "explain",
        help="show which marks make a model call a gene expressed",
        description="Show what each mark in each bin contributes to the prediction for one gene: "
        "a figure, and\na table beside it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", type=Path, help="file of a classifier or regressor")
    add("data", metavar="DATA", type=Path, help="data set with the gene and all others of its "
        "cell")  # fmt: skip
    add("--gene", "-g", required=True, metavar="GENE", help="symbol or identifier of the gene")
    add("--out", "-o", type=Path, required=True, metavar="FIGURE", help="the figure: .png, .pdf "
        "or .svg")  # fmt: skip
    add("--cell", metavar="CELL", help="cell type, where DATA has several")
    add("--class", dest="target", metavar="CLASS", help="class of the log-odds (default the last, "
        "such as 1)")  # fmt: skip
    add("--method", choices=METHODS, default="auto", help="how the difference is divided (default "
        "auto)")  # fmt: skip
    add("--baseline", choices=BASELINES, default="mean", help="what the gene is compared with: "
        "the average gene, that of genes not expressed, or no signal (default mean)")  # fmt: skip
    add("--regions", type=positive, default=10, metavar="N", help="regions of the window in the "
        "printed table (default 10)")  # fmt: skip
    add("--scale", choices=("linear", "log"), default="linear", help="axis of the signals: as "
        "they are, or log(1 + signal) (default linear)")  # fmt: skip
    add("--reference", type=Path, metavar="TABLE", help="expression of genes x other cells "
        "instead of the table in the file, for models that use it")  # fmt: skip
    quiet = "no progress bar, and nothing printed"
    common = {"json": "what is printed", "overwrite": "files that exist", "quiet": quiet}
    add_common(parser, threads=True, **common)
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Explain the gene, write figure and table, and print what contributed most."""
    table = args.out.with_suffix(".tsv")
    files = {"--out": args.out, "--out, its table": table, "--json": args.json}
    _check(args, files)  # before anything slow, to fail early
    from ..persistence import read_model_info
    from ..utils import write_csv
    from ._explained import class_named, describe, draw, explain, summary_of

    info = read_model_info(args.model)
    if info["kind"] not in ("classifier", "regressor"):
        name = info["estimator"]["class"].rpartition(".")[2]
        raise ValueError(
            f"{args.model} holds a {name}, which predicts nothing of a gene. Name a classifier or "
            "regressor that histoexpr train kept."
        )
    estimator = _load_estimator(args, info)
    target = class_named(estimator, args.target)
    given = {"cell": args.cell, "target": target, "method": args.method}
    given |= {"baseline": args.baseline, "verbose": 0 if args.quiet else 1}
    found = explain(estimator, _load_data(args), args.gene, info=info, **given)
    summary = summary_of(found, args.regions)
    draw(found, args.out, args.scale)
    write_csv(found.frame(0), table)
    if args.json is not None:
        _write_json(args, summary)
    if not args.quiet:
        written = [str(path) for path in files.values() if path is not None]
        print(f"{describe(found, summary)}\n\nWritten: {', '.join(written)}", flush=True)
    return 0


def _check(args, files):
    remedy = "Name a model that histoexpr train kept, then the data set."
    check_read(args.model, "MODEL", remedy, file=True)
    check_read(args.data, "DATA")
    if args.reference is not None:
        check_read(args.reference, "--reference", file=True)
    check_figure("--out", args.out)
    check_written(files, [args.model, args.data, args.reference], overwrite=args.overwrite)


def _load_estimator(args, info):
    from ..transfer import replace_reference
    from ._predict import load_with_reference

    estimator, other = load_with_reference(args, info)
    return estimator if other is None else replace_reference(estimator, other)


def _load_data(args):
    from ._predict import load_cells

    return load_cells(args.data, None if args.cell is None else [args.cell])


def _write_json(args, summary):
    from ..experiments import package_versions
    from ..utils import write_json

    about = {"command": args.command_line, "model": str(args.model), "data": str(args.data)}
    write_json(args.json, {"about": about | {"versions": package_versions()}, **summary})
