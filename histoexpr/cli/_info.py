"""``histoexpr info``: what is in a model file or a saved data set."""

import argparse
import sys
from pathlib import Path

from ._options import add_common, check_read, check_written

_EPILOG = """\
example:
  histoexpr info my.histoexpr
  histoexpr info my.histoexpr --card my-card.md
  histoexpr info my-cells --json my-cells.json
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "info",
        help="say what a model file, or a saved data set, holds",
        description="Say what a model file holds: what it predicts, from which signals, trained "
        "on what, with\nwhich scores. Nothing of it is run. Of a saved data set: its cells, "
        "genes, marks and how it was made.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("path", metavar="FILE", type=Path, help="a model file, or the folder of a data set")
    add("--card", type=Path, metavar="FILE", nargs="?", const=Path("-"), help="write a model card "
        "in Markdown; without FILE, or with -, print it instead of the summary")  # fmt: skip
    quiet = "print nothing but a card that was asked for"
    add_common(parser, json="all that is known", overwrite="files that exist", quiet=quiet)
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Print the summary, or the card, and write the files."""
    check_read(args.path, "FILE")
    printed = args.card is not None and str(args.card) == "-"
    files = {"--card": None if printed else args.card, "--json": args.json}
    check_written(files, (args.path,), overwrite=args.overwrite)
    of_data = args.path.is_dir()
    if of_data and args.card is not None:
        raise ValueError(f"--card is for model files, and {args.path} is a folder.")
    from ..utils import atomic_path, write_json

    if of_data:
        known, text = _data_set(args.path)
    else:
        from ..persistence import model_card, read_model_info

        known = read_model_info(args.path)
        text = describe_model_file(known)
        card = None if args.card is None else model_card(args.path)
    if args.json is not None:
        write_json(args.json, known)
    if files["--card"] is not None:
        with atomic_path(args.card) as temporary:
            temporary.write_text(card, encoding="utf-8")
    if printed:
        sys.stdout.write(card)
        sys.stdout.flush()
    elif not args.quiet:
        written = [str(path) for path in files.values() if path is not None]
        text += f"\n\nWritten: {', '.join(written)}" if written else ""
        print(text, flush=True)
    return 0


def _data_set(path):
    """Return what is known of a saved data set, and as text."""
    from ..datasets import load_data
    from ..tracks import describe_report

    data = load_data(path)
    known = {
        "n_samples": len(data),
        "n_genes": len(data.genes),
        "cells": data.cells,
        "marks": data.marks,
        "bin_size": data.bin_size,
        "window": data.window,
        "oriented": data.oriented,
        "columns": list(data.samples),
        "meta": data.meta,
    }
    lines = [repr(data)]
    for name in ("source", "build", "genes"):
        if data.meta.get(name):
            lines.append(f"  {name:<6} {data.meta[name]}")
    if rules := _rules(data.meta.get("counting")):
        lines.append(f"  rule of counting: {rules}")
    if isinstance(report := data.meta.get("report"), dict) and "tracks" in report:
        lines += [f"  {line}" for line in describe_report(report)]
    return known, "\n".join(lines)


def _rules(counting):
    """Return by which rule bins were counted, as text, by mark where they differ; or None."""
    if not isinstance(counting, dict) or not counting:
        return None
    rules = {}
    for mark, rule in counting.items():
        rules.setdefault(rule.get("rule") if isinstance(rule, dict) else rule, []).append(mark)
    if len(rules) == 1:
        return f"{next(iter(rules))}"
    return "; ".join(f"{', '.join(marks)} {rule}" for rule, marks in rules.items())


def describe_model_file(info):
    """Return what a model file says, as text."""
    signals, training = info["signals"], info["training"]
    name = info["estimator"]["class"].rpartition(".")[2]
    lines = [info["title"] or name, ""]
    lines += [info["description"], ""] if info["description"] else []
    entries = {
        "model": name if info["title"] else None,
        "predicts": _predicts(info),
        "marks": _listed(signals["marks"], signals["n_marks"], "without names"),
        "window": _window(signals),
        "trained on": _trained(training),
        "counting rule": _rules(training.get("counting")),
        "mean of a bin": _depths(training["depth"]),
        "source": training["source"],
        "made": f"{info['created']}, histoexpr {info['histoexpr']}",
        "licence": info["licence"] or "not stated",
        "for": info["intended_use"],
    }
    width = max(map(len, entries))
    lines += [f"{key:<{width}}  {value}" for key, value in entries.items() if value]
    return "\n".join([*lines, "", *_scores(info["scores"])])


def _predicts(info):
    if info["kind"] == "classifier":
        return f"probabilities of the classes {', '.join(map(str, info['classes'] or []))}"
    if info["kind"] == "regressor":
        return "log2(expression + 1)" if info["target"] == "expression" else "a number"
    return {"generator": "signals of genes (it is a generator)"}.get(
        info["kind"], "transformed signals (it is a transformer)"
    )


def _listed(names, number, otherwise):
    if names:
        return ", ".join(names)
    return f"{number} {otherwise}" if number else None


def _window(signals):
    if not signals["window"] or not signals["bin_size"]:
        return f"{signals['n_bins']} bins" if signals["n_bins"] else None
    first, last = signals["window"]
    way = {True: ", along transcription", False: ", along the genome"}.get(signals["oriented"], "")
    return f"{first:+,} to {last:+,} bp around the TSS, bins of {signals['bin_size']} bp{way}"


def _trained(training):
    if not training["cells"]:
        return None
    cells = training["cells"]
    shown = ", ".join(cells[:8]) + (f" ... ({len(cells)} in all)" if len(cells) > 8 else "")
    return f"{training['n_samples']:,} samples: {training['n_genes']:,} genes in {shown}"


def _depths(depth):
    """Return the least and largest mean signal of each mark over the training cells."""
    if not depth:
        return None
    parts = []
    for mark in next(iter(depth.values())):
        values = [row[mark] for row in depth.values() if row.get(mark) is not None]
        low, high = f"{min(values):.3g}", f"{max(values):.3g}"
        parts.append(f"{mark} {low if low == high else f'{low} to {high}'}")
    return ", ".join(parts)


def _scores(scores):
    """Return the held-out scores as lines; a table of ours as histoexpr train prints it."""
    if not scores:
        return ["No scores on held-out genes are in the file."]
    import pandas as pd

    from ..experiments import format_scores, scores_legend
    from ..utils import format_table

    frame = pd.DataFrame(scores)
    needed = {"model", "trained_on", "test_cell", "metric", "score", "low", "high", "n"}
    if needed <= set(frame):
        return [format_scores(frame), "", *scores_legend(frame)]
    rows = [list(map(str, frame.columns))]
    rows += [["" if v is None else str(v) for v in row] for row in frame.to_numpy(dtype=object)]
    return [format_table(rows, 1)]
