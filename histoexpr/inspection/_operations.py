"""What is done to the signals of a mark in a region, for experiments in silico."""

from numbers import Real

import numpy as np

from ..utils import find_order, shorten, signed_log1p

# what an operation takes as its value
_TAKES = {
    "remove": "no value",
    "scale": "value=, a factor of at least 0",
    "set": "value=, a signal per bin, or one for each bin of the region",
    "add": "value=, a signal per bin, or one for each bin of the region",
    "low": "no value, or a quantile between 0 and 1",
    "high": "no value, or a quantile between 0 and 1",
    "swap": "no value, or the label of the genes that give their tracks",
}
OPERATIONS = tuple(_TAKES)
_QUANTILES = {"low": 0.25, "high": 0.75}
# Genes about a quantile that give their tracks: this share of all, at least so many
_SHARE, _LEAST = 0.02, 5
_FEWEST = 20


def read_steps(samples, mark, region, operation, value):
    """Return (bins, mark number, operation, value) of each change."""
    several = isinstance(mark, list | tuple)
    marks = list(mark) if several else [mark]
    if not marks:
        raise ValueError("mark is an empty list; name one mark or several.")
    operations = _one_each(operation, len(marks), "operation", isinstance(operation, list))
    values = _one_each(value, len(marks), "value", several and isinstance(value, list))
    each = isinstance(region, list) or (
        isinstance(region, tuple) and any(np.iterable(part) for part in region)
    )
    regions = _one_each(region, len(marks), "region", each)
    steps = []
    for one, place, done, given in zip(marks, regions, operations, values, strict=True):
        check_operation(done, given)
        bins = samples.bins(place)
        first, last, _ = bins.indices(samples.X.shape[1])
        steps.append((slice(first, last), samples.mark_number(one), done, given))
    return steps


def _one_each(given, n_marks, name, is_each):
    """Return what is given for each of the marks, as a list."""
    if not is_each:
        return [given] * n_marks
    if len(given) != n_marks:
        raise ValueError(
            f"{name} has {len(given)} entries for {n_marks} mark(s); give one for all of them, or "
            "one each."
        )
    return list(given)


def check_operation(operation, value):
    """Refuse an unknown operation, or a value that it does not take."""
    if operation not in OPERATIONS:
        raise ValueError(f"operation is {operation!r}; it is one of {', '.join(OPERATIONS)}.")
    fits = {
        "remove": value is None,
        "scale": _is_number(value) and value >= 0,
        "set": _are_finite(value),
        "add": _are_finite(value),
        "low": value is None or (_is_number(value) and 0 <= value <= 1),
        "high": value is None or (_is_number(value) and 0 <= value <= 1),
        "swap": value is None or np.ndim(value) == 0,
    }
    if not fits[operation]:
        raise ValueError(f"The operation {operation!r} takes {_TAKES[operation]}, got {value!r}.")


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool) and bool(np.isfinite(value))


def _are_finite(value):
    try:
        values = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return False
    return value is not None and values.ndim <= 1 and bool(np.isfinite(values).all())


