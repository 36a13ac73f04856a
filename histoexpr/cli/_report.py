"""Evaluating models on a data set and writing the report: table, CSV and figures."""

import argparse
import contextlib
import sys
from pathlib import Path

import numpy as np

_LABELS = {"cnn": "CNN", "mlp": "MLP"}
# More cells than this are too many to list one by one on a terminal
_LISTED = 12
# Marks side by side in the figure of the profiles
_COLUMNS = 5


def add_report_arguments(parser, *, out, models):
    """Add the arguments shared by ``demo`` and ``crosscell``."""
    parser.add_argument(
        "--models",
        default=models,
        help=f"models, separated by commas: linear, cnn, mlp, logistic, gradient-boosting "
        f"(default {models})",
    )
    parser.add_argument(
        "--genes",
        choices=["auto", "split", "kfold", "chromosome"],
        default="auto",
        help="how genes are divided into training and test genes (default: by the predefined "
        "split where there is one, else 5 random folds)",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(out), help=f"folder to write to (default {out})"
    )
    parser.add_argument(
        "--jobs", type=number_of_jobs, default=2, help="number of fits at a time (default 2)"
    )
    parser.add_argument("--seed", type=int, default=0, help="random seed (default 0)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def number_of_jobs(text):
    """Read a number of jobs as joblib takes it: not 0, negative counts from all cores."""
    number = int(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 jobs do nothing; give 1 or more, or -1 for all cores")
    return number


def make_models(names, seed):
    """Return the models that the command line names.

    Parameters
    ----------
    names : str
        Names separated by commas.
    seed : int

    Returns
    -------
    dict of str -> classifier

    Raises
    ------
    ValueError
        If a name is unknown.
    """
    from ..experiments import MODEL_KINDS, build_model, seed_model

    models = {}
    for name in dict.fromkeys(part.strip().lower() for part in names.split(",")):
        if name not in MODEL_KINDS:
            raise ValueError(f"Unknown model {name!r}; choose among {', '.join(MODEL_KINDS)}.")
        label = _LABELS.get(name, name)
        models[label] = seed_model(build_model(label, name), seed)
    return models


def run_report(dataset, args):
    """Evaluate, print the table and write the files.

    Parameters
    ----------
    dataset : HistoneDataset
    args : argparse.Namespace
        With the arguments of :func:`add_report_arguments`.
    """
    from ..experiments import evaluate_cells, format_summary
    from ..utils import require

    require("matplotlib", "Drawing the figures")  # before the work, not after it
    models = make_models(args.models, args.seed)
    print(f"{dataset!r}\n")
    args.out.mkdir(parents=True, exist_ok=True)  # before the work, too
    try:
        evaluation = evaluate_cells(
            models,
            dataset,
            genes=args.genes,
            random_state=args.seed,
            n_jobs=args.jobs,
            verbose=0 if args.quiet else 1,
        )
    except BaseException:
        with contextlib.suppress(OSError):
            args.out.rmdir()  # only if it is empty
        raise
    many = len(evaluation.cells) > _LISTED
    print(f"\n{format_summary(evaluation, only_mean=many)}\n")
    evaluation.to_csv(args.out / "scores.csv")
    written = ["scores.csv", *write_figures(dataset, evaluation, list(models), args.out)]
    print(f"Written to {args.out.resolve()}: {', '.join(written)}")
    sys.stdout.flush()
    return 0


def write_figures(dataset, evaluation, models, out):
    """Write the heatmap of each model and the average profiles as PNG.

    Returns
    -------
    list of str
        Names of the files.
    """
    import matplotlib
    from matplotlib.figure import Figure  # pyplot would choose a backend for the whole process

    from ..plots import CrossCellDisplay, ProfileDisplay

    matrices = [evaluation.matrix(name) for name in models]
    scores = [matrix.score() for matrix in matrices]
    if matrices[0].consensus() is not None:
        scores.append(matrices[0].consensus())
    scores = np.concatenate([np.ravel(part) for part in scores])
    scores = scores[~np.isnan(scores)]
    low, high = (scores.min(), scores.max()) if len(scores) else (None, None)
    written = []
    # a $ in the name of a cell is no formula
    with matplotlib.rc_context({"text.parse_math": False}):
        for name, matrix in zip(models, matrices, strict=True):
            display = CrossCellDisplay(
                matrix.score(),
                matrix.train_cells,
                matrix.test_cells,
                consensus=matrix.consensus(),
            )
            figure = Figure(figsize=display.figsize, layout="constrained")
            title = f"{name}, test genes unseen in training"
            display.plot(ax=figure.subplots(), title=title, vmin=low, vmax=high)
            written.append(_save(figure, out / f"crosscell-{name.lower()}.png"))
        n_columns = min(dataset.n_marks, _COLUMNS)
        n_rows = -(-dataset.n_marks // n_columns)
        size = 2.5 * n_columns, 2.4 * n_rows + 0.5
        axes = Figure(figsize=size, layout="constrained").subplots(n_rows, n_columns)
        title = "Average signal around the TSS"
        display = ProfileDisplay.from_dataset(dataset, axes=axes, title=title)
        written.append(_save(display.figure_, out / "profiles.png"))
    return written


def _save(figure, path):
    from ..utils import atomic_path

    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=150, bbox_inches="tight", pad_inches=0.1)
    return path.name
