"""Signals of several cells made comparable, with or without labels of them."""

import warnings
from itertools import pairwise
from numbers import Integral

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import (
    Interval,
    StrOptions,
    check_marks,
    fit_context,
    read_signals,
    region_edges,
    shorten,
    split_batches,
)
from ._cells import UNNAMED, cell_of_samples, check_cells_named, new_cells
from ._distributions import MATCHES, describe_values
from ._signal_transformer import BATCH_SIZE, SignalTransformer, float_dtype


class CellNormalizer(SignalTransformer):
    """Make the signals of several cells comparable, mark by mark.

    Sequencing depth, antibodies and background differ between cells; a model that was trained on
    one cell takes such differences for differences in expression. In every region of the window
    the distribution of each mark's signal over the genes is given the same form in all cells.
    The form is the mean of the training cells. No labels are used: of a new cell, signals are
    enough.

    The distribution of a training cell is that of the samples in :meth:`fit`. That of a new cell
    is taken from all samples of the cell that are given to :meth:`transform` together, so there
    its samples depend on each other; give the whole cell to :meth:`learn_cells` beforehand, and
    they do not. With a single training cell, the samples of that cell stay as they are.

    The result has the shape of X, and is float64 if X is, otherwise float32. Zeros stay zero,
    and within a cell, mark and region the order of what is matched stays.

    Parameters
    ----------
    method : {"quantile", "depth", "power"}, default="quantile"
        What is made equal: all quantiles; the mean, by one factor; or the mean of the largest
        fifth and that of the others, by ``a x**b``.
    level : {"region", "bin"}, default="region"
        Whether the sums over the bins of a region are matched, and all bins of the region in a
        sample multiplied by one factor, or the bins one by one. With ``method="depth"`` both are
        the same.
    n_regions : int, default=10
        Number of regions of equal width that the window is divided into, each matched by itself;
        as many as bins at the most.
    reference : str, default=None
        Training cell whose form all others are given; by default the mean of all training
        cells: of their quantile functions, their means, or the means of both parts.

    Attributes
    ----------
    cells_ : ndarray of str
        Training cells, sorted; one empty name if they were not named.
    new_cells_ : ndarray of str
        Cells that :meth:`learn_cells` has learned, sorted.
    n_bins_in_, n_marks_in_, n_features_in_ : int
        Shape of a sample seen in ``fit``; number of its bins, or of a DataFrame's columns.
    feature_names_in_, mark_names_in_ : ndarray of str
        Column names, only if X was a DataFrame; mark names, only if known.

    See Also
    --------
    normalize_depth : one factor per cell and mark, over whole cells, as a function.

    Notes
    -----
    "quantile" is quantile normalisation (Bolstad et al. 2003, Bioinformatics 19:185-193), "power"
    the transform of S3norm (Xiang et al. 2020, Nucleic Acids Research 48:e43) with the largest
    fifth of each cell as peaks, since genes in common are not asked for.

    Distributions are kept as tables of at most 1,000 values per cell, mark and region.

    In pipelines, a data set brings the cells. For plain arrays they are routed:
    ``CellNormalizer().set_fit_request(cell=True).set_transform_request(cell=True)``, with
    ``sklearn.set_config(enable_metadata_routing=True)``. An array without cells is one cell
    without a name, and keeps its values.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr import CellNormalizer
    >>> counts = np.random.default_rng(0).poisson(20, size=(200, 20, 2))
    >>> X = np.concatenate([counts, 3 * counts])
    >>> cell = np.repeat(["E003", "E123"], 200)
    >>> normalizer = CellNormalizer().fit(X[cell == "E003"], cell=cell[cell == "E003"])
    >>> Z = normalizer.transform(X, cell=cell)
    >>> np.array_equal(Z[:200], counts), np.allclose(Z[200:], counts)
    (True, True)
    """

    _parameter_constraints = {
        "method": [StrOptions(set(MATCHES))],
        "level": [StrOptions({"region", "bin"})],
        "n_regions": [Interval(Integral, 1, None, closed="left")],
        "reference": [str, None],
    }

    _preserves_dtype = ("float64", "float32")

    def __init__(self, method="quantile", *, level="region", n_regions=10, reference=None):
        self.method = method
        self.level = level
        self.n_regions = n_regions
        self.reference = reference

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, cell=None):
        """Learn the distributions of the training cells.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals, not negative; a DataFrame may have columns ``mark:bin``.
        y : None
            Ignored.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set, else one without a name.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X is negative, not finite or not of two or three axes, ``cell`` does not fit it, or
            ``reference`` is no training cell.

        Warns
        -----
        HistoexprWarning
            If a mark has no signal at all in a cell.
        """
        source = read_signals(X)
        X = self._check_signals(source, reset=True)
        cell = cell_of_samples(source, cell, len(X))
        rows = {name: np.flatnonzero(cell == name) for name in np.unique(cell).tolist()}
        self._tables, self._new_tables = self._describe_cells(X, rows), {}
        self.cells_, self.new_cells_ = np.array(sorted(self._tables)), np.array([], dtype="U1")
        if self.reference is not None and self.reference not in self._tables:
            raise ValueError(
                f"reference={self.reference!r} is no training cell; there are "
                f"{shorten(self.cells_)}."
            )
        return self

    def learn_cells(self, X, cell=None):
        """Learn the distributions of new cells, from signals alone.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals of the cells, best of all their genes.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        self
            Training cells stay as ``fit`` learned them; a cell that was learned before is
            learned anew.

        Raises
        ------
        ValueError
            If X is no X of ``fit``, no cell is named, or there are fewer than 10 samples of one.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of a cell, or a mark has no signal at all in one.
        """
        source = read_signals(X)
        X = self._check_signals(source, reset=False)
        cell = cell_of_samples(source, cell, len(X))
        if UNNAMED in cell:
            raise ValueError("cell is missing: name the new cell of each sample.")
        self._new_tables |= self._describe_cells(X, new_cells(cell, self._tables))
        self.new_cells_ = np.array(sorted(self._new_tables), dtype=str)
        return self

    def transform(self, X, cell=None):
        """Make signals comparable to those of the training cells.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals. Marks are matched by name with those of ``fit``, where both have names.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        ndarray or HistoneDataset
            Of the shape of X; float64 if X is, otherwise float32. A data set if X is one.

        Raises
        ------
        ValueError
            If ``cell`` is missing where ``fit`` had it, or there are fewer than 10 samples of a
            new cell that :meth:`learn_cells` has not learned.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of such a cell, or a mark has no signal at all
            in it.
        """
        source = read_signals(X)
        X = self._check_signals(source, reset=False)
        cell = cell_of_samples(source, cell, len(X))
        check_cells_named(self, cell)
        known = self._tables | self._new_tables
        tables = known | self._describe_cells(X, new_cells(cell, known))
        out = np.empty(X.shape, dtype=float_dtype(X.dtype))
        for name in np.unique(cell):
            rows, maps = np.flatnonzero(cell == name), self._maps(tables[name])
            for batch in split_batches(len(rows), BATCH_SIZE):
                part = rows[batch]
                out[part] = X[part] if maps is None else self._mapped(X[part], maps)
        return self._as_given(source, out)

    def fit_transform(self, X, y=None, cell=None):
        """Learn the distributions of the cells, and make their signals comparable.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals, not negative.
        y : None
            Ignored.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set, else one without a name.

        Returns
        -------
        ndarray or HistoneDataset
            As :meth:`transform`.
        """
        return self.fit(X, y, cell=cell).transform(X, cell=cell)

    def _check_signals(self, source, *, reset):
        X = super()._check_signals(source, reset=reset)
        lowest = X.min(axis=(0, 1))
        if (lowest < 0).any():
            marks = np.array(check_marks(getattr(self, "mark_names_in_", None), X.shape[2]))
            raise ValueError(
                f"Negative values in data passed to {type(self).__name__}, of "
                f"{shorten(marks[lowest < 0])}: it takes counts or coverage, no logarithms or "
                "differences. Normalise the signals of cells before pair_cells."
            )
        return X

    @property
    def _edges(self):
        return region_edges(self.n_bins_in_, min(self.n_regions, self.n_bins_in_))

    def _describe_cells(self, X, rows_of):
        """Return by cell the distributions by region and mark."""
        tables = {name: self._describe(X, rows) for name, rows in rows_of.items()}
        marks = check_marks(getattr(self, "mark_names_in_", None), self.n_marks_in_)
        silent = [
            f"{mark} in {name}" if name != UNNAMED else mark
            for name, table in tables.items()
            for mark, column in zip(marks, zip(*table, strict=True), strict=True)
            if not any(distribution.mean for distribution in column)
        ]
        if silent:
            warnings.warn(
                f"No signal at all of {shorten(silent)}; left at 0.",
                HistoexprWarning,
                stacklevel=3,
            )
        return tables

    def _describe(self, X, rows):
        edges = self._edges
        if self.level == "region":
            parts = [
                _sums(X[rows[batch]], edges) for batch in split_batches(len(rows), BATCH_SIZE)
            ]
            sums = np.concatenate(parts)
            return [[describe_values(mark) for mark in region.T] for region in sums.swapaxes(0, 1)]
        marks = []
        for mark in range(self.n_marks_in_):  # one at a time bounds the memory
            values = X[rows, :, mark]
            marks.append([describe_values(values[:, a:b]) for a, b in pairwise(edges)])
        return [list(region) for region in zip(*marks, strict=True)]

    def _maps(self, table):
        """Return the map of each region and mark of a cell; None if all values stay."""
        used = [self.reference] if self.reference is not None else list(self._tables)
        references = [self._tables[name] for name in used]
        if len(references) == 1 and references[0] is table:
            return None
        return [
            [
                self._map(table[region][mark], [other[region][mark] for other in references])
                for mark in range(self.n_marks_in_)
            ]
            for region in range(len(table))
        ]

    def _map(self, found, references):
        # a silent mark stays silent, and is no reference
        references = [reference for reference in references if reference.mean > 0]
        if found.mean == 0 or not references:
            return None
        return MATCHES[self.method](found, references)

    def _mapped(self, X, maps):
        """Return mapped samples of one cell as float64."""
        edges = self._edges
        out = X.astype(np.float64)
        sums = _sums(X, edges) if self.level == "region" else None
        for region, (start, stop) in enumerate(pairwise(edges)):
            for mark, mapping in enumerate(maps[region]):
                if mapping is None:
                    continue
                if sums is None:
                    out[:, start:stop, mark] = mapping(out[:, start:stop, mark])
                else:
                    found = sums[:, region, mark]
                    factor = np.divide(
                        mapping(found), found, out=np.ones(len(found)), where=found > 0
                    )
                    out[:, start:stop, mark] *= factor[:, None]
        return out

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags


def _sums(X, edges):
    """Return the sums over regions as float64 of shape (n_samples, n_regions, n_marks)."""
    return np.add.reduceat(X, edges[:-1], axis=1, dtype=np.float64)
