"""Conditions of generated signals as one-hot codes: the class and the cell type."""

import copy

import numpy as np
import pandas as pd
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from ..utils import is_missing, refuse_masked


class Conditions:
    """One-hot codes of labels, and how often they occur together.

    ``labels`` holds all labels by name ("y", "cell"), repeated or not. The attribute ``values``
    has the sorted labels of each name, ``combinations`` (n_combinations, size) the one-hot rows
    that occurred, and ``counts`` how often they did.
    """

    def __init__(self, labels):
        self.values = {name: np.unique(given) for name, given in labels.items()}
        self.combinations = np.zeros((0, sum(self.sizes)), dtype=np.float32)
        self.counts = np.zeros(0)

    @property
    def sizes(self):
        """Number of labels of each name."""
        return tuple(len(values) for values in self.values.values())

    def encode(self, labels, n_samples):
        """Return the one-hot rows of labels, of which every sample must have one of each name."""
        self._refuse_unknown_names(labels)
        blocks = [np.zeros((n_samples, 0), dtype=np.float32)]
        for name, values in self.values.items():
            if labels.get(name) is None:
                raise ValueError(
                    f"Argument {name} is missing: the generator is conditional on it. Pass "
                    f"{name}, or fit a new generator without it."
                )
            blocks.append(_one_hot(name, labels[name], values, n_samples))
        return np.concatenate(blocks, axis=1)

    def to_go_on(self, labels, classes, *, keep_counts):
        """Return a copy to learn more samples with; classes must be those known."""
        check_classes(classes, labels, self.values.get("y"))
        other = copy.deepcopy(self)
        if not keep_counts:
            other.counts[:] = 0
        return other

    def learn(self, labels, n_samples):
        """Count samples, and return for each the row of ``combinations`` that it has."""
        rows = self.encode(labels, n_samples)
        known = np.concatenate([self.combinations, np.unique(rows, axis=0), rows])
        # in the order in which they first occur: those of earlier calls, then sorted
        numbers, _ = pd.factorize(pd.Series([row.tobytes() for row in known], dtype=object))
        self.combinations = known[np.unique(numbers, return_index=True)[1]]
        numbers = numbers[-n_samples:]
        counts = np.bincount(numbers, minlength=len(self.combinations)).astype(float)
        counts[: len(self.counts)] += self.counts
        self.counts = counts
        return numbers

    def draw(self, labels, n_samples, rng):
        """Return one-hot rows, drawn as often as in training where labels are not given."""
        given = {name: value for name, value in labels.items() if value is not None}
        self._refuse_unknown_names(given)
        frequencies = self.counts / self.counts.sum()
        picked = rng.choice(len(frequencies), size=n_samples, p=frequencies)
        rows, start = self.combinations[picked], 0
        for name, values in self.values.items():
            stop = start + len(values)
            if name in given:
                rows[:, start:stop] = _one_hot(name, given[name], values, n_samples)
            start = stop
        return rows

    def _refuse_unknown_names(self, labels):
        for name, value in labels.items():
            if value is not None and name not in self.values:
                raise ValueError(
                    f"Argument {name} was given, but the generator was fitted without it. Pass "
                    f"{name} to fit."
                )


def collect_labels(y, cell):
    """Return the labels that are given, checked, by name."""
    labels = {}
    if y is not None:
        labels["y"] = _check_present("y", column_or_1d(refuse_masked(y, "y"), warn=True))
        check_classification_targets(labels["y"])
    if cell is not None:
        labels["cell"] = _check_present("cell", column_or_1d(refuse_masked(cell, "cell")))
    return labels


def check_classes(classes, labels, fitted=None):
    """Return all classes by the name "y", or nothing if none are announced.

    ``labels`` are those that are given by name, ``fitted`` the classes of an earlier call.
    """
    if classes is None:
        return {}
    if "y" not in labels:
        raise ValueError("The parameter classes was passed without y, or with conditional=False.")
    classes = np.unique(_check_present("classes", column_or_1d(classes)))
    if fitted is not None and not np.array_equal(classes, fitted):
        raise ValueError(
            f"The value classes={classes.tolist()} is not the same as on the first call, which "
            f"was {fitted.tolist()}."
        )
    return {"y": classes}


def _check_present(name, labels):
    for row, label in enumerate(labels.tolist()):
        if is_missing(label):
            raise ValueError(
                f"Argument {name} is missing for sample {row}: {label!r}. Leave such samples out."
            )
    return labels


def _one_hot(name, labels, values, n_samples):
    labels = np.asarray(labels)
    labels = np.full(n_samples, labels[()]) if labels.ndim == 0 else labels
    if labels.shape != (n_samples,):
        raise ValueError(
            f"Argument {name} has shape {labels.shape}; expected one label or one for each of the "
            f"{n_samples} samples."
        )
    unknown = np.setdiff1d(_check_present(name, labels), values)
    if len(unknown):
        raise ValueError(
            f"Argument {name} contains {unknown.tolist()[:5]}, which the generator was not "
            f"fitted with; known are {values.tolist()[:20]}."
        )
    return np.eye(len(values), dtype=np.float32)[np.searchsorted(values, labels)]
