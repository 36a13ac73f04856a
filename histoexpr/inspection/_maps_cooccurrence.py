"""Co-occurrence of marks in class maps, beside what maps show whose marks do not meet."""

from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ..generation import SignalGenerator
from ..utils import HasMethods, Interval, check_type, progress_bar, validate_params
from ._class_map_results import ClassMaps
from ._cooccurrence import mean_of, measure
from ._null_pool import pool_of_generator, pool_of_genes
from ._presence import QUANTILE, read_presence

_COUNT = Interval(Integral, 2, None, closed="left")


@validate_params(
    {**QUANTILE, "classifier": [HasMethods(["predict_proba"])], "n_strata": [_COUNT],
     "n_draws": [_COUNT], "n_pool": [_COUNT], "random_state": ["random_state"],
     "verbose": ["verbose"]},
    prefer_skip_nested_validation=True,
)  # fmt: skip
def maps_cooccurrence(
    classifier,
    maps,
    *,
    generator=None,
    reference=None,
    strata="auto",
    n_strata=10,
    n_draws=20,
    n_pool=5000,
    random_state=None,
    verbose=0,
    quantile=0.75,
    thresholds=None,
    n_windows=10,
    edges=None,
    marks=None,
    window=None,
    bin_size=None,
):
    """Estimate which marks are present together in class maps, beside a null.

    Maps are selected by their scores. Where a classifier adds up the marks, one makes up for the
    lack of another, so that in maps even independent marks look mutually exclusive (Berkson
    [1]_). The null is what as many signals of the same scores show whose marks do not belong
    together: each mark is that of another sample. ``excess`` of the result is what maps show
    beyond it.

    Parameters
    ----------
    classifier : classifier
        That the maps are of.
    maps : ClassMaps or list of ClassMaps
        Of the methods "gan" or "data" of :func:`class_maps`. Several are those of several
        generators, which the interval is over.
    generator : SignalGenerator or list of SignalGenerator, optional
        That the maps of method "gan" were made with, one for each.
    reference : HistoneDataset or array-like of shape (n_reference, n_bins, n_marks), optional
        Real genes: those that the maps of method "data" were selected from, which need it. The
        thresholds are taken from them; default from the signals of ``generator``.
    strata : "auto", str, array-like of shape (n_reference,) or None, default="auto"
        What all marks of a null sample share, for method "data": they come from samples of one
        stratum of ``reference``, see :func:`mark_cooccurrence`. Those of "gan" share class and
        cell type of the generator, if it knows them.
    n_strata : int, default=10
        Number of quantile bins of a number, such as expression.
    n_draws : int, default=20
        Draws of the null, each of as many samples as there are maps.
    n_pool : int, default=5000
        Samples that each draw is selected from.
    random_state : int, RandomState instance or None, default=None
    verbose : int, default=0
        1 shows a progress bar: every draw takes predictions for ``n_pool`` samples.
    quantile : float, default=0.75
        See :func:`mark_cooccurrence`.
    thresholds
        See :func:`mark_cooccurrence`.
    n_windows : int, default=10
        See :func:`mark_cooccurrence`.
    edges, marks, window, bin_size
        See :func:`mark_cooccurrence`.

    Returns
    -------
    MarkCooccurrence
        With ``null_mean``, ``null_sd`` and ``excess``; NaN for a mark with itself elsewhere, whose
        null would be the mark itself. Intervals, of ``excess``, only of several generators.

    Warns
    -----
    HistoexprWarning
        If the pool has too few samples with the scores of the maps.

    Raises
    ------
    ValueError
        If maps are of method "gradient", which start from noise and have no null, lack generator
        or reference, are more than ``n_pool``, of one mark, or their marks, orientation or shape
        differ from those of the others.
    TypeError
        If maps are no ClassMaps.

    Notes
    -----
    For each draw, whole tracks of each mark are shuffled over ``n_pool`` samples within strata,
    the classifier scores the samples, and for each of the maps the free sample whose log-odds
    are nearest is taken. ``null_mean`` and ``null_sd`` are mean and standard deviation of
    ``log2_odds`` over draws; the formula is that of :func:`mark_cooccurrence` in one stratum.
    ``null_sd`` is how far as many maps of unpaired marks would scatter. It falls with the number
    of maps, which the user chooses, and does not cover how another generator would differ: give
    several for that.

    References
    ----------
    .. [1] Berkson (1946), Limitations of the application of fourfold table analysis to hospital
       data, Biometrics Bulletin 2(3).

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, class_maps, make_histone_cells
    >>> from histoexpr import maps_cooccurrence
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> model = HistoneLinearClassifier(n_regions=2).fit(data)
    >>> maps = class_maps(model, 1, method="data", X=data, probability=0.9, n_maps=60)
    >>> found = maps_cooccurrence(
    ...     model, maps, reference=data, edges=[-1000, 1000], n_draws=5, random_state=0
    ... )
    >>> found.n_draws, found.null_strata, found.unit is None
    (5, 'expression', True)
    """
    check_is_fitted(classifier)
    sets, generators = _pairs(maps, generator, reference)
    rng = check_random_state(random_state)
    pools = []
    for (name, one), of in zip(sets.items(), generators, strict=True):
        if of is None:
            pools.append(pool_of_genes(classifier, reference, strata, n_strata))
        else:
            pools.append(pool_of_generator(classifier, of, n_pool, rng))
        n_marks = np.shape(one.signals)[2]
        if n_marks < 2:
            raise ValueError(f"{name} has one mark. Co-occurrence beside a null needs two.")
        if len(one.scores) > min(n_pool, len(pools[-1].samples)):
            raise ValueError(
                f"{name} has {len(one.scores):,} maps, more than the "
                f"{min(n_pool, len(pools[-1].samples)):,} samples of the null. Raise n_pool or "
                "give fewer maps."
            )
    windowing = {"quantile": quantile, "thresholds": thresholds, "n_windows": n_windows}
    windowing |= {"edges": edges, "marks": marks, "window": window, "bin_size": bin_size}
    given = reference
    if reference is None:
        given = _arranged(np.concatenate([p.samples.X for p in pools]), pools[0], sets)
    arrays, windows = read_presence(sets, reference=given, **windowing)
    found, bar = [], progress_bar(total=n_draws * len(sets), desc="null", show=verbose > 0)
    with bar:
        for (name, one), pool in zip(sets.items(), pools, strict=True):
            result = measure(windows.of(arrays[name]), windows, _everywhere(one))
            draws = []
            for _ in range(n_draws):
                signals = pool.draw(one, n_pool, rng)
                draws.append(windows.of(_arranged(signals, pool, sets)))
                bar.update()
            pool.warn_if_missed(name)
            found.append(_beside_null(result, draws, windows, pool.name))
    return found[0] if len(found) == 1 else mean_of(found)


