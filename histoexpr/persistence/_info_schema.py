"""What a file may say of its model: names, types and lengths, checked before anything is used."""

import math
import unicodedata

KINDS = ("classifier", "regressor", "transformer", "generator")
# Texts that the user may give
TEXTS = ("title", "description", "licence", "intended_use", "target", "authors", "citation")
SIGNALS = ("marks", "n_bins", "n_marks", "bin_size", "window", "oriented")
TRAINING = ("cells", "n_samples", "n_genes", "chromosomes", "data_sha256", "source", "depth")
# What is copied from the description of the training data
OF_META = ("counting", "filter", "control", "fragment_length", "transcripts", "build", "labels",
           "normalisation")  # fmt: skip
_LARGEST = 1 << 40


def check_info(info):
    """Raise ValueError that names the fault unless a dict is such as ``save_model`` writes."""
    _no_control_characters(info, 0)
    _has(info, "it", ("created", "histoexpr", "versions", "estimator", "kind", "classes",
                      "signals", "training", "scores", "reference", "probe", *TEXTS))  # fmt: skip
    if info["kind"] not in KINDS:
        raise ValueError(f"kind is {_shown(info['kind'])}; expected one of {', '.join(KINDS)}")
    for name in ("created", "histoexpr", *TEXTS):
        _maybe(info, name, str)
    if info["target"] not in (None, "labels", "expression"):
        raise ValueError("target is neither labels nor expression")
    _is(info["versions"], "versions", dict)
    _has(info["estimator"], "estimator", ("class", "params"))
    _is(info["estimator"]["class"], "class", str)
    _is(info["estimator"]["params"], "params", dict)
    _list_of(info["classes"], "classes", (str, int, float, bool))
    _list_of(info["scores"], "scores", (dict,))
    for row in info["scores"] or ():
        _plain_row(row)
    _check_signals(info["signals"])
    _check_training(info["training"])
    _check_reference(info["reference"])
    if info["probe"] is not None:
        _has(info["probe"], "probe", ("method", "values"))


def _check_signals(signals):
    _has(signals, "signals", SIGNALS)
    _list_of(signals["marks"], "marks", (str,))
    for name in ("n_bins", "n_marks", "bin_size"):
        _whole(signals[name], name, low=1)
    window = signals["window"]
    if window is not None:
        ends = isinstance(window, list) and len(window) == 2
        if not ends or not all(type(end) is int and abs(end) < _LARGEST for end in window):
            raise ValueError("window is no pair of whole numbers")
        if window[0] >= window[1]:
            raise ValueError("window ends before it starts")
    _maybe(signals, "oriented", bool)
    marks, n_marks = signals["marks"], signals["n_marks"]
    if marks is not None and n_marks is not None and len(marks) != n_marks:
        raise ValueError("n_marks is not the number of marks")


def _check_training(training):
    _has(training, "training", (*TRAINING, *OF_META))
    for name in ("cells", "chromosomes"):
        _list_of(training[name], name, (str,))
    for name in ("n_samples", "n_genes"):
        _whole(training[name], name)
    for name in ("data_sha256", "source", "build"):
        _maybe(training, name, str)
    _maybe(training, "counting", dict)
    for mark, rule in (training["counting"] or {}).items():
        if not isinstance(rule, dict | str):
            raise ValueError(f"the counting rule of {mark[:40]} is malformed")
    _maybe(training, "depth", dict)
    for cell, row in (training["depth"] or {}).items():
        _is(row, f"the depth of {cell[:40]}", dict)
        if not all(_is_number(value) and value >= 0 for value in row.values()):
            raise ValueError(f"the depth of {cell[:40]} is no number by mark")


def _check_reference(reference):
    if reference is None:
        return
    _has(reference, "reference", ("cells", "n_genes", "sha256", "in_file"))
    if reference["cells"] is None:
        raise ValueError("reference has no cells")
    _list_of(reference["cells"], "cells of the reference", (str,))
    _whole(reference["n_genes"], "n_genes")
    _is(reference["sha256"], "sha256", str)
    _is(reference["in_file"], "in_file", bool)


def clean(value):
    """Return nested values with control characters of their texts replaced: they move cursors."""
    if isinstance(value, str):
        return "".join("\ufffd" if _is_control(letter) else letter for letter in value)
    if isinstance(value, dict):
        return {clean(key): clean(part) for key, part in value.items()}
    return [clean(part) for part in value] if isinstance(value, list) else value


def _no_control_characters(value, depth):
    if depth > 40:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str) and any(map(_is_control, value)):
        raise ValueError("a text has control characters")
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    if isinstance(parts, list):
        for part in parts:
            _no_control_characters(part, depth + 1)


def _is_control(letter):
    # Cc: controls, Cf: those that turn the direction of text
    return letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cf")


def _has(value, what, names):
    _is(value, what, dict)
    if missing := [name for name in names if name not in value]:
        raise ValueError(f"{what} lacks {missing[0]}")


def _is(value, what, kind):
    if not isinstance(value, kind):
        raise ValueError(f"{what} is {_shown(value)}")


def _maybe(holder, name, kind):
    if holder[name] is not None:
        _is(holder[name], name, kind)


def _list_of(value, what, kinds):
    if value is None:
        return
    _is(value, what, list)
    if not all(isinstance(part, kinds) for part in value):
        raise ValueError(f"{what} has entries of another kind")


def _whole(value, what, low=0):
    if value is not None and not (type(value) is int and low <= value < _LARGEST):
        raise ValueError(f"{what} is {_shown(value)}; expected a whole number")


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain_row(row):
    if not all(value is None or isinstance(value, str | int | float) for value in row.values()):
        raise ValueError("scores has entries that are no texts and numbers")


def _shown(value):
    return f"{type(value).__name__} {str(value)[:40]!r}"
