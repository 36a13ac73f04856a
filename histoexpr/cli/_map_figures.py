"""The maps that ``histoexpr maps`` makes, their figures and tables."""

import numpy as np
import pandas as pd

from ..inspection import class_maps
from ..utils import (
    atomic_path,
    find_order,
    format_table,
    known_names,
    progress_bar,
    require,
    shorten,
    write_csv,
)

# A co-occurrence is a share of samples: fewer leave it vague
_LEAST_COOCCURRENCE = 256
_DRAWS = 10  # of the null of co-occurrence: each takes thousands of predictions
_EXPRESSED = {"1": "expressed", "0": "not expressed"}
_METHODS = {"gan": "generated", "data": "real genes"}
_SAMPLED = """\
Gradients do not pass through this {name}: its maps were picked by its
probability from many generated signals, so that rare ones are missed. A network, such as that of
histoexpr train --model regions or cnn, is searched by gradients."""


class MapMaker:
    """Makes the maps of a classifier with a generator, and of real genes where there are data.

    ``kinds`` are the figures that they are for. A map that two of them show is made once.
    """

    def __init__(self, classifier, data, *, kinds, n_maps, probability, path, target, seed):
        self.classifier, self.seed = classifier, seed
        self.data = data if data is None else _with_marks_of(classifier, data)
        self.classes = np.asarray(classifier.classes_).tolist()
        of_classes = self._plan_classes(probability, n_maps)
        along = self._plan_path(self._class(target), path, n_maps)
        many = self._plan_classes(probability, max(n_maps, _LEAST_COOCCURRENCE))
        plans = {"maps": of_classes, "path": along, "profiles": along, "cooccurrence": many}
        self.plans = {kind: plans[kind] for kind in kinds}

    def make(self, generator, *, quiet=False):
        """Return ClassMaps by kind of figure and title of the panel."""
        tasks = list(dict.fromkeys(task for plan in self.plans.values() for task in plan))
        found = {}
        for task in progress_bar(tasks, desc="maps", unit="map", show=not quiet):
            found[task] = self._maps(generator, *task)
        return {
            kind: {self._title(task, kind, found[task]): found[task] for task in plan}
            for kind, plan in self.plans.items()
        }

    def null_of(self, generator, *, quiet=False):
        """Return what :func:`write_kind` needs to draw co-occurrence beside its null."""
        labelled = self.data is not None and self.data.y is not None
        given = {"classifier": self.classifier, "generator": generator, "reference": self.data}
        # real genes share what generated ones do: their class
        given |= {"strata": "y" if labelled else None, "random_state": self.seed}
        return given | {"n_draws": _DRAWS, "verbose": int(not quiet)}

    def _maps(self, generator, target, method, probability, n_maps):
        given = {"method": method, "generator": generator, "X": self.data, "n_maps": n_maps}
        given |= {"probability": probability, "random_state": self.seed}
        return class_maps(self.classifier, target, **given)

    def _title(self, task, kind, maps):
        """Return a title with the probability that was sought, or reached if it is another."""
        target, method, probability, _ = task
        name = f"class {target}"
        if {str(value) for value in self.classes} <= set(_EXPRESSED):
            name = _EXPRESSED[str(target)]
        reached = np.median(maps.scores)
        text = f"p({name}) = {probability:g}"
        if abs(reached - probability) > 0.1 * min(probability, 1 - probability):
            text = f"p({name}) = {reached:.2g} (sought {probability:g})"
        return text if kind in ("path", "profiles") else f"{text}, {_METHODS[method]}"

    def _plan_classes(self, probability, n_maps):
        methods = [("gan", n_maps)]
        if self.data is not None:
            methods.append(("data", min(n_maps, len(self.data))))
        return [
            (target, method, probability, number)
            for target in reversed(self.classes)
            for method, number in methods
        ]

    def _plan_path(self, target, path, n_maps):
        return [(target, "gan", probability, n_maps) for probability in path]

    def _class(self, text):
        if text is None:
            return self.classes[-1]
        for value in self.classes:
            if str(value) == text:
                return value
        known = ", ".join(map(str, self.classes))
        raise ValueError(f"--class {text}: the classifier knows the classes {known}.")


def check_takes_signals(classifier, shape):
    """Refuse a classifier that needs more than signals, of the shape that it was fitted with."""
    if None in shape:
        return
    try:
        classifier.predict_proba(np.ones((2, *shape)))
    except ValueError as error:
        raise ValueError(
            f"{error} Maps are of signals alone, and this {type(classifier).__name__} takes more "
            "than them: train another with histoexpr train DATA --model regions."
        ) from error


def _with_marks_of(classifier, data):
    """Return a data set with the marks that a classifier takes, where both are named."""
    expected = known_names(getattr(classifier, "mark_names_in_", None))
    if expected is None or find_order(expected, data.marks) is not None:
        return data
    if missing := [mark for mark in expected if mark not in data.marks]:
        raise ValueError(
            f"The data set lacks {shorten(missing)}, which the classifier was fitted with; it has "
            f"{', '.join(data.marks)}."
        )
    return data.select(marks=expected)


def write_kind(kind, made, path, **settings):
    """Draw a kind of figure, and write it with a table of its numbers.

    ``made`` are ClassMaps by title; ``settings`` are those of the display.
    """
    from ..plots import ClassMapDisplay, MarkCooccurrenceDisplay

    matplotlib = require("matplotlib", "The figure")
    matplotlib.use("agg")
    with matplotlib.rc_context({"text.parse_math": False}):
        if kind == "cooccurrence":
            display = MarkCooccurrenceDisplay.from_maps(made, **settings)
            tables = [one.table.assign(set=title) for title, one in display.found.items()]
            table = pd.concat(tables, ignore_index=True)
            table.insert(0, "set", table.pop("set"))
        else:
            drawn = "profile" if kind == "profiles" else "heatmap"
            display = ClassMapDisplay.from_maps(made, kind=drawn, **settings)
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
    rows = []
    for kind, found in made.items():
        for title, maps in found.items():
            low, middle, high = np.quantile(maps.scores, [0.025, 0.5, 0.975]).tolist()
            row = {"figure": kind, "map": title, "class": maps.target, "n": len(maps.scores)}
            row |= {"sought": maps.probability, "median": middle, "low": low, "high": high}
            rows.append(row | {"method": maps.method, "sampled": maps.sampled})
    return rows


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