def _pairs(maps, generator, reference):
    """Return maps by the name that messages have for them, and the generator of each or None."""
    several = isinstance(maps, list | tuple)
    sets = {f"maps[{n}]": one for n, one in enumerate(maps)} if several else {"maps": maps}
    if not sets:
        raise ValueError("maps is empty. Give ClassMaps, one or more.")
    generators = list(generator) if isinstance(generator, list | tuple) else [generator]
    if len(generators) == 1 and generators[0] is None:
        generators *= len(sets)
    if len(generators) != len(sets):
        raise ValueError(
            f"There are {len(generators)} generators for {len(sets)} maps. Give one for each."
        )
    chosen = []
    for (name, one), of in zip(sets.items(), generators, strict=True):
        check_type(name, one, ClassMaps, "Make them with histoexpr.class_maps.")
        if one.method == "gradient":
            raise ValueError(
                f"{name} are of method 'gradient', signals that no cell has, and have no null. "
                "Make maps of method 'gan' or 'data'."
            )
        if one.method == "gan":
            if of is None:
                raise ValueError(
                    f"{name} are of method 'gan' and have no null without their generator. Give "
                    "the SignalGenerator that they were made with as generator."
                )
            check_type("generator", of, SignalGenerator, "Give the one that made the maps.")
            check_is_fitted(of)
        elif reference is None:
            raise ValueError(
                f"{name} are of method 'data' and have no null without the real genes that they "
                "were selected from. Give these as reference."
            )
        chosen.append(of if one.method == "gan" else None)
    if several and len(sets) > 1 and any(of is None for of in chosen):
        raise ValueError(
            "Several maps are those of several generators, but some are of real genes. Call "
            "maps_cooccurrence for these on their own."
        )
    return sets, chosen


def _everywhere(maps):
    return np.zeros(len(maps.scores), dtype=np.intp)


def _arranged(signals, pool, sets):
    """Return signals of a pool with their marks in the order of the maps."""
    marks = next((one.marks for one in sets.values() if one.marks is not None), None)
    if marks is None or marks == pool.samples.marks:
        return signals
    return signals[:, :, [pool.samples.mark_number(mark, "maps") for mark in marks]]


def _beside_null(result, draws, windows, name):
    """Return a result with the null that draws of presence make."""
    null = [measure(present, windows, np.zeros(len(present), dtype=np.intp)).log2_odds
            for present in draws]  # fmt: skip
    null = np.array(null)
    defined = np.isfinite(null).sum(axis=0)
    enough = defined > len(null) / 2  # a mark may be in none of a draw
    filled = np.where(np.isfinite(null), null, 0.0)
    mean = filled.sum(axis=0) / np.maximum(defined, 1)
    away = np.where(np.isfinite(null), null - mean, 0.0)
    sd = np.sqrt(np.square(away).sum(axis=0) / np.maximum(defined - 1, 1))
    n_marks = mean.shape[1]
    for mark in range(n_marks):  # shuffled as a whole, a mark is its own companion
        enough[:, mark, :, mark] = False
    result.null_mean = np.where(enough, mean, np.nan)
    result.null_sd = np.where(enough, sd, np.nan)
    result.n_draws, result.null_strata = len(draws), name
    result.errors = np.full_like(result.errors, np.nan)
    return result
