"""What fitted classifiers answer: scores, probabilities, classes, and how training went."""

import numpy as np
from scipy.special import log_softmax, softmax
from sklearn.utils.validation import check_is_fitted

from .._training import predict_logits
from ..utils import check_signals, find_labels, read_signals, refuse_masked
from . import _data as data


class Prediction:
    """The part of a classifier that needs its fitted network only."""

    def _logits(self, X):
        check_is_fitted(self, "net_")
        X = check_signals(self, X, reset=False, two_d=self._two_d)
        logits = predict_logits(self.net_.module_, X).astype(np.float64)
        data.check_logits(logits, X)
        return logits

    def decision_function(self, X):
        """Return the score that ranks samples.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
            For two classes the difference of the logits, which is the log-odds of
            ``classes_[1]``; for more classes the logits.
        """
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    def predict_proba(self, X):
        """Return class probabilities.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Rows sum to one; columns are ordered as ``classes_``.
        """
        return softmax(self._logits(X), axis=1)

    def predict_log_proba(self, X):
        """Return logarithms of the class probabilities.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Natural logarithms, exact also where the probability is too small for a float;
            columns are ordered as ``classes_``.
        """
        return log_softmax(self._logits(X), axis=1)

    @property
    def loss_curve_(self):
        """Training loss of each epoch, as a list."""
        return [float(row["train_loss"]) for row in self.history_]

    @property
    def validation_scores_(self):
        """AUROC on held-out samples after each epoch, as a list; None without any."""
        scores = [float(row["valid_auroc"]) for row in self.history_ if "valid_auroc" in row]
        return scores or None

    @property
    def best_validation_score_(self):
        """AUROC on held-out samples of the epoch that was kept, or the highest; None without."""
        if self.best_epoch_ is not None and "valid_auroc" in self.history_[self.best_epoch_ - 1]:
            return float(self.history_[self.best_epoch_ - 1]["valid_auroc"])
        scores = self.validation_scores_
        return None if scores is None else float(np.nanmax([-np.inf, *scores]))

    def predict(self, X):
        """Return the most probable class of each sample.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        logits = self._logits(X)
        return self.classes_[logits.argmax(axis=1)]

    def score(self, X, y=None, sample_weight=None):
        """Return the accuracy.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals.
        y : array-like of shape (n_samples,), optional
            Labels; by default those of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        refuse_masked(sample_weight, "sample_weight")
        return super().score(X, find_labels(self, read_signals(X), y), sample_weight)
