"""Measures of generated signals, beside those of real signals and of simple baselines."""

from dataclasses import dataclass
from functools import partial
from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from ..utils import (
    HasMethods,
    Interval,
    Result,
    are_numbers,
    check_signals,
    format_table,
    json_text,
    known_names,
    name_marks,
    progress_bar,
    read_signals,
    refuse_masked,
    take_marks,
    validate_params,
    write_json,
)
from . import _fidelity as fidelity
from ._baselines import by_class, gaussian, jittered, resampled_bins

# For each measure the value towards which is better, as far as real signals reach it, and the
# function of samples and test samples, if it takes no more than these
_MEASURES = {
    "profile_correlation": (1.0, fidelity.profile_correlation),
    "marginal_distance": (0.0, fidelity.marginal_distance),
    "zero_fraction_error": (0.0, fidelity.zero_fraction_error),
    "autocorrelation_error": (0.0, fidelity.autocorrelation_error),
    "mark_correlation_error": (0.0, fidelity.mark_correlation_error),
    "sliced_wasserstein": (0.0, fidelity.sliced_wasserstein),
    "two_sample_tree": (0.5, partial(fidelity.two_sample_auroc, model="tree")),
    "two_sample_neighbours": (0.5, partial(fidelity.two_sample_auroc, model="neighbours")),
    "transfer_auroc": (1.0, None),
    "coverage": (1.0, fidelity.coverage),
    "recall": (1.0, fidelity.recall),
    "memorisation": (0.5, None),
}
_BASELINES = {"resampled bins": resampled_bins, "gaussian": gaussian, "jittered": jittered}


@dataclass(eq=False, repr=False)
class GenerationReport(Result):
    """What :func:`generation_report` found.

    Attributes
    ----------
    values : dict of source -> dict of measure -> float or ndarray of shape (n_marks,)
        Means over the repeats. Sources are "real" (the null: training against test
        signals), "generator" and the baselines "resampled bins", "gaussian" and
        "jittered". Measures that are taken mark by mark are arrays.
    deviations : dict of source -> dict of measure -> float or ndarray of shape (n_marks,)
        Standard deviations over the repeats; nan for one repeat.
    marks : list of str
        Names of the marks.
    n_test, n_train, n_repeats : int
        Numbers of test samples of a repeat, of training samples and of repeats.
    """

    values: dict
    deviations: dict
    marks: list
    n_test: int
    n_train: int
    n_repeats: int

    @property
    def best(self):
        """The value of every measure towards which is better; see "real" for what is reached."""
        return {measure: best for measure, (best, _) in _MEASURES.items()}

    @property
    def table(self):
        """DataFrame with one row per measure (and mark), which is its index.

        The columns are best (the value towards which is better) and, for each source, its
        name and its name followed by " sd".
        """
        rows = {}
        for measure, value in self.best.items():
            by_mark = np.ndim(self.values["real"][measure])
            names = [f" {mark}" for mark in self.marks] if by_mark else [""]
            rows |= {measure + name: value for name in names}
        table = pd.DataFrame({"best": rows}).rename_axis("measure")
        for source, found in self.values.items():
            table[source] = np.hstack([found[measure] for measure in _MEASURES])
            deviations = self.deviations[source]
            table[f"{source} sd"] = np.hstack([deviations[measure] for measure in _MEASURES])
        return table

    def _title(self):
        counts = f"{self.n_test} test and {self.n_train} training samples"
        return f"GenerationReport: {counts}, {self.n_repeats} repeats"

    def _shown(self):
        """Return the table as text, with mean and deviation in one cell."""
        table, shown = self.table, {}
        for source in self.values:
            pairs = zip(table[source], table[f"{source} sd"], strict=True)
            shown[source] = [_mean_and_deviation(*pair) for pair in pairs]
        best = [f"{value:.1f}" for value in table["best"]]
        return pd.DataFrame({"best": best, **shown}, index=table.index)

    def to_json(self, path=None):
        """Return the report as JSON, and write it if a path is given.

        Parameters
        ----------
        path : str or path-like, optional
            Where to write.

        Returns
        -------
        str
            The table as a list of rows; undefined figures are null.
        """
        numbers = {"n_test": self.n_test, "n_train": self.n_train, "n_repeats": self.n_repeats}
        rows = self.table.reset_index().to_dict("records")
        content = {**numbers, "marks": self.marks, "rows": rows}
        if path is not None:
            write_json(path, content)
        return json_text(content)

    def __str__(self):
        shown = self._shown().reset_index()
        return format_table([list(shown), *shown.to_numpy().tolist()], 1)


