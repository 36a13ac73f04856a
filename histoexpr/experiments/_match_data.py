"""A data set made like the one that a model was fitted with, where that is exact."""

import numpy as np

from ..utils import ORIENTATIONS, find_order, known_names

# How neighbouring bins are joined, by the rule that they were counted by. Of others there is no
# exact way: a read that overlaps two bins counts in both.
_JOINED = {"5prime": "sum", "midpoint": "sum", "sum": "sum", "mean": "mean"}
# A depth is told where it is so many times below or above those of all training cells
_FAR = 3.0
# Cells that are named one by one
_LISTED = 6


def match_data(data, info, *, may_lack_marks=False):
    """Return a data set with the marks, bins, window and direction of a model, and notes.

    ``info`` is what :func:`read_model_info` returns; what it does not know is left as it is.
    ``may_lack_marks`` is for models that serve cells without some of their marks, which are then
    NaN. The notes are sentences on what was changed or is unlike training. ValueError, naming
    both sides, where the data cannot be made alike exactly.
    """
    signals, training = info["signals"], info["training"]
    data, notes = _with_marks(data, signals["marks"])
    lacking = _lacking(data, signals["marks"])
    if lacking and not may_lack_marks:
        raise ValueError(lacking_text(data.marks, signals["marks"], lacking))
    notes += _other_rules(data, training.get("counting"))
    data, said = _with_bins(data, signals["bin_size"], signals["window"])
    notes += said
    data, said = _turned(data, signals["oriented"])
    notes += [*said, *_far_depths(data, training.get("depth"))]
    if lacking:
        notes.append(f"The data lack {', '.join(lacking)}: predictions rest on the others.")
        data = data.with_marks(signals["marks"])
    return data, notes


def lacking_text(found, expected, lacking):
    """Return what is wrong where data lack marks of a model, and what to do."""
    return (
        f"The data have the marks {', '.join(found)}, but the model needs "
        f"{', '.join(expected)}. Missing: {', '.join(lacking)}. Give these marks, rename those "
        "that are called otherwise, or train a model that serves cells which lack some: "
        "MarkSubsetClassifier or MarkSubsetRegressor (histoexpr train --mark-subsets)."
    )


def shared_marks(expected, found):
    """Return which found marks a model uses, in its order, and under its names.

    Upper and lower case are the same where that is not ambiguous.
    """
    there = {}
    for mark in found:
        there.setdefault(mark.casefold(), []).append(mark)
    pairs = []
    for mark in expected:
        same = there.get(mark.casefold(), [])
        if mark in found or len(same) == 1:
            pairs.append((mark if mark in found else same[0], mark))
    return pairs


def _with_marks(data, expected):
    """Return the data set without marks that the model has not, and under the model's names."""
    expected = known_names(expected)
    if expected is None:
        said = (
            "The model does not know the names of its marks: the data's, "
            f"{', '.join(data.marks)}, are taken in this order. Save models with "
            "data=, or fit them to a HistoneDataset, to have marks matched."
        )
        return data, [said]
    if find_order(expected, data.marks) is not None:
        return data, []  # the model puts them in order
    pairs = shared_marks(expected, data.marks)
    if not pairs:
        raise ValueError(
            f"No mark of the data is one of the model: the data have {', '.join(data.marks)}, the "
            f"model {', '.join(expected)}. Rename them, if they are the same: "
            "data.replace(marks=[...]) (in a tracks.tsv the column mark)."
        )
    found, names = (list(part) for part in zip(*pairs, strict=True))
    extra = [mark for mark in data.marks if mark not in found]
    notes = [f"Marks that the model does not know are left out: {', '.join(extra)}."]
    return data.select(marks=found).replace(marks=names), notes if extra else []


def _lacking(data, expected):
    expected = known_names(expected)
    if expected is None or find_order(expected, data.marks) is not None:
        return []
    return [mark for mark in expected if mark not in data.marks]


def rules_of(counting):
    """Return the counting rule by mark, of ``meta["counting"]`` or a model file; empty if none."""
    if not isinstance(counting, dict):
        return {}
    rules = {mark: rule.get("rule") for mark, rule in counting.items() if isinstance(rule, dict)}
    return {mark: rule for mark, rule in rules.items() if isinstance(rule, str)}


def _metas(data):
    """Return what is known of the parts that a data set was joined from."""
    parts = data.meta.get("parts")
    parts = parts if isinstance(parts, list) else [data.meta]
    return [part for part in parts if isinstance(part, dict)]


def _other_rules(data, counting):
    """Say where reads were counted by another rule than in training."""
    expected, notes = rules_of(counting), []
    for meta in _metas(data):
        found = rules_of(meta.get("counting"))
        for mark in data.marks:
            pair = found.get(mark), expected.get(mark)
            if None not in pair and pair[0] != pair[1]:
                notes.append(
                    f"{mark} was counted by the rule {pair[0]!r}, in training by {pair[1]!r}: its "
                    "values are another thing. Build the data set again with the rule of the "
                    "model."
                )
    return list(dict.fromkeys(notes))


