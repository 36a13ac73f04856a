"""Whether generated signals can be trusted: every figure beside what real signals reach."""

import json
from dataclasses import dataclass, field

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from ..utils import atomic_path, check_signals, require
from . import _fidelity as fidelity
from ._baselines import by_class, gaussian, jittered, resampled_bins

# Which way is better: towards this value
_BEST = {
    "profile_correlation": 1.0,
    "marginal_distance": 0.0,
    "zero_fraction_error": 0.0,
    "autocorrelation_error": 0.0,
    "mark_correlation_error": 0.0,
    "sliced_wasserstein": 0.0,
    "mmd": 0.0,
    "two_sample_tree": 0.5,
    "two_sample_neighbours": 0.5,
    "transfer_auroc": 1.0,
    "coverage": 1.0,
    "memorisation": 0.5,
}
_PER_MARK = ("profile_correlation", "marginal_distance", "zero_fraction_error")
_PER_MARK += ("autocorrelation_error",)


@dataclass
class GenerationReport:
    """What :func:`generation_report` found.

    Attributes
    ----------
    figures : dict of source -> dict of measure -> float or list of float
        Sources are "real" (the null: training against test signals), "generator" and the
        baselines "resampled bins", "gaussian" and "jittered". Measures that are taken mark
        by mark are lists.
    marks : list of str
        Names of the marks.
    n_test, n_train : int
        Numbers of samples.
    """

    figures: dict
    marks: list
    n_test: int
    n_train: int
    best: dict = field(default_factory=lambda: dict(_BEST))

    def rows(self):
        """Return one dict per measure (and mark) with the value of every source.

        Returns
        -------
        list of dict
            With the keys measure, best (the value of a perfect generator), and one for each
            source.
        """
        rows = []
        for measure in _BEST:
            values = {source: np.atleast_1d(f[measure]) for source, f in self.figures.items()}
            names = [measure]
            if measure in _PER_MARK:
                names = [f"{measure} {mark}" for mark in self.marks]
            for number, name in enumerate(names):
                row = {source: float(value[number]) for source, value in values.items()}
                rows.append({"measure": name, "best": self.best[measure], **row})
        return rows

    def to_frame(self):
        """Return :meth:`rows` as a DataFrame with the measures as index; needs pandas."""
        pandas = require("pandas", "A table of the report")
        return pandas.DataFrame(self.rows()).set_index("measure")

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
        sources = list(self.figures)
        width = max(len(row["measure"]) for row in self.rows())
        lines = [" " * width + "".join(f"{name:>16}" for name in ["best", *sources])]
        for row in self.rows():
            values = [row["best"], *(row[source] for source in sources)]
            lines.append(f"{row['measure']:<{width}}" + "".join(f"{v:>16.3f}" for v in values))
        return "\n".join(lines)

    def plot(self, *, axes=None):
        """Draw one panel per measure, a dot per source and mark, the null as a line.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            As many as there are measures; made if not given.

        Returns
        -------
        matplotlib.figure.Figure
        """
        plt = require("matplotlib.pyplot", "Drawing a generation report")
        if axes is None:
            size = {"figsize": (12, 7.5), "layout": "constrained", "sharey": True}
            _, axes = plt.subplots(3, 4, **size)
        sources = [name for name in self.figures if name != "real"]
        panels = list(zip(np.ravel(axes), _BEST, strict=False))
        for ax, measure in panels:
            null = np.atleast_1d(self.figures["real"][measure])
            ax.axvspan(np.nanmin(null), np.nanmax(null), color="0.88", lw=0)
            ax.axvline(np.nanmean(null), color="0.5", lw=1, label="real against real")
            ax.axvline(self.best[measure], color="0.5", lw=1, ls=":", label="perfect")
            for height, source in enumerate(sources):
                values = np.atleast_1d(self.figures[source][measure])
                color = "#0072B2" if source == "generator" else "#D55E00"
                ax.plot(values, np.full(len(values), height), "o", color=color, alpha=0.8, ms=5)
            ax.set_title(measure.replace("_", " "), fontsize=10)
            ax.set_yticks(range(len(sources)), sources)
            ax.set_ylim(len(sources) - 0.5, -0.5)
            for side in ("top", "right"):
                ax.spines[side].set_visible(False)
        figure = panels[0][0].figure
        handles, labels = panels[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
        return figure


def generation_report(generator, X_test, y_test, *, X_train, y_train, random_state=None):
    """Measure how much generated signals are like real ones that nobody trained on.

    As many signals as there are test samples are generated, of the same classes, and
    compared with the test samples. Beside every figure stands what as many training samples
    reach, real against real: no generator should be expected to do better. Three baselines
    are measured in the same way: every bin drawn on its own from the training samples of
    the class, a multivariate Gaussian of their logarithms, and slightly disturbed copies of
    training samples, which have to stand out as memorised. If the signals are counts, all
    are rounded.

    Wasserstein distances and MMD hardly notice marks that do not belong together;
    mark_correlation_error and the two-sample tests do. Coverage catches a generator that
    makes only a part of the real signals.

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
        - sliced_wasserstein, mmd: distances of the distributions;
        - two_sample_tree, two_sample_neighbours: AUROC at telling apart, 0.5 is perfect;
        - transfer_auroc: trained on generated samples and tested on real ones;
        - coverage: share of test samples that have a generated one as near as their fifth
          neighbour;
        - memorisation: chance to cling more to training samples than held-out samples do.

    Raises
    ------
    ValueError
        If there are too few samples.
    """
    check_is_fitted(generator)
    X_test, y_test = _check(generator, X_test, y_test, "test")
    X_train, y_train = _check(generator, X_train, y_train, "train")
    rng = check_random_state(random_state)
    matched = _matched_rows(y_train, y_test, rng)
    classes = hasattr(generator, "classes_")
    made = generator.sample(
        len(X_test), y=y_test if classes else None, random_state=rng.randint(2**31 - 1)
    ).reshape(X_test.shape)
    sources = {"real": X_train[matched], "generator": made}
    for name, make in (
        ("resampled bins", resampled_bins),
        ("gaussian", gaussian),
        ("jittered", jittered),
    ):
        sources[name] = by_class(make, X_train, y_train, y_test, rng)
    if generator.counts_:
        sources = {name: np.rint(X) for name, X in sources.items()}
    figures = {}
    for name, X in sources.items():
        figures[name] = _measure(X, y_test, X_test)
        figures[name]["memorisation"] = fidelity.memorisation(X, X_train, X_test)
    figures["real"]["memorisation"] = _null_memorisation(X_test, X_train, rng)
    marks = getattr(generator, "mark_names_in_", None)
    if marks is None:
        marks = [f"mark {number + 1}" for number in range(X_test.shape[2])]
    return GenerationReport(figures, [str(mark) for mark in marks], len(X_test), len(X_train))


def _measure(A, y, B):
    """Return all measures of A against B, which has the same classes."""
    return {
        "profile_correlation": fidelity.profile_correlation(A, B).tolist(),
        "marginal_distance": fidelity.marginal_distance(A, B).tolist(),
        "zero_fraction_error": fidelity.zero_fraction_error(A, B).tolist(),
        "autocorrelation_error": fidelity.autocorrelation_error(A, B).tolist(),
        "mark_correlation_error": fidelity.mark_correlation_error(A, B),
        "sliced_wasserstein": fidelity.sliced_wasserstein(A, B),
        "mmd": fidelity.mmd(A, B),
        "two_sample_tree": fidelity.two_sample_auroc(A, B, "tree"),
        "two_sample_neighbours": fidelity.two_sample_auroc(A, B, "neighbours"),
        "transfer_auroc": fidelity.transfer_auroc(A, y, B, y),
        "coverage": fidelity.coverage(A, B),
    }


def _null_memorisation(X_test, X_train, rng):
    """Return memorisation of held-out samples, which cannot have memorised anything."""
    order, half = rng.permutation(len(X_test)), len(X_test) // 2
    return fidelity.memorisation(X_test[order[:half]], X_train, X_test[order[half:]])


def _matched_rows(y_train, y_test, rng):
    """Return training samples of the classes of the test samples, one for each, in order."""
    rows = np.empty(len(y_test), dtype=int)
    for label in np.unique(y_test):
        wanted, there = np.flatnonzero(y_test == label), np.flatnonzero(y_train == label)
        if len(there) < len(wanted):
            raise ValueError(
                f"There are {len(wanted)} test samples of class {label!r} but only {len(there)} "
                "training samples to compare with. Pass fewer test samples."
            )
        rows[wanted] = rng.choice(there, size=len(wanted), replace=False)
    return rows


def _check(generator, X, y, name):
    X = check_signals(generator, X, reset=False, ensure_non_negative=True, input_name=f"X_{name}")
    y = np.asarray(y)
    check_consistent_length(X, y)
    if len(X) < 10:
        raise ValueError(f"X_{name} has {len(X)} samples; at least 10 are needed.")
    return X, y
