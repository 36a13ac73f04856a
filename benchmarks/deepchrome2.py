"""The experiments of DeepChrome 2.0 (Kadavath et al. 2022), run correctly.

On the published data (Zenodo record 2652278, unpacked or as .tar.gz)

    python benchmarks/deepchrome2.py --data DIR --expression 57epigenomes.RPKM.pc.gz --out out

or, without --data, on signals simulated for the expression of the 56 cells

    python benchmarks/deepchrome2.py --expression 57epigenomes.RPKM.pc.gz --out out

or on a wholly simulated set of the same size (no option). --steps bounds the optimiser steps
of every fit (0: none, every model trains as it does by default); --max-cells and --max-genes
make a smaller set. Interrupted, the same command goes on. --labels asks what the published
labels do: the same signals with labels by the text rule and by the numeric rule.

What the 56 cells x 19,802 genes cost, in CPU time of one core: a minute to simulate them; with the
default of 400 steps, a CNN is fitted in 2.4 s and predicts the test genes of all cells in 12 s,
a linear model in 0.02 s and 1 s. The 224 fits of this benchmark thus come to about 20 minutes,
with a peak of 2.0 GiB, 1.1 of which are the data, mapped and not copied. Without a bound
(--steps 0: 30 epochs in batches of 32) a CNN takes a minute for one cell and, at 6 ms a step,
up to 34 minutes for 55 of them: 56 such fits are up to 32 hours a seed. --max-cells 3, with and
without --steps 0, measures this on another machine.
"""

import argparse
import json
import os
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from histoexpr.datasets import HistoneDataset, load_deepchrome, make_histone_cells, read_expression
from histoexpr.exceptions import HistoexprWarning
from histoexpr.experiments import run_study
from histoexpr.labels import relabel
from histoexpr.replication import PUBLISHED_COLUMNS, published_auroc
from histoexpr.reports import write_study_report


def prepare(args):
    """Save the data set to work on, once; return its path."""
    path, made_with = args.out / "data", args.out / "data.json"
    options = {name: getattr(args, name) for name in ("max_cells", "max_genes")}
    for name in ("data", "expression"):
        file = getattr(args, name)
        options[name] = None if file is None else str(file.resolve())
    if path.exists():
        before = json.loads(made_with.read_text()) if made_with.exists() else "other options"
        if before != options:
            raise SystemExit(
                f"{path} was made with {before}, but {options} are asked for. Choose another "
                "--out, or remove it."
            )
        return path
    made_with.write_text(json.dumps(options))
    table = read_table(args)
    if args.data is not None:
        cells = None if args.max_cells is None else table.cells[: args.max_cells]
        dataset = load_deepchrome(args.data, cells=cells)
        dataset = relabel(dataset, table, missing="drop")
    elif table is not None:
        dataset = make_histone_cells(expression=table, random_state=0)
    else:
        size = args.max_cells or 56, args.max_genes or 19_802
        dataset = make_histone_cells(*size, random_state=0)
    dataset.save(path)
    return path


def read_table(args):
    """Read the expression of the cells asked for, None if there is none."""
    if args.expression is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HistoexprWarning)  # repeated rows of equal genes
        table = read_expression(args.expression)
    known = published_auroc().index
    cells = [cell for cell in table.cells if cell in known][: args.max_cells]
    genes = np.random.default_rng(0).permutation(len(table.genes))[: args.max_genes]
    return table.select(cells=cells, genes=table.genes[np.sort(genes)])


def declare(args, n_cells):
    """Return the study: the paper's experiments, each with the same number of steps."""
    steps = {"steps": args.steps} if args.steps else {}
    experiments = [
        {"name": "own cell", "regime": "own"},
        {"name": "every cell", "regime": "each"},
        {"name": "all other cells", "regime": "exclusive"},
    ]
    if args.all:
        size = min(8, n_cells - 1)
        for regime in ("inclusive", "exclusive"):
            experiments += [
                {"name": f"{regime} random", "regime": regime, "cells": "random", "n_cells": size},
                {
                    "name": f"{regime} high",
                    "regime": regime,
                    "cells": "similar",
                    "threshold": 0.75,
                },
                {
                    "name": f"{regime} somewhat",
                    "regime": regime,
                    "cells": "similar",
                    "threshold": 0.5,
                },
            ]
        experiments.append({"name": "inclusive all", "regime": "inclusive"})
        for cells in ("random", "nearest"):
            sizes = [*(size for size in (1, 2, 4, 8, 16, 32) if size < n_cells - 1), "all"]
            experiments.append(
                {
                    "name": f"by cells, {cells}",
                    "regime": "exclusive",
                    "cells": cells,
                    "n_cells": sizes,
                }
            )
    return {
        "models": {name: name for name in args.models.split(",")},
        "experiments": [experiment | steps for experiment in experiments],
        "genes": "split",
        "random_state": list(range(args.seeds)),
    }


