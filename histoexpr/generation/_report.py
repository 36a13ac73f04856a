"""Whether generated signals can be trusted: every figure beside what real signals reach."""

import json
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from ..utils import HasMethods, Interval, atomic_path, check_signals, validate_params
from . import _fidelity as fidelity
from ._baselines import by_class, gaussian, jittered, resampled_bins

# Which way is better: towards this value, as far as real signals reach it
_BEST = {
    "profile_correlation": 1.0,
    "marginal_distance": 0.0,
    "zero_fraction_error": 0.0,
    "autocorrelation_error": 0.0,
    "mark_correlation_error": 0.0,
    "sliced_wasserstein": 0.0,
    "two_sample_tree": 0.5,
    "two_sample_neighbours": 0.5,
    "transfer_auroc": 1.0,
    "coverage": 1.0,
    "recall": 1.0,
    "memorisation": 0.5,
}
_PER_MARK = ("profile_correlation", "marginal_distance", "zero_fraction_error")
_PER_MARK += ("autocorrelation_error",)
_BASELINES = {"resampled bins": resampled_bins, "gaussian": gaussian, "jittered": jittered}


@dataclass(eq=False)
class GenerationReport:
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
    n_test, n_train : int
        Numbers of samples.
    n_repeats : int
        Number of repeats.
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
        return dict(_BEST)

    def rows(self):
        """Return one dict per measure (and mark) with the value of every source.

        Returns
        -------
        list of dict
            With the keys measure, best (the value towards which is better), and for each
            source its name and its name followed by " sd".
        """
        rows = []
        for measure, best in _BEST.items():
            per_mark = measure in _PER_MARK
            names = [f"{measure} {mark}" for mark in self.marks] if per_mark else [measure]
            for number, name in enumerate(names):
                row = {"measure": name, "best": best}
                for source, values in self.values.items():
                    deviation = self.deviations[source][measure]
                    row[source] = float(np.atleast_1d(values[measure])[number])
                    row[f"{source} sd"] = float(np.atleast_1d(deviation)[number])
                rows.append(row)
        return rows

    def to_frame(self):
        """Return :meth:`rows` as a DataFrame with the measures as index."""
        return pd.DataFrame(self.rows()).set_index("measure")

    def to_json(self, path=None):
        """Return the report as JSON, and write it if a path is given.

        Parameters
        ----------
        path : str or path-like, optional
            Where to write.

        Returns
        -------
        str
            Undefined figures are null.
        """
        content = {
            "n_test": self.n_test,
            "n_train": self.n_train,
            "n_repeats": self.n_repeats,
            "marks": self.marks,
            "rows": [
                {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in row.items()}
                for row in self.rows()
            ],
        }
        text = json.dumps(content, indent=1)
        if path is not None:
            with atomic_path(path) as temporary:
                temporary.write_text(text, encoding="utf-8")
        return text

    def __str__(self):
        sources = list(self.values)
        width = max(len(row["measure"]) for row in self.rows())
        lines = [" " * width + f"{'best':>6}" + "".join(f"{name:>16}" for name in sources)]
        for row in self.rows():
            cells = [_mean_and_deviation(row[name], row[f"{name} sd"]) for name in sources]
            start = f"{row['measure']:<{width}}{row['best']:>6.1f}"
            lines.append(start + "".join(f"{cell:>16}" for cell in cells))
        return "\n".join(lines)


def _mean_and_deviation(mean, deviation):
    return f"{mean:.3f}" if np.isnan(deviation) else f"{mean:.3f} ± {deviation:.3f}"


