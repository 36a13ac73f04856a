"""``histoexpr maps``: what a kept classifier has learned, as maps of its classes."""

import argparse
from pathlib import Path

from ._generator import check_figure, check_kind, fit_generator
from ._options import (
    MODEL,
    add_common,
    check_ending,
    check_read,
    check_written,
    did_you_mean,
    positive,
)

_EPILOG = """\
A map of a class is the signal of many genes to which the classifier gives a chosen probability of
the class: made by a generator, whose signals are like those of real genes, and beside them real
genes of DATA to which it gives that probability.

MODEL is a classifier that histoexpr train or save_model kept. DATA is a data set (a folder that
histoexpr build or HistoneDataset.save wrote, or one in the layout of DeepChrome, or a .tar.gz of
it), whose labels are not needed. Without --generator, one is trained on DATA, which takes some
minutes: keep it with --keep-generator.

figures:
  maps          maps of every class, marks by position
  path          maps of a class along its probability, such as from silent to expressed
  profiles      the same as lines, with the standard deviation over the genes
  cooccurrence  which marks appear together at which distance from the TSS, less what maps of
                the same probabilities show whose marks do not belong together (each mark that
                of another gene of the same class): marks that add up look exclusive in any maps
The first is named as --out says, the others MAPS-path.png and so on; the numbers of each are in a
.tsv of the same name.

example:
  histoexpr maps m.histoexpr my-cells --generator generator.histoexpr -o maps.png
"""
KINDS = ("maps", "path", "profiles", "cooccurrence")


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "maps",
        help="draw what a kept classifier takes for expressed and for silent",
        description="Draw the signals to which a kept classifier gives a chosen probability of a "
        "class,\nand write the numbers.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", type=Path, help="the classifier, a .histoexpr file")
    add("data", metavar="DATA", type=Path, nargs="?", help="data set of real genes to set beside "
        "the maps; may be left out with --generator")  # fmt: skip
    add("--out", "-o", type=Path, required=True, metavar="FIGURE", help="the (first) figure: "
        ".png, .pdf or .svg")  # fmt: skip
    add("--figures", type=_kinds, default=KINDS[:3], metavar="KINDS", help="what to draw, "
        f"separated by commas, of {', '.join(KINDS)} (default {','.join(KINDS[:3])})")  # fmt: skip
    add("--probability", type=_probability, default=0.9, metavar="P", help="probability of each "
        "class in its maps (default 0.9)")  # fmt: skip
    add("--path", type=_probabilities, default=(0.05, 0.35, 0.65, 0.95), metavar="PS",
        help="probabilities along the path, separated by commas (default "
        "0.05,0.35,0.65,0.95)")  # fmt: skip
    add("--class", dest="target", metavar="CLASS", help="class of the path (default the last, "
        "such as 1)")  # fmt: skip
    add("--n-maps", type=positive, default=64, metavar="N", help="genes in each map (default 64; "
        "256 at least for cooccurrence)")  # fmt: skip
    add("--scale", choices=("shared", "mark"), default="shared", help="colours of the figures "
        "maps and path: one scale, or each mark to its own maximum (default shared)")  # fmt: skip
    add("--generator", type=Path, metavar="FILE", help="a generator that histoexpr generate kept "
        "(default: train one on DATA)")  # fmt: skip
    add("--steps", type=positive, metavar="N", help="steps of training of that generator, at the "
        "most (default 2500)")  # fmt: skip
    add("--keep-generator", type=Path, metavar="FILE", help="keep the generator that was trained "
        "in a .histoexpr file")  # fmt: skip
    shown = "what the printed table shows"
    add_common(parser, json=shown, overwrite="files that exist", seed=True, threads=True)
    parser.set_defaults(run=run)
    return parser


def _kinds(text):
    kinds = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for kind in kinds or ("",):
        if kind not in KINDS:
            meant = f"{did_you_mean(kind, KINDS)}; choose among {', '.join(KINDS)}"
            raise argparse.ArgumentTypeError(f"{kind!r} is no figure{meant}")
    return kinds


