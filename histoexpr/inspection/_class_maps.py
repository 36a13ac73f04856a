"""Maps of a class: signals to which a fitted classifier gives a high or a chosen probability."""

import warnings
from numbers import Real

import numpy as np
import torch
from scipy.special import expit
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._training import gradients
from ..exceptions import HistoexprWarning
from ..generation import SignalGenerator
from ..utils import (
    HasMethods,
    Interval,
    StrOptions,
    are_numbers,
    check_positive_int,
    validate_params,
)
from ._class_map_results import ClassMaps
from ._differentiable import class_number, log_odds
from ._map_search import (
    ascend_from,
    ascend_input,
    ascend_input_from,
    ascend_latent,
    decode,
    nearest,
    pick,
)
from ._signals import (
    align_marks,
    common_orientation,
    fitted_marks,
    marks_for,
    signals_and_marks,
    what_is_covered,
)

# Larger differences from the probability sought are reported
_TOLERANCE = 0.05
_N_MAPS = 64


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
    start=None,
    probability=None,
    n_maps=None,
    prior=1.0,
    random_state=None,
):
    """Search for signals to which a classifier gives a class.

    Gradient ascent on the input finds signals that no cell has; a search in the latent space
    of a generator is restricted to signals like those it was fitted to.

    Parameters
    ----------
    classifier : classifier
        Fitted, with ``predict_proba`` on ``(n_samples, n_bins, n_marks)``. Gradients pass
        through the classifiers of this package, Pipelines of its transformers and one, a
        soft VotingClassifier of such, and searches whose best estimator is one.
    target : label
    method : {"gan", "gradient", "data"}, default="gan"
        ``"gan"`` optimises latent codes of ``generator`` from many random starts; for a
        classifier without gradients it generates many signals and selects by score.
        ``"gradient"`` is DeepChrome's own map [1]_: ascent on signals in [0, 1] per mark
        with an L2 penalty. ``"data"`` selects samples of ``X`` by score.
    generator : SignalGenerator, optional
        Fitted; needed by ``"gan"``.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks), optional
        Real signals; needed by ``"data"`` and, for the range of each mark, ``"gradient"``.
    start : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks), optional
        Real genes to start from instead of random codes or signals, one map each. ``"gan"``
        starts from their codes and noise, as :func:`counterfactuals` finds them, and
        ``"gradient"`` from the signals themselves; gradients have to pass. With one gene
        :func:`class_path` makes its path.
    probability : float, optional
        Probability of the class that is sought, between 0 and 1; default the highest.
        Method ``"data"`` selects the samples whose probability is nearest to it.
    n_maps : int, optional
        Default 64; with ``start`` as many as it has samples.
    prior : float, default=1.0
        Weight of the distance between latent codes and their random starts, which keeps the
        maps different; see Notes.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    ClassMaps

    Warns
    -----
    HistoexprWarning
        If half of the maps differ from the probability sought by more than 0.05.

    Raises
    ------
    ValueError
        If what the method needs is missing, gradients do not pass, or the marks or the
        orientation of classifier, ``X`` and generator differ. Only the order of marks may: names
        are matched.

    Notes
    -----
    With ℓ(x) the log-odds of the class, p the probability sought and G the generator:

    - ``"gan"`` minimises over codes z, from random starts z₀, J(z) + prior · ‖z - z₀‖² / 2,
      where J(z) = -ℓ(G(z)), or w · (ℓ(G(z)) - logit p)² if p is given; w increases
      geometrically from 1 to 100 over the steps. ‖z‖ is bounded by
      max(‖z₀‖, √(number of latent dimensions)). Of each start the step with the lowest
      objective at w = 100 counts, and the best half of the starts become maps.
      With ``start`` there is one start z₀ for each gene, its code, and every one becomes a map.
    - ``"gradient"`` minimises over signals s in [0, 1] per bin and mark
      -ℓ(s · m) + 0.009 · ‖s‖², or (ℓ(s · m) - logit p)² in place of the first term, where m
      is the highest signal of each mark in ``X``; penalty and form are those of
      DeepChrome [1]_. With ``start`` the penalty is that of s less the gene.

    References
    ----------
    .. [1] Singh et al. (2016), DeepChrome, Bioinformatics 32(17), section 3.3.
    """
    check_is_fitted(classifier)
    column = class_number(classifier, target)
    rng = check_random_state(random_state)
    sources = [X, start, classifier, generator]
    covered = *what_is_covered(sources), common_orientation(sources)
    start, start_marks = _check_start(start, method)
    n_maps = _number_of_maps(n_maps, start)
    marks, origin = fitted_marks(generator), "generator"
    if method == "gan":
        flat = _check_generator(generator)
    elif X is None:
        raise ValueError(f"method={method!r} needs X, real signals.")
    else:
        params = {"dtype": "numeric", "min_samples": 1, "n_axes": (2, 3)}
        (X, marks), origin = signals_and_marks(X, "X", **params), "X"
        flat = X.ndim == 2
        X = X[:, :, None] if flat else X
    shape = (generator.n_bins_in_, generator.n_marks_in_) if method == "gan" else X.shape[1:]
    start = _arrange_start(start, start_marks, marks, shape, origin)
    arrange = marks_for(classifier, marks, origin)
    if marks is None or are_numbers(marks):
        marks = fitted_marks(classifier) or marks

    def predict(signals):
        # signals of one mark have two axes where they had two in fit
        signals = signals[:, :, 0] if flat else arrange(signals)
        return classifier.predict_proba(signals)[:, column]

    rows, sampled = None, False
    with gradients():
        if method == "data":
            if n_maps > len(X):
                raise ValueError(f"n_maps={n_maps}, but X has {len(X)} samples only.")
            rows = nearest(predict(X), probability, n_maps)
            signals = X[rows]
        elif method == "gradient":
            score = _differentiable(classifier, target, X[:1], predict, arrange)
            if score is None:
                raise ValueError(
                    "method='gradient' needs a classifier that gradients pass through: one of "
                    "this package, a Pipeline of this package's transformers and one, or a soft "
                    "VotingClassifier of such."
                )
            if start is None:
                signals = ascend_input(score, X, probability, n_maps, rng)
            else:
                signals = ascend_input_from(score, X, start, probability)
        else:
            some = decode(generator, generator.sample_codes(8, random_state=rng), rng)
            score = _differentiable(classifier, target, some, predict, arrange)
            sampled = score is None
            wanted = generator, probability, n_maps, prior, rng
            signals, start = _gan_maps(score, predict, start, *wanted)
    scores = predict(signals)
    _warn_if_missed(scores, probability)
    return ClassMaps(
        signals, scores, target, method, probability, rows, sampled, marks, *covered, start
    )


