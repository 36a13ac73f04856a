"""What the models with reference cells share: scores of signals, similar cells, two parts."""

import warnings
from numbers import Integral

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.special import ndtri
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import check_is_fitted

from ..exceptions import HistoexprWarning
from ..preprocessing import (
    UNNAMED,
    CellNormalizer,
    cell_of_samples,
    check_cells_named,
    describe_values,
    new_cells,
)
from ..utils import HasMethods, Interval, read_signals, shorten
from ._learn_cells import learn_cells
from ._learned import take_over
from ._quadratic import Polynomial
from ._reference_table import ReferenceTable
from ._similar_cells import find_similar

# Normal scores beyond are those of single genes
_LARGEST = 4.0
# Of the default models, where there are bins enough
_N_REGIONS = 10
# References that explain less of what signals say beyond the mean have no relative among them
RELATED = 0.1


class ReferenceModel(MetaEstimatorMixin, BaseEstimator):
    """Base of the two; see :class:`ReferenceClassifier`.

    A class states in ``_classes``, ``_default``, ``_check_target`` and ``_scores`` what is
    learned, and what ranks samples.
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "reference": "no_validation",
        "normalize": ["boolean"],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "n_jobs": [Integral, None],
    }
    # Studies give it data sets, which know cells and genes
    _reads_data_sets = True

    def __init__(self, estimator=None, reference=None, *, normalize=True, cv=5, n_jobs=None):
        self.estimator = estimator
        self.reference = reference
        self.normalize = normalize
        self.cv = cv
        self.n_jobs = n_jobs

    def _fit(self, X, y):
        source = read_signals(X)
        y, target = self._check_target(source, y)
        self._table = None if self.reference is None else ReferenceTable(self.reference)
        template = self._template(source)
        # first of all: it checks X
        self.estimator_ = clone(template).fit(X, y)
        take_over(self, self.estimator_)
        cell, gene = self._samples(source, len(y))
        self.cells_, self.new_cells_ = np.unique(cell), np.array([], dtype="U1")
        self._warn_of_aliases(source, cell, gene)
        scores = self._left_out_scores(X, y, template, source, gene)
        self._distributions = {
            str(name): describe_values(scores[cell == name]) for name in self.cells_
        }
        z = self._normal_scores(scores, cell, self._distributions)
        self._signals = Polynomial(3, classes=self._classes).fit(z[:, None], target)
        self._similar = self._find_similar(z, cell, gene, self.cells_.tolist())
        known, features = self._features(z, cell, gene, self._similar)
        self.n_in_reference_ = int(known.sum())
        self._both = self._prior = None
        if self._learnable(target[known]):
            fit = Polynomial(2, classes=self._classes).fit
            self._both = fit(features[known], target[known])
            self._prior = Polynomial(2, classes=self._classes).fit(
                features[known][:, 1:7], target[known]
            )
        elif self._table is not None or source.dataset is not None:
            self._warn_of_no_gene(source, int(known.sum()))
        return self

    def _template(self, source):
        """Return the estimator to clone, its signals made comparable between cells."""
        estimator = self.estimator
        if estimator is None:
            # columns of two axes are marks that are pooled already
            shape = np.shape(source.arrange(np.asarray(source.values)))
            n_bins = shape[1] if len(shape) == 3 else 1
            estimator = self._default(n_regions=min(_N_REGIONS, n_bins))
        steps = [step for _, step in getattr(estimator, "steps", [])]
        # an array is one cell, which is comparable to itself
        if (
            not self.normalize
            or source.dataset is None
            or any(isinstance(step, CellNormalizer) for step in steps)
        ):
            return estimator
        return make_pipeline(CellNormalizer(), estimator)

    def _samples(self, source, n_samples):
        """Return cell and gene of each sample; genes are empty where X has no names."""
        cell = cell_of_samples(source, None, n_samples)
        if source.dataset is None:
            return cell, np.full(n_samples, UNNAMED)
        return cell, source.dataset.gene

    def _left_out_scores(self, X, y, template, source, gene):
        """Return the score of every sample by a model that was trained without its gene."""
        if source.dataset is None and not hasattr(X, "iloc"):
            X = np.asarray(X)
        folds = list(self._folds(source, y, gene))
        parts = Parallel(n_jobs=self.n_jobs)(
            delayed(_left_out)(self._scores, clone(template), X, y, *fold) for fold in folds
        )
        scores = np.empty(len(y))
        for (_, test), part in zip(folds, parts, strict=True):
            scores[test] = part
        return scores

    def _folds(self, source, y, gene):
        rows = np.zeros((len(y), 1))
        if source.dataset is None:
            if len(y) < 2:
                raise ValueError("n_samples=1: samples are left out in turn; give at least two.")
            n_splits = min(self.cv, len(y))
            if self._classes:
                smallest = int(np.unique(y, return_counts=True)[1].min())
                splitter = StratifiedKFold(max(2, min(n_splits, smallest)))
            else:
                splitter = KFold(n_splits)
            return splitter.split(rows, y)
        chrom = source.dataset.chrom
        by_chrom = chrom is not None and not np.any(chrom == "")
        groups = chrom if by_chrom and len(np.unique(chrom)) >= self.cv else gene
        n_groups = len(np.unique(groups))
        if n_groups < 2:
            raise ValueError(
                f"X has samples of one gene only, {gene[0]}: {type(self).__name__} learns from "
                "genes that are left out in turn, and needs at least two."
            )
        return GroupKFold(min(self.cv, n_groups)).split(rows, y, groups)

    def _learnable(self, target):
        return len(target) > 1 and (not self._classes or len(np.unique(target)) == 2)

    def _normal_scores(self, scores, cell, distributions):
        """Return scores as normal ranks within their cells: depth cancels out."""
        z = np.empty(len(scores))
        for name in np.unique(cell).tolist():
            rows, found = cell == name, distributions[name]
            z[rows] = ndtri(np.interp(scores[rows], found.values, found.levels))
        return np.clip(z, -_LARGEST, _LARGEST)

    def _find_similar(self, z, cell, gene, cells):
        """Return by cell which references it resembles."""
        if self._table is None:
            return {}
        found = {}
        for name in cells:
            rows = np.flatnonzero(cell == name)
            reference = self._table.of_genes(self._table.find(gene[rows]), [name])
            rows = rows[reference.known]
            expected = self._signals.expected(z[rows, None])
            found[str(name)] = find_similar(expected, reference, gene[rows])
        return found

    def _features(self, z, cell, gene, similar):
        """Return which genes the reference has, and the numbers that the stack is made of."""
        known, features = np.zeros(len(z), dtype=bool), np.zeros((len(z), 9))
        features[:, 0] = z
        if self._table is None:
            return known, features
        place = self._table.find(gene)
        for name in np.unique(cell).tolist():
            rows = np.flatnonzero(cell == name)
            reference = self._table.of_genes(place[rows], [name])
            rows = rows[reference.known]
            known[rows] = True
            features[rows, 1:7] = reference.summary
            deviation = similar[name].deviation(reference.deviations)
            features[rows, 7] = deviation
            features[rows, 8] = deviation * reference.summary[:, 2]
        return known, features

    def learn_cells(self, X, cell=None):
        """Learn new cells from their signals alone.

        Learned are the distribution of their signals and which reference cells they resemble.
        Afterwards genes of these cells are predicted one by one as together.

        Parameters
        ----------
        X : HistoneDataset
            Signals of whole new cells; no labels are used.
        cell : None
            Ignored: the data set has the cells.

        Returns
        -------
        self
            Training cells stay as they are; a cell that was learned before is learned anew.

        Raises
        ------
        ValueError
            If there are fewer than 10 samples of a cell, or X is no X of ``fit``.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of a cell.
        """
        check_is_fitted(self)
        source = read_signals(X)
        if source.dataset is None:
            raise ValueError("X has no cells: learn_cells takes a HistoneDataset.")
        cells = np.unique(source.dataset.cell).tolist()
        fresh = [name for name in cells if name not in self.cells_]
        if not fresh:
            return self
        learn_cells(self.estimator_, X)
        state = self._placed(X, relearn=fresh)[-1]
        for kept, learned in zip((self._distributions, self._similar), state, strict=True):
            kept.update({name: learned[name] for name in fresh if name in learned})
        self.new_cells_ = np.unique([*self.new_cells_.tolist(), *fresh])
        return self

    def _placed(self, X, relearn=()):
        """Return normal scores, cell, gene, and what is known of all cells of X."""
        source = read_signals(X)
        scores = self._scores(self.estimator_, X)
        cell, gene = self._samples(source, len(scores))
        check_cells_named(self, cell)
        known = {name: d for name, d in self._distributions.items() if name not in relearn}
        rows = new_cells(cell, known)
        distributions = known | {name: describe_values(scores[r]) for name, r in rows.items()}
        z = self._normal_scores(scores, cell, distributions)
        similar = {name: s for name, s in self._similar.items() if name not in relearn}
        similar = similar | self._find_similar(z, cell, gene, list(rows))
        return z, cell, gene, (distributions, similar)

    def _outputs(self, X):
        """Return for each sample what both, the reference and the signals say, and more.

        Log-odds of classifiers, values of regressors; that of the reference is NaN for genes
        that it does not have.
        """
        check_is_fitted(self)
        z, cell, gene, (_, similar) = self._placed(X)
        known, features = self._features(z, cell, gene, similar)
        signals = self._signals.output(z[:, None])
        both, prior = signals.copy(), np.full(len(z), np.nan)
        if self._both is not None and known.any():
            both[known] = self._both.output(features[known])
            prior[known] = self._prior.output(features[known][:, 1:7])
        else:
            known = np.zeros(len(z), dtype=bool)
        return {"both": both, "reference": prior, "signals": signals, "cell": cell, "gene": gene,
                "known": known}  # fmt: skip

    def cell_report(self, X):
        """Report what the references can say of each cell.

        Parameters
        ----------
        X : HistoneDataset
            Signals of one or more cells.

        Returns
        -------
        DataFrame of shape (n_cells, 6)
            By cell: ``n_genes``, ``n_in_reference`` of these; ``explained``, the share of what
            its signals say beyond the mean of the references that differences between references
            explain (on genes left out; NaN below 200 genes); ``most_similar``, up to three
            references, and ``weight`` of the first; and ``case``: "relatives" where at least .1
            is explained, "no relatives" below: there, genes that vary rest on the signals.
        """
        check_is_fitted(self)
        _, cell, gene, (_, similar) = self._placed(X)
        rows = {}
        for name in np.unique(cell).tolist():
            genes = gene[cell == name]
            n_known = 0 if self._table is None else int((self._table.find(genes) >= 0).sum())
            rows[name] = _report(len(genes), n_known, similar.get(name))
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("cell")

    def similarity(self, X):
        """Return the weight of every reference cell for each cell of X.

        Parameters
        ----------
        X : HistoneDataset
            Signals of one or more cells.

        Returns
        -------
        DataFrame of shape (n_reference_cells, n_cells)
            Change of what is expected of a gene (the probability of classifiers, the value of
            regressors) for one log2 unit that a reference deviates from the mean of all; NaN for
            a cell itself. Zeros where there are too few genes to tell.
        """
        check_is_fitted(self)
        _, cell, _, (_, similar) = self._placed(X)
        index = [] if self._table is None else self._table.cells
        columns = {
            name: pd.Series(similar[name].coef, index=similar[name].cells).reindex(index)
            for name in np.unique(cell).tolist()
            if name in similar
        }
        return pd.DataFrame(columns, index=pd.Index(index, name="reference"))

    def _warn_of_aliases(self, source, cell, gene):
        """Refuse a training cell that is its own reference under another name."""
        expression = getattr(source.dataset, "expression", None)
        if expression is None or self._table is None:
            return
        for name in self.cells_.tolist():
            rows = cell == name
            place = self._table.find(gene[rows])
            found = self._table.aliases(place, expression[rows], name)
            if found:
                raise ValueError(
                    f"The reference {shorten(found)} has the expression of the training cell "
                    f"{name}: a cell must not be its own reference. Call it {name} in the "
                    "reference too, or leave the column out."
                )

    def _warn_of_no_gene(self, source, n_known):
        if self._table is None:
            why = "reference is None: pass the expression of the genes in other cells"
        elif source.dataset is None:
            why = "X is an array, which has no names of genes: pass a HistoneDataset"
        else:
            why = (
                f"of the genes of X, {n_known} are in the reference: its names are such as "
                f"{shorten(self._table.genes, 2)}, those of X such as "
                f"{shorten(source.dataset.genes, 2)}"
            )
        warnings.warn(f"Predictions rest on signals alone; {why}.", HistoexprWarning, stacklevel=4)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags


def _left_out(scores, model, X, y, train, test):
    model.fit(_safe_indexing(X, train), y[train])
    return scores(model, _safe_indexing(X, test))


def _report(n_genes, n_known, similar):
    report = {"n_genes": n_genes, "n_in_reference": n_known, "explained": np.nan,
              "most_similar": "", "weight": np.nan, "case": "no reference"}  # fmt: skip
    if similar is None or n_known == 0:
        return report
    best = np.argsort(-similar.coef, kind="stable")[:3]
    best = [number for number in best if similar.coef[number] > 0]
    case = "relatives" if similar.explained >= RELATED else "no relatives"
    return report | {
        "explained": similar.explained,
        "most_similar": ", ".join(similar.cells[best].tolist()),
        "weight": float(similar.coef[best[0]]) if best else np.nan,
        "case": "too few genes" if np.isnan(similar.explained) else case,
    }
