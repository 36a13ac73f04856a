"""Which subsets of marks get a model, and which model serves a sample."""

import itertools

import numpy as np

from ..utils import shorten

# All subsets of six marks: of a linear model some seconds, beyond that the list is for users
_MOST_SUBSETS = 63


def list_subsets(subsets, marks, min_marks):
    """Return the subsets of marks as tuples of numbers, the largest first.

    ``subsets`` is "all" or a sequence of sequences of names of ``marks``; of those of equal size
    the order is kept.
    """
    n_marks = len(marks)
    if min_marks > n_marks:
        raise ValueError(
            f"min_marks={min_marks}, but X has {n_marks} mark{'s' * (n_marks > 1)}: "
            f"{', '.join(marks)}."
        )
    if isinstance(subsets, str):
        sizes = range(n_marks, min_marks - 1, -1)
        found = [s for size in sizes for s in itertools.combinations(range(n_marks), size)]
        if len(found) > _MOST_SUBSETS:
            raise ValueError(
                f"{n_marks} marks have {len(found):,} subsets of at least {min_marks}; at most "
                f"{_MOST_SUBSETS} are fitted unasked. State those that your cells have, such as "
                f"subsets=[{list(marks[:2])!r}, ...], or raise min_marks."
            )
        return found
    found = list(dict.fromkeys(_numbers(subset, marks, min_marks) for subset in subsets))
    if not found:
        raise ValueError("subsets is empty; pass 'all' or a list of lists of marks.")
    return sorted(found, key=len, reverse=True)


def _numbers(subset, marks, min_marks):
    """Return a stated subset as increasing numbers of marks."""
    if isinstance(subset, str):
        raise ValueError(
            f"subsets must hold lists of marks, got the text {subset!r}. For a single mark pass "
            f"[[{subset!r}]]."
        )
    folded = [mark.casefold() for mark in marks]
    numbers = []
    for mark in map(str, subset):
        if mark in marks:
            numbers.append(marks.index(mark))
        elif folded.count(mark.casefold()) == 1:
            numbers.append(folded.index(mark.casefold()))
        else:
            raise ValueError(f"No mark {mark} of subsets in X; it has {', '.join(marks)}.")
    if len(set(numbers)) < max(len(numbers), min_marks):
        raise ValueError(
            f"The subset {', '.join(map(str, subset)) or '()'} must have at least "
            f"min_marks={min_marks} marks, each once."
        )
    return tuple(sorted(numbers))


def choose_subsets(present, subsets):
    """Return the number of the first subset of which each sample has all marks, -1 if none.

    ``present`` is (n_samples, n_marks), ``subsets`` as :func:`list_subsets` orders them, so that
    the first is a largest one.
    """
    patterns, place = np.unique(present, axis=0, return_inverse=True)
    served = np.full(len(patterns), -1)
    for number in range(len(subsets) - 1, -1, -1):
        served[patterns[:, subsets[number]].all(axis=1)] = number
    return served[place.ravel()]


def explain_unserved(signals, row, subsets):
    """Return the message for a sample whose marks no model takes."""
    has = [mark for mark, there in zip(signals.marks, signals.present[row], strict=True) if there]
    smallest = min(subsets, key=len)
    names = [" + ".join(signals.marks[number] for number in subset) for subset in subsets]
    return (
        f"No model takes {signals.name_sample(row)} of {signals.source.name}: it has "
        f"{', '.join(has) or 'none of the marks'}, and models were fitted on {shorten(names, 4)} "
        f"(at least {len(smallest)} of the marks). Fit with these marks among the subsets, "
        "or leave such samples out."
    )