def run_tables(args):
    """Run the study and print its means beside the published ones."""
    start = time.perf_counter()
    data = prepare(args)
    dataset = HistoneDataset.load(data)
    print(f"{dataset!r}\ndata ready after {time.perf_counter() - start:.0f} s")
    spec = declare(args, len(dataset.cells))
    start = time.perf_counter()
    study = run_study(spec, data, args.out / "study", n_jobs=args.jobs, verbose=1)
    wall = time.perf_counter() - start
    write_study_report(study, args.out / "study" / "report.html")
    for row in study.statistics.means.itertuples():
        score = "not defined" if pd.isna(row.roc_auc) else f"{row.roc_auc:.3f}"
        print(f"{row.group:24} {row.model:22} AUROC {score}")
    if "simulated" in study.manifest["data_source"]:
        print("These signals are simulated. Of the real ones was", end=" ")
    print("published (on faulty labels, epoch chosen on the test cell):")
    means = published_auroc().mean()
    for column, name in PUBLISHED_COLUMNS.items():
        print(f"  {name:50} {means[column]:.3f}")
    seconds = study.times["seconds"]
    print(
        f"{len(seconds)} fits of {seconds.sum():.0f} s in all (longest {seconds.max():.1f} s); "
        f"this run {wall:.0f} s; {peak_memory()}"
    )


def run_labels(args):
    """Print the AUROC that each labelling rule yields per cell, beside the published one."""
    data, table = prepare(args), read_table(args)
    if table is None:
        raise SystemExit("--labels needs --expression, to make labels by both rules.")
    spec = {"models": {"linear": "linear"}, "experiments": [{"name": "own", "regime": "own"}]}
    spec["genes"] = "split"
    by_rule = {"numeric": run_study(spec, data, args.out / "numeric", n_jobs=args.jobs)}
    text = args.out / "data-text"
    if not text.exists():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HistoexprWarning)  # the faulty rule is meant
            relabel(HistoneDataset.load(data), table, "deepchrome-legacy").save(text)
    by_rule["text"] = run_study(spec, text, args.out / "text", n_jobs=args.jobs)
    scores = published_auroc()[["flipped", "deepchrome"]].rename(
        columns={"deepchrome": "published"}
    )
    for rule, study in by_rule.items():
        scores[rule] = study.by_cell("own")
    scores = scores.reindex(by_rule["text"].cells)
    print("cell  flipped  numeric  text rule  published (DeepChrome)")
    for row in scores.itertuples():
        print(
            f"{row.Index}  {row.flipped:7.1%}  {row.numeric:7.3f}  {row.text:9.3f}  "
            f"{row.published:9.2f}"
        )
    for rule, name in (("numeric", "numeric"), ("text", "text rule"), ("published", "published")):
        r = scores["flipped"].corr(scores[rule])
        print(f"{name:10} mean {scores[rule].mean():.3f}, correlation with share flipped {r:+.2f}")
    print(f"published with text rule: r = {scores['published'].corr(scores['text']):+.2f}")
    print(peak_memory())


def peak_memory():
    """Return the peak resident memory of this process and the largest of its workers."""
    peaks = {}
    for entry in Path("/proc").glob("[0-9]*/status"):  # workers live on, for the next study
        try:
            status = dict(line.split(":", 1) for line in entry.read_text().splitlines())
        except OSError:
            continue  # has ended
        if "VmHWM" in status:
            peaks[int(entry.parent.name), int(status["PPid"])] = int(status["VmHWM"].split()[0])
    here = os.getpid()
    own = max(peak for (pid, _), peak in peaks.items() if pid == here)
    workers = [peak for (_, parent), peak in peaks.items() if parent == here]
    text = f"peak memory {own / 2**20:.2f} GiB here"
    return text + (f", {max(workers) / 2**20:.2f} GiB in the largest worker" if workers else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="DeepChrome's folder or archive")
    parser.add_argument("--expression", type=Path, help="RPKM of the cells")
    parser.add_argument("--out", type=Path, default=Path("deepchrome2"))
    parser.add_argument("--models", default="linear,cnn")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--max-cells", type=int)
    parser.add_argument("--max-genes", type=int)
    parser.add_argument("--all", action="store_true", help="all regimes and size curves, too")
    parser.add_argument("--labels", action="store_true", help="what the published labels do")
    args = parser.parse_args()
    if args.data is not None and args.expression is None:
        parser.error("--data needs --expression: its own labels are faulty")
    args.out.mkdir(parents=True, exist_ok=True)
    (run_labels if args.labels else run_tables)(args)


if __name__ == "__main__":
    main()
