"""Co-occurrence of marks: odds ratios of their presence in windows around the TSS."""

from itertools import combinations_with_replacement
from numbers import Integral

import numpy as np

from ..metrics import resampling_blocks
from ..utils import Interval, is_dataset, validate_params
from ._class_map_results import ClassMaps
from ._cooccurrence_results import MarkCooccurrence
from ._model_output import ModelOutput
from ._odds import Odds, count, pooled_odds
from ._presence import QUANTILE, read_presence
from ._samples import Samples
from ._strata import find_strata, number

_NEED_A_NULL = (
    "{name} are class maps, selected by their scores: marks that have nothing to do with each "
    "other look mutually exclusive among them. maps_cooccurrence sets them beside a null. For the "
    "raw figure give maps.signals with generated=True."
)


@validate_params(
    {**QUANTILE, "n_strata": [Interval(Integral, 2, None, closed="left")],
     "generated": ["boolean"]},
    prefer_skip_nested_validation=True,
)  # fmt: skip
def mark_cooccurrence(
    signals,
    *,
    strata="auto",
    n_strata=10,
    estimator=None,
    target=None,
    generated=False,
    reference=None,
    quantile=0.75,
    thresholds=None,
    n_windows=10,
    edges=None,
    marks=None,
    window=None,
    bin_size=None,
):
    """Estimate which marks are present together, by distance from the TSS.

    A mark is present in a window of a sample if it has signal there and its mean reaches the
    threshold of the mark. The association of two marks is the odds ratio of their presence
    in the same samples, which does not depend on how common either is. It is adjusted for
    expression: odds ratios within strata of samples are pooled by Mantel-Haenszel [1]_. The
    unadjusted odds ratio stands beside it.

    Parameters
    ----------
    signals : HistoneDataset, array-like of shape (n_samples, n_bins, n_marks), or list of either
        Real or generated signals, of all classes or of one. Several, as a list, are those of
        several generators or seeds: their mean is given, with an interval over them.
    strata : "auto", str, array-like of shape (n_samples,) or None, default="auto"
        What is held fixed. A str is a column of the data set, such as "expression"; floats are
        binned by quantiles, other values are classes, such as chromatin states, within each cell
        of the data set. "auto" is expression, else the labels, where the data set knows them.
        None is unadjusted.
    n_strata : int, default=10
        Number of quantile bins.
    estimator : classifier or regressor, optional
        Fitted, for signals of unknown expression: strata are bins of its log-odds, or prediction,
        with both marks of the pair at their mean signal, so that they are of the other marks;
        see Notes. Then leave out ``strata``.
    target : label, optional
        Class of the log-odds; by default the last of two.
    generated : bool, default=False
        Whether the signals were generated. There are no intervals over such samples, whose
        number is the user's choice; those of a list are over its members.
    reference : HistoneDataset or array-like of shape (n_reference, n_bins, n_marks), optional
        Signals that the thresholds are taken from, the same for all sets to compare, such as
        real genes of all classes. Default ``signals``. Marks are matched by name.
    quantile : float, default=0.75
        The threshold of a mark is this quantile of its mean signal in all windows of all
        reference signals, the same in every window.
    thresholds : array-like of shape (n_marks,), optional
        Mean signal per bin from which on each mark is present, instead of a quantile.
    n_windows : int, default=10
        Number of windows, all as wide as whole bins allow.
    edges : sequence of int, optional
        Borders of the windows in bp relative to the TSS, upwards, instead of ``n_windows``.
    marks : list of str, optional
        Mark names; default those of the signals, else ``mark1``, ``mark2``, ...
    window : tuple of two int, optional
        What the signals cover in bp relative to the TSS; default that of the data set, or
        centred.
    bin_size : int, optional
        Width of a bin in bp; default that of the data set, or 100.

    Returns
    -------
    MarkCooccurrence

    Raises
    ------
    ValueError
        If signals are class maps (see :func:`maps_cooccurrence`) or negative, differ in shape,
        marks or orientation from the reference, the windows from the bins, the thresholds from
        the marks, or strata are missing, unknown or of one sample each.

    Notes
    -----
    Of the n samples of a stratum, n11 have both marks, n10 and n01 one of them and n00 neither.
    To each of the four counts half a sample is added, divided among the strata by their size,
    so that odds ratios are finite where a count is 0 [2]_. Over strata of n samples::

        L(n11, n10, n01, n00) = log2(sum(n11 n00 / n) / sum(n10 n01 / n))

    Of independent marks L is not 0 when they are rare. ``log2_odds`` is therefore
    L(n11, n10, n01, n00) - L(e11, e10, e01, e00), where e are the counts expected of
    marks that are independent in the stratum: e11 = n p q, e10 = n p (1 - q),
    e01 = n (1 - p) q and e00 = n (1 - p) (1 - q), with p and q the shares of its samples in
    which they are present.

    Standard errors are those of Robins, Breslow and Greenland [3]_, of independent samples. Where
    chromosomes are known, or genes that occur several times, a jackknife over chromosomes (or
    5-Mb blocks, or genes) [4]_ replaces them where it is larger, with Student's distribution.

    What the figures mean depends on what is held fixed. Unadjusted over both classes, marks that
    are both of expressed genes are associated, whether or not they meet on the same genes.
    Given expression that is gone: marks that depend on expression only have 0. If expression
    depends on the marks, however, independent marks are negatively associated among genes of like
    expression, as either makes up for the lack of the other (Berkson [5]_), and so they are
    within a class: simulated with five such marks -0.7 given expression and -0.4 given the class,
    unadjusted 0. An association of the same sign in both columns is neither. Strata of
    predicted log-odds of the same marks would be worse, -1.0 in both simulations; with both marks
    of a pair left out they give 0 in the second, and in the first a part of what expression
    explains is left (+0.8 of +2.1).

    Positions run as the bins do, which ``oriented`` of the result states. In bins along the
    genome upstream and downstream are mixed: turn a data set with :meth:`HistoneDataset.orient`.

    References
    ----------
    .. [1] Mantel and Haenszel (1959), Statistical aspects of the analysis of data from
       retrospective studies of disease, J. Natl. Cancer Inst. 22(4).
    .. [2] Gart (1966), Alternative analyses of contingency tables, J. R. Stat. Soc. B 28(1).
    .. [3] Robins, Breslow and Greenland (1986), Estimators of the Mantel-Haenszel variance
       consistent in both sparse data and large-strata limiting models, Biometrics 42(2).
    .. [4] Busing, Meijer and van der Leeden (1999), Delete-m jackknife for unequal m, Stat.
       Comput. 9.
    .. [5] Berkson (1946), Limitations of the application of fourfold table analysis to hospital
       data, Biometrics Bulletin 2(3).

    Examples
    --------
    >>> from histoexpr import make_histone_cells, mark_cooccurrence
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> found = mark_cooccurrence(data, edges=[-1000, 1000])
    >>> found.strata
    'expression'
    >>> found.table.loc[0, ["first_mark", "second_mark"]].tolist()
    ['H3K27me3', 'H3K36me3']
    """
    if estimator is not None and not (isinstance(strata, str) and strata == "auto"):
        raise ValueError(
            "Both strata and an estimator are given. Leave one out: strata are of the estimator's "
            "log-odds, or of what strata says."
        )
    several = _several(signals)
    if several and _is_own(strata):
        raise ValueError(
            "strata of several sets of signals are None, or a column that all of them have; got "
            "values. Call mark_cooccurrence for each set."
        )
    sets = _named(signals, several)
    windowing = {"quantile": quantile, "thresholds": thresholds, "n_windows": n_windows}
    windowing |= {"edges": edges, "marks": marks, "window": window, "bin_size": bin_size}
    arrays, windows = read_presence(sets, reference=reference, **windowing)
    found = []
    for name, values in sets.items():
        present = windows.of(arrays[name])
        blocks = None if generated or several else _blocks(values)
        if estimator is None:
            of = find_strata(strata, values, len(present), n_strata)
            one = measure(present, windows, of.codes, of.name, blocks)
        else:
            codes = _strata_of_others(estimator, target, values, n_strata, windowing, name)
            one = measure(present, windows, codes, "log-odds of the other marks", blocks)
        if blocks is None:
            if generated or several:
                one.errors, one.unit, one.n_units = np.full_like(one.errors, np.nan), None, 0
            else:
                one.unit, one.n_units = "sample", len(present)
        found.append(one)
    return found[0] if not several else mean_of(found)


