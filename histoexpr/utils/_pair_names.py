"""Names in data sets of pairs of cells: "A vs B", and the marks of either side."""

import numpy as np

# What stands before the mark: signals of the first cell, of the second, and second less first
FIRST, SECOND, CHANGE = "first:", "second:", "change:"
_BETWEEN = " vs "


def pair_name(first, second):
    """Return what a pair of cells is called: change is that of the second against the first."""
    for cell in (first, second):
        if _BETWEEN in cell:
            raise ValueError(
                f"Cell {cell!r} has {_BETWEEN!r} in its name, which separates the two cells of a "
                "pair. Are these pairs already? If not, rename it: data.replace(cell=[...])."
            )
    return f"{first}{_BETWEEN}{second}"


def cells_of_pair(name):
    """Return the two cells of a pair, None for the name of a single cell."""
    cells = tuple(str(name).split(_BETWEEN))
    return cells if len(cells) == 2 and all(cells) else None


def pair_marks(marks, change):
    """Return the names of the marks of pairs: both sides, and with ``change`` the differences."""
    sides = (FIRST, SECOND, CHANGE) if change else (FIRST, SECOND)
    return [side + mark for side in sides for mark in marks]


def swapped_marks(names):
    """Return where each mark of swapped pairs is found, and its sign.

    The first and the second side of a mark change places, changes change their sign. None if no
    name has a side; names of which only some have one, or one side of a mark without the other,
    are refused.
    """
    names = [str(name) for name in names]
    sided = [name for name in names if name.startswith((FIRST, SECOND, CHANGE))]
    if not sided:
        return None
    other = {name: _other_side(name) for name in names}
    wrong = [name for name in names if name not in sided or other[name] not in names]
    if wrong:
        raise ValueError(
            f"The marks of pairs are called {FIRST}..., {SECOND}... and {CHANGE}..., with both "
            f"cells' signals of each mark, but {wrong[0]!r} is alone among "
            f"{', '.join(names)}. Make pairs with histoexpr.pair_cells, and leave out or keep "
            "both sides of a mark."
        )
    places = np.array([names.index(other[name]) for name in names])
    return places, np.array([-1 if name.startswith(CHANGE) else 1 for name in names])


def swap_sides(X, places, sign):
    """Return signals (n_samples, n_bins, n_marks) of swapped pairs; see :func:`swapped_marks`."""
    # laid out like X: the order in which sums over bins are taken depends on it
    X = np.ascontiguousarray(X[:, :, places])
    changes = np.flatnonzero(sign < 0)
    if len(changes):
        # from 0, since -0.0 is another bit pattern than 0.0; counts become signed
        X = X.astype(signed_dtype(X.dtype), copy=False)
        X[:, :, changes] = 0 - X[:, :, changes]
    return X


def signed_dtype(dtype):
    """Return the type that holds values of a type and their negatives exactly, or as float64."""
    return dtype if dtype.kind == "f" else np.float32 if dtype.itemsize <= 2 else np.float64


def _other_side(name):
    if name.startswith(FIRST):
        return SECOND + name.removeprefix(FIRST)
    return FIRST + name.removeprefix(SECOND) if name.startswith(SECOND) else name
