"""From finished fits to the table of results, and the files of a study, written and read."""

import functools
import json
from pathlib import Path

import numpy as np
import pandas as pd

from ..exceptions import DataFormatError
from ..utils import (
    atomic_path,
    check_file,
    hash_file,
    read_json,
    read_sealed,
    to_json,
    write_csv,
    write_json,
    write_sealed,
)
from ._baselines import baselines
from ._fitting import score_cell
from ._results import COLUMNS, CrossCellResults
from ._stores import REMEDY, read_predictions
from ._words import BASELINE, CONSENSUS, EXPRESSION, LABEL

# Earlier formats have a log loss of the consensus that is that of clipped shares of 0 and 1
_DEFINED_LOG_LOSS = 6


def collect(plan, store, manifest, out=None):
    """Return the results of a plan whose fits are all done; ``out`` is the folder, if any."""
    found = [store.result(fit) for fit in plan.fits]
    rows = []
    for entry in plan.entries:
        fit, result = plan.fits[entry.fit], found[entry.fit]
        rows.append(
            {
                "experiment": entry.experiment,
                "regime": entry.regime,
                "model": fit.model,
                "random_state": fit.random_state,
                "fold": fit.fold_name,
                "test_cell": entry.test_cell,
                "train_cells": fit.train_cells,
                "n_cells": len(fit.train_cells),
                "n_genes": fit.n_genes,
                **result.facts,
                **result.scores[entry.test_cell],
                "fit": fit.key,
            }
        )
    # those of expression stand beside models of expression only
    targets = [] if store.data.y is None else [LABEL]
    if any(result.facts["target"] == EXPRESSION for result in found):
        targets.append(EXPRESSION)
    table = as_table(rows + _baseline_rows(store, targets))
    times = pd.DataFrame(
        [
            {"model": fit.model, **result.times}
            for fit, result in zip(plan.fits, found, strict=True)
        ],
        index=pd.Index([fit.key for fit in plan.fits], name="fit"),
    )
    return CrossCellResults(table, manifest, times, store.reader(), out)


def as_table(rows):
    """Return rows as a DataFrame with the columns of results, in order.

    Rows of earlier versions lack the target, which was the label, and some scores.
    """
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["target"] = table["target"].astype(object).where(table["target"].notna(), LABEL)
    scores = COLUMNS[COLUMNS.index("roc_auc") : -1]
    table[["threshold", *scores]] = table[["threshold", *scores]].astype(float)
    for name in ("random_state", "n_train", "steps", "epochs"):
        table[name] = table[name].astype("Int64")
    table["n_genes"] = table["n_genes"].astype(object).where(table["n_genes"].notna(), None)
    table["train_cells"] = table["train_cells"].map(tuple)
    return table


def _baseline_rows(store, targets):
    """Return the rows of the baselines, and keep what they predict beside the fits."""
    rows, kept = [], {}
    for found in (found for target in targets for found in baselines(store.data, target)):
        key = f"{found.model.replace(' ', '-')}-fold{found.fold + 1}"
        _, predictions = kept.setdefault(key, (found.fold, {}))
        predictions[found.test_cell] = found.predicted
        kind = found.target, found.target == LABEL
        scores = score_cell(store.data, found.rows, found.predicted, *kind)
        if found.model == CONSENSUS and _says_never(store.data.y[found.rows], found.predicted):
            scores["log_loss"] = np.nan
        rows.append(
            {
                "experiment": BASELINE,
                "regime": BASELINE,
                "model": found.model,
                "target": found.target,
                "fold": str(found.fold_name),
                "test_cell": found.test_cell,
                "train_cells": found.train_cells,
                "n_cells": len(found.train_cells),
                "n_train": found.n_train,
                **scores,
                "fit": key,
            }
        )
    hard = [row for row in rows if row["model"] == CONSENSUS]
    if any(np.isnan(row["log_loss"]) for row in hard):  # a mean of the others is none of all
        for row in hard:
            row["log_loss"] = np.nan
    for key, (fold, predictions) in kept.items():
        store.keep_predictions(key, fold, predictions)
    return rows


def _says_never(y, share):
    """Return whether the label of a gene had a share of 0: its log loss is then infinite.

    The figure that clipping gives says how shares were clipped, nothing of the consensus.
    """
    return bool(((y == 1) & (share == 0)).any() or ((y == 0) & (share == 1)).any())


def write_study(results):
    """Write the tables of a study into its folder, what says that it is finished last."""
    out, table = results.out, results.table
    write_csv(results.times, out / "times.csv", index=True)
    results.to_csv(out / "results.csv")
    write_csv(results.summary(), out / "summary.tsv")
    write_csv(results.between_cells, out / "between-cells.tsv")
    write_csv(results.statistics.against_baselines, out / "against-baselines.tsv")
    write_json(out / "summary.json", results.statistics.to_dict())
    (out / "results.json").unlink(missing_ok=True)  # until the checksums are those of the new
    sums = {name: hash_file(out / name) for name in ("summary.json", "manifest.json")}
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    with atomic_path(out / "results.json") as temporary:
        lines = ",\n".join(json.dumps(to_json(row), allow_nan=False) for row in rows)
        temporary.write_text(f"[{lines}]\n", encoding="utf-8")
        write_sealed(out / "checksums.json", sums | {"results.json": hash_file(temporary)})


def load_study(out):
    """Read the results of a finished study.

    Parameters
    ----------
    out : str or path-like
        The folder that :func:`run_study` wrote to.

    Returns
    -------
    CrossCellResults

    Raises
    ------
    DataFormatError
        If the folder holds no finished study, or a file is damaged.
    """
    out = Path(out).resolve()
    path = out / "results.json"
    if not path.is_file():
        raise DataFormatError(
            "no finished study: results.json is missing. Run the study, or let it go on.", out
        )
    for name, sha256 in read_sealed(out / "checksums.json", "Run the study again.").items():
        other = "Run the study in another folder."
        check_file(out / name, sha256, other if name == "manifest.json" else REMEDY)
    rows, manifest = read_json(path), read_json(out / "manifest.json")
    types = {"fit": str, "model": str}
    try:
        times = pd.read_csv(out / "times.csv", index_col="fit", dtype=types, keep_default_na=False)
        times = times.astype({"fit_seconds": float, "seconds": float})
    except (OSError, KeyError, TypeError, ValueError) as error:
        where = out / "times.csv"
        raise DataFormatError(f"cannot be read ({error}). {REMEDY}", where) from error
    table, read = as_table(rows), functools.partial(read_predictions, out)
    if manifest.get("format", 0) < _DEFINED_LOG_LOSS:
        table.loc[table["model"] == CONSENSUS, "log_loss"] = np.nan
    return CrossCellResults(table, manifest, times, read, out)
