"""Evaluating models on a data set and writing what ``demo`` and ``crosscell`` find."""

import json
from pathlib import Path

from ._options import (
    GENE_DIVISIONS,
    MODELS,
    NORMALIZATIONS,
    add_common,
    check_folder,
    check_written,
    names_among,
)

# More cells than this are too many to list one by one on a terminal
_LISTED = 12
# What is said below the tables of how cells were made comparable; of methods for signals the last
_COMPARABLE = {
    "none": "",
    "predictions": "Predictions in a cell that was not trained on have the distribution of those "
    "for the training\nsamples, without its labels; --normalize none leaves them as they are.\n",
    "signals": "Signals of the cells are made comparable, of a test cell without its labels; "
    "--normalize none\nleaves them as they are.\n",
}
# Marks side by side in the figure of the profiles
_COLUMNS = 5


# How genes are divided -> what the help says of it as a default
_DIVIDED = {
    "auto": "5 folds of whole chromosomes where they are known, else the predefined split where "
    "there is one, else 5 random folds",
    "split": "split, the predefined one of the simulated cells: one fold, which is fast, and the "
    "same test genes for all models",
}


def add_evaluation_arguments(parser, *, out, models, genes="auto"):
    """Add the arguments shared by ``demo`` and ``crosscell``; ``genes`` is a default."""
    add = parser.add_argument
    add(
        "--models",
        type=names_among(MODELS, "model"),
        default=models.split(","),
        metavar="MODELS",
        help=f"models, separated by commas: {', '.join(MODELS)} (default {models})",
    )
    add(
        "--genes",
        choices=GENE_DIVISIONS,
        default=genes,
        help=f"how genes are divided into training and test genes (default: {_DIVIDED[genes]})",
    )
    add(
        "--normalize",
        choices=(*NORMALIZATIONS, "none"),
        default=NORMALIZATIONS[0],
        help="how cells are made comparable without labels: predictions of a cell that was not "
        "trained on are given the distribution of those for the training samples, or signals are "
        f"normalised (default {NORMALIZATIONS[0]})",
    )
    add("--out", "-o", type=Path, default=Path(out), metavar="FOLDER",
        help=f"folder to write to (default {out})")  # fmt: skip
    add_common(
        parser,
        json="the scores with their intervals",
        overwrite="the files of another run in --out, and the file of --json",
        seed=True,
        jobs=2,
        threads=True,
    )


def check_evaluation(args, read=()):
    """Refuse, before anything slow, places that results cannot be written to."""
    check_folder("--out", args.out)
    check_run_folder(args.out, {"genes": args.genes, "normalize": args.normalize,
                                "seed": args.seed}, overwrite=args.overwrite)  # fmt: skip
    check_written({"--json": args.json}, read, overwrite=args.overwrite)


def check_run_folder(path, settings, *, overwrite):
    """Refuse a folder that holds other files, or a run with other settings than these few.

    RunFolder asks for all that decides a run, when the data are known.
    """
    if overwrite or not path.is_dir():
        return
    try:
        run = json.loads((path / "manifest.json").read_text(encoding="utf-8"))["run"]
        differs = [name for name, value in settings.items() if run[name] != value]
    except (OSError, ValueError, KeyError, TypeError):
        return  # RunFolder says what is wrong with it
    if differs:
        raise FileExistsError(
            f"--out: {path} holds another run, with other {', '.join(differs)}. Choose another "
            "folder with --out, or replace that run with --overwrite."
        )


def make_models(names, random_state):
    """Return models by their labels, given their names in the registry."""
    from ..experiments import MODELS, make_model, seed_model

    labels = {MODELS[name].label: name for name in names}
    return {k: seed_model(make_model(k, name), random_state) for k, name in labels.items()}


def run_evaluation(dataset, args, note=""):
    """Evaluate, write the files, and then print ``note`` and the table."""
    from .. import experiments
    from ..datasets import hash_dataset
    from ..utils import describe_model, require, write_csv
    from ._output import RunFolder

    require("matplotlib", "Drawing the figures")  # before the work, not after it
    models = make_models(args.models, args.seed)
    run = {
        "data_sha256": hash_dataset(dataset),
        "models": {n: describe_model(model) for n, model in models.items()},
        "genes": args.genes,
        "test_genes": experiments.divide_genes(dataset, args.genes).tested,
        "normalize": args.normalize,
        "seed": args.seed,
        "versions": experiments.package_versions(),
    }
    with RunFolder(args.out, run, overwrite=args.overwrite) as folder:
        results = experiments.evaluate_cells(
            models,
            dataset,
            genes=args.genes,
            normalize=None if args.normalize == "none" else args.normalize,
            random_state=args.seed,
            n_jobs=args.jobs,
            verbose=0 if args.quiet else 1,
        )
        about = {"command": args.command_line, "data": str(getattr(args, "path", "simulated"))}
        about["data_source"] = results.manifest["data_source"]
        with folder.write(about) as out:
            results.to_csv(out / "scores.csv")
            write_csv(_summary(results), out / "summary.tsv")
            write_csv(results.between_cells, out / "between-cells.tsv")
            write_csv(results.statistics.against_baselines, out / "against-baselines.tsv")
            write_csv(results.predictions(), out / "predictions.tsv.gz")
            write_csv(results.times, out / "times.csv", index=True)
            write_figures(dataset, results, list(models), out)
    if args.json is not None:
        write_results(args, results, _summary(results))
    many = len(results.cells) > _LISTED
    print(f"{note}{dataset!r}\n\n{results.format_summary(only_mean=many)}\n")
    if between := results.format_between():
        print(f"{between}\n")
    if against := results.format_against_baselines():
        print(f"{against}\n")
    if said := _COMPARABLE.get(args.normalize, _COMPARABLE["signals"]):
        print(said)
    print(f"Written to {args.out.resolve()}: {', '.join(folder.files)}", flush=True)
    return 0


