"""What a model file says of its model, for people and programs: no estimator is built."""

import datetime
import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from .. import __version__
from ..utils import describe_model, is_dataset, read_signals, to_json
from ._archive import read_info
from ._info_schema import OF_META, SIGNALS, TEXTS, TRAINING, clean
from ._probe import kind_of

_PACKAGES = ("numpy", "scipy", "scikit-learn", "torch", "skorch", "pandas", "safetensors")
# What a model is for, unless its maker says otherwise
_INTENDED_USE = (
    "Research: predicting from histone modifications around the TSS which genes are expressed "
    "in a cell type, in cells assayed and processed like those of training. Not for "
    "diagnosis."
)
_HIDDEN = ("members", "probe")
# What a data set says of how it was made; predictions for tracks are made alike


def read_model_info(path):
    """Return what a model file says of its model, without making the model.

    Parameters
    ----------
    path : str or path-like
        A file that :func:`save_model` wrote.

    Returns
    -------
    dict
        ``format``, ``version``, ``created``, ``histoexpr``, ``versions``; ``estimator`` (class and
        parameters), ``kind``, ``target``, ``classes``; ``signals`` (marks, bin size, window,
        whether bins run along transcription, numbers of bins and marks); ``training`` (cells,
        numbers of samples and genes, SHA-256 and source of the data, counting rules, depth of
        each mark by cell, normalisation); ``reference`` (cells, number of genes, SHA-256, and
        whether the file has it); ``scores``, ``title``, ``description``, ``licence``,
        ``intended_use``, ``authors`` and ``citation``. What is not known is None.

    Raises
    ------
    DataFormatError
        If the file is damaged, or none of ours.
    """
    info = read_info(path)
    return {name: value for name, value in info.items() if name not in _HIDDEN}


def describe(estimator, data, scores, info):
    """Return what a file says of a model; ValueError if ``info`` has unknown names or values."""
    info = dict(info or {})
    if unknown := set(info) - set(TEXTS):
        raise ValueError(
            f"info has the unknown name {min(map(str, unknown))!r}; known are {', '.join(TEXTS)}."
        )
    for name, value in info.items():
        if value is not None and not isinstance(value, str):
            raise ValueError(f"info[{name!r}] is {value!r}; expected text.")
    if info.get("target") not in (None, "labels", "expression"):
        raise ValueError(
            f"info['target'] is {info['target']!r}; expected 'labels' or 'expression'."
        )
    kind = kind_of(estimator)
    target = {"classifier": "labels", "regressor": "expression"}.get(kind)
    classes = getattr(estimator, "classes_", None)
    about = {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "histoexpr": __version__,
        "versions": _versions(),
        "estimator": {
            "class": _class_name(type(estimator)),
            "params": describe_model(estimator)["params"],
        },
        "kind": kind,
        **dict.fromkeys(TEXTS),
        "intended_use": _INTENDED_USE,
        "target": target,
        "classes": None if classes is None else np.asarray(classes).tolist(),
        "signals": _signals(estimator, data),
        "training": _training(data),
        "scores": _scores(scores),
    }
    given = {name: value for name, value in info.items() if value is not None}
    return clean(to_json(about | given))


def _class_name(cls):
    """Return the name under which users import a class."""
    root = cls.__module__.partition(".")[0]
    return f"{root}.{cls.__name__}" if root == "histoexpr" else f"{cls.__module__}.{cls.__name__}"


def _versions():
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _signals(estimator, data):
    """Return the marks, bins and window that a model was fitted with, from it or from its data."""
    known = dict.fromkeys(SIGNALS)
    for step in _parts(estimator):
        own = {name: getattr(step, f"{name}_in_", None) for name in SIGNALS if name != "marks"}
        own["marks"] = getattr(step, "mark_names_in_", None)
        for name, value in own.items():
            if known[name] is None and value is not None:
                known[name] = value
        if known["n_bins"] is not None:
            break  # later steps see other bins
    if data is not None:
        given = {name: getattr(data, name) for name in ("marks", "bin_size", "window", "oriented")}
        given |= {"n_bins": data.n_bins, "n_marks": data.n_marks}
        known = {name: given[name] if value is None else value for name, value in known.items()}
    return to_json(known)


def _parts(estimator):
    """Return an estimator and the first step of each pipeline in it, from outside to inside."""
    found = [estimator]
    while steps := getattr(found[-1], "steps", None):
        found.append(steps[0][1])
    return found


def _training(data):
    """Return what is kept of the data set that a model was fitted with."""
    found = dict.fromkeys((*TRAINING, *OF_META))
    if data is None:
        return found
    # only to save: what loads models is to start fast
    from ..datasets import hash_dataset

    meta = data.meta
    found |= {
        "cells": None if data.cell is None else sorted(set(data.cell.tolist())),
        "n_samples": len(data),
        "n_genes": None if data.gene is None else len(set(data.gene.tolist())),
        "chromosomes": None if data.chrom is None else sorted(set(data.chrom.tolist())),
        "data_sha256": hash_dataset(data),
        "source": meta.get("source"),
        "depth": _depth(data),
    }
    return found | {name: meta.get(name) for name in OF_META}


def _depth(data):
    """Return the mean signal of a bin, by cell and mark; None where signals are negative."""
    from ..preprocessing import cell_depth

    try:
        cells, depth = cell_depth(data)
    except ValueError:
        return None
    marks = [str(mark) for mark in data.marks]
    per_bin = depth / data.n_bins
    return {
        str(cell): dict(zip(marks, map(float, row), strict=True))
        for cell, row in zip(cells, per_bin, strict=True)
    }


def _scores(scores):
    if scores is None:
        return None
    if hasattr(scores, "to_dict"):
        scores = scores.to_dict("records")
    rows = list(scores) if isinstance(scores, list | tuple) else None
    if rows is None or not all(isinstance(row, dict) for row in rows):
        raise ValueError("scores must be a DataFrame, or a list of dicts of names and values.")
    return to_json(rows)


def check_data(data):
    """Raise ValueError unless data is a data set or None."""
    if data is not None and not is_dataset(data):
        raise ValueError(
            f"data is {type(data).__name__}; expected the HistoneDataset that the model was "
            "fitted with, or None."
        )
    return None if data is None else read_signals(data).dataset