def _is_own(strata):
    """Whether strata are values, one per sample."""
    return strata is not None and not isinstance(strata, str)


def measure(present, windows, codes, strata=None, blocks=None):
    """Return the MarkCooccurrence of presence in Windows, (n_samples, n_windows, n_marks).

    ``codes`` are the numbers of strata, or those of every pair of marks by the pair.
    """
    n_samples, *shape = present.shape
    flat = present.reshape(n_samples, -1)
    if isinstance(codes, dict):
        found = _pair_by_pair(present, codes, blocks)
    else:
        found = pooled_odds(flat, flat, codes, blocks), _expected(flat, flat, codes)
    odds, expected = found
    unadjusted = odds.log2_odds
    if strata is not None:
        unadjusted = pooled_odds(flat, flat, np.zeros(n_samples, dtype=np.intp)).log2_odds
    for values in (unadjusted, odds.log2_odds, odds.errors):
        np.fill_diagonal(values, np.nan)

    def shaped(values):
        return values.reshape(2 * tuple(shape))

    return MarkCooccurrence(
        flat.mean(axis=0).reshape(shape),
        shaped(flat.T @ flat / n_samples),
        *map(shaped, (expected, odds.log2_odds, unadjusted, odds.errors, odds.n_strata)),
        windows.edges,
        windows.thresholds,
        windows.marks,
        n_samples,
        strata,
        unit=None if blocks is None else blocks.unit,
        n_units=0 if blocks is None else blocks.n_blocks,
        oriented=windows.oriented,
    )


