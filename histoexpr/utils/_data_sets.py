"""What makes an X a data set, for rooms below the one that defines it."""

_PARTS = ("return_X_y", "marks", "bin_size", "window", "groups", "replace")


def is_dataset(X):
    """Return whether X is a data set: signals that know their marks, bins, cells and genes."""
    return all(hasattr(type(X), name) or name in getattr(X, "__dict__", ()) for name in _PARTS)
