"""The product of two marks in a logistic regression, tested by its likelihood ratio."""

import warnings

import numpy as np
from scipy.stats import chi2
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import SplineTransformer

# Classes are separated where log-odds grow without end, or the likelihood of a sample reaches 1
_ENDLESS, _CERTAIN = 30, 1e-3


def spline_features(values, n_knots, degree=3):
    """Return B-splines of every column, knots at its quantiles; constant columns have none."""
    features = [np.empty((len(values), 0))]
    for column in values.T:
        knots = np.unique(np.quantile(column, np.linspace(0, 1, n_knots)))
        if len(knots) < 2:
            continue
        spline = SplineTransformer(
            knots=knots[:, None], degree=degree, include_bias=False, extrapolation="constant"
        )
        features.append(spline.fit_transform(column[:, None]))
    return np.hstack(features)


class ProductTerms:
    """Likelihood-ratio tests of products in a logistic regression with splines of all marks.

    Parameters
    ----------
    strength : ndarray of shape (n_samples, n_marks)
    pairs : list of (int, int)
    """

    def __init__(self, strength, pairs):
        spread = strength.std(axis=0)
        scaled = (strength - strength.mean(axis=0)) / np.where(spread > 0, spread, 1)
        self._main = _independent(spline_features(strength, 3))
        self._products = [scaled[:, a] * scaled[:, b] for a, b in pairs]
        self._varies = [bool(spread[a] > 0 and spread[b] > 0) for a, b in pairs]

    def fit(self, y):
        """Return (n_pairs, 2) coefficients and statistics, and why some are NaN ("" if not)."""
        found, notes = np.full((len(self._products), 2), np.nan), [""] * len(self._products)
        without, _ = _fit(self._main, y)
        for pair, product in enumerate(self._products):
            weights = np.linalg.lstsq(self._main_and_one, product, rcond=None)[0]
            beyond = product - self._main_and_one @ weights
            scale = beyond.std()
            if not self._varies[pair] or scale < 1e-6 * max(product.std(), 1e-300):
                notes[pair] = "the product does not vary beyond the marks"
                continue
            # the rest of the product has the same coefficient and is better conditioned
            added, coefficient = _fit(np.column_stack([self._main, beyond / scale]), y)
            if np.isnan(without) or np.isnan(added):
                notes[pair] = "the product term separates the classes"
                continue
            found[pair] = coefficient / scale, max(0.0, 2 * (added - without))
        return found, notes

    @property
    def _main_and_one(self):
        return np.column_stack([np.ones(len(self._main)), self._main])


def p_of(statistics):
    """Return p values of likelihood ratios with one degree of freedom."""
    return chi2.sf(statistics, 1)


def _independent(features):
    """Return standardised columns that span the same space and are orthogonal."""
    centred = features - features.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    kept = sizes > 1e-8 * max(sizes.max(initial=0), 1e-300)
    return left[:, kept] * np.sqrt(len(features))


def _fit(features, y):
    """Return the greatest log-likelihood and the last coefficient, NaN of separated classes."""
    if not features.shape[1]:
        share = y.mean()
        return float(len(y) * (share * np.log(share) + (1 - share) * np.log(1 - share))), np.nan
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-6, max_iter=200)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        odds = model.fit(features, y).decision_function(features)
    failed = [w for w in caught if issubclass(w.category, ConvergenceWarning)]
    losses = np.logaddexp(0, np.where(y == 1, -odds, odds))
    if failed or np.abs(odds).max() > _ENDLESS or losses.mean() < _CERTAIN:
        return np.nan, np.nan
    return float(-losses.sum()), float(model.coef_[0, -1])
