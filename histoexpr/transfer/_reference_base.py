"""What the models with reference cells share: scores of signals, similar cells, two parts."""

import warnings
from numbers import Integral

import numpy as np
from scipy.special import ndtri
from sklearn.base import (
    BaseEstimator,
    MetaEstimatorMixin,
    clone,
    is_classifier,
    is_regressor,
)
from sklearn.utils.validation import check_is_fitted

from ..exceptions import HistoexprWarning
from ..preprocessing import (
    UNNAMED,
    cell_of_samples,
    describe_values,
    new_cells,
)
from ..utils import HasMethods, Interval, read_signals, shorten
from ._learn_cells import learn_cells
from ._polynomial import Polynomial
from ._reference_reports import ReferenceReports
from ._reference_table import ReferenceTable
from ._signal_models import gene_left_out, left_out_scores, make_signal_model
from ._similar_cells import MIN_GENES, find_similar
from ._take_over import as_fitted, take_over

# Where the summary of the references stands among the numbers of a gene
_SUMMARY = slice(1, 7)
# Normal scores beyond are those of single genes
_LARGEST = 4.0


class ReferenceModel(ReferenceReports, MetaEstimatorMixin, BaseEstimator):
    """Base of the two; see :class:`ReferenceClassifier`.

    A class states in ``_classes``, ``_default``, ``_check_target`` and ``_scores`` what is
    learned, and what ranks samples.
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "reference": "no_validation",
        "exclude": ["array-like"],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "n_jobs": [Integral, None],
    }
    # Studies give it data sets, which know cells and genes
    _reads_data_sets = True

    def __init__(self, estimator=None, reference=None, *, exclude=(), cv=5, n_jobs=None):
        self.estimator = estimator
        self.reference = reference
        self.exclude = exclude
        self.cv = cv
        self.n_jobs = n_jobs

    def _fit(self, X, y):
        source = read_signals(X)
        self._check_kind()
        y, target = self._check_target(source, y)
        self._table = None if self.reference is None else ReferenceTable(self.reference)
        template = make_signal_model(self.estimator, self._default, source)
        # first of all: it checks X
        self.estimator_ = clone(template).fit(X, y)
        take_over(self, self.estimator_, source)
        cell, gene = self._samples(source, len(y))
        if self._table is not None:
            self._table.find(gene, keep=True)
        self.cells_, self.new_cells_ = np.unique(cell), np.array([], dtype="U1")
        self._refuse_aliases(source, cell, gene, self.cells_.tolist())
        scores = self._left_out_scores(source, y, template)
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
            self._both, self._prior = (
                Polynomial(2, classes=self._classes).fit(features[known][:, part], target[known])
                for part in (slice(None), _SUMMARY)
            )
        elif self._table is not None or source.dataset is not None:
            self._warn_of_no_gene(source, int(known.sum()))
        return self

    def _samples(self, source, n_samples):
        """Return cell and gene of each sample; genes are empty where X has no names."""
        cell = cell_of_samples(source, None, n_samples)
        if source.dataset is None:
            return cell, np.full(n_samples, UNNAMED)
        return cell, source.dataset.gene

    def _left_out_scores(self, source, y, template):
        """Return the score of every sample by a model that was trained without its gene."""
        folds = gene_left_out(source, y, self.cv, classes=self._classes)
        return left_out_scores(template, source, y, folds, self._scores, self.n_jobs)

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
            reference = self._table.of_genes(self._table.find(gene[rows]), self._without(name))
            rows = rows[reference.known]
            expected = self._signals.expected(z[rows, None])
            found[str(name)] = find_similar(expected, reference, gene[rows])
            if 0 < len(rows) < MIN_GENES and len(reference.cells) > 1:
                warnings.warn(
                    f"{len(rows)} genes of cell {name} are too few to tell which references it "
                    f"resembles (at least {MIN_GENES}): predictions do without. Give the whole "
                    "cell, to fit or to learn_cells first.",
                    HistoexprWarning,
                    stacklevel=5,
                )
        return found

    def _without(self, cell):
        """Return the cells that are no reference for a cell: itself, and those to exclude."""
        return [cell, *map(str, self.exclude)]

    def _check_kind(self):
        kind = is_classifier if self._classes else is_regressor
        if self.estimator is not None and not kind(self.estimator):
            raise ValueError(
                f"estimator is {type(self.estimator).__name__}, but {type(self).__name__} takes a "
                f"{'classifier' if self._classes else 'regressor'}."
            )

    def _features(self, z, cell, gene, similar):
        """Return which genes the reference has, and the numbers that the stack is made of."""
        known, features = np.zeros(len(z), dtype=bool), np.zeros((len(z), 9))
        features[:, 0] = z
        if self._table is None:
            return known, features
        place = self._table.find(gene)
        for name in np.unique(cell).tolist():
            rows = np.flatnonzero(cell == name)
            reference = self._table.of_genes(place[rows], self._without(name))
            rows = rows[reference.known]
            known[rows] = True
            features[rows, _SUMMARY] = reference.summary
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
            Not used: the data set has the cells.

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
        if cell is not None:
            raise ValueError("cell must be None: the data set X has the cells.")
        source = read_signals(X)
        if source.dataset is None:
            raise ValueError("X has no cells: learn_cells takes a HistoneDataset.")
        cells = np.unique(source.dataset.cell).tolist()
        fresh = [name for name in cells if name not in self.cells_]
        if not fresh:
            return self
        learn_cells(self.estimator_, X)
        if self._table is not None:
            self._table.find(source.dataset.gene, keep=True)
        state = self._placed(X, relearn=fresh)[-1]
        for kept, learned in zip((self._distributions, self._similar), state, strict=True):
            kept.update({name: learned[name] for name in fresh if name in learned})
        self.new_cells_ = np.unique([*self.new_cells_.tolist(), *fresh])
        return self

    def _placed(self, X, relearn=()):
        """Return normal scores, cell, gene, and what is known of all cells of X."""
        source = read_signals(X)
        scores = self._scores(self.estimator_, as_fitted(self, X))
        cell, gene = self._samples(source, len(scores))
        if source.dataset is None and UNNAMED not in self.cells_:
            raise ValueError(
                f"X is an array, which names no cells and genes, but {type(self).__name__} was "
                f"fitted with the cells {shorten(self.cells_)}. Pass a HistoneDataset."
            )
        known = {name: d for name, d in self._distributions.items() if name not in relearn}
        rows = new_cells(cell, known)
        if rows:
            self._refuse_aliases(source, cell, gene, list(rows))
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
        self._warn_of_few_genes(cell, gene, known)
        signals = self._signals.output(z[:, None])
        both, prior = signals.copy(), np.full(len(z), np.nan)
        if self._both is not None and known.any():
            both[known] = self._both.output(features[known])
            prior[known] = self._prior.output(features[known][:, _SUMMARY])
        else:
            known = np.zeros(len(z), dtype=bool)
        return {"both": both, "reference": prior, "signals": signals, "cell": cell, "gene": gene,
                "known": known}  # fmt: skip

    def _refuse_aliases(self, source, cell, gene, cells):
        """Refuse a cell that is its own reference under another name; nothing else is done."""
        expression = getattr(source.dataset, "expression", None)
        if expression is None or self._table is None:
            return
        for name in cells:
            rows = cell == name
            place = self._table.find(gene[rows])
            found = self._table.aliases(place, expression[rows], name)
            if found:
                raise ValueError(
                    f"The reference {shorten(found)} has the expression of the cell "
                    f"{name}: a cell must not be its own reference. Call it {name} in the "
                    "reference too, or leave the column out."
                )

    def _warn_of_few_genes(self, cell, gene, known):
        """Say where most genes of a cell are not in the reference, if those of training were."""
        if self._both is None:
            return
        for name in np.unique(cell).tolist():
            part = known[cell == name]
            if not part.any() and self._table.find(gene[cell == name]).max() >= 0:
                warnings.warn(
                    f"The reference has no cell but {shorten(self._table.cells)}, which is cell "
                    f"{name} itself or one to exclude: its genes rest on signals alone.",
                    HistoexprWarning,
                    stacklevel=4,
                )
            elif part.mean() < 0.5:
                warnings.warn(
                    f"Of {len(part)} genes of cell {name}, {part.sum()} are in the reference; the "
                    "others rest on signals alone. Names of the reference are such as "
                    f"{shorten(self._table.genes, 2)}, of X such as "
                    f"{shorten(gene[(cell == name) & ~known], 2)}.",
                    HistoexprWarning,
                    stacklevel=4,
                )

    def _warn_of_no_gene(self, source, n_known):
        if (
            self._table is not None
            and source.dataset is not None
            and (self._table.find(source.dataset.gene).max() >= 0)
        ):
            why = (
                "beside the training cell and those to exclude, the reference has no cell: it "
                f"has {shorten(self._table.cells)}"
            )
        elif self._table is None:
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