def _mean_and_deviation(mean, deviation):
    return f"{mean:.3f}" if np.isnan(deviation) else f"{mean:.3f} ± {deviation:.3f}"


@validate_params(
    {
        "generator": [HasMethods(["sample"])],
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "max_samples": [Interval(Integral, 10, None, closed="left"), None],
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
    n_repeats=3,
    max_samples=1000,
    random_state=None,
    verbose=0,
):
    """Compare generated signals with real ones that were held out from training.

    As many signals as there are test samples are generated, of the same classes, and compared
    with the test samples. Beside every figure stands that of as many training samples, real
    against real: no generator should be expected to do better. Three baselines are measured
    in the same way: every bin drawn on its own from the training samples of the class, a
    multivariate Gaussian of their logarithms, and slightly disturbed copies of training
    samples, which must be detected as memorised. Counts are rounded. All of it is repeated
    with other random draws, of many test samples with other ones of them.

    Wasserstein distances hardly detect marks that do not belong together; mark_correlation_error
    and the two-sample tests do. Recall detects a generator that makes only a part of the signals.

    Parameters
    ----------
    generator : SignalGenerator
        Fitted on the training samples.
    X_test : HistoneDataset or array-like of shape (n_test, n_bins, n_marks)
        Held-out signals, at least ten.
    y_test : array-like of shape (n_test,), optional
        Their classes; by default those of the data set.
    X_train, y_train : HistoneDataset or array-like
        The training samples, at least as many of each class as among the test samples.
    cell_test : array-like of shape (n_test,), optional
        Cell types of the test samples, for a generator that is conditional on them.
    marks : list of str, optional
        Names of the marks; by default those that the generator was fitted with, else those of
        the signals, else ``mark1`` ...
    n_repeats : int, default=3
        Number of repeats.
    max_samples : int or None, default=1000
        Number of test samples to draw for a repeat at the most; time and memory grow with its
        square.
    random_state : int, RandomState instance or None, default=None
        Seed.
    verbose : int, default=0
        1 shows a progress bar.

    Returns
    -------
    GenerationReport
        With the measures

        - profile_correlation: of the mean profiles, mark by mark;
        - marginal_distance: Wasserstein distance of the log signals of all bins, mark by mark;
        - zero_fraction_error: difference of the share of bins without signal, mark by mark;
        - autocorrelation_error: of deviations from the profile over 1 to 10 bins, mark by mark;
        - mark_correlation_error: of the correlations between marks pooled over bins;
        - sliced_wasserstein: distance of the distributions, in deviations of a bin;
        - two_sample_tree, two_sample_neighbours: AUROC of a classifier that distinguishes both,
          0.5 is perfect, below it samples are copies of test samples;
        - transfer_auroc: trained on generated samples and tested on real ones;
        - coverage: share of test samples with a generated one as near as their fifth neighbour;
        - recall: share of test samples as near to a generated one as its fifth generated
          neighbour;
        - memorisation: probability to be relatively nearer to training samples than held-out
          samples are; if the generator was trained with reversed bins, in either direction.

    Raises
    ------
    ValueError
        If there are too few samples, or signals do not match the generator.
    """
    check_is_fitted(generator)
    sources = read_signals(X_test, "X_test"), read_signals(X_train, "X_train")
    names = _find_names(generator, sources)
    X_test, y_test = _check(generator, sources[0], y_test, names)
    X_train, y_train = _check(generator, sources[1], y_train, names)
    marks = name_marks(marks, names, X_test.shape[2])
    rng = check_random_state(random_state)
    if cell_test is not None:
        cell_test = column_or_1d(refuse_masked(cell_test, "cell_test"))
        check_consistent_length(X_test, cell_test)
    training, test = (X_train, y_train), (X_test, y_test, cell_test)
    found = []
    for _ in progress_bar(range(n_repeats), desc="report", unit="repeat", show=verbose):
        found.append(_compare_sources(generator, training, _drawn(test, max_samples, rng), rng))
    n_test = len(X_test) if max_samples is None else min(len(X_test), max_samples)
    values, deviations = {}, {}
    for source in found[0]:
        repeats = {name: np.array([f[source][name] for f in found]) for name in _MEASURES}
        values[source] = {name: repeated.mean(axis=0) for name, repeated in repeats.items()}
        deviations[source] = {name: _deviation(repeated) for name, repeated in repeats.items()}
    return GenerationReport(values, deviations, marks, n_test, len(X_train), n_repeats)


def _drawn(test, max_samples, rng):
    """Return some of the test samples, all if there are no more."""
    n_test = len(test[0])
    if max_samples is None or n_test <= max_samples:
        return test
    rows = np.sort(rng.choice(n_test, size=max_samples, replace=False))
    return tuple(None if values is None else values[rows] for values in test)


def _deviation(repeated):
    if len(repeated) == 1:
        return np.full_like(repeated[0], np.nan)
    return repeated.std(axis=0, ddof=1)


def _compare_sources(generator, training, test, rng):
    """Return all measures of all sources for one random draw of each."""
    (X_train, y_train), (X_test, y_test, cell) = training, test
    classes = hasattr(generator, "classes_")
    y = y_test if classes else None
    made = generator.sample(len(X_test), y=y, cell=cell, random_state=rng)
    matched = X_train[_matched_rows(y_train, y_test, rng)]
    sources = {"real": matched, "generator": made.reshape(X_test.shape)}
    for name, make in _BASELINES.items():
        sources[name] = by_class(make, X_train, y_train, y_test, rng)
    if generator.counts_:
        sources = {name: np.rint(X) for name, X in sources.items()}
    found = {}
    for name, X in sources.items():
        row = {measure: of(X, X_test) for measure, (_, of) in _MEASURES.items() if of is not None}
        # without classes, what the generator makes is of no known one
        of_class = classes or name != "generator"
        transfer = fidelity.transfer_auroc(X, y_test, X_test, y_test) if of_class else np.nan
        held_out = X_test
        if name == "real":  # held-out samples, which cannot have memorised anything
            order, half = rng.permutation(len(X_test)), len(X_test) // 2
            X, held_out = X_test[order[:half]], X_test[order[half:]]
        both_ways = {"reversed_too": generator.random_flip_}
        memorised = fidelity.memorisation(X, X_train, held_out, **both_ways)
        found[name] = row | {"transfer_auroc": transfer, "memorisation": memorised}
    return found


def _matched_rows(y_train, y_test, rng):
    """Return training samples of the classes of the test samples, one for each, in order."""
    rows = np.empty(len(y_test), dtype=int)
    for label in np.unique(y_test):
        wanted, there = np.flatnonzero(y_test == label), np.flatnonzero(y_train == label)
        if len(there) < len(wanted):
            raise ValueError(
                f"There are {len(wanted)} test samples of class {label} but only {len(there)} "
                "training samples to compare with. Pass fewer test samples."
            )
        rows[wanted] = rng.choice(there, size=len(wanted), replace=False)
    return rows


def _find_names(generator, sources):
    """Return the names of the marks in the order of the generator, or None."""
    known = [known_names(getattr(generator, "mark_names_in_", None))]
    known += [source.marks for source in sources]
    return next((names for names in known if names is not None and not are_numbers(names)), None)


def _check(generator, source, y, names):
    """Return signals and classes, with the marks in the order of the generator."""
    X = check_signals(generator, source, reset=False, ensure_non_negative=True)
    if getattr(generator, "mark_names_in_", None) is None:
        X = take_marks(X, names, source, "the other signals have the marks")
    called = source.name.replace("X", "y")
    if y is None and source.dataset is not None:
        y = source.dataset.y
    if y is None:
        raise ValueError(f"A {called} is needed: the baselines are made class by class.")
    y = column_or_1d(refuse_masked(y, called))
    check_consistent_length(X, y)
    if len(X) < 10:
        raise ValueError(f"{source.name} has {len(X)} samples; at least 10 are needed.")
    return X, y
