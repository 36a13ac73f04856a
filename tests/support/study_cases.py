"""A small study, and what is compared of two."""

SMALL_CNN = {"kind": "cnn", "params": {"n_filters": 2, "hidden_sizes": [4], "max_epochs": 1}}
SPEC = {
    "models": {"linear": "linear", "cnn": SMALL_CNN},
    "seeds": [0, 1],
    "experiments": [
        {"name": "own", "regime": "own"},
        {"name": "matrix", "regime": "each"},
        {"name": "others", "regime": "exclusive"},
    ],
}


def contents(out):
    """Bytes of all files but those that tell times."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and "times" not in str(p)]
    return {str(p.relative_to(out)): p.read_bytes() for p in files}