def _with_bins(data, bin_size, window):
    """Return the data set with the bins of the model: neighbours joined, the window cut."""
    if bin_size is None or window is None:
        return data, []
    first, last = (int(border) for border in window)
    if (data.bin_size, tuple(data.window)) == (bin_size, (first, last)):
        return data, []
    here = f"bins of {data.bin_size} bp from {data.window[0]:+,} to {data.window[1]:+,} bp"
    there = f"bins of {bin_size} bp from {first:+,} to {last:+,} bp around the TSS"
    sides = f"The data have {here}, the model needs {there}"
    remedy = "Build the data set again with the bins and the window of the model."
    if not data.window[0] <= first < last <= data.window[1]:
        raise ValueError(f"{sides}, which reach further. {remedy}")
    start = first - data.window[0]
    if bin_size % data.bin_size or start % data.bin_size:
        raise ValueError(f"{sides}, which cannot be made of those. {remedy}")
    bins = slice(start // data.bin_size, (last - data.window[0]) // data.bin_size)
    X, said = data.X[:, bins], f"{here} were cut to the window of the model"
    factor = bin_size // data.bin_size
    if factor > 1:
        X = _join(X, factor, [_way(data, mark, sides, remedy) for mark in data.marks])
        said = f"{here} were made {there}, {factor} neighbours together"
    changed = data.replace(X=X, bin_size=bin_size, window=(first, last))
    return changed, [f"{said[0].upper()}{said[1:]}."]


def _way(data, mark, sides, remedy):
    """Return how bins of a mark are joined, "sum" or "mean"; refuse what is not exact."""
    ways = set()
    for meta in _metas(data):
        rule = rules_of(meta.get("counting")).get(mark)
        control = meta.get("control")
        method = control.get("method") if isinstance(control, dict) else None
        if method not in (None, "ignore"):
            fault = f"a control was taken into account bin by bin ({method})"
        elif rule in _JOINED:
            ways.add(_JOINED[rule])
            continue
        else:
            how = f"by the rule {rule!r}" if rule else "by a rule that is not known"
            fault = f"{mark} was counted {how}"
        raise ValueError(
            f"{sides}. Bins of sums, means or points (5' ends, midpoints) can be joined exactly, "
            f"but {fault}. {remedy}"
        )
    if len(ways) != 1:
        raise ValueError(f"{sides}, but {mark} holds sums in some cells, means in others.")
    return ways.pop()


def _join(X, factor, ways):
    """Return sums or means of so many neighbouring bins, by mark."""
    n_samples, n_bins, n_marks = X.shape
    parts = np.asarray(X).reshape(n_samples, n_bins // factor, factor, n_marks)
    if set(ways) == {"sum"}:
        return parts.sum(axis=2)
    joined = parts.sum(axis=2, dtype=np.float64)
    joined[..., [way == "mean" for way in ways]] /= factor
    return joined.astype(np.float32)


def _turned(data, oriented):
    """Return the data set with its bins along transcription or the genome, as in training."""
    if oriented is None or data.oriented == oriented:
        return data, []
    there = ORIENTATIONS[oriented]
    if data.oriented is None:
        return data, [
            f"The model needs {there}; of the data it is not known which way bins run, and they "
            "are taken to run so. If not, say it: data.replace(oriented=...), then data.orient()."
        ]
    try:
        turned = data.orient(oriented)
    except ValueError as error:
        here = ORIENTATIONS[data.oriented]
        raise ValueError(f"The data have {here}, the model needs {there}. {error}") from error
    return turned, [f"Bins of genes on the minus strand were turned: the model needs {there}."]


def _mean_signals(data):
    """Return the mean signal of a bin by cell and mark, as dicts; NaN is left out."""
    found = {}
    for cell in data.cells.tolist():
        means = data.select(cells=cell).X.mean(axis=(0, 1), dtype=np.float64).tolist()
        pairs = zip(data.marks, means, strict=True)
        found[cell] = {mark: mean for mark, mean in pairs if mean == mean}
    return found


def _far_depths(data, depth):
    """Say of which marks the mean signal is far from that of the training cells."""
    if not isinstance(depth, dict) or not depth:
        return []
    notes = []
    for cell, means in _mean_signals(data).items():
        far = []
        for mark, mean in means.items():
            trained = [row[mark] for row in depth.values() if row.get(mark) is not None]
            if trained and not min(trained) / _FAR <= mean <= max(trained) * _FAR:
                low, high = (f"{value:.3g}" for value in (min(trained), max(trained)))
                trained = low if low == high else f"{low} to {high}"
                far.append(f"{mark} {mean:.3g} (training cells {trained})")
        if far:
            notes.append(
                f"The mean signal of a bin in cell {cell} is far from training: {'; '.join(far)}. "
                "Predictions may be off as a whole. Were reads counted and scaled alike?"
            )
    if len(notes) > _LISTED:
        notes[_LISTED:] = [f"So it is in {len(notes) - _LISTED} more cells."]
    return notes