def mean_of(found):
    """Return the mean of results of several generators, with errors over these."""
    first, n = found[0], len(found)

    def over(name):
        return np.array([getattr(one, name) for one in found])

    def mean(name):
        return over(name).mean(axis=0)

    null = {}
    if first.null_mean is not None:
        spread = np.sqrt(np.square(over("null_sd")).mean(axis=0))
        null = {"null_mean": mean("null_mean"), "null_sd": spread, "n_draws": first.n_draws}
        null["null_strata"] = first.null_strata
    return MarkCooccurrence(
        *map(mean, ("present", "together", "expected", "log2_odds", "log2_odds_unadjusted")),
        over("association").std(axis=0, ddof=1) / np.sqrt(n),
        over("n_strata").min(axis=0),
        first.edges,
        first.thresholds,
        first.marks,
        sum(one.n_samples for one in found),
        first.strata,
        "generator",
        n,
        first.oriented,
        **null,
    )


def _several(signals):
    """Whether signals are a list of sets, not nested lists of one."""
    if not isinstance(signals, list | tuple) or not len(signals):
        return False
    return all(isinstance(s, ClassMaps) or is_dataset(s) or np.ndim(s) == 3 for s in signals)


def _named(signals, several):
    """Return sets of signals by the name that messages have for them."""
    sets = {"signals": signals}
    if several:
        if len(signals) < 2:
            raise ValueError("signals is a list of one set. Give two generators or more, or it.")
        sets = {f"signals[{n}]": one for n, one in enumerate(signals)}
    for name, one in sets.items():
        if isinstance(one, ClassMaps):
            raise ValueError(_NEED_A_NULL.format(name=name))
    return sets


def _blocks(signals):
    """Return Blocks of real samples; None where they may be taken as independent."""
    if not is_dataset(signals):
        return None
    of = {name: getattr(signals, name, None) for name in ("chrom", "tss", "gene")}
    blocks = resampling_blocks(len(signals), **of)
    alone = blocks.unit.startswith("gene") and len(np.unique(signals.gene)) == len(signals)
    return None if alone or blocks.n_blocks < 2 else blocks


def _strata_of_others(estimator, target, signals, n_strata, windowing, name):
    """Return numbers of strata of the log-odds without each pair of marks, by the pair."""
    output = ModelOutput(estimator, target)
    given = {key: windowing[key] for key in ("marks", "window", "bin_size")}
    samples = Samples(signals, [estimator], **given, name=name)
    n_marks = samples.X.shape[2]
    if n_marks < 3:
        raise ValueError(
            f"With {n_marks} marks no others are left to predict expression from. Leave out "
            "estimator, or give strata."
        )
    cells = None if samples.cell is None else np.unique(samples.cell, return_inverse=True)[1]
    typical, codes = samples.X.mean(axis=0), {}
    for pair in combinations_with_replacement(range(n_marks), 2):
        X = samples.X.copy()
        X[:, :, list(pair)] = typical[:, list(pair)]
        codes[pair] = number(output(samples.given(X, estimator)), n_strata, cells)
    return codes


def _pair_by_pair(present, codes, blocks):
    """Return Odds and expected shares of all columns, of strata that differ by pair of marks."""
    n_windows, n_marks = present.shape[1:]
    shape = n_windows, n_marks, n_windows, n_marks
    made = [np.empty(shape), np.empty(shape), np.empty(shape, dtype=int), np.empty(shape)]
    for (j, k), of in codes.items():
        first, second = present[:, :, j], present[:, :, k]
        parts = *pooled_odds(first, second, of, blocks), _expected(first, second, of)
        for values, part in zip(made, parts, strict=True):
            values[:, j, :, k], values[:, k, :, j] = part, part.T
    flat = [values.reshape(n_windows * n_marks, -1) for values in made]
    return Odds(*flat[:3]), flat[3]


def _expected(first, second, codes):
    """Return the shares of samples with both that independence within strata would give."""
    counts = count(first, second, codes, int(codes.max()) + 1)
    n = np.maximum(counts.n, 1)[:, None, None]
    both = counts.first[:, :, None] * counts.second[:, None, :] / n
    return both.sum(axis=0) / len(first)
