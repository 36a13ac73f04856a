"""Signals that a classifier takes for a class."""

import warnings
from dataclasses import dataclass
from numbers import Real

import numpy as np
import torch
from scipy.special import expit
from sklearn.pipeline import Pipeline
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted

from .._training import gradients
from ..exceptions import HistoexprWarning
from ..generation import SignalGenerator
from ..utils import (
    HasMethods,
    Interval,
    StrOptions,
    check_positive_int,
    flatten_signals_frame,
    is_signals_frame,
    validate_params,
)
from ._differentiable import class_number, log_odds
from ._map_search import ascend_input, ascend_latent, decode, nearest, pick

# Missing the probability sought by more is worth a warning
_TOLERANCE = 0.05


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
        return np.expm1(np.log1p(self.signals, dtype=np.float64).mean(axis=0))

    @property
    def spread(self):
        """Standard deviation of log(1 + signal) over the maps."""
        return np.log1p(self.signals, dtype=np.float64).std(axis=0)


@validate_params(
    {
        "classifier": [HasMethods(["predict_proba"])],
        "method": [StrOptions({"gan", "gradient", "data"})],
        "generator": [SignalGenerator, None],
        "probability": [Interval(Real, 0, 1, closed="neither"), None],
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
    prior=1.0,
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
        starts; for a classifier without gradients it generates many signals and takes those
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
    prior : float, default=1.0
        How strongly latent codes are held near the random ones they start from, and with
        them different: factor of half the squared distance, against the log-odds of the
        class. Where a probability is sought it hardly weighs in the end. No code gets
        farther out than random ones are.
    random_state : int, RandomState instance or None, default=None
        Seed.

    Returns
    -------
    ClassMaps

    Warns
    -----
    HistoexprWarning
        If half of the maps miss the probability sought by more than 0.05.

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
    n_maps = check_positive_int("n_maps", n_maps)
    rng = check_random_state(random_state)
    names = None
    if method == "gan":
        flat = _check_generator(generator)
    else:
        X, flat, names = _check_real(X, method)

    def predict(signals):
        # signals of one mark have two axes for who learned them so
        return classifier.predict_proba(signals[:, :, 0] if flat else signals)[:, column]

    _check_same_marks(classifier=classifier, X=names, generator=generator)
    rows, sampled = None, False
    with gradients():
        if method == "data":
            if n_maps > len(X):
                raise ValueError(f"n_maps={n_maps}, but X has {len(X)} samples only.")
            rows = nearest(predict(X), probability, n_maps)
            signals = X[rows]
        elif method == "gradient":
            score = _differentiable(classifier, target, X[:1], predict)
            if score is None:
                raise ValueError(
                    "method='gradient' needs a classifier that gradients pass through: one of "
                    "this package, a Pipeline of this package's transformers and one, or a soft "
                    "VotingClassifier of such."
                )
            signals = ascend_input(score, X, probability, n_maps, rng)
        else:
            some = decode(generator, generator.sample_codes(8, random_state=rng), rng)
            score = _differentiable(classifier, target, some, predict)
            sampled = score is None
            if sampled:
                signals = pick(predict, generator, probability, n_maps, rng)
            else:
                signals = ascend_latent(score, generator, probability, n_maps, prior, rng)
    scores = predict(signals)
    _warn_if_missed(scores, probability)
    return ClassMaps(signals, scores, target, method, probability, rows, sampled)


def class_path(classifier, target, *, probabilities=(0.05, 0.25, 0.5, 0.75, 0.95), **params):
    """Return maps along the range of the probability of a class.

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
    """Return whether the generator's signals have two axes."""
    if generator is None:
        raise ValueError("method='gan' needs generator, a fitted SignalGenerator.")
    check_is_fitted(generator)
    return generator.sample(1, random_state=0).ndim == 2


def _check_real(X, method):
    """Return real signals with three axes, whether they came with two, and mark names."""
    if X is None:
        raise ValueError(f"method={method!r} needs X, real signals.")
    X, names = flatten_signals_frame(X) if is_signals_frame(X) else (X, None)
    X = check_array(
        X,
        dtype="numeric",
        ensure_2d=False,
        allow_nd=True,
        ensure_non_negative=True,
        input_name="X",
    )
    if X.ndim not in (2, 3):
        raise ValueError(f"X must have shape (n_samples, n_bins, n_marks), got {X.shape}.")
    return (X[:, :, None], True, names) if X.ndim == 2 else (X, False, names)


def _check_same_marks(**sources):
    """Refuse marks in different orders; arrays have no names to compare."""
    known = {source: _mark_names(value) for source, value in sources.items()}
    known = {source: names for source, names in known.items() if names is not None}
    for source, names in known.items():
        first = next(iter(known))
        if names != known[first]:
            raise ValueError(
                f"{first} has the marks {known[first]}, but {source} has {names}. Give all of "
                "them the same marks in the same order."
            )


def _mark_names(source):
    if source is None or isinstance(source, list):
        return source
    if hasattr(source, "best_estimator_"):
        return _mark_names(source.best_estimator_)
    if isinstance(source, Pipeline):
        return _mark_names(source[0])
    names = getattr(source, "mark_names_in_", None)
    return None if names is None else [str(name) for name in names]


def _differentiable(classifier, target, signals, predict):
    """Return the log-odds of a class, or None where gradients do not pass."""
    expected = predict(signals)  # with the classifier's own checks
    score = log_odds(classifier, target)
    if score is None:
        return None
    found = expit(score(torch.as_tensor(signals, dtype=torch.float32)).detach().cpu().numpy())
    # A network may have been fitted to other axes than signals have.
    return score if np.allclose(found, expected, atol=1e-3) else None


def _warn_if_missed(scores, probability):
    if probability is None:
        return
    missed_by = np.median(np.abs(scores - probability))
    if missed_by > _TOLERANCE:
        warnings.warn(
            f"Maps of probability {probability} were sought, but half of those found miss it by "
            f"{missed_by:.2f} or more: few such signals have that probability. Lower prior, or "
            "seek another probability.",
            HistoexprWarning,
            stacklevel=4,
        )
