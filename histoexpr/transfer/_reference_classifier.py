"""Which genes are expressed in a cell: its signals, and the same genes in other cells."""

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.base import ClassifierMixin
from sklearn.utils import assert_all_finite, column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from ..classification import HistoneLinearClassifier
from ..utils import find_labels, fit_context, read_signals
from ._log_odds import log_odds
from ._reference_base import ReferenceModel


class ReferenceClassifier(ClassifierMixin, ReferenceModel):
    """Classify the genes of a cell without RNA-seq by its signals and by reference cells.

    Most genes are expressed in all cells or in none: what the same gene does in other cells, whose
    expression is known, says more than the signals of a cell. The signals say which genes are
    switched, and which reference cells the cell resembles. This puts both together. It is fitted
    on cells with signals and labels, and needs nothing but signals of a new one.

    Parameters
    ----------
    estimator : estimator or None, default=None
        Classifier of signals, with ``decision_function`` or ``predict_proba``, alone or at the end
        of a pipeline; None is for ``HistoneLinearClassifier(n_regions=10)``.
    reference : DataFrame, ExpressionTable, path or None, default=None
        Expression, such as RPKM, of genes (index) × reference cells (columns). A training cell, or
        one to predict, that is among the references by its name is left out of its own. None, or
        a gene that is not in the table, leaves the signals alone.
    exclude : sequence of str, default=()
        Reference cells that no cell is predicted from. Where one gene is compared between cells,
        name all of these: else the prediction for one rests on the expression of the other.
        ``compare_cells`` and ``evaluate_cells`` do so themselves.
    cv : int, default=5
        Number of parts, of whole chromosomes where they are known, else of genes, that are left
        out in turn to find out what scores of unseen genes are worth. The estimator is fitted
        ``cv + 1`` times.
    n_jobs : int or None, default=None
        Number of these fits at a time, as for :class:`joblib.Parallel`.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    estimator_ : estimator
        The model of signals, fitted on all samples.
    cells_, new_cells_ : ndarray of str
        Training cells; cells that :meth:`learn_cells` has learned. Both are sorted.
    n_in_reference_ : int
        Number of training samples whose gene is in the reference.
    n_bins_in_, n_marks_in_, n_features_in_, feature_names_in_, mark_names_in_
        Those that the estimator has.

    See Also
    --------
    ReferenceRegressor : The same for the level of expression.
    fetch_roadmap_expression : Expression of 56 cells.

    Notes
    -----
    Of a gene there are nine numbers: the score of its signals, as a normal rank within the cell,
    so that depth cancels out (with :class:`~histoexpr.CellNormalizer` before the estimator, log
    loss was .001 to .003 higher on pairs of full-size cells, and on three cells by models of six);
    of the references mean normal rank, mean and standard deviation of the ranks, share of cells
    where it is above the median, mean and standard deviation of log2(expression + 1); and the
    deviation of similar references, alone and times the standard deviation. The last is ridge
    regression, over all genes of the cell, of the probability that signals give, less what the
    other numbers explain of it, on the deviations of each reference from the mean of all. Its
    coefficients say which references the cell resembles (:meth:`similarity`). A logistic model of
    these numbers and their products gives the probability.

    Scores of training samples come from models that have not seen the gene (``cv``), and a cell is
    never its own reference. As the mean of the other cells is low where a gene is high in
    the cell itself, keep the reference alone out of comparisons of one gene between cells.

    What is learned of a new cell comes from the genes that are given together, at least 200 for
    similar references; give whole cells, or the whole cell to :meth:`learn_cells` once.

    The mean of other cells as a baseline that has to be beaten is that of Schreiber et al. (2020,
    Genome Biology 21:282).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from histoexpr import ReferenceClassifier, make_histone_cells
    >>> data = make_histone_cells(n_cells=5, n_genes=400, random_state=0)
    >>> table = pd.DataFrame({
    ...     cell: data.select(cells=cell).expression for cell in ("C01", "C02", "C03", "C04")
    ... }, index=data.genes)
    >>> model = ReferenceClassifier(reference=table).fit(data.select(cells=["C01", "C02"]))
    >>> model.predict_proba(data.select(cells="C05")).shape
    (400, 2)
    """

    _classes = True
    _default = HistoneLinearClassifier

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None):
        """Fit the model of signals, and what goes with the references.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals of one or more training cells. An array has no names of genes: predictions
            then rest on signals alone.
        y : array-like of shape (n_samples,), optional
            Labels of two classes; by default those of the data set.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X or y is malformed, there are not two classes, ``reference`` is no table, or it
            has a training cell under another name.

        Warns
        -----
        HistoexprWarning
            If no gene is in the reference.
        """
        return self._fit(X, y)

    def _check_target(self, source, y):
        y = column_or_1d(find_labels(self, source, y), warn=True)
        assert_all_finite(y, input_name="y")
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if kind != "binary":
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}."
            )
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(
                "ReferenceClassifier needs samples of at least two classes, but y contains 1 "
                f"class: {self.classes_.tolist()}."
            )
        return y, (y == self.classes_[1]).astype(int)

    @staticmethod
    def _scores(model, X):
        if hasattr(model, "decision_function"):
            return np.asarray(model.decision_function(X), dtype=np.float64)
        return log_odds(model.predict_proba(X)[:, 1])

    def decision_function(self, X):
        """Compute the log-odds of the second class.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals; of a new cell best of all its genes.

        Returns
        -------
        ndarray of shape (n_samples,)

        Raises
        ------
        ValueError
            If there are fewer than 10 samples of a new cell that :meth:`learn_cells` has not
            learned, or X does not fit that of ``fit``.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of such a cell.
        """
        return self._outputs(X)["both"]

    def predict_proba(self, X):
        """Compute probabilities of the classes.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals; of a new cell best of all its genes.

        Returns
        -------
        ndarray of shape (n_samples, 2)
            In the order of ``classes_``.
        """
        scores = self.decision_function(X)
        return np.column_stack([expit(-scores), expit(scores)])

    def predict(self, X):
        """Predict the class of each sample.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals; of a new cell best of all its genes.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        positive = self.decision_function(X) > 0
        return self.classes_[positive.astype(int)]

    def score(self, X, y=None, sample_weight=None):
        """Compute the accuracy.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals.
        y : array-like of shape (n_samples,), optional
            Labels; by default those of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        return super().score(X, find_labels(self, read_signals(X), y), sample_weight)

    def explain(self, X):
        """Report for each gene what the references say and what the signals changed.

        Parameters
        ----------
        X : HistoneDataset
            Signals; of a new cell best of all its genes.

        Returns
        -------
        DataFrame of shape (n_samples, 8)
            In the order of X: ``cell``, ``gene``; the probability of the second class by the
            ``reference`` alone (NaN for genes that it does not have), by ``signals`` alone and by
            both (``probability``); ``change``, the log-odds of both less those of the reference;
            ``switched``, whether both say another class than the reference; ``in_reference``.
        """
        out = self._outputs(X)
        return pd.DataFrame(
            {
                "cell": out["cell"],
                "gene": out["gene"],
                "reference": expit(out["reference"]),
                "signals": expit(out["signals"]),
                "probability": expit(out["both"]),
                "change": out["both"] - out["reference"],
                "switched": out["known"] & ((out["both"] > 0) != (out["reference"] > 0)),
                "in_reference": out["known"],
            }
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
