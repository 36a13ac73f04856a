"""Counterfactuals of real genes: the nearest generated signals that are put into another class."""

from numbers import Real

import numpy as np
import torch
from scipy.special import expit, logit
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._training import gradients
from ..generation import SignalGenerator
from ..utils import (
    HasMethods,
    Interval,
    check_positive_int,
    find_order,
    validate_params,
)
from ._counterfactual_results import collect
from ._counterfactual_scores import RealGenes
from ._differentiable import log_odds
from ._latent_codes import LogScale
from ._latent_search import Costs, invert, nearest_by_gradient
from ._model_output import ModelOutput
from ._sampled_search import nearest_by_samples
from ._samples import Samples
from ._signals import common_orientation, fitted_marks, marks_for, what_is_covered

# Real genes of the class, and random codes of it, towards which a gene goes without gradients
_ANCHORS, _DRAWN = 16, 8
# Probabilities of a function of tensors and of the classifier that differ more are of others
_SAME = 1e-3


@validate_params(
    {
        "classifier": [HasMethods(["predict_proba"])],
        "generator": [SignalGenerator, list, tuple],
        "probability": [Interval(Real, 0.5, 1, closed="left")],
        "prior": [Interval(Real, 0, None, closed="left")],
        "sparsity": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def counterfactuals(
    classifier,
    X,
    *,
    generator,
    reference,
    target=None,
    probability=0.75,
    prior=0.1,
    sparsity=1.0,
    n_regions=10,
    n_steps=150,
    random_state=None,
    verbose=0,
):
    """Find, for real genes, the nearest generated signals that are put into the other class.

    Parameters
    ----------
    classifier : classifier
        Fitted, with ``predict_proba``. Gradients are used where they pass, see
        :func:`class_maps`; for others (boosting, forests) candidates are tried.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        The genes to explain.
    generator : SignalGenerator or list of SignalGenerator
        Fitted. With several, such as fits with other seeds, each finds its own counterfactuals,
        and the table says how far they agree.
    reference : HistoneDataset or array-like of shape (n_genes, n_bins, n_marks)
        Real genes to compare with, some hundreds or more; X may be among them.
    target : label, optional
        Class to reach; by default that of two which the classifier does not predict.
    probability : float, default=0.75
        Probability of the class that has to be reached, at least 0.5: at 0.5 alone
        counterfactuals would lie on the boundary, where another seed of the classifier undoes
        them.
    prior : float, default=0.1
        Weight of the distance between latent codes.
    sparsity : float, default=1.0
        Weight of the number of regions of marks that change.
    n_regions : int, default=10
        Number of regions of equal width in which changes are sparse and reported.
    n_steps : int, default=150
        Steps of the optimisation that reconstructs a gene, and of that which changes it.
    random_state : int, RandomState instance or None, default=None
        Of the candidates, where gradients do not pass, and of two-sample tests. What
        is found along gradients is the same for all.
    verbose : int, default=0
        1 shows progress bars.

    Returns
    -------
    Counterfactuals
        One row per generator and gene. The counterfactual of a gene does not depend on the other
        genes in X.

    Raises
    ------
    ValueError
        If marks, orientation or window of the classifier, a generator, ``X`` and ``reference``
        differ (the order of marks may), there are not two classes and no target, or no gene of
        the reference reaches the probability.

    See Also
    --------
    class_maps : With ``start``, maps of a class that start from real genes.

    Notes
    -----
    A generator does not reproduce a gene exactly. So every gene x is reconstructed first: code and
    noise of G(z₀) are those of the encoder, optimised (GAN inversion) to minimise ``d(G(z), x)²``
    and, where gradients pass, 0.01 times the squared difference of the log-odds ℓ. What changed is
    the counterfactual less the reconstruction, never less the gene: an error of reconstruction is
    no change. The change is also applied to the gene itself, as a ratio,
    ``x' = (unit + x) (unit + G(z)) / (unit + G(z₀)) - unit``, at least 0, rounded for counts. Over
    the codes z with the noise of z₀ it is minimised

    ``d(G(z), G(z₀))² + sparsity · mean_{r,k} d_{r,k} + prior · ‖z - z₀‖² / (2 n_latent)``

    subject to ``ℓ(G(z)) ≥ logit p`` and ``ℓ(x') ≥ logit p``. d is the root mean square difference
    of log(1 + x / unit) in standard deviations of the marks (both as the generator was fitted),
    d_{r,k} that in a region of a mark, of which the mean is a group lasso. The weight of the
    constraints rises or falls by 8 % in every step, gene by gene, as they are missed or met, and
    of all steps that meet both the cheapest counts. Without gradients the same objective is
    minimised by trial, over places on the way to the codes of the 16 nearest real genes of the
    class and to eight random codes of it, then in 24 rounds of 32 random steps around the best:
    960 candidates a gene.

    The criteria are those of the reviews [1]_ [2]_: validity, proximity, sparsity, plausibility,
    and stability. [3]_ has the objective, [4]_ the search in a latent space. Nearest kin are
    StylEx [5]_, whose encoder also keeps the classifier's output; GANterfactual [6]_, which
    trains a generator to translate; and ExpressionGAN [7]_, which optimises codes of
    regulatory DNA for expression.

    Measured on 52 held-out silent genes of E012 with the CNN and a generator of 600 steps: all
    reached the class, by a change of 0.46 where the nearest real gene of it is at 1.12, and the
    reconstruction misses by 0.22. Yet random forests told them from real genes with the same
    log-odds (AUROC 0.97, the genes with the change 0.94): what changed is plausible, the
    signals are not perfect copies of real ones.

    Of a counterfactual it is known what the *classifier* would say; not what the cell would do.

    References
    ----------
    .. [1] Verma et al. (2024), Counterfactual explanations and algorithmic recourses for machine
       learning: a review, ACM Computing Surveys 56(12), 312.
    .. [2] Guidotti (2024), Counterfactual explanations and how to find them: literature review
       and benchmarking, Data Mining and Knowledge Discovery 38, 2770-2824.
    .. [3] Wachter, Mittelstadt and Russell (2018), Counterfactual explanations without opening
       the black box, Harvard Journal of Law & Technology 31(2), 841-887.
    .. [4] Balasubramanian et al. (2020), Latent-CF: a simple baseline for reverse counterfactual
       explanations, arXiv 2012.09301.
    .. [5] Lang et al. (2021), Explaining in style: training a GAN to explain a classifier in
       StyleSpace, ICCV, 693-702.
    .. [6] Mertes et al. (2022), GANterfactual: counterfactual explanations for medical non-experts
       using generative adversarial learning, Frontiers in Artificial Intelligence 5, 825565.
    .. [7] Zrimec et al. (2022), Controlling gene expression with deep generative design of
       regulatory DNA, Nature Communications 13, 5099.

    Examples
    --------
    >>> from histoexpr import (
    ...     HistoneLinearClassifier, SignalGenerator, counterfactuals, make_histone_cells
    ... )
    >>> data = make_histone_cells(n_cells=1, n_genes=200, random_state=0)
    >>> linear = HistoneLinearClassifier(device="cpu").fit(data)
    >>> generator = SignalGenerator(
    ...     n_steps=20, width=8, encoder_steps=20, random_state=0, device="cpu"
    ... ).fit(data)
    >>> found = counterfactuals(
    ...     linear, data.take([0, 1]), generator=generator, reference=data, n_steps=40
    ... )
    >>> found.table[["gene", "target", "valid"]].shape
    (2, 3)
    """
    generators = _check_generators(generator)
    n_regions = check_positive_int("n_regions", n_regions)
    n_steps = check_positive_int("n_steps", n_steps)
    rng = check_random_state(random_state)
    estimators = [classifier, *generators]
    samples = Samples(X, estimators)
    real = _arranged(Samples(reference, estimators, name="reference"), samples)
    sources = [one.dataset for one in (samples, real) if one.dataset is not None]
    what_is_covered([*sources, *estimators])
    common_orientation([*sources, *estimators])
    output = ModelOutput(classifier, target)
    odds = output(samples.given(samples.X, classifier))
    real_odds = output(real.given(real.X, classifier))
    signs = np.where((odds < 0) | (target is not None), 1, -1)
    labels = np.asarray(classifier.classes_)
    other = labels[labels != output.target]
    targets = np.where(signs > 0, output.target, other[0] if len(other) == 1 else output.target)
    sought = float(logit(probability))
    scale = LogScale(generators[0], _orders(generators[0], samples)[1])
    logs = scale.logs(real.X)
    classes = {}
    for sign in np.unique(signs):
        rows = np.flatnonzero(sign * real_odds >= sought)
        if not len(rows):
            raise ValueError(
                f"No gene of the reference has a probability of {probability:g} or more of the "
                "class to reach, so that there is none to compare with. Give a reference with "
                "more genes, or lower probability."
            )
        classes[int(sign)] = RealGenes(logs, rows)

    def odds_of(signals, rows):
        return signs[rows] * output(samples.take(rows).given(signals, classifier))

    seeds = rng.randint(2**31 - 1, size=2)
    parts, sampled = [], False
    with gradients():
        for one in generators:
            forth, back = _orders(one, samples)
            score = _score(classifier, output, samples, back, odds)
            sampled = score is None
            ours = samples.X[..., forth]
            start = invert(one, ours, score, n_steps=n_steps, show=verbose)
            costs = Costs(one, n_regions, prior, sparsity)
            if sampled:
                anchors = _anchors(one, real.X[..., forth], samples, classes, signs, back)
                drawn = _drawn(one, targets, seeds[0])
                anchors = np.concatenate([anchors, drawn], axis=1)
                shared = one, ours, start, anchors
                found = nearest_by_samples(
                    *shared, lambda made, rows, back=back: odds_of(made[..., back], rows),
                    sought, costs, np.random.RandomState(seeds[0]), show=verbose,
                )  # fmt: skip
            else:
                found = nearest_by_gradient(
                    one, ours, start, score, signs, sought, costs, n_steps=n_steps, show=verbose
                )
            parts.append([made[..., back] for made in (start.signals, *found)])
    return collect(
        parts, samples, real, targets=targets, odds=signs * odds, signs=signs, odds_of=odds_of,
        real_odds=real_odds, classes=classes, probability=probability, n_regions=n_regions,
        scale=scale, sampled=sampled, seed=int(seeds[1]),
    )  # fmt: skip


def _check_generators(generator):
    generators = [generator] if isinstance(generator, SignalGenerator) else list(generator)
    for one in generators:
        if not isinstance(one, SignalGenerator):
            raise ValueError(
                "generator must be a fitted SignalGenerator or a list of them, got a list with "
                f"{type(one).__name__}."
            )
        check_is_fitted(one)
    if not generators:
        raise ValueError("generator is an empty list. Give at least one fitted SignalGenerator.")
    return generators


def _arranged(real, samples):
    """Return the Samples of the reference with the marks in the order of those of X."""
    order = find_order(samples.marks, real.marks)
    if order is None or real.X.shape[1:] != samples.X.shape[1:]:
        raise ValueError(
            f"reference has {real.X.shape[1]} bins of {', '.join(real.marks)}, but X has "
            f"{samples.X.shape[1]} of {', '.join(samples.marks)}. Give both the same."
        )
    if real.dataset is not None and order != list(range(len(order))):
        names = [real.marks[number] for number in order]
        return Samples(real.dataset.select(marks=names), name="reference")
    if real.dataset is None:
        real.X = real.X[..., order]
    return real


def _orders(generator, samples):
    """Return the marks of X in the order of a generator, and the way back."""
    marks_for(generator, samples.marks, "X")  # says what is wrong
    forth = find_order(fitted_marks(generator), samples.marks)
    return forth, np.argsort(forth).tolist()


def _score(classifier, output, samples, back, odds):
    """Return log-odds of tensors in a generator's order as a function, None without gradients."""
    arranged = log_odds(classifier, output.target)
    if arranged is None:
        return None
    order = find_order(fitted_marks(classifier), samples.marks)
    order = [back[number] for number in order]

    def score(signals):
        return arranged(signals[..., order])

    made = samples.X[:8][..., np.argsort(back)]
    found = expit(score(torch.as_tensor(made, dtype=torch.float32)).detach().cpu().numpy())
    # a network may have been fitted to other axes than signals have
    return score if np.allclose(found, expit(odds[:8]), atol=_SAME) else None


def _anchors(generator, real, samples, classes, signs, back):
    """Return the codes of the real genes of the class that are nearest to each gene."""
    codes, scale = generator.transform(real), LogScale(generator)
    own, logs = scale.logs(samples.X[..., np.argsort(back)]), scale.logs(real)
    found = np.empty((len(own), _ANCHORS, codes.shape[1]), dtype=np.float32)
    for sign, genes in classes.items():
        rows = np.flatnonzero(signs == sign)
        near = RealGenes(logs, genes.rows).nearest(own[rows], _ANCHORS)
        found[rows] = codes[near[:, np.arange(_ANCHORS) % near.shape[1]]]
    return found


def _drawn(generator, targets, seed):
    """Return random codes of the class to reach, the same for all genes of it."""
    known, drawn = list(getattr(generator, "classes_", ())), {}
    for value in np.unique(targets):
        y = value if value in known else None
        drawn[value] = generator.sample_codes(_DRAWN, y=y, random_state=seed)
    return np.stack([drawn[value] for value in targets])
