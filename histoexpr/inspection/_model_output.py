"""What a fitted estimator makes of signals, as one number a sample: log-odds or a prediction."""

import numpy as np
from scipy.special import logit
from sklearn.utils.validation import check_is_fitted

from ._differentiable import class_number

# Probabilities nearer to 0 or 1 lose digits, and shares of the votes of trees are exactly 0 or 1:
# log-odds are taken from probabilities up to ±13.8 only.
_CERTAIN = 1e-6
CLIPPED = -float(logit(_CERTAIN))


class ModelOutput:
    """The log-odds of a class, or the prediction of a regressor, as a function of signals.

    Explanations are of this number. Log-odds are the ``decision_function`` where it equals them
    (networks, logistic regression, boosting), else logit(p).

    Parameters
    ----------
    estimator : classifier with ``predict_proba``, or regressor
        Fitted.
    target : label, optional
        Class of a classifier; by default the last of two.

    Attributes
    ----------
    target : label or None
        None for regressors.
    name : str
        What the number is, for axes and titles.
    """

    def __init__(self, estimator, target=None):
        check_is_fitted(estimator)
        self.estimator, self.column = estimator, None
        if hasattr(estimator, "predict_proba"):
            classes = np.asarray(estimator.classes_).tolist()
            if target is None and len(classes) != 2:
                raise ValueError(
                    f"target is missing: the classifier knows the classes {classes}; name one."
                )
            target = classes[-1] if target is None else target
            self.column = class_number(estimator, target)
        elif hasattr(estimator, "classes_"):
            raise ValueError(
                f"{type(estimator).__name__} has no predict_proba, from which log-odds come. Take "
                "a classifier that has it, or wrap this one in CalibratedClassifierCV."
            )
        elif target is not None:
            raise ValueError(
                f"target is {target!r}, but a regressor has no classes. Leave it out."
            )
        self.target = target
        self.name = "prediction" if self.column is None else f"log-odds of class {target}"
        self._exact = None  # whether the decision function is the log-odds

    def __call__(self, X, *, beyond="clip"):
        """Return (n_samples,) float64 values of X, a data set or signals as for ``predict``.

        Log-odds that are known from probabilities alone are undefined beyond a probability of
        one in a million: "clip" gives them that, "nan" NaN.
        """
        if self.column is None:
            return np.asarray(self.estimator.predict(X), dtype=np.float64).reshape(-1)
        proba = np.asarray(self.estimator.predict_proba(X), dtype=np.float64)[:, self.column]
        if beyond == "nan":
            odds = logit(np.where((proba <= _CERTAIN) | (proba >= 1 - _CERTAIN), np.nan, proba))
        else:
            odds = logit(np.clip(proba, _CERTAIN, 1 - _CERTAIN))
        if self._exact is not False and self._may_be_exact():
            decision = np.asarray(self.estimator.decision_function(X), dtype=np.float64).reshape(
                -1
            )
            decision = decision * (1 if self.column else -1)
            known = (proba > _CERTAIN) & (proba < 1 - _CERTAIN)
            if known.any() and self._exact is None:
                self._exact = np.allclose(decision[known], logit(proba[known]), 1e-2, 1e-3)
            if self._exact:
                return decision
        return odds

    def _may_be_exact(self):
        estimator = self.estimator
        return len(estimator.classes_) == 2 and hasattr(estimator, "decision_function")