def _probability(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no probability between 0 and 1")
    return value


def _probabilities(text):
    values = tuple(_probability(part) for part in text.split(",") if part.strip())
    if not values or len(set(values)) < len(values):
        raise argparse.ArgumentTypeError(f"{text!r} lists no probabilities, each another one")
    return values


def run(args):
    """Make the maps, write figures and tables, and print which probabilities were reached."""
    figures = _figure_files(args)
    _check(args, figures)  # before anything slow, to fail early
    from ..datasets import load_data
    from ..persistence import load_model, read_model_info
    from ._map_figures import (
        MapMaker,
        check_takes_signals,
        describe_maps,
        rows_of_maps,
        write_kind,
    )

    info = read_model_info(args.model)
    check_kind(args.model, info, "classifier")
    if args.generator is not None:
        check_kind(args.generator, read_model_info(args.generator), "generator")
    data = None if args.data is None else load_data(args.data)
    classifier = load_model(args.model)
    settings = {"probability": args.probability, "path": args.path, "target": args.target}
    settings |= {"kinds": args.figures, "n_maps": args.n_maps, "seed": args.seed}
    maker = MapMaker(classifier, data, **settings)
    check_takes_signals(classifier, (info["signals"]["n_bins"], info["signals"]["n_marks"]))
    kept = args.generator
    generator = _train(args, maker.data) if kept is None else load_model(kept)
    made = maker.make(generator, quiet=args.quiet)
    for kind, path in figures.items():
        settings = {"scale": args.scale}
        if kind == "cooccurrence":
            settings = maker.null_of(generator, quiet=args.quiet)
        write_kind(kind, made[kind], path, **settings)
    rows = rows_of_maps(made)
    written = [part for path in figures.values() for part in (path, path.with_suffix(".tsv"))]
    if args.json is not None:
        _write_json(args, rows)
        written.append(args.json)
    print(f"{describe_maps(rows, classifier)}\n")
    if args.keep_generator is not None:
        written.append(args.keep_generator)
    print(f"Written: {', '.join(map(str, written))}", flush=True)
    return 0


def _figure_files(args):
    """Return the file of each kind of figure: the first as asked, the others beside it."""
    first, *others = args.figures
    out = args.out
    return {first: out} | {
        kind: out.with_name(f"{out.stem}-{kind}{out.suffix}") for kind in others
    }


def _check(args, figures):
    """Refuse what cannot work, and files that exist."""
    remedy = "Name a classifier that histoexpr train kept, then the data set."
    check_read(args.model, "MODEL", remedy, file=True)
    if args.data is not None:
        check_read(args.data, "DATA")
    if args.generator is not None:
        check_read(args.generator, "--generator", file=True)
    if args.data is None and args.generator is None:
        raise ValueError(
            "Maps need a generator: name a data set to train one on, or a kept one with "
            "--generator."
        )
    if args.generator is not None and (args.keep_generator or args.steps):
        option = "--keep-generator" if args.keep_generator else "--steps"
        raise ValueError(f"{option} is of training a generator, and --generator names a kept one.")
    check_figure("--out", args.out)
    files = {"--json": args.json, "--keep-generator": args.keep_generator}
    if args.keep_generator is not None:
        check_ending("--keep-generator", args.keep_generator, [MODEL])
    for kind, path in figures.items():
        name = "--out" if path == args.out else f"--out (figure {kind})"
        files |= {name: path, f"{name}, its table": path.with_suffix(".tsv")}
    check_written(files, [args.model, args.data, args.generator], overwrite=args.overwrite)


def _train(args, data):
    """Return a generator of the data, kept at once if asked for: it takes minutes."""
    from ..persistence import save_model

    generator = fit_generator(data, steps=args.steps, seed=args.seed, quiet=args.quiet)
    if args.keep_generator is not None:
        info = {"title": "Generator of histone signals"}
        info["description"] = f"Trained for the maps of {args.model}; no genes were held out."
        save_model(generator, args.keep_generator, data=data, info=info, overwrite=args.overwrite)
    return generator


def _write_json(args, rows):
    from ..experiments import package_versions
    from ..utils import write_json

    about = {"command": args.command_line, "model": str(args.model)}
    about |= {name: None if getattr(args, name) is None else str(getattr(args, name))
              for name in ("data", "generator")}  # fmt: skip
    write_json(args.json, {"about": about | {"versions": package_versions()}, "maps": rows})
