"""What classifiers and regressors of subsets of marks share: fitting, choosing, output."""

import warnings
from numbers import Integral

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.utils.validation import check_array, check_is_fitted, has_fit_parameter

from ..exceptions import HistoexprWarning
from ..utils import (
    HasMethods,
    Interval,
    StrOptions,
    are_numbers,
    check_marks,
    check_sample_weight,
    check_signals,
    read_signals,
    refuse_masked,
)
from ._learn_cells import learn_cells
from ._mark_subsets import choose_subsets, explain_unserved, list_subsets
from ._marked_signals import MarkedSignals, describe_mismatch, find_columns

_N_REGIONS = 10  # of the default models, where there are bins enough


class MarkSubsetModel(MetaEstimatorMixin, BaseEstimator):
    """Base of the two: a model for each subset of marks, the largest that fits a sample serves it.

    A class names the estimator that None stands for as ``_default``, and states in
    ``_target_of``, ``_learn_target`` and ``_find_fault`` what is learned.
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "subsets": [StrOptions({"all"}), "array-like"],
        "min_marks": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
    }
    # With metadata routing, groups reach fit unasked: models guard early stopping with them
    __metadata_request__fit = {"groups": True}
    # Studies give it data sets, which name their marks
    _reads_data_sets = True
    _checks = {"ensure_all_finite": "allow-nan"}

    def __init__(self, estimator=None, *, subsets="all", min_marks=1, n_jobs=None):
        self.estimator = estimator
        self.subsets = subsets
        self.min_marks = min_marks
        self.n_jobs = n_jobs

    def _fit(self, X, y, sample_weight, groups):
        source = read_signals(X)
        y = self._target_of(source, y)
        values, y = check_signals(self, source, y, reset=True, **self._checks)
        self._learn_target(y)
        marks = self._known_marks()
        signals = MarkedSignals(source, values, marks, list(range(len(marks))))
        # columns of two axes are the marks of the linear models
        self._n_regions = 1 if source.is_flat else min(_N_REGIONS, self.n_bins_in_)
        template = self._template()
        extra = self._extra(template, values, sample_weight, groups)
        subsets = list_subsets(self.subsets, marks, self.min_marks)
        rows = [signals.rows_with(subset) for subset in subsets]
        kept = self._choose_learned(source, subsets, [y[r] for r in rows], marks)
        self._subsets = [subsets[number] for number in kept]
        rows = [rows[number] for number in kept]
        self.subsets_ = [tuple(marks[number] for number in subset) for subset in self._subsets]
        self.n_samples_fit_ = np.array([len(r) for r in rows])
        self.models_ = Parallel(n_jobs=self.n_jobs)(
            delayed(_fit_model)(
                clone(template),
                signals.part(r, subset),
                y[r],
                {name: _take(values, r) for name, values in extra.items()},
            )
            for subset, r in zip(self._subsets, rows, strict=True)
        )
        return self

    def _template(self):
        """Return the estimator to clone."""
        if self.estimator is not None:
            return self.estimator
        return self._default(n_regions=vars(self).get("_n_regions", _N_REGIONS))

    def _known_marks(self):
        return check_marks(getattr(self, "mark_names_in_", None), self.n_marks_in_)

    def _extra(self, template, X, sample_weight, groups):
        """Return the other arguments of ``fit`` that are given."""
        extra = {}
        if sample_weight is not None:
            refuse_masked(sample_weight, "sample_weight")
            extra["sample_weight"] = check_sample_weight(sample_weight, X)
        if groups is not None:
            extra["groups"] = groups
        for name in extra:
            if not has_fit_parameter(template, name):
                raise ValueError(
                    f"{type(template).__name__} takes no {name} in fit: leave {name} out, or "
                    "choose an estimator that takes it."
                )
        return extra

    def _choose_learned(self, source, subsets, targets, marks):
        """Return the numbers of the subsets that can be learned; stated ones must be."""
        faults = [self._find_fault(target) for target in targets]
        if not isinstance(self.subsets, str):
            for subset, fault in zip(subsets, faults, strict=True):
                if fault:
                    names = ", ".join(marks[number] for number in subset)
                    raise ValueError(
                        f"Of the samples of {source.name} with the marks {names} there are "
                        f"{fault}. Give such samples, or leave these marks out of subsets."
                    )
        if all(faults):
            raise ValueError(
                f"Of the samples of {source.name} with at least {self.min_marks} of the marks "
                f"{', '.join(marks)} there are {faults[0]}. Missing marks are NaN; lower "
                "min_marks, or give samples with these marks."
            )
        return [number for number, fault in enumerate(faults) if not fault]

    def _find_fault(self, y):
        """Return why a subset cannot be learned from its samples, or None."""
        return None if len(y) else "none"

    def _read(self, X):
        """Return signals whose marks are matched with those of ``fit``."""
        check_is_fitted(self, "models_")
        source, marks = read_signals(X), self._known_marks()
        if source.marks is None or are_numbers(source.marks) or are_numbers(marks):
            values = check_signals(self, source, reset=False, ensure_all_finite="allow-nan")
            return MarkedSignals(source, values, marks, list(range(len(marks))))
        values = check_array(
            source.values,
            dtype="numeric",
            allow_nd=True,
            ensure_all_finite="allow-nan",
            estimator=self,
            input_name=source.name,
        )
        values = source.arrange(values)
        if values.shape[1] != self.n_bins_in_:
            raise ValueError(
                f"{source.name} has {values.shape[1]} bins, but {type(self).__name__} was fitted "
                f"with {self.n_bins_in_}."
            )
        columns, unknown = find_columns(marks, source.marks)
        if message := describe_mismatch(source.name, marks, columns, unknown):
            warnings.warn(message, HistoexprWarning, stacklevel=4)
        return MarkedSignals(source, values, marks, columns)

    def _choose(self, signals):
        """Return the number of the model of each sample."""
        chosen = choose_subsets(signals.present, self._subsets)
        if (chosen < 0).any():
            raise ValueError(explain_unserved(signals, int(chosen.argmin()), self._subsets))
        return chosen

    def _outputs(self, X, method):
        """Return what the models give, each for its samples."""
        signals = self._read(X)
        chosen = self._choose(signals)
        result = None
        for number in np.unique(chosen):
            rows = np.flatnonzero(chosen == number)
            part = signals.part(rows, self._subsets[number])
            found = np.asarray(getattr(self.models_[number], method)(part))
            if result is None:
                result = np.empty((len(chosen), *found.shape[1:]), dtype=found.dtype)
            result[rows] = found
        return result

    def learn_cells(self, X, cell=None):
        """Let the models that serve the samples learn new cells, from signals alone.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals of whole cells, as for ``predict``.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        self
            Models that learn nothing of cells stay as they are; see :func:`learn_cells`.
        """
        signals = self._read(X)
        chosen = self._choose(signals)
        for number in np.unique(chosen):
            rows = np.flatnonzero(chosen == number)
            part = signals.part(rows, self._subsets[number])
            named = None if cell is None else np.asarray(cell)[rows]
            learn_cells(self.models_[number], part, named)
        return self

    def marks_used(self, X):
        """Return which marks the model uses that serves each sample.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals, as for ``predict``.

        Returns
        -------
        DataFrame of shape (n_samples, n_marks)
            Boolean, with one column for each mark of ``fit``.
        """
        signals = self._read(X)
        used = np.zeros((len(self._subsets), len(signals.marks)), dtype=bool)
        for number, subset in enumerate(self._subsets):
            used[number, list(subset)] = True
        return pd.DataFrame(used[self._choose(signals)], columns=signals.marks)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # NaN is for whole marks: allow_nan would promise single values
        tags.input_tags.three_d_array = True
        return tags


def _fit_model(model, X, y, extra):
    return model.fit(X, y, **extra)


def _take(values, rows):
    """Return rows of weights or groups, which may be a frame or a list of pairs."""
    if hasattr(values, "iloc"):
        return values.iloc[rows]
    return values[rows] if hasattr(values, "shape") else [values[row] for row in rows]
