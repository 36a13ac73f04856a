"""What all classifiers share: labels, classes and their weights."""

import numpy as np
from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets

from .._estimation import BaseNetworkEstimator
from ..utils import StrOptions, find_labels, fit_context, read_signals, refuse_masked
from . import _data as data


class BaseHistoneClassifier(ClassifierMixin, BaseNetworkEstimator):
    """Base of the classifiers of one network each; see :class:`BaseNetworkEstimator`."""

    _parameter_constraints: dict = {"class_weight": [StrOptions({"balanced"}), dict, None]}

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None, groups=None, X_val=None, y_val=None):
        """Fit the classifier.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals, usually raw read counts; a DataFrame may have columns ``mark:bin``.
        y : array-like of shape (n_samples,), optional
            Labels, numbers or strings, of two or more classes; by default those of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.
        groups : array-like, optional
            Genes, or cells and genes as for :meth:`CrossCellSplit.split`, by default those of
            the data set. Early stopping then holds out whole genes.
        X_val, y_val : HistoneDataset or array-like, optional
            Held-out samples for the validation score, instead of a part of ``X``. A data set
            brings its labels.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X or y is malformed or y has one class only, naming what is wrong.
        """
        return self._fit(X, y, sample_weight, groups, X_val, y_val)

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None, classes=None, sample_weight=None):
        """Train for one pass over some samples, going on from where training stands.

        The scale of the signals is learned from the first call and kept, the learning
        rate is constant, and nothing is held out; ``callbacks`` are not called.

        Parameters
        ----------
        X, y
            See :meth:`fit`.
        classes : array-like of shape (n_classes,), optional
            All labels that will ever come; required in the first call.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        self : object
        """
        return self._partial_fit(X, y, sample_weight, classes=classes)

    @property
    def _n_outputs(self):
        return len(self.classes_)

    def _target_identity(self):
        return {"classes": self.classes_.tolist()}

    def _learn_target(self, X, y, sample_weight, before):
        """Learn the classes; return the number of each sample's class, and its weight."""
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        data.warn_of_left_out(self.classes_)
        codes = data.encode(y, self.classes_)
        weight = self._weigh(X, codes, sample_weight, self.classes_)
        data.check_two_classes(type(self).__name__, codes, weight, self.classes_)
        return codes, weight

    def _learn_part(self, X, y, sample_weight, first, classes):
        """Do what ``_learn_target`` does, in a call of ``partial_fit``."""
        known = data.check_classes(classes, None if first else self.classes_)
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"Setting class_weight={self.class_weight!r} needs all labels at once and does "
                "not work with partial_fit. Pass a dict of weights."
            )
        codes = data.encode(y, known)
        weight = self._weigh(X, codes, sample_weight, known)
        self.classes_ = known
        return codes, weight

    def _encode_target(self, y):
        return data.encode(y, self.classes_)

    def _weigh(self, X, codes, sample_weight, classes):
        weight = self._check_weight(X, sample_weight)
        return data.weigh_classes(self.class_weight, codes, weight, classes)

    def _check_held_out(self, codes):
        data.check_held_out(codes, self.classes_)

    def _check_training_part(self, codes, train):
        if len(np.unique(codes[train])) < len(np.unique(codes)):
            raise ValueError(
                "Holding out samples for early stopping leaves a class without training "
                "samples. Pass X_val and y_val or set early_stopping=False."
            )

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
        logits = self._outputs(X)
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
        return softmax(self._outputs(X), axis=1)

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
        return log_softmax(self._outputs(X), axis=1)

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
        logits = self._outputs(X)
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
