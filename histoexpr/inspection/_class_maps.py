"""Signals that a classifier takes for a class."""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import torch
from scipy.special import logit
from sklearn.utils import check_array, check_random_state
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions, validate_params
from sklearn.utils.validation import check_is_fitted
from torch.nn.functional import softplus

from .._training import predict_logits
from ..generation import SignalGenerator
from ..utils import flatten_signals_frame, is_signals_frame
from ._differentiable import class_number, log_odds

_STEPS = 100
_LEARNING_RATE = 0.05
# Of DeepChrome's maps: the L2 penalty, and the gene signals are brought into [0, 1]
_PUBLISHED_PENALTY = 0.009
# Generated candidates for each map wanted, for classifiers without gradients
_CANDIDATES = 20
_MIN_CANDIDATES = 2000


@dataclass(eq=False)
class ClassMaps:
    """What :func:`class_maps` found.

    Attributes
    ----------
    signals : ndarray of shape (n_maps, n_bins, n_marks)
        The maps on the scale of counts.
    scores : ndarray of shape (n_maps,)
        Probability of the target class that the classifier gives them.
    target : label
        The class.
    method : str
        "gan", "gradient" or "data".
    probability : float or None
        The probability that was sought; None for the highest.
    rows : ndarray of int or None
        Method "data": which samples they are.
    sampled : bool
        Whether they were drawn from many generated signals, as gradients do not pass through
        the classifier.
    """

    signals: np.ndarray
    scores: np.ndarray
    target: object
    method: str
    probability: float | None = None
    rows: np.ndarray | None = None
    sampled: bool = False

    @property
    def average(self):
        """Mean of the maps, of their logarithms, back on the scale of counts."""
        return np.expm1(np.log1p(self.signals).mean(axis=0))

    @property
    def spread(self):
        """Standard deviation of log(1 + signal) over the maps."""
        return np.log1p(self.signals).std(axis=0)


