"""Evaluating models on a data set and writing what ``demo`` and ``crosscell`` find."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from ._output import RunFolder

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


def add_evaluation_arguments(parser, *, out, models):
    """Add the arguments shared by ``demo`` and ``crosscell``."""
    from ..experiments import GENE_DIVISIONS, MODELS, NORMALIZATIONS

    parser.add_argument(
        "--models",
        default=models,
        help=f"models, separated by commas: {', '.join(MODELS)} (default {models})",
    )
    parser.add_argument(
        "--genes",
        choices=GENE_DIVISIONS,
        default=GENE_DIVISIONS[0],
        help="how genes are divided into training and test genes (default: by the predefined "
        "split where there is one, else 5 random folds)",
    )
    parser.add_argument(
        "--normalize",
        choices=(*NORMALIZATIONS, "none"),
        default=NORMALIZATIONS[0],
        help="how cells are made comparable without labels: predictions of a cell that was not "
        "trained on are given the distribution of those for the training samples, or signals are "
        f"normalised (default {NORMALIZATIONS[0]})",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(out), help=f"folder to write to (default {out})"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the files of another run in --out"
    )
    parser.add_argument(
        "--jobs", type=number_of_jobs, default=2, help="number of fits at a time (default 2)"
    )
    parser.add_argument("--seed", type=random_state, default=0, help="random state (default 0)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def random_state(text):
    """Read a random state as NumPy takes it: from 0 to 4294967295."""
    if not (text.isdecimal() and int(text) < 2**32):
        raise argparse.ArgumentTypeError(f"{text!r} is no integer from 0 to {2**32 - 1}")
    return int(text)


def number_of_jobs(text):
    """Read a number of jobs as joblib takes it: not 0, negative counts from all cores."""
    try:
        number = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error
    if number == 0:
        raise argparse.ArgumentTypeError("0 jobs do nothing; give 1 or more, or -1 for all cores")
    return number


def make_models(names, random_state):
    """Return the models that the command line names, separated by commas, by their labels."""
    from ..experiments import MODELS, make_model, seed_model

    models = {}
    for name in dict.fromkeys(part.strip().lower() for part in names.split(",")):
        if name not in MODELS:
            raise ValueError(f"Unknown model {name!r}; choose among {', '.join(MODELS)}.")
        label = MODELS[name].label
        models[label] = seed_model(make_model(label, name), random_state)
    return models


def run_evaluation(dataset, args, note=""):
    """Evaluate, write the files, and then print ``note`` and the table."""
    from .. import experiments
    from ..datasets import hash_dataset
    from ..utils import describe_model, require, write_csv

    require("matplotlib", "Drawing the figures")  # before the work, not after it
    models = make_models(args.models, args.seed)
    run = {
        "data_sha256": hash_dataset(dataset),
        "models": {n: describe_model(model) for n, model in models.items()},
        "genes": args.genes,
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
            write_csv(results.summary(), out / "summary.tsv")
            write_csv(results.between_cells, out / "between-cells.tsv")
            write_csv(results.predictions(), out / "predictions.tsv.gz")
            write_csv(results.times, out / "times.csv", index=True)
            write_figures(dataset, results, list(models), out)
    many = len(results.cells) > _LISTED
    print(f"{note}{dataset!r}\n\n{results.format_summary(only_mean=many)}\n")
    if between := results.format_between():
        print(f"{between}\n")
    if said := _COMPARABLE.get(args.normalize, _COMPARABLE["signals"]):
        print(said)
    print(f"Written to {args.out.resolve()}: {', '.join(folder.files)}", flush=True)
    return 0


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
    parts = [part for m in matrices for part in (m.score(), m.consensus()) if part is not None]
    scores = np.concatenate([np.ravel(part) for part in parts])
    scores = scores[~np.isnan(scores)]
    return (scores.min(), scores.max()) if len(scores) else (None, None)


def _profile_table(display):
    """Return what the figure of the profiles shows, one row per label, mark and bin."""
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
