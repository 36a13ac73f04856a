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
        main = np.column_stack([np.ones(len(strength)), self._main])
        # what is left of a product has the same coefficient and is better conditioned
        self._products = []
        for product in (scaled[:, a] * scaled[:, b] for a, b in pairs):
            beyond = product - main @ np.linalg.lstsq(main, product, rcond=None)[0]
            varies = beyond.std() > 1e-6 * product.std() > 0
            self._products.append(beyond if varies else None)

    def fit(self, y):
        """Return (n_pairs, 2) coefficients and statistics, and why some are NaN ("" if not)."""
        found, notes = np.full((len(self._products), 2), np.nan), [""] * len(self._products)
        without, _ = _fit(self._main, y)
        for pair, beyond in enumerate(self._products):
            if beyond is None:
                notes[pair] = "the product does not vary beyond the marks"
                continue
            scale = beyond.std()
            added, coefficient = _fit(np.column_stack([self._main, beyond / scale]), y)
            if np.isnan(without) or np.isnan(added):
                notes[pair] = "the marks or their product separate the classes"
                continue
            found[pair] = coefficient / scale, max(0.0, 2 * (added - without))
        return found, notes

    def test(self, y, drawn):
        """Return coefficients, p values and notes; ``drawn`` are labels without products.

        Statistics are divided by their mean over drawn labels, of the pair or of all pairs, where
        that is above 1.
        """
        found, notes = self.fit(y)
        scale = np.ones(len(found))
        if len(drawn):
            expected = np.array([self.fit(labels)[0][:, 1] for labels in drawn])
            known = ~np.isnan(expected)
            sums, counts = np.where(known, expected, 0).sum(axis=0), known.sum(axis=0)
            scale = np.maximum(scale, sums / np.maximum(counts, 1))
            scale = np.maximum(scale, sums.sum() / max(counts.sum(), 1))
        return found[:, 0], chi2.sf(found[:, 1] / scale, 1), notes


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
