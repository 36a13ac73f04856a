"""The data set: signals with the cell type, gene and label of every sample."""

import copy
import html

import numpy as np

from ..utils import (
    ORIENTATIONS,
    check_marks,
    check_positive_int,
    check_window,
    check_X,
    is_dataset,
    is_memmap,
    read_signals,
    shorten,
    warn_of_swapped_axes,
)
from ._columns import COLUMNS, check_column
from ._orientation import Orientation, check_oriented, join_oriented
from ._rows import as_names, as_slice, check_joinable, check_rows, find_marks
from ._sample_columns import SampleColumns
from ._samples import concat_samples, encode_samples, match_samples, take_samples
from ._saved import load_dataset, save_dataset
from ._signal_array import SignalArray


class HistoneDataset(SignalArray, SampleColumns, Orientation):
    """Histone-modification signals around transcription start sites, with labels.

    One sample is one gene in one cell type. All columns are row-aligned with ``X``.

    A data set is itself an X of scikit-learn: ``classifier.fit(data)`` takes the labels from it,
    ``classifier.predict(data)`` matches marks by name, splitters read cells, genes and
    chromosomes, ``data[rows]`` is a data set and ``np.asarray(data)`` the array ``X``.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_bins, n_marks), or DataFrame
        Signals, usually read counts; a DataFrame has columns ``mark:bin``. Integer counts are
        stored in the smallest unsigned type that holds them; floats and memory maps are kept as
        they are.
    y : array-like of shape (n_samples,), optional
        Labels, usually 1 for expressed and 0 for not.
    cell : array-like of shape (n_samples,)
        Cell type of each sample, such as ``"E003"``.
    gene : array-like of shape (n_samples,)
        Gene of each sample, as text; leading zeros are kept.
    chrom : array-like of shape (n_samples,), optional
        Chromosome.
    tss : array-like of shape (n_samples,), optional
        0-based position of the transcription start site in bp.
    strand : array-like of shape (n_samples,), optional
        ``"+"``, ``"-"`` or ``"."``.
    expression : array-like of shape (n_samples,), optional
        Expression, usually in RPKM.
    log2_fold_change : array-like of shape (n_samples,), optional
        Change of expression from the first cell of a pair to the second, see :func:`pair_cells`.
    split : array-like of shape (n_samples,), optional
        ``"train"``, ``"valid"`` or ``"test"``.
    symbol : array-like of shape (n_samples,), optional
        What the gene is called, such as ``"SOX1"``, if ``gene`` is an identifier; "" if unknown.
    marks : sequence of str, optional
        Names of the marks, in the order of the last axis of ``X``; by default those that X
        brings, else ``mark1`` ...
    bin_size : int, default=100
        Width of a bin in bp.
    window : tuple of two int, optional
        First and last (exclusive) position in bp relative to the TSS; by default centred on it.
    oriented : bool, optional
        Whether bins run from upstream to downstream along each gene's strand; False is along the
        genome, as in the DeepChrome layout. None is unknown. See :meth:`orient`.
    meta : dict, optional
        Where the data came from, or anything else that JSON can hold.

    Attributes
    ----------
    samples : DataFrame of shape (n_samples, n_columns)
        The known ones of the columns below. Text is categorical, with sorted categories. A copy
        each time: changing it changes nothing here. :meth:`replace` returns a data set with
        other columns.
    cell, gene, y, chrom, tss, strand, expression, log2_fold_change, split, symbol : \
ndarray of shape (n_samples,) or None
        The sample columns as read-only arrays; None where unknown.
    X : ndarray of shape (n_samples, n_bins, n_marks)
        The signals themselves, neither copied nor made read-only, because they may be large:
        changing them changes this data set and those that share them, such as a contiguous part.
        A memory map of a saved data set is read-only.
    n_samples, n_bins, n_marks : int
        The shape of ``X``.
    cells, genes : ndarray of str
        The distinct cell types and genes, sorted.
    bin_positions : ndarray of shape (n_bins,)
        Centre of each bin in bp relative to the TSS.
    groups : SampleGroups of length n_samples
        Columns ``cell``, ``gene`` and, where known, ``chrom`` and ``split``, by name
        (``groups["cell"]``): the ``groups`` of the splitters in
        :mod:`histoexpr.model_selection`. They refuse to become an array: scikit-learn's own
        group tools take one column, ``data.cell`` or ``data.gene``.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr import HistoneDataset
    >>> data = HistoneDataset(
    ...     np.ones((4, 100, 2), dtype=int), [0, 1, 1, 0],
    ...     cell=["E003", "E003", "E123", "E123"], gene=["g1", "g2", "g1", "g2"],
    ...     marks=["H3K4me3", "H3K27me3"],
    ... )
    >>> data.X.dtype
    dtype('uint8')
    >>> data.select(cells="E123").n_samples
    2
    """

    def __init__(
        self,
        X,
        y=None,
        *,
        cell,
        gene,
        chrom=None,
        tss=None,
        strand=None,
        expression=None,
        log2_fold_change=None,
        split=None,
        symbol=None,
        marks=None,
        bin_size=100,
        window=None,
        oriented=None,
        meta=None,
    ):
        if is_dataset(X):
            raise ValueError(
                "X is a data set already; data.replace(...) returns one with other parts."
            )
        source = read_signals(X)
        self.X = check_X(source)
        n_samples, n_bins, n_marks = self.X.shape
        columns = (cell, gene, y, chrom, tss, strand, expression, log2_fold_change)
        columns = (*columns, split, symbol)
        self._arrays = {
            name: check_column(name, values, n_samples)
            for name, values in zip(COLUMNS, columns, strict=True)
        }
        if marks is None:
            marks = source.marks
        if marks is None:
            warn_of_swapped_axes(n_bins, n_marks)
        self.marks = check_marks(marks, n_marks)
        self.bin_size = check_positive_int("bin_size", bin_size)
        self.window = check_window(window, n_bins, self.bin_size)
        self.oriented = check_oriented(oriented)
        if meta is not None and not isinstance(meta, dict):
            raise ValueError(f"meta must be a dict, got {meta!r}.")
        self.meta = dict(meta or {})

    def __repr__(self):
        n_genes, mapped = len(self.genes), ", memory-mapped" if is_memmap(self.X) else ""
        start, stop = self.window
        lines = [
            f"HistoneDataset: {len(self):,} samples = {n_genes:,} genes in {shorten(self.cells)}",
            f"  X      {self.X.shape} {self.X.dtype}{mapped}",
            f"  marks  {', '.join(self.marks)}",
            f"  window {start:+,} to {stop:+,} bp around the TSS, bins of {self.bin_size} bp",
        ]
        if self.oriented is not None:
            lines.append(f"         {ORIENTATIONS[self.oriented]}")
        if self.y is not None:
            values, counts = np.unique(self.y, return_counts=True)
            shares = ", ".join(
                f"{v}: {c:,} ({c / max(self.n_samples, 1):.0%})"
                for v, c in zip(values, counts, strict=True)
            )
            lines.append(f"  labels {shares}")
        extra = [name for name in self._samples if name not in ("y", "cell", "gene")]
        if extra:
            lines.append(f"  also   {', '.join(extra)}")
        return "\n".join(lines)

    def _repr_html_(self):
        table = self._samples.to_html(max_rows=6, border=0, show_dimensions=False)
        return f"<pre>{html.escape(repr(self))}</pre>\n{table}"

    def select(self, *, cells=None, genes=None, marks=None, split=None):
        """Return the part of the data set that satisfies all conditions.

        Rows keep their order. ``X`` is a view where rows and marks are contiguous, else a copy.

        Parameters
        ----------
        cells, genes : str or sequence of str, optional
            Values to keep.
        marks : str or sequence of str, optional
            Marks to keep, in the order given.
        split : str or sequence of str, optional
            Values to keep.

        Returns
        -------
        HistoneDataset

        Raises
        ------
        ValueError
            If a value does not occur, naming it and those that do.
        """
        rows = np.ones(self.n_samples, dtype=bool)
        for name, wanted in (("cells", cells), ("genes", genes), ("split", split)):
            if wanted is not None:
                wanted = as_names(name, wanted)
                rows &= match_samples(self._samples, name.removesuffix("s"), wanted)
        columns = slice(None) if marks is None else find_marks(marks, self.marks)
        return self._take(np.flatnonzero(rows), columns)

    def take(self, rows):
        """Return the samples with the given indices (or Boolean mask), in that order."""
        return self._take(check_rows(rows, self.n_samples), slice(None))

    def _take(self, rows, columns):
        rows = as_slice(rows)
        return self._with_samples(
            take_samples(self._samples, rows),
            X=check_X(self.X[rows][..., columns]),
            marks=np.array(self.marks, dtype=object)[columns].tolist(),
        )

    def _with_samples(self, samples, **changes):
        """Return a data set with a table and attributes that need no check."""
        other = copy.copy(self)
        changes = {"marks": list(self.marks), "meta": dict(self.meta), **changes}
        other.__dict__.update(changes, _samples=samples, _arrays={})
        return other

    def replace(self, **changes):
        """Return a data set with some parts changed and the rest as they are.

        Parameters
        ----------
        **changes
            Parameters of the class, such as ``y``. None takes an optional column away.

        Returns
        -------
        HistoneDataset

        Raises
        ------
        ValueError
            If the parts do not fit each other.
        """
        parts = (*COLUMNS, "X", "marks", "bin_size", "window", "oriented", "meta")
        other = type(self)(**{name: getattr(self, name) for name in parts} | changes)
        if "_samples" in vars(self):
            kept = self._samples.drop(columns=changes, errors="ignore")
            other._samples = encode_samples(other._arrays, kept)
        return other

    @classmethod
    def concat(cls, datasets):
        """Join data sets one below the other.

        Marks take the order of the first. Optional columns that one lacks are left out. Where
        ``meta`` differs, that of the result lists them all under ``"parts"``.

        Parameters
        ----------
        datasets : sequence of HistoneDataset

        Returns
        -------
        HistoneDataset

        Raises
        ------
        ValueError
            If ``datasets`` holds anything else, or they differ in marks, bins, bin size, window or
            known orientation.

        Warns
        -----
        HistoexprWarning
            If the orientation of some is known and of others not: that of the result is not.
        """
        datasets = check_joinable(datasets, HistoneDataset)
        first, metas = datasets[0], [dataset.meta for dataset in datasets]
        parts = [d if d.marks == first.marks else d.select(marks=first.marks) for d in datasets]
        return first._with_samples(
            concat_samples([part._samples for part in parts]),
            X=check_X(np.concatenate([part.X for part in parts])),
            oriented=join_oriented(datasets),
            meta=dict(metas[0]) if all(m == metas[0] for m in metas) else {"parts": metas},
        )

    def save(self, path, *, overwrite=False):
        """Save as a folder of ``.npy`` files and a ``dataset.json``, whole or not at all.

        ``dataset.json`` has checksums of the files and of itself.

        Parameters
        ----------
        path : str or path-like
            The folder.
        overwrite : bool, default=False
            Whether to replace an existing data set; a folder of anything else is never touched.

        Raises
        ------
        FileExistsError
            If ``path`` exists and may not be replaced.
        """
        save_dataset(self, path, overwrite=overwrite)

    @classmethod
    def load(cls, path, *, mmap=True, verify=True):
        """Load a data set that :meth:`save` wrote.

        Parameters
        ----------
        path : str or path-like
            The folder.
        mmap : bool, default=True
            Map ``X`` into memory, read-only.
        verify : bool, default=True
            Whether to hold ``X.npy`` against its checksum, at about 2 GB a second; everything
            else always is.

        Returns
        -------
        HistoneDataset

        Raises
        ------
        DataFormatError
            If the folder is not a saved data set, or is damaged: a missing file, one of another
            length, or one with another checksum.

        Warns
        -----
        HistoexprWarning
            If the folder was saved by an earlier version, which wrote no checksums.
        """
        return load_dataset(cls, path, mmap=mmap, verify=verify)