@validate_params(
    {
        "generator": [HasMethods(["sample"])],
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "max_samples": [Interval(Integral, 10, None, closed="left"), None],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def generation_report(
    generator,
    X_test,
    y_test,
    *,
    X_train,
    y_train,
    cell_test=None,
    n_repeats=3,
    max_samples=1000,
    random_state=None,
):
    """Measure how much generated signals are like real ones that nobody trained on.

    As many signals as there are test samples are generated, of the same classes, and
    compared with the test samples. Beside every figure stands what as many training samples
    reach, real against real: no generator should be expected to do better. Three baselines
    are measured in the same way: every bin drawn on its own from the training samples of
    the class, a multivariate Gaussian of their logarithms, and slightly disturbed copies of
    training samples, which have to stand out as memorised. If the signals are counts, all
    are rounded. All of it is repeated with other random draws.

    Wasserstein distances hardly notice marks that do not belong together;
    mark_correlation_error and the two-sample tests do. Recall catches a generator that makes
    only a part of the real signals.

    Parameters
    ----------
    generator : SignalGenerator
        Fitted on the training samples.
    X_test : array-like of shape (n_test, n_bins, n_marks)
        Held-out signals, at least ten.
    y_test : array-like of shape (n_test,)
        Their classes.
    X_train, y_train : array-like
        The training samples, at least as many of each class as among the test samples.
    cell_test : array-like of shape (n_test,), optional
        Cell types of the test samples, for a generator that is conditional on them.
    n_repeats : int, default=3
        Number of repeats.
    max_samples : int or None, default=1000
        Compare with so many of the test samples at the most, drawn at random; the pairwise
        distances take time and memory that grow with the square of their number.
    random_state : int, RandomState instance or None, default=None
        Seed.

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
        - two_sample_tree, two_sample_neighbours: AUROC at telling apart, 0.5 is perfect, below
          it samples are copies of test samples;
        - transfer_auroc: trained on generated samples and tested on real ones;
        - coverage: share of test samples that have a generated one as near as their fifth
          neighbour;
        - recall: share of test samples no farther from a generated one than its fifth
          neighbour among the generated;
        - memorisation: chance to cling more to training samples than held-out samples do; if
          the generator was trained with reversed bins, in either direction.

    Raises
    ------
    ValueError
        If there are too few samples.
    """
    check_is_fitted(generator)
    X_test, y_test = _check(generator, X_test, y_test, "test")
    X_train, y_train = _check(generator, X_train, y_train, "train")
    rng = check_random_state(random_state)
    if cell_test is not None:
        cell_test = column_or_1d(cell_test)
        check_consistent_length(X_test, cell_test)
    if max_samples is not None and len(X_test) > max_samples:
        rows = np.sort(rng.choice(len(X_test), size=max_samples, replace=False))
        X_test, y_test = X_test[rows], y_test[rows]
        cell_test = None if cell_test is None else cell_test[rows]
    training, test = (X_train, y_train), (X_test, y_test, cell_test)
    found = [_compare_sources(generator, training, test, rng) for _ in range(n_repeats)]
    values, deviations = {}, {}
    for source in found[0]:
        repeats = {name: np.array([f[source][name] for f in found]) for name in _BEST}
        values[source] = {name: repeated.mean(axis=0) for name, repeated in repeats.items()}
        deviations[source] = {
            name: repeated.std(axis=0, ddof=1)
            if n_repeats > 1
            else np.full_like(repeated[0], np.nan)
            for name, repeated in repeats.items()
        }
    marks = getattr(generator, "mark_names_in_", None)
    if marks is None:
        marks = [f"mark {number + 1}" for number in range(X_test.shape[2])]
    marks = [str(mark) for mark in marks]
    return GenerationReport(values, deviations, marks, len(X_test), len(X_train), n_repeats)


def _compare_sources(generator, training, test, rng):
    """Return all measures of all sources for one random draw of each."""
    (X_train, y_train), (X_test, y_test, cell) = training, test
    classes = hasattr(generator, "classes_")
    made = generator.sample(
        len(X_test), y=y_test if classes else None, cell=cell, random_state=rng
    ).reshape(X_test.shape)
    matched = X_train[_matched_rows(y_train, y_test, rng)]
    sources = {"real": matched, "generator": made}
    for name, make in _BASELINES.items():
        sources[name] = by_class(make, X_train, y_train, y_test, rng)
    if generator.counts_:
        sources = {name: np.rint(X) for name, X in sources.items()}
    found = {name: _measure(X, y_test, X_test) for name, X in sources.items()}
    if not classes:  # it was not told of which classes to make samples
        found["generator"]["transfer_auroc"] = np.nan
    both_ways = {"reversed_too": generator.random_flip_}
    for name, X in sources.items():
        if name == "real":
            found[name]["memorisation"] = _null_memorisation(X_test, X_train, both_ways, rng)
        else:
            found[name]["memorisation"] = fidelity.memorisation(X, X_train, X_test, **both_ways)
    return found


def _measure(A, y, B):
    """Return all measures of A against B, which has the same classes."""
    return {
        "profile_correlation": fidelity.profile_correlation(A, B),
        "marginal_distance": fidelity.marginal_distance(A, B),
        "zero_fraction_error": fidelity.zero_fraction_error(A, B),
        "autocorrelation_error": fidelity.autocorrelation_error(A, B),
        "mark_correlation_error": fidelity.mark_correlation_error(A, B),
        "sliced_wasserstein": fidelity.sliced_wasserstein(A, B),
        "two_sample_tree": fidelity.two_sample_auroc(A, B, "tree"),
        "two_sample_neighbours": fidelity.two_sample_auroc(A, B, "neighbours"),
        "transfer_auroc": fidelity.transfer_auroc(A, y, B, y),
        "coverage": fidelity.coverage(A, B),
        "recall": fidelity.recall(A, B),
    }


def _null_memorisation(X_test, X_train, both_ways, rng):
    """Return memorisation of held-out samples, which cannot have memorised anything."""
    order, half = rng.permutation(len(X_test)), len(X_test) // 2
    halves = X_test[order[:half]], X_test[order[half:]]
    return fidelity.memorisation(halves[0], X_train, halves[1], **both_ways)


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


def _check(generator, X, y, name):
    X = check_signals(generator, X, reset=False, ensure_non_negative=True, input_name=f"X_{name}")
    if y is None:
        raise ValueError(f"y_{name} is needed: the baselines are made class by class.")
    y = column_or_1d(y)
    check_consistent_length(X, y)
    if len(X) < 10:
        raise ValueError(f"X_{name} has {len(X)} samples; at least 10 are needed.")
    return X, y
