"""How much worse an estimator predicts held-out genes without a mark in a region."""

from itertools import pairwise
from numbers import Integral, Real

import numpy as np
import pandas as pd

from ..metrics import draw_genes, expanded_interval
from ..utils import (
    HasMethods,
    Interval,
    StrOptions,
    check_positive_int,
    progress_bar,
    random_generator,
    region_edges,
    validate_params,
)
from ._importance_results import MarkImportance
from ._model_output import ModelOutput
from ._samples import Samples
from ._scoring import Scoring
from ._swap_tracks import Swaps

_RESAMPLES = 500


@validate_params(
    {
        "estimator": [HasMethods(["predict_proba"]), HasMethods(["predict"])],
        "scoring": [str, None],
        "method": [StrOptions({"permute", "remove"})],
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "confidence": [Interval(Real, 0, 1, closed="neither")],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def mark_importance(
    estimator,
    X,
    y=None,
    *,
    scoring=None,
    method="permute",
    marks=None,
    regions=None,
    within=None,
    target=None,
    n_repeats=5,
    confidence=0.95,
    window=None,
    bin_size=None,
    mark_names=None,
    random_state=None,
    verbose=0,
):
    """Measure how much worse an estimator predicts without a mark, everywhere or in a region.

    The signals of the mark are exchanged between genes, or removed, and the score is taken again.
    Give genes that the estimator has not been fitted on: of training genes, importance is what
    was memorised, too.

    Parameters
    ----------
    estimator : classifier with ``predict_proba``, or regressor
        Fitted; any that takes signals of three axes: networks, Pipelines, searches, models of
        reference cells.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Signals of held-out genes. A data set brings chromosomes, for the intervals.
    y : array-like of shape (n_samples,), optional
        What is to be predicted; by default the labels of the data set, or for scores of
        expression its ``log2_fold_change``, or where it has none ``log2(expression + 1)``.
    scoring : str, optional
        ``"roc_auc"`` (default for classifiers), ``"average_precision"``, ``"log_loss"`` or
        ``"brier_score_loss"``; ``"r2"`` (default for regressors), ``"pearson"``, ``"spearman"`` or
        ``"root_mean_squared_error"``. Of a classifier, correlations are those of log-odds with a
        numeric y; of a regressor, the first two take labels 0 and 1.
    method : {"permute", "remove"}, default="permute"
        ``"permute"`` gives each gene the track of another of the same cell; one gene gives all
        bins of the region (and all marks of a group), so tracks are real ones. ``"remove"`` sets
        them to 0, which real genes may never show.
    marks : sequence of str, or of sequences of str, optional
        Names or numbers of marks; those in a sequence of their own are taken together, such as
        ``[["H3K4me3", "H3K27ac"], "H3K36me3"]``. By default each mark.
    regions : int or sequence of tuples of two int, optional
        Number of regions of equal width, or (first, exclusive last) positions in bp relative to
        the TSS. By default the whole window.
    within : array-like of shape (n_samples,), optional
        Strata, such as chromatin states or ``pandas.qcut(score, 10, labels=False)``, inside which
        tracks are exchanged: what a mark tells beyond the stratum (see Notes).
    target : label, optional
        Class of a classifier; by default the last of two.
    n_repeats : int, default=5
        Number of permutations; the same ones for all marks and regions. Removal takes one.
    confidence : float, default=0.95
        Confidence of the intervals.
    window : tuple of two int, optional
    bin_size : int, optional
        What an array covers in bp relative to the TSS, and the width of its bins in bp; default
        those of the data set or of the estimator, or centred and 100.
    mark_names : list of str, optional
        Names of the marks of an array; default those of the estimator.
    random_state : int, RandomState instance or None, default=None
        Seed of permutations and resamples.
    verbose : int, default=0
        Whether to show a progress bar on standard error.

    Returns
    -------
    MarkImportance

    Raises
    ------
    ValueError
        If a mark, region, score or class is unknown, y does not fit X or the score, or strata are
        of single samples.

    See Also
    --------
    perturb : Change signals of genes, and the prediction with them.

    Notes
    -----
    With s the score of the intact data and s_r that with permutation r of the tracks, importance
    is s - mean(s_r), of losses its negative [1]_ [2]_. The interval is the expanded percentile
    interval (see :func:`histoexpr.metrics.bootstrap_mean`) of 500 resamples of whole chromosomes;
    of fewer than ten they are pieces of 5 Mb, and without positions genes. It holds for this fit
    and one row at a time: refit the estimator to see how importance varies between fits.

    Importance is of the fitted estimator, no causal effect. Of marks that tell the same each has
    little alone: take them together. Permuted tracks also meet tracks of other marks that they
    never occur with, where an estimator was not trained [3]_; ``within`` keeps more of that
    dependence [4]_ and asks what a mark adds to what the strata say.

    References
    ----------
    .. [1] Breiman (2001), Random forests, Machine Learning 45:5-32.
    .. [2] Fisher, Rudin & Dominici (2019), All models are wrong, but many are useful, Journal of
       Machine Learning Research 20(177).
    .. [3] Hooker, Mentch & Zhou (2021), Unrestricted permutation forces extrapolation, Statistics
       and Computing 31:82.
    .. [4] Strobl et al. (2008), Conditional variable importance for random forests, BMC
       Bioinformatics 9:307.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells, mark_importance
    >>> data = make_histone_cells(n_cells=1, n_genes=600, random_state=0)
    >>> linear = HistoneLinearClassifier(device="cpu").fit(data[:300])
    >>> found = mark_importance(linear, data[300:], n_repeats=2, random_state=0)
    >>> list(found.table)
    ['mark', 'first', 'last', 'importance', 'low', 'high', 'sd', 'score']
    >>> best = found.table.sort_values("importance").iloc[-1]
    >>> best["mark"], bool(best["low"] > 0)
    ('H3K4me3', True)
    """
    if within is not None and method == "remove":
        raise ValueError(
            "within is of strata that tracks are exchanged in; method='remove' exchanges none. "
            "Leave it out, or take method='permute'."
        )
    output = ModelOutput(estimator, target)
    samples = Samples(X, [estimator], marks=mark_names, window=window, bin_size=bin_size)
    score = Scoring(scoring, output, samples, y)
    groups, places = _groups(samples, marks), _places(samples, regions)
    rng = random_generator(random_state)
    blocks = samples.blocks()
    drawn = draw_genes(blocks.n_blocks, _RESAMPLES, int(rng.integers(2**31)))[blocks.codes]
    swaps = Swaps(samples, within, n_repeats, rng) if method == "permute" else None
    n_filled = len(np.unique(blocks.codes))

    def score_of(signals):
        predicted = output(samples.given(signals, estimator))
        return score(predicted)[0], score(predicted, drawn)

    n_repeats = n_repeats if swaps is not None else 1
    intact, replicates = score_of(samples.X)
    rows = []
    options = {"total": len(groups) * len(places) * n_repeats, "desc": "Marks", "unit": "repeat"}
    with progress_bar(show=bool(verbose), **options) as bar:
        for name, numbers in groups:
            for (first, last), bins in places:
                scores, lost = [], np.zeros(_RESAMPLES)
                for repeat in range(n_repeats):
                    changed = samples.X.copy()
                    _change(changed, bins, numbers, swaps, repeat)
                    found, resampled = score_of(changed)
                    scores.append(found)
                    lost += score.worse(replicates, resampled) / n_repeats
                    bar.update()
                ends = expanded_interval(lost, n_filled, confidence)
                rows.append((name, first, last, *_summary(score, intact, scores, ends)))
    columns = ["mark", "first", "last", "importance", "low", "high", "sd", "score"]
    return MarkImportance(
        pd.DataFrame(rows, columns=columns),
        float(intact),
        *expanded_interval(replicates, n_filled, confidence),
        score.name,
        score.label,
        score.is_loss,
        method,
        len(samples),
        n_repeats,
        confidence,
        blocks.unit,
        n_filled,
        within is not None,
        output.target,
        samples.oriented,
    )


def _change(signals, bins, numbers, swaps, repeat):
    """Exchange or remove marks between bins, in place."""
    for number in numbers:
        track = signals[:, bins, number]
        signals[:, bins, number] = 0 if swaps is None else track[swaps.donors[repeat]]


def _summary(score, intact, scores, ends):
    """Return importance, low, high, deviation over repeats, and mean score."""
    mean = float(np.mean(scores))
    spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else float("nan")
    return float(score.worse(intact, mean)), *ends, spread, mean


def _groups(samples, marks):
    """Return (name, numbers) of each mark, or group of marks, that is asked for."""
    if marks is None:
        return [(name, [number]) for number, name in enumerate(samples.marks)]
    if isinstance(marks, str) or not np.iterable(marks):
        marks = [marks]
    groups = []
    for group in marks:
        alone = isinstance(group, str) or not np.iterable(group)
        members = [group] if alone else list(group)
        numbers = [samples.mark_number(mark, "marks") for mark in members]
        if not numbers or len(set(numbers)) < len(numbers):
            raise ValueError(f"marks has the group {group!r}; name one or several, each once.")
        groups.append((" + ".join(samples.marks[number] for number in numbers), numbers))
    names = [name for name, _ in groups]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"marks is {marks!r}; name one or several, each once.")
    return groups


def _places(samples, regions):
    """Return ((first, last) in bp, slice of bins) of each region that is asked for."""
    n_bins = samples.X.shape[1]
    if regions is None or isinstance(regions, Integral):
        n_regions = 1 if regions is None else check_positive_int("regions", regions)
        slices = [slice(*pair) for pair in pairwise(region_edges(n_bins, n_regions))]
        start, size = samples.window[0], samples.bin_size
        return [((start + s.start * size, start + s.stop * size), s) for s in slices]
    if isinstance(regions, str) or not np.iterable(regions):
        raise ValueError(
            f"regions must be a number of regions or (first, last) pairs in bp, got {regions!r}."
        )
    regions = list(regions)
    if len(regions) == 2 and all(isinstance(end, Real) for end in regions):
        regions = [tuple(regions)]
    found = [(region, samples.bins(region, "regions")) for region in regions]
    pairs = [(int(first), int(last)) for (first, last), _ in found]
    if not pairs or len(set(pairs)) < len(pairs):
        raise ValueError(f"regions is {regions!r}; give one or several, each once.")
    return [(pair, bins) for pair, (_, bins) in zip(pairs, found, strict=True)]
