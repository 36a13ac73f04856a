"""Experiments in silico: signals of real genes changed, and the prediction with them."""

import warnings
from numbers import Real

import numpy as np
import pandas as pd
from scipy.special import expit

from ..exceptions import HistoexprWarning
from ..metrics import mean_interval
from ..utils import (
    HasMethods,
    Interval,
    is_missing,
    random_generator,
    read_signals,
    signed_log1p,
    validate_params,
)
from ._model_output import ModelOutput
from ._observed_range import ObservedRange
from ._operations import Donors, apply_operation, as_given, in_order, read_steps
from ._perturb_results import Perturbation
from ._samples import Samples

# Of real genes some 2 % are outside, by definition
_MOST_OUTSIDE = 0.1


@validate_params(
    {
        "estimator": [HasMethods(["predict_proba"]), HasMethods(["predict"]), None],
        "confidence": [Interval(Real, 0, 1, closed="neither")],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def perturb(
    data,
    mark,
    region=None,
    operation="remove",
    *,
    value=None,
    estimator=None,
    target=None,
    reference=None,
    confidence=0.95,
    window=None,
    bin_size=None,
    mark_names=None,
    random_state=0,
):
    """Change the signals of a mark in a region, and see how predicted expression changes.

    What the estimator says of changed signals is what it has learned, which need not be what a
    cell would do.

    Parameters
    ----------
    data : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Signals of the genes to change, best ones that the estimator was not fitted on. They are
        not changed themselves.
    mark : str or int, or list of them
        Name or number of the mark; several are changed together, one after the other.
    region : tuple of two int, or list of them, optional
        First and exclusive last position in bp relative to the TSS, one for all marks or one each;
        None is the whole window.
    operation : str or list of str, default="remove"
        One for all marks or one each:

        - ``"remove"``: no signal.
        - ``"scale"``: times ``value``.
        - ``"set"``: ``value`` in every bin, or a profile, one value for each bin of the region.
        - ``"add"``: ``value`` more, likewise: a peak.
        - ``"low"``, ``"high"``: tracks of real genes whose mean log(1 + signal) in the region is
          about the lower or upper quartile, or the quantile ``value``.
        - ``"swap"``: the track of another gene, drawn at random; of the label ``value`` if given.
    value : float, array-like or label, optional
        What the operation takes; a list of one each for several marks.
    estimator : classifier with ``predict_proba``, or regressor, optional
        Fitted. Without one, nothing is predicted.
    target : label, optional
        Class of a classifier; by default the last of two.
    reference : HistoneDataset or array-like of shape (n_reference, n_bins, n_marks), optional
        Real genes that give tracks and the observed range; by default ``data``. Give one if
        ``data`` are less than 100 genes.
    confidence : float, default=0.95
        Confidence of the intervals of mean changes.
    window : tuple of two int, optional
    bin_size : int, optional
        What an array covers in bp relative to the TSS, and the width of its bins in bp; default
        those of the data set or of the estimator, or centred and 100.
    mark_names : list of str, optional
        Names of the marks of an array; default those of the estimator.
    random_state : int, RandomState instance or None, default=0
        Seed of donors and resamples.

    Returns
    -------
    Perturbation

    Raises
    ------
    ValueError
        If a mark, region, operation, value or class is unknown or does not fit, or there are too
        few genes to give tracks.

    Warns
    -----
    HistoexprWarning
        If more than 10 % of the changed genes are outside the observed range, or if there are too
        few genes to know.

    See Also
    --------
    mark_importance : What a mark is worth for the score.

    Notes
    -----
    A changed gene is outside the observed range if the mean log(1 + signal) of a changed mark in
    its region is beyond that of the central 99 % of real genes, or if marks together are: with
    the mean log(1 + signal) of every mark over each changed region and the window, divided by
    their standard deviations, its nearest real gene (not itself) is farther away than that of
    99 % of real genes. Both are of means: a profile that no gene has in shape is not found.
    There, an estimator extrapolates, and its answer is of little use [1]_.

    Whole counts stay whole, rounded to the nearest (to even at .5), in a type that holds them.
    Tracks come from the same cell where cells are known and it is among the donors; one gene
    gives all marks that are swapped.
    Intervals of mean changes resample chromosomes (of fewer than ten pieces of 5 Mb, or genes),
    and are of this one fit.

    References
    ----------
    .. [1] Hooker, Mentch & Zhou (2021), Unrestricted permutation forces extrapolation, Statistics
       and Computing 31:82.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells, perturb
    >>> data = make_histone_cells(n_cells=1, n_genes=600, random_state=0)
    >>> linear = HistoneLinearClassifier(device="cpu").fit(data[:300])
    >>> found = perturb(data[300:], "H3K4me3", (-500, 500), "low", estimator=linear)
    >>> bool(found.summary["change"].iloc[0] < 0)
    True
    >>> found.data.X.shape
    (300, 100, 5)
    """
    known = [] if estimator is None else [estimator]
    output = None if estimator is None else ModelOutput(estimator, target)
    names = {"marks": mark_names, "window": window, "bin_size": bin_size}
    samples = Samples(data, known, **names, name="data")
    steps = read_steps(samples, mark, region, operation, value)
    real = samples
    if reference is not None:
        real = Samples(reference, known, **names, name="reference")
        if real.X.shape[1:] != samples.X.shape[1:]:
            raise ValueError(
                f"reference has (n_bins, n_marks) = {real.X.shape[1:]}, but the data have "
                f"{samples.X.shape[1:]}. Give both the same."
            )
    rng = random_generator(random_state)
    donors, signals = Donors(samples, real, rng), samples.X.copy()
    for step in steps:
        apply_operation(signals, *step, donors)
    source = read_signals(data, "data").values
    signals = as_given(signals, source)
    changed = signals.astype(np.float64)

    table = _who(samples)
    if output is not None:
        # in the type that came, as sums of float32 and float64 differ
        both = [samples.given(X, estimator) for X in (as_given(samples.X, source), signals)]
        _predict(table, output, *map(output, both))
        if output.column is not None and len(estimator.classes_) > 2:
            table["flipped"] = np.not_equal(*map(estimator.predict, both))
    places = [step[:2] for step in steps]
    observed = ObservedRange(in_order(real, samples.marks), places)
    alone, together = (None, None)
    if observed.known:
        alone = observed.outside_alone(changed)
        together = observed.outside_together(changed, own=_own_rows(samples, real))
    table["outside_alone"] = None if alone is None else alone.any(axis=1)
    table["outside_together"] = together
    result = Perturbation(
        samples.given(signals, estimator) if samples.dataset is not None else signals,
        table,
        _summary(table, samples, confidence, int(rng.integers(2**31))),
        _ranges(samples, changed, steps, observed.ends, alone),
        None if output is None else output.name,
        None if output is None else output.target,
        confidence,
        samples.blocks().unit,
        samples.oriented,
    )
    _warn(result, observed.known, len(real))
    return result


def _own_rows(samples, real):
    """Return the row that each sample has among real genes, -1 where it is not known to."""
    if real is samples:
        return np.arange(len(samples))
    if samples.gene is None or real.gene is None:
        return np.full(len(samples), -1)
    of = [pd.MultiIndex.from_arrays([one.gene, one.cell]) for one in (real, samples)]
    places = pd.Series(np.arange(len(real)), of[0])
    places = places[~places.index.duplicated()]
    return places.reindex(of[1]).fillna(-1).to_numpy(dtype=np.intp)


def _who(samples):
    """Return a table of what is known of the samples."""
    columns = {name: getattr(samples, name) for name in ("gene", "symbol", "cell", "y")}
    known = {name: values for name, values in columns.items() if values is not None}
    return pd.DataFrame(known, index=pd.RangeIndex(len(samples)))


def _predict(table, output, before, after):
    """Add what the estimator says of samples before and after."""
    table["before"], table["after"], table["change"] = before, after, after - before
    if output.column is not None:
        table["proba_before"], table["proba_after"] = expit(before), expit(after)
        table["flipped"] = (before > 0) != (after > 0)


def _summary(table, samples, confidence, seed):
    """Return means of all samples and of each label."""
    groups = {"all": np.arange(len(table))}
    for label in [] if samples.y is None else np.unique(samples.y).tolist():
        if not is_missing(label):
            groups[f"y = {label}"] = np.flatnonzero(samples.y == label)
    rows = []
    for name, members in groups.items():
        part = table.iloc[members]
        row = {"samples": name, "n": len(part)}
        if "change" in table:
            row |= {"before": part["before"].mean(), "after": part["after"].mean()}
            options = {"confidence": confidence, "random_state": seed}
            blocks = samples.take(members).blocks()
            ends = mean_interval(part["change"].to_numpy(), blocks, **options)
            row |= dict(zip(("change", "low", "high"), map(float, ends), strict=True))
        if "flipped" in table:
            row["flipped"] = part["flipped"].mean()
        outside = part[["outside_alone", "outside_together"]]
        unknown = outside.isna().any(axis=None)
        row["outside"] = float("nan") if unknown else float(outside.any(axis=1).mean())
        rows.append(row)
    return pd.DataFrame(rows)


def _ranges(samples, changed, steps, ends, alone):
    """Return what was changed, and the range that real genes have there."""
    rows = []
    for place, (bins, mark, operation, value) in enumerate(steps):
        start, size = samples.window[0], samples.bin_size
        row = {"mark": samples.marks[mark], "first": start + bins.start * size}
        row |= {"last": start + bins.stop * size, "operation": operation, "value": value}
        levels = [signed_log1p(X[:, bins, mark]).mean() for X in (samples.X, changed)]
        levels = np.array([*levels, *ends[place]])
        of = "before", "after", "observed_low", "observed_high"
        row |= dict(zip(of, np.sign(levels) * np.expm1(np.abs(levels)), strict=True))
        row["outside"] = float("nan") if alone is None else alone[:, place].mean()
        rows.append(row)
    found = pd.DataFrame(rows)
    found["value"] = pd.Series([step[3] for step in steps], dtype=object)  # None stays None
    return found


def _warn(result, known, n_real):
    if not known:
        warnings.warn(
            f"{n_real} real genes are too few to know the range of their signals: whether the "
            "changed signals are outside of it is not known. Give more as reference=.",
            HistoexprWarning,
            stacklevel=4,
        )
    elif result.outside > _MOST_OUTSIDE:
        alone, together = (
            result.table[column].mean() for column in ("outside_alone", "outside_together")
        )
        warnings.warn(
            f"{result.outside:.0%} of the changed genes are outside the observed range: in "
            f"{alone:.0%} a changed mark is beyond that of real genes, in {together:.0%} marks "
            "together are far from any. There the estimator extrapolates. Take a smaller change, "
            "such as operation='low' or 'high', or the genes whose table says False.",
            HistoexprWarning,
            stacklevel=4,
        )
