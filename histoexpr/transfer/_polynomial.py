"""Small models of a few numbers per gene: polynomials with a penalty."""

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import PolynomialFeatures

# Weight of the data against the penalty: the best over pairs of Roadmap cells; a tenth and ten
# times of either cost less than .0005 AUROC
_LOGISTIC_C, _RIDGE_ALPHA = 0.05, 30.0


class Polynomial:
    """A polynomial of features that are given mean 0 and standard deviation 1.

    For two classes it is the log-odds, else the target. Beyond the range of the training samples
    it goes on as a constant. Every row is computed by itself, to the last bit.
    """

    def __init__(self, degree, *, classes):
        self.degree, self.classes = degree, classes

    def fit(self, X, y):
        """Fit the polynomial to features (n_samples, n_features) and a target."""
        self.low_, self.high_ = X.min(axis=0), X.max(axis=0)
        self.mean_, self.scale_ = _moments(X)
        terms = self._terms(X)
        self.term_mean_, self.term_scale_ = _moments(terms)
        terms = (terms - self.term_mean_) / self.term_scale_
        if self.classes:
            model = LogisticRegression(C=_LOGISTIC_C, max_iter=2000)
        else:
            model = Ridge(alpha=_RIDGE_ALPHA)
        model.fit(terms, y)
        self.coef_, self.intercept_ = model.coef_.ravel(), float(np.ravel(model.intercept_)[0])
        return self

    def output(self, X):
        """Return log-odds, or the target, of each sample."""
        if len(X) == 0:
            return np.zeros(0)
        terms = (self._terms(X) - self.term_mean_) / self.term_scale_
        return np.einsum("ij,j->i", terms, self.coef_) + self.intercept_

    def expected(self, X):
        """Return the probability of the second class, or the target, of each sample."""
        return expit(self.output(X)) if self.classes else self.output(X)

    def _terms(self, X):
        X = (np.clip(X, self.low_, self.high_) - self.mean_) / self.scale_
        return PolynomialFeatures(self.degree, include_bias=False).fit_transform(X)


def _moments(X):
    scale = X.std(axis=0)
    return X.mean(axis=0), np.where(scale > 1e-12, scale, 1.0)
