"""The maps that ``histoexpr maps`` makes, their figures and tables."""

import numpy as np
import pandas as pd

from ..inspection import class_maps, class_path
from ..utils import atomic_path, find_order, format_table, known_names, require, write_csv

# A co-occurrence is a share of samples: fewer leave it vague
_LEAST_COOCCURRENCE = 256
_EXPRESSED = {"1": "expressed", "0": "not expressed"}
_GENERATED, _REAL = "generated", "real genes"
_SAMPLED = """\
Gradients do not pass through this {name}: its maps were picked by its
probability from many generated signals, so that rare ones are missed. A network, such as that of
histoexpr train --model regions or cnn, is searched by gradients."""


class MapMaker:
    """Makes the maps of a classifier with a generator, and of real genes where there are data."""

    def __init__(self, classifier, data, *, n_maps, seed):
        self.classifier, self.n_maps, self.seed = classifier, n_maps, seed
        self.data = data if data is None else _with_marks_of(classifier, data)
        self.generator = None
        self.classes = np.asarray(classifier.classes_).tolist()

    def use(self, generator):
        """Take a generator; refuse a classifier that needs more than its signals."""
        self.generator = generator
        try:
            self._maps("gan", self.classes[-1], None, 1)
        except AttributeError as error:
            raise _needs_more(self.classifier) from error

    def make(self, kind, args):
        """Return what a kind of figure shows, by the titles of its panels."""
        if kind == "maps":
            return self._of_classes(args.probability, self.n_maps)
        if kind in ("path", "profiles"):
            return self._along_path(args.target, args.path)
        n_maps = max(self.n_maps, _LEAST_COOCCURRENCE)
        found = self._of_classes(args.probability, n_maps)
        return {"sets": found, "reference": self.data}

    def _maps(self, method, target, probability, n_maps):
        given = {"generator": self.generator, "probability": probability}
        given |= {"random_state": self.seed, "n_maps": n_maps, "method": method}
        return class_maps(self.classifier, target, X=self.data, **given)

    def _of_classes(self, probability, n_maps):
        found = {}
        for target in reversed(self.classes):
            name = self._name(target)
            found[f"{name}, {_GENERATED}"] = self._maps("gan", target, probability, n_maps)
            if self.data is not None:
                n_real = min(n_maps, len(self.data))
                found[f"{name}, {_REAL}"] = self._maps("data", target, probability, n_real)
        return found

    def _along_path(self, target, probabilities):
        target = self.classes[-1] if target is None else self._class(target)
        given = {"generator": self.generator, "random_state": self.seed, "n_maps": self.n_maps}
        path = class_path(self.classifier, target, probabilities=probabilities, **given)
        pairs = zip(probabilities, path, strict=True)
        return {f"p({self._name(target)}) = {p:g}": maps for p, maps in pairs}

    def _name(self, target):
        if {str(value) for value in self.classes} <= set(_EXPRESSED):
            return _EXPRESSED[str(target)]
        return f"class {target}"

    def _class(self, text):
        for value in self.classes:
            if str(value) == text:
                return value
        known = ", ".join(map(str, self.classes))
        raise ValueError(f"--class {text}: the classifier knows the classes {known}.")


def _needs_more(classifier):
    return ValueError(
        f"A {type(classifier).__name__} takes more than the signals of a gene. Maps need a "
        "classifier of signals alone: train one with histoexpr train DATA --model regions."
    )


def _with_marks_of(classifier, data):
    """Return a data set with the marks that a classifier takes, where both are named."""
    expected = known_names(getattr(classifier, "mark_names_in_", None))
    if expected is None or find_order(expected, data.marks) is not None:
        return data
    if missing := [mark for mark in expected if mark not in data.marks]:
        raise ValueError(
            f"The data set lacks {', '.join(missing)}, which the classifier was fitted with; it "
            f"has {', '.join(data.marks)}."
        )
    return data.select(marks=expected)


def write_kind(kind, made, path):
    """Draw a kind of figure, and write it with a table of its numbers."""
    from ..plots import ClassMapDisplay, MarkCooccurrenceDisplay

    matplotlib = require("matplotlib", "The figure")
    matplotlib.use("agg")
    with matplotlib.rc_context({"text.parse_math": False}):
        if kind == "cooccurrence":
            display = MarkCooccurrenceDisplay.from_maps(made["sets"], reference=made["reference"])
            tables = [one.table.assign(set=title) for title, one in display.found.items()]
            table = pd.concat(tables, ignore_index=True)
            table.insert(0, "set", table.pop("set"))
        else:
            drawn = "profile" if kind == "profiles" else "heatmap"
            display = ClassMapDisplay.from_maps(made, kind=drawn)
            table = _table_of_maps(display)
        with atomic_path(path) as temporary:
            display.figure_.savefig(temporary, dpi=150, bbox_inches="tight", pad_inches=0.1)
    matplotlib.pyplot.close(display.figure_)
    write_csv(table, path.with_suffix(".tsv"))


def _table_of_maps(display):
    """Return what a figure of maps shows, one row per map, mark and bin."""
    parts = []
    for title, maps in display.maps.items():
        n_bins, n_marks = maps.signals.shape[1:]
        borders = np.linspace(*display.window, n_bins + 1)
        columns = {"map": title, "class": maps.target, "probability_sought": maps.probability}
        columns |= {"mark": np.repeat(display.marks, n_bins)}
        columns["position"] = np.tile((borders[1:] + borders[:-1]) / 2, n_marks)
        columns |= {"signal": maps.average.T.ravel(), "sd_of_log": maps.spread.T.ravel()}
        parts.append(pd.DataFrame(columns | {"n_genes": len(maps.scores)}))
    return pd.concat(parts, ignore_index=True)


def rows_of_maps(made):
    """Return a dict for each map: what was sought and which probabilities were reached."""
    rows = {}
    for kind, found in made.items():
        for title, maps in found.get("sets", found).items():
            low, middle, high = np.quantile(maps.scores, [0.025, 0.5, 0.975]).tolist()
            row = {"figure": kind, "map": title, "class": maps.target, "n": len(maps.scores)}
            row |= {"sought": maps.probability, "median": middle, "low": low, "high": high}
            rows[kind, title] = row | {"method": maps.method, "sampled": maps.sampled}
    return list(rows.values())


def describe_maps(rows, classifier):
    """Return the maps as a text table, and what to know of them."""
    lines = [["figure", "map", "n", "sought", "probability reached, median (95 % of the genes)"]]
    for row in rows:
        reached = f"{row['median']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        lines.append([row["figure"], row["map"], str(row["n"]), f"{row['sought']:g}", reached])
    text = format_table(lines, 2)
    if any(row["sampled"] for row in rows):
        text += "\n\n" + _SAMPLED.format(name=type(classifier).__name__)
    return text