@validate_params(
    {
        "classifier": [HasMethods(["predict_proba"])],
        "method": [StrOptions({"gan", "gradient", "data"})],
        "generator": [SignalGenerator, None],
        "probability": [Interval(Real, 0, 1, closed="neither"), None],
        "n_maps": [Interval(Integral, 1, None, closed="left")],
        "prior": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def class_maps(
    classifier,
    target,
    *,
    method="gan",
    generator=None,
    X=None,
    probability=None,
    n_maps=64,
    prior=0.1,
    random_state=None,
):
    """Find signals that a classifier takes for a class.

    Gradient ascent on the input gives signals that no cell has. The latent space of a
    generator keeps the search among signals that are like real ones.

    Parameters
    ----------
    classifier : classifier
        Fitted, with ``predict_proba`` on ``(n_samples, n_bins, n_marks)``. Gradients pass
        through the classifiers of this package, Pipelines of the scaler, the selectors or
        the pooler and one of them, a soft VotingClassifier of such, and searches whose best
        estimator is one.
    target : label
        The class.
    method : {"gan", "gradient", "data"}, default="gan"
        ``"gan"`` climbs to the class in the latent space of ``generator`` from many random
        starts; for a classifier without gradients it generates many signals and draws those
        that the classifier favours. ``"gradient"`` is DeepChrome's own map [1]_: ascent
        on signals in [0, 1] per mark with an L2 penalty. ``"data"`` takes the samples of ``X``
        that score highest.
    generator : SignalGenerator, optional
        Fitted; needed by ``"gan"``.
    X : array-like of shape (n_samples, n_bins, n_marks), optional
        Real signals; needed by ``"data"`` and, for the range of each mark, ``"gradient"``.
    probability : float, optional
        Seek signals of this probability of the class, between 0 and 1, instead of the
        highest. Of ``X``, those that come nearest.
    n_maps : int, default=64
        Number of maps.
    prior : float, default=0.1
        How strongly latent codes are held near the random ones they start from, and with
        them common and different: factor of half the squared distance.
    random_state : int, RandomState instance or None, default=None
        Seed.

    Returns
    -------
    ClassMaps

    Raises
    ------
    ValueError
        If what the method needs is missing or gradients do not pass.

    References
    ----------
    .. [1] Singh et al. (2016), DeepChrome, Bioinformatics 32(17), section 3.3.
    """
    check_is_fitted(classifier)
    column = class_number(classifier, target)
    rng = check_random_state(random_state)
    if method == "gan":
        _check_generator(generator)
    else:
        X = _check_real(X, method)
    rows, sampled = None, False
    if method == "data":
        if n_maps > len(X):
            raise ValueError(f"n_maps={n_maps}, but X has {len(X)} samples only.")
        rows = _best(classifier.predict_proba(X)[:, column], probability, n_maps)
        signals = X[rows]
    else:
        # the classifier's own checks come before gradients through its network
        classifier.predict_proba(X[:1] if method == "gradient" else _generate(generator, 1, rng))
        score = log_odds(classifier, target)
        sampled = score is None
        if method == "gradient":
            signals = _ascend_input(score, X, probability, n_maps, rng)
        elif sampled:
            signals = _pick(classifier, column, generator, probability, n_maps, rng)
        else:
            signals = _ascend_latent(score, generator, probability, n_maps, prior, rng)
    scores = classifier.predict_proba(signals)[:, column]
    return ClassMaps(signals, scores, target, method, probability, rows, sampled)


def class_path(classifier, target, *, probabilities=(0.05, 0.25, 0.5, 0.75, 0.95), **params):
    """Return maps along the range of the probability of a class, from low to high.

    Parameters
    ----------
    classifier, target
        See :func:`class_maps`.
    probabilities : sequence of float
        The probabilities to seek.
    **params
        Passed on to :func:`class_maps`.

    Returns
    -------
    list of ClassMaps
        One per probability.
    """
    return [class_maps(classifier, target, probability=p, **params) for p in probabilities]


def _check_generator(generator):
    if generator is None:
        raise ValueError("method='gan' needs generator, a fitted SignalGenerator.")
    check_is_fitted(generator)


def _check_real(X, method):
    """Return real signals with three axes."""
    if X is None:
        raise ValueError(f"method={method!r} needs X, real signals.")
    X = flatten_signals_frame(X)[0] if is_signals_frame(X) else X
    return check_array(
        X,
        dtype="numeric",
        ensure_2d=False,
        allow_nd=True,
        ensure_non_negative=True,
        input_name="X",
    )


def _objective(odds, probability):
    """Return what is to become small: the higher the odds, or the nearer, the smaller."""
    if probability is None:
        return softplus(-odds)  # log-probability: beyond certainty there is nothing to gain
    return (odds - float(logit(probability))).square()


def _best(scores, probability, n_maps):
    """Return the samples with the highest score, or the one nearest to what is sought."""
    distance = -scores if probability is None else np.abs(scores - probability)
    return np.argsort(distance, kind="stable")[:n_maps]


def _ascend_latent(score, generator, probability, n_maps, prior, rng):
    module, device = generator.generator_, generator.device_
    code = torch.as_tensor(generator.sample_codes(n_maps, random_state=rng), device=device)
    # Each map keeps its noise: without, signals are smoother than any real ones.
    noise = torch.as_tensor(_noise(module, n_maps, rng), device=device)
    start = code[:, : module.latent_dim]
    latent = start.clone().requires_grad_()
    # The classes are searched as well: as logits, so that they stay mixtures.
    mixture = (4 * code[:, module.latent_dim :] - 2).requires_grad_()
    optimizer = torch.optim.Adam([latent, mixture], _LEARNING_RATE)
    sizes = [len(getattr(generator, name, ())) for name in ("classes_", "cells_")]

    def signals():
        parts = [part.softmax(dim=1) for part in mixture.split(sizes, dim=1)]
        return module(torch.cat([latent, *parts, noise], dim=1))

    # Steps across whole counts may lead up as well as down: of each map the best is kept.
    lowest, best = torch.full((n_maps,), torch.inf, device=device), signals().detach()
    for _ in range(_STEPS):
        made = signals()
        loss = _objective(score(made), probability)
        loss = loss + prior * (latent - start).square().sum(dim=1) / 2
        better = loss.detach() < lowest
        lowest = torch.where(better, loss.detach(), lowest)
        best = torch.where(better[:, None, None], made.detach(), best)
        latent.grad, mixture.grad = torch.autograd.grad(loss.sum(), [latent, mixture])
        optimizer.step()
    return best.cpu().numpy()


def _generate(generator, n_samples, rng):
    codes = generator.sample_codes(n_samples, random_state=rng)
    codes = np.concatenate([codes, _noise(generator.generator_, n_samples, rng)], axis=1)
    return predict_logits(generator.generator_, codes)


def _noise(module, n_samples, rng):
    return rng.standard_normal((n_samples, module.noise_size)).astype(np.float32)


def _pick(classifier, column, generator, probability, n_maps, rng):
    """Generate many signals and draw by the probability of the class, without repeats."""
    n_candidates = max(_MIN_CANDIDATES, _CANDIDATES * n_maps)
    codes = generator.sample_codes(n_candidates, random_state=rng)
    if probability is not None:
        # What lies between two classes is made from mixtures of them.
        share = rng.random_sample((n_candidates, 1))
        conditions = codes[:, generator.generator_.latent_dim :]
        conditions[:] = share * conditions + (1 - share) * rng.permutation(conditions)
    codes = np.concatenate([codes, _noise(generator.generator_, n_candidates, rng)], axis=1)
    signals = predict_logits(generator.generator_, codes)
    proba = np.clip(classifier.predict_proba(signals)[:, column], 1e-6, 1 - 1e-6)
    if probability is None:
        weight = (proba / (1 - proba)) ** 2
    else:
        weight = np.exp(-0.5 * ((logit(proba) - logit(probability)) / 0.25) ** 2) + 1e-12
    rows = rng.choice(n_candidates, size=n_maps, replace=False, p=weight / weight.sum())
    return signals[rows]


def _ascend_input(score, X, probability, n_maps, rng):
    if score is None:
        raise ValueError(
            "method='gradient' needs a classifier that gradients pass through: one of this "
            "package, a Pipeline of SignalScaler and one, or an ensemble of such."
        )
    X = np.asarray(X)
    top = torch.as_tensor(np.maximum(X.max(axis=(0, 1)), 1e-9), dtype=torch.float32)
    start = rng.uniform(0, 0.01, size=(n_maps, *X.shape[1:]))
    signals = torch.as_tensor(start, dtype=torch.float32).requires_grad_()
    optimizer = torch.optim.Adam([signals], _LEARNING_RATE / 10)
    for _ in range(_STEPS):
        loss = _objective(score(signals * top), probability)
        loss = (loss + _PUBLISHED_PENALTY * signals.square().sum(dim=(1, 2))).sum()
        (signals.grad,) = torch.autograd.grad(loss, [signals])
        optimizer.step()
        with torch.no_grad():
            signals.clamp_(0, 1)
    return (signals.detach() * top).numpy()