class Donors:
    """Real genes that give their tracks; those of the same cell where cells are known."""

    def __init__(self, samples, donors, rng):
        """Take tracks of ``donors`` (Samples) in the order of the marks of ``samples``."""
        self.own, self.rng, self.n_samples = donors is samples, rng, len(samples)
        self.X, self.y = in_order(donors, samples.marks), donors.y
        self.swaps = {}  # by label: one gene gives all of its marks
        self.groups = [(np.arange(len(samples)), np.arange(len(donors)))]
        if samples.cell is not None and donors.cell is not None:
            # of a cell that no donor is of, all are donors
            self.groups = []
            for name in np.unique(samples.cell):
                there = np.flatnonzero(donors.cell == name)
                there = there if len(there) else np.arange(len(donors))
                self.groups.append((np.flatnonzero(samples.cell == name), there))

    def swapped(self, bins, mark, label):
        """Return tracks of other genes, or of genes with a label."""
        if label not in self.swaps:
            self.swaps[label] = self._drawn(lambda rows: self._of_label(rows, label))
        return self.X[self.swaps[label], bins, mark]

    def at_quantile(self, bins, mark, quantile):
        """Return tracks of genes whose mean signal in the region is about a quantile."""
        level = signed_log1p(self.X[:, bins, mark]).mean(axis=1)

        def about(rows):
            n_chosen = min(len(rows), max(_LEAST, round(_SHARE * len(rows))))
            ordered = rows[np.argsort(level[rows], kind="stable")]
            first = round(quantile * (len(rows) - 1) - (n_chosen - 1) / 2)
            first = min(max(first, 0), len(rows) - n_chosen)
            return ordered[first : first + n_chosen]

        return self.X[self._drawn(about), bins, mark]

    def _drawn(self, choose):
        """Return a row of the donors for each sample, drawn from those that are chosen."""
        drawn = np.empty(self.n_samples, dtype=np.intp)
        for rows, donors in self.groups:
            if len(donors) < _FEWEST:
                raise ValueError(
                    f"{len(donors)} genes{' of a cell' * (len(self.groups) > 1)} are too few to "
                    f"give tracks, at least {_FEWEST} are needed. Pass more as reference=."
                )
            chosen = choose(donors)
            permuted = self.own and len(chosen) == len(rows)  # each gene gives its track once
            permute, draw = self.rng.permutation, self.rng.choice
            drawn[rows] = permute(chosen) if permuted else draw(chosen, len(rows))
        return drawn

    def _of_label(self, rows, label):
        if label is None:
            return rows
        if self.y is None:
            raise ValueError(
                f"value is {label!r}, but no labels are known of the genes that give their "
                "tracks. Give a data set with labels as the data or as reference=."
            )
        chosen = rows[self.y[rows] == label]
        if not len(chosen):
            raise ValueError(
                f"value is {label!r}, but the labels are {shorten(np.unique(self.y).tolist())}."
            )
        return chosen


def apply_operation(signals, bins, mark, operation, value, donors):
    """Change the signals of one mark in some bins, in place."""
    track = signals[:, bins, mark]
    if operation == "remove":
        track = 0.0
    elif operation == "scale":
        track = track * value
    elif operation in ("set", "add"):
        given = np.asarray(value, dtype=np.float64)
        if given.ndim and len(given) != track.shape[1]:
            raise ValueError(
                f"value has {len(given)} bins, but the region has {track.shape[1]}: give one "
                "signal for each bin of it, or a single number for all."
            )
        track = np.broadcast_to(given, track.shape) + (track if operation == "add" else 0)
    elif operation == "swap":
        track = donors.swapped(bins, mark, value)
    else:
        quantile = _QUANTILES[operation] if value is None else value
        track = donors.at_quantile(bins, mark, quantile)
    signals[:, bins, mark] = track


def as_given(signals, source):
    """Return signals in the type of the source: counts whole, in a type that holds them."""
    kind = np.asarray(source).dtype
    if kind.kind == "f":
        return signals.astype(kind)
    if kind.kind == "b":
        kind = np.dtype(np.uint8)
    # as read counts are: half a read is none, and a quarter of 255 reads needs no larger type
    whole = np.rint(signals)
    if whole.min() < 0 <= np.iinfo(kind).min:
        raise ValueError(
            "Counts would be negative. Add no negative value, or give the signals as floats."
        )
    ends = [np.min_scalar_type(int(end)) for end in (whole.max(), min(whole.min(), 0))]
    needed = np.result_type(*ends, kind)
    return whole.astype(needed if needed.kind in "iu" else np.int64)


def in_order(reference, marks):
    """Return signals of reference Samples with their marks in the order of others."""
    order = find_order(marks, reference.marks)
    if order is None or len(order) != len(marks):
        raise ValueError(
            f"reference has the marks {', '.join(reference.marks)}, but the data have "
            f"{', '.join(marks)}. Give both the same, with data.select(marks=[...])."
        )
    return reference.X[..., order]
