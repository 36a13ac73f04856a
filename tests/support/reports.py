"""Reports of generators with given figures."""

import numpy as np

from histoexpr.generation import MEASURES, GenerationReport

SOURCES = ("real", "generator", "resampled bins", "gaussian", "jittered")


def report_of(*, p_worse=None, reach=0.05, marks="ab", n=200, n_repeats=3, **given):
    """A report whose figures are 0.5 but for those given by source, with intervals around them."""
    given = {name.replace("_", " "): changes for name, changes in given.items()}

    def filled(value, changes):
        found = {}
        for name, measure in MEASURES.items():
            shape = len(marks) if measure.by_mark else ()
            full = np.array(np.broadcast_to(changes.get(name, value), shape), dtype=float)
            found[name] = float(full) if full.ndim == 0 else full
        return found

    values = {source: filled(0.5, given.get(source, {})) for source in SOURCES}
    low, high = (
        {source: {name: v + side * reach for name, v in found.items()}
         for source, found in values.items()}
        for side in (-1, 1)
    )  # fmt: skip
    judges = dict.fromkeys(SOURCES, "cnn")
    return GenerationReport(
        values, low, high, filled(1.0, p_worse or {}), judges, list(marks), n=n, n_transfer=900,
        n_test=300, n_train=1000, n_repeats=n_repeats, unit="gene",
    )  # fmt: skip
