"""Signals held against those of ``fit``: marks, bin size, window, orientation, numbers of bins."""

from ._mark_names import check_marks, parse_signal_columns
from ._values import shorten

# What is said of bins by whether they are oriented
ORIENTATIONS = {True: "bins along transcription", False: "bins along the genome"}


def match_signals(estimator, X, source):
    """Return signals of three axes with the marks in the order of those of ``fit``.

    ``source`` is what :func:`read_signals` found. Where either side has no names, or only numbers
    (``mark1`` ...), the order is taken to be the same. Marks, a bin size, a window, a known
    orientation or bins that cannot match raise a ValueError that names both sides.
    """
    owner, name = type(estimator).__name__, source.name
    for word, learned, found in (
        ("bins of {} bp", "bin_size_in_", source.bin_size),
        ("the window {} (bp relative to the TSS)", "window_in_", source.window),
    ):
        expected = getattr(estimator, learned, None)
        if None not in (expected, found) and expected != found:
            raise ValueError(
                f"{name} has {word.format(found)}, but {owner} was fitted with "
                f"{word.format(expected)}. Build {name} with the same window and bin size, or "
                "fit again."
            )
    _check_oriented(estimator, source)
    _check_bins(estimator, source)
    expected = getattr(estimator, "mark_names_in_", None)
    return take_marks(X, expected, source, f"{owner} was fitted with")


def take_marks(X, expected, source, said):
    """Return signals with their marks in an expected order; see :func:`match_signals`.

    ``expected`` are names or None, ``said`` is what messages say before them.
    """
    if source.marks is None:
        return X
    order = find_order(expected, source.marks)
    if order is None:
        raise ValueError(_explain(known_names(expected), source, said))
    return X if order == list(range(X.shape[-1])) else X.take(order, axis=-1)


def find_order(expected, found):
    """Return where each expected mark is found, None unless each is there once and no other.

    Names that differ in upper and lower case only are the same mark, if that is not ambiguous.
    Where the expected ones are None, or either side only numbers its marks, they are taken as
    they stand.
    """
    expected, found = known_names(expected), known_names(found)
    if expected is not None:
        for form in (str, str.casefold):
            wanted, there = [form(mark) for mark in expected], [form(mark) for mark in found]
            if sorted(wanted) == sorted(there) and len(set(there)) == len(there):
                return [there.index(mark) for mark in wanted]
        if not (are_numbers(expected) or are_numbers(found)):
            return None
    return list(range(len(found)))


def known_names(marks):
    """Return names of marks as a list of text, or None."""
    return None if marks is None else [str(mark) for mark in marks]


def name_marks(given, known, n_marks, name="marks"):
    """Return one name per mark: those given, else those that are known, else numbers.

    Other names than the known ones may be given, but not the same ones in another order.
    """
    names = check_marks(known if given is None else given, n_marks)
    if known is not None and not are_numbers(known):
        moved = [m for m, k in zip(names, known, strict=True) if m != k and m in known]
        if moved:
            raise ValueError(
                f"{name} are {', '.join(names)}, but those of the signals are {', '.join(known)}. "
                f"Leave {name} out."
            )
    return names


def are_numbers(names):
    """Whether names are those that marks get which have none."""
    return names == check_marks(None, len(names))


def _explain(expected, source, said):
    """Return the message for marks that do not match, with a remedy for what X is."""
    found = known_names(source.marks)
    spelling = {mark.casefold(): mark for mark in found}
    missing = [mark for mark in expected if mark.casefold() not in spelling]
    sides = f"{source.name} has the marks {', '.join(found)}, but {said} {', '.join(expected)}."
    is_dataset = source.dataset is not None
    if missing:
        renamed = "data.replace(marks=[...])" if is_dataset else "new names of columns"
        return (
            f"{sides} Missing: {', '.join(missing)}. Use the marks that both have, or, if only "
            f"the names differ, give the same ones with {renamed}."
        )
    if len(found) == len(expected):
        return f"{sides} Names that differ in case only are ambiguous: make them the same."
    kept = [mark if mark in found else spelling[mark.casefold()] for mark in expected]
    if is_dataset:
        return f"{sides} Leave the others out: data.select(marks={kept!r})."
    others = [mark for mark in found if mark not in kept]
    return f"{sides} Leave out {', '.join(others)}."


def _check_oriented(estimator, source):
    """Raise ValueError if bins are known to run another way than those of ``fit``."""
    expected, found = getattr(estimator, "oriented_in_", None), source.oriented
    if None in (expected, found) or expected == found:
        return
    turn = ".orient()" if expected else ".orient(False)"
    raise ValueError(
        f"{source.name} has {ORIENTATIONS[found]} (oriented={found}), but "
        f"{type(estimator).__name__} was fitted with {ORIENTATIONS[expected]} "
        f"(oriented={expected}). Turn the bins of the data set with data{turn}, or fit again."
    )


def _check_bins(estimator, source):
    """Raise ValueError if ``mark:bin`` columns number other bins than those of ``fit`` did."""
    names = getattr(estimator, "feature_names_in_", None)
    fitted = None if names is None else parse_signal_columns(list(names))
    if fitted is None or source.columns is None or fitted.bins == source.columns.bins:
        return
    raise ValueError(
        f"{source.name} has columns for the bins {shorten(source.columns.bins)}, but "
        f"{type(estimator).__name__} was fitted with the bins {shorten(fitted.bins)}. Select the "
        "same bins, or number them in the same way."
    )