def _summary(results):
    """Return the mean scores, with the number of genes and the interval of the main ones."""
    keys = ["test_cell", "experiment", "model"]
    found = results.score_intervals
    wide = found.pivot(index=keys, columns="metric", values=["low", "high"])
    wide.columns = [f"{metric}_{end}" for end, metric in wide.columns]
    sizes = found.drop_duplicates(keys).set_index(keys)[["n_genes", "n_rarer"]]
    return results.summary().merge(sizes.join(wide).reset_index(), on=keys, how="left")


def write_results(args, results, summary):
    """Write what the printed tables show to ``--json``."""
    from ..utils import write_json

    tables = {"summary": summary, "between_cells": results.between_cells}
    tables["against_baselines"] = results.statistics.against_baselines
    records = {n: t.astype(object).where(t.notna(), None) for n, t in tables.items()}
    write_json(
        args.json,
        {
            "command": args.command_line,
            "out": str(args.out.resolve()),
            **{name: table.to_dict("records") for name, table in records.items()},
            "too_small": results.too_small,
            "held_out": results.manifest["held_out"],
        },
    )


def write_figures(dataset, results, models, out):
    """Write the heatmap of each model and the average profiles, as PNG and as tables.

    Returns the names of the figures.
    """
    import matplotlib
    from matplotlib.figure import Figure  # pyplot would choose a backend for the whole process

    from ..plots import CrossCellDisplay, ProfileDisplay
    from ..utils import write_csv

    matrices = {name: results.matrix(name) for name in models}
    written = []
    # a $ in the name of a cell is no formula
    with matplotlib.rc_context({"text.parse_math": False}):
        for name, matrix in matrices.items():
            low, high = _range_of([m for m in matrices.values() if m.metric == matrix.metric])
            consensus = matrix.consensus()
            beside = {"metric": matrix.metric, "consensus": consensus}
            beside["baseline"] = matrix.baseline
            cells = matrix.train_cells, matrix.test_cells
            display = CrossCellDisplay(matrix.score(), *cells, **beside)
            figure = Figure(figsize=display.figsize, layout="constrained")
            title = f"{name}, test genes unseen in training"
            display.plot(ax=figure.subplots(), title=title, vmin=low, vmax=high)
            table = matrix.table.copy()
            if consensus is not None:
                table.loc[matrix.baseline] = consensus
            file = f"crosscell-{name.lower().replace(' ', '-')}"
            write_csv(table, out / f"{file}.tsv", index=True)
            written.append(_save(figure, out / f"{file}.png"))
        n_columns = min(dataset.n_marks, _COLUMNS)
        n_rows = -(-dataset.n_marks // n_columns)
        size = 2.5 * n_columns, 2.4 * n_rows + 0.5
        axes = Figure(figsize=size, layout="constrained").subplots(n_rows, n_columns)
        title = "Average signal around the TSS"
        display = ProfileDisplay.from_dataset(dataset, axes=axes, title=title)
        write_csv(_profile_table(display), out / "profiles.tsv")
        written.append(_save(display.figure_, out / "profiles.png"))
    return written


def _range_of(matrices):
    """Return the least and the largest score of matrices and their baselines, or two None."""
    import numpy as np

    parts = [part for m in matrices for part in (m.score(), m.consensus()) if part is not None]
    scores = np.concatenate([np.ravel(part) for part in parts])
    scores = scores[~np.isnan(scores)]
    return (scores.min(), scores.max()) if len(scores) else (None, None)


def _profile_table(display):
    """Return what the figure of the profiles shows, one row per label, mark and bin."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "label": label,
                "mark": mark,
                "position": display.positions,
                "mean": display.profiles[label][:, number],
                "standard_error": display.errors[label][:, number],
                "n_samples": display.n_samples[label],
            }
        )
        for label in display.profiles
        for number, mark in enumerate(display.marks)
    ]
    return pd.concat(parts, ignore_index=True)


def _save(figure, path):
    figure.savefig(path, dpi=150, bbox_inches="tight", pad_inches=0.1)
    return path.name