@validate_params({"probabilities": ["array-like"]}, prefer_skip_nested_validation=False)
def class_path(classifier, target, *, probabilities=(0.05, 0.25, 0.5, 0.75, 0.95), **params):
    """Return maps along the range of the probability of a class.

    Parameters
    ----------
    classifier, target
        See :func:`class_maps`.
    probabilities : sequence of float, default=(0.05, 0.25, 0.5, 0.75, 0.95)
    **params
        Passed on to :func:`class_maps`.

    Returns
    -------
    list of ClassMaps, one per probability
    """
    return [class_maps(classifier, target, probability=p, **params) for p in probabilities]


def _gan_maps(score, predict, start, generator, probability, n_maps, prior, rng):
    """Return maps by a generator and where they started from, None for random codes."""
    if score is None and start is not None:
        raise ValueError(
            "start needs a classifier that gradients pass through, such as one of this package. "
            "For another one use counterfactuals, which tries candidates."
        )
    if score is None:
        return pick(predict, generator, probability, n_maps, rng), None
    if start is None:
        return ascend_latent(score, generator, probability, n_maps, prior, rng), None
    start, signals = ascend_from(score, generator, start, probability, prior)
    return signals, start


def _check_start(start, method):
    """Return the signals of real genes to start from and their marks, None and None without."""
    if start is None:
        return None, None
    if method == "data":
        raise ValueError("method='data' selects samples and starts from none. Leave start out.")
    params = {"dtype": "numeric", "min_samples": 1, "n_axes": (2, 3)}
    signals, marks = signals_and_marks(start, "start", **params)
    return (signals[:, :, None] if signals.ndim == 2 else signals), marks


def _number_of_maps(n_maps, start):
    if n_maps is not None:
        n_maps = check_positive_int("n_maps", n_maps)
    if start is None:
        return n_maps or _N_MAPS
    if n_maps not in (None, len(start)):
        raise ValueError(
            f"n_maps={n_maps}, but start has {len(start)} samples, each of which makes a map. "
            "Leave n_maps out."
        )
    return len(start)


def _arrange_start(start, marks, expected, shape, origin):
    """Return the signals of real genes with their marks in the order of those of the maps."""
    if start is None:
        return None
    if marks is not None and expected is not None:
        start = align_marks(start, marks, expected, "start", f"{origin} has")
    if start.shape[1:] != tuple(shape):
        raise ValueError(
            f"start has samples of shape {start.shape[1:]}, but those of {origin} have "
            f"{tuple(shape)} (n_bins, n_marks). Give genes with the same bins and marks."
        )
    return start


def _check_generator(generator):
    """Return whether the generator's signals have two axes."""
    if generator is None:
        raise ValueError("method='gan' needs generator, a fitted SignalGenerator.")
    check_is_fitted(generator)
    return generator.sample(1, random_state=0).ndim == 2


def _differentiable(classifier, target, signals, predict, arrange):
    """Return the log-odds of a class, or None where gradients do not pass."""
    expected = predict(signals)  # with the classifier's own checks
    of_arranged = log_odds(classifier, target)
    if of_arranged is None:
        return None

    def score(signals):
        return of_arranged(arrange(signals))

    found = expit(score(torch.as_tensor(signals, dtype=torch.float32)).detach().cpu().numpy())
    # a network may have been fitted to other axes than signals have
    return score if np.allclose(found, expected, atol=1e-3) else None


def _warn_if_missed(scores, probability):
    if probability is None:
        return
    difference = np.median(np.abs(scores - probability))
    if difference > _TOLERANCE:
        warnings.warn(
            f"Maps of probability {probability} were sought, but half of those found differ from "
            f"it by {difference:.2f} or more: few such signals have that probability. Lower "
            "prior, or seek another probability.",
            HistoexprWarning,
            stacklevel=4,
        )
