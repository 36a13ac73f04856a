"""Co-occurrence of several sets of signals that are drawn side by side."""

from dataclasses import replace

import numpy as np

from ..utils import is_dataset, name_marks
from ._class_maps import common_shape


def measure_sets(maps, reference, classifier, null, params):
    """Return MarkCooccurrence by title: of class maps beside their null, of others adjusted.

    ``null`` are parameters of ``maps_cooccurrence``, ``params`` those of both functions.
    """
    from ..inspection import ClassMaps, maps_cooccurrence, mark_cooccurrence

    sets, given, oriented = _in_one_order(maps, reference, params)
    windows = params | given
    generated = windows.pop("generated", False)
    found = {}
    for title, signals in sets.items():
        if not isinstance(signals, ClassMaps):
            found[title] = mark_cooccurrence(signals, generated=generated, **windows)
            continue
        if classifier is None:
            raise ValueError(
                f"{title!r} are class maps, which are drawn beside a null. Give the classifier, "
                "and the generator that made them or, as reference, the genes that they were "
                "selected from."
            )
        own = windows
        if signals.method == "data" and reference is None:
            own = windows | {"reference": None}
        found[title] = maps_cooccurrence(classifier, signals, **null, **own)
    for one in found.values():
        one.oriented = oriented  # arrays do not say
    return found


def what_is_held(found):
    """Return what the association of a set is given, or less."""
    if found.null_mean is not None:
        return "less null"
    return "unadjusted" if found.strata is None else f"given {found.strata}"


def comparison_of(found):
    """Return what the association of a set is drawn beside."""
    return found.log2_odds_unadjusted if found.null_mean is None else found.null_mean


def name_comparison(found):
    """Return what that is."""
    if found.null_mean is None:
        return "unadjusted"
    return "null: marks unpaired" if found.null_strata is None else (
        f"null: marks share {found.null_strata} only")  # fmt: skip


def _in_one_order(maps, reference, params):
    """Return sets with their marks in one order, what they share, and their orientation."""
    from ..inspection import (
        ClassMaps,
        align_marks,
        common_orientation,
        common_window,
        signals_and_marks,
    )

    common_shape(maps)
    sources = [*maps.values(), reference]
    oriented = common_orientation(sources)
    window, bin_size = common_window(sources, params.get("window"), params.get("bin_size"))
    read = {title: signals_and_marks(values, title) for title, values in maps.items()}
    first, names = next(((t, m) for t, (_, m) in read.items() if m is not None), (None, None))
    said = f"{first} has the marks"
    aligned = {t: align_marks(*found, names, t, said) for t, found in read.items()}
    sets = {}
    for title, values in maps.items():
        if isinstance(values, ClassMaps):
            sets[title] = replace(values, signals=aligned[title], marks=names or values.marks)
        elif is_dataset(values):
            sets[title] = values.select(marks=names)
        else:
            sets[title] = aligned[title]
    if reference is None:
        reference = np.concatenate(list(aligned.values()))
    elif is_dataset(reference):
        align_marks(*signals_and_marks(reference, "reference"), names, "reference", said)
        reference = reference if names is None else reference.select(marks=names)
    else:
        found = signals_and_marks(reference, "reference")
        reference = align_marks(*found, names, "reference", said)
    n_marks = next(iter(aligned.values())).shape[2]
    marks = name_marks(params.get("marks"), names, n_marks)
    given = {"marks": marks, "reference": reference, "window": window, "bin_size": bin_size}
    return sets, given, oriented
