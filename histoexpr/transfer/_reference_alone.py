"""What reference cells say without the signals: the baseline of models that use both."""

import numpy as np
from sklearn.base import is_classifier

from ._reference_classifier import ReferenceClassifier
from ._reference_regressor import ReferenceRegressor


class _Alone:
    """The part of both that leaves the signals out; genes without a reference get the mean."""

    def _check_target(self, source, y):
        y, target = super()._check_target(source, y)
        self._mean = float(np.mean(target))
        return y, target

    def _outputs(self, X):
        found = super()._outputs(X)
        alone = found["reference"]
        return {**found, "both": np.where(np.isnan(alone), self._output_of_mean(), alone)}


class _ClassifierAlone(_Alone, ReferenceClassifier):
    def _output_of_mean(self):
        return np.log(self._mean / (1 - self._mean))  # both classes are there


class _RegressorAlone(_Alone, ReferenceRegressor):
    def _output_of_mean(self):
        return self._mean


def references_alone(model):
    """Return an unfitted estimator that predicts as the references of a model do by themselves.

    It is fitted to the same labels or expression, by the same cells; what signals add to it is
    what the model is better by.
    """
    kind = _ClassifierAlone if is_classifier(model) else _RegressorAlone
    return kind(**model.get_params(deep=False))
