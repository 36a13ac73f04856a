"""The report of a generator, beside real signals and simple baselines."""

from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ..utils import (
    HasMethods,
    Interval,
    name_marks,
    progress_bar,
    read_signals,
    validate_params,
)
from ._measures import MEASURES
from ._report_result import GenerationReport
from ._samples import check_samples, mark_names_of
from ._sources import BASELINES, Sources
from ._verdict import Estimate, compare_with_real

_RESAMPLES = 300
_COUNT = [Interval(Integral, 10, None, closed="left")]


@validate_params(
    {
        "generator": [HasMethods(["sample"])],
        "n": _COUNT,
        "n_transfer": _COUNT,
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def generation_report(
    generator,
    X_test,
    y_test=None,
    *,
    X_train,
    y_train=None,
    cell_test=None,
    marks=None,
    n=500,
    n_transfer=2000,
    n_repeats=3,
    random_state=None,
    verbose=0,
):
    """Compare generated signals with real ones that were held out from training.

    DOC
    """
    check_is_fitted(generator)
    sources = read_signals(X_test, "X_test"), read_signals(X_train, "X_train")
    names = mark_names_of(generator, sources)
    test = check_samples(generator, sources[0], y_test, cell_test, names)
    training = check_samples(generator, sources[1], y_train, None, names)
    marks = name_marks(marks, names, test.X.shape[2])
    rng = check_random_state(random_state)
    for samples in (test, training):
        samples.draw_resamples(_RESAMPLES, rng.randint(2**31 - 1))
    compared = Sources(generator, test, training, n, n_transfer, rng)
    steps = 2 * n_repeats + len(BASELINES)
    with progress_bar(total=steps, desc="report", unit="source", show=verbose) as bar:
        for number in range(n_repeats):
            compared.add_draw(bar.update, with_baselines=number == 0)
    judges, found, blocks = compared.finish(), compared.found, test.blocks
    values, low, high = {}, {}, {}
    for source, measures in found.items():
        estimates = {name: Estimate(draws, blocks.n_blocks) for name, draws in measures.items()}
        ends = {name: one.interval(MEASURES[name]) for name, one in estimates.items()}
        values[source] = {name: _plain(one.value) for name, one in estimates.items()}
        low[source] = {name: _plain(pair[0]) for name, pair in ends.items()}
        high[source] = {name: _plain(pair[1]) for name, pair in ends.items()}
    p_worse = compare_with_real(found["generator"], found["real"], blocks.n_blocks)
    p_worse = {name: _plain(p) for name, p in p_worse.items()}
    return GenerationReport(
        values,
        low,
        high,
        p_worse,
        judges,
        marks,
        n=compared.n,
        n_transfer=compared.n_transfer,
        n_test=len(test.X),
        n_train=len(training.X),
        n_repeats=n_repeats,
        unit=blocks.unit,
    )


def _plain(value):
    return float(value) if np.ndim(value) == 0 else np.asarray(value)
