"""Expression of genes in cell types, as a table with checked names and values."""

import numpy as np
import pandas as pd

from ..utils import describe, shorten
from ._match_genes import match_genes


class ExpressionTable:
    """Expression of genes in cell types.

    Parameters
    ----------
    values : array-like of shape (n_genes, n_cells)
        Expression, finite. Negative values are allowed only if ``unit`` starts with ``"log"``.
    genes : sequence of str of length n_genes
        Gene identifiers, distinct.
    cells : sequence of str of length n_cells
        Cell types, distinct.
    unit : str, optional
        Such as ``"RPKM"``, ``"TPM"``, ``"counts"`` or ``"log2 TPM"``.

    Attributes
    ----------
    values : ndarray of float64 of shape (n_genes, n_cells)
        A read-only copy, as are the names.
    genes, cells : ndarray of str
    unit : str or None

    Raises
    ------
    ValueError
        If shapes do not agree, names are repeated, or a value is missing, infinite or negative.

    Examples
    --------
    >>> from histoexpr.datasets import ExpressionTable
    >>> table = ExpressionTable(
    ...     [[0.0, 3.5], [12.1, 0.2]], ["TNMD", "DPM1"], ["E003", "E123"], unit="RPKM"
    ... )
    >>> table.select(genes="DPM1").values
    array([[12.1,  0.2]])
    """

    def __init__(self, values, genes, cells, *, unit=None):
        self.values = _as_values(values)
        self.genes = _names("genes", genes)
        self.cells = _names("cells", cells)
        self.unit = None if unit is None else str(unit)
        expected = len(self.genes), len(self.cells)
        if self.values.shape != expected:
            raise ValueError(
                f"values has shape {self.values.shape}; expected {expected}, genes and cells."
            )
        fault = find_expression_fault(self.values, self.genes, self.cells, self.unit)
        if fault:
            raise ValueError(f"The {fault[1]}")
        for checked in (self.values, self.genes, self.cells):
            checked.flags.writeable = False

    def __repr__(self):
        return (
            f"ExpressionTable: {len(self.genes):,} genes in {len(self.cells):,} cells"
            f"{f', {self.unit}' if self.unit else ''}"
        )

    def select(self, *, genes=None, cells=None):
        """Return the part of the table with the given genes and cells, in that order.

        Parameters
        ----------
        genes, cells : str or sequence of str, optional
            Names to keep; all by default.

        Returns
        -------
        ExpressionTable

        Raises
        ------
        ValueError
            If a name does not occur.
        """
        rows = _positions("gene", genes, self.genes)
        columns = _positions("cell", cells, self.cells)
        return ExpressionTable(
            self.values[rows][:, columns], self.genes[rows], self.cells[columns], unit=self.unit
        )

    def log2_values(self):
        """Return log2(values + 1), or the values of a table whose unit says log2.

        Returns
        -------
        ndarray of shape (n_genes, n_cells)

        Raises
        ------
        ValueError
            If the unit is another logarithm.
        """
        unit = (self.unit or "").lower()
        if unit.startswith("log2"):
            return self.values
        if unit.startswith(("log", "ln")):
            raise ValueError(
                f"The expression table is in {self.unit}. Give it without a logarithm, or as log2 "
                "with a unit such as 'log2 RPKM'."
            )
        return np.log2(self.values + 1)

    def to_frame(self):
        """Return a DataFrame (n_genes, n_cells) with genes as index and cells as columns."""
        return pd.DataFrame(self.values.copy(), index=self.genes, columns=self.cells)

    @classmethod
    def from_frame(cls, frame, *, unit=None):
        """Make a table of a DataFrame, as :meth:`to_frame` returns it.

        Parameters
        ----------
        frame : DataFrame of shape (n_genes, n_cells)
            Genes as index, cells as columns.
        unit : str, optional
            As for the class.

        Returns
        -------
        ExpressionTable

        Raises
        ------
        ValueError
            If ``frame`` is no DataFrame, or not such a table.
        """
        if not isinstance(frame, pd.DataFrame):
            raise ValueError(
                f"frame must be a DataFrame of genes as index and cells as columns, got "
                f"{describe(frame)}."
            )
        return cls(frame.to_numpy(), frame.index, frame.columns, unit=unit)

    def reindex(self, genes):
        """Return the expression of given genes, in their order, and NaN where it is not known.

        Parameters
        ----------
        genes : array-like of str of shape (n_samples,)
            Such as ``data.gene``; may be repeated. Ensembl and RefSeq identifiers are found
            without their version, and those in digits only as in DeepChrome's files.

        Returns
        -------
        DataFrame of shape (n_samples, n_cells)
            The given names as index, cells as columns.

        Raises
        ------
        ValueError
            If the table has none of the genes, or one of them under several names.

        Examples
        --------
        >>> from histoexpr import ExpressionTable
        >>> table = ExpressionTable([[3.5]], ["ENSG00000000003"], ["E003"])
        >>> table.reindex(["ENSG00000000003.10", "ENSG00000000005.5"])["E003"].tolist()
        [3.5, nan]
        """
        genes = np.asarray(genes).astype(str)
        rows = match_genes(genes, self.genes)
        if len(genes) and (rows < 0).all():
            raise ValueError(
                f"The expression table has none of the genes {shorten(genes, 3)}; it has "
                f"{shorten(self.genes, 3)}. Identifiers and symbols are not translated into each "
                "other: give both the same."
            )
        values = np.full((len(genes), len(self.cells)), np.nan)
        values[rows >= 0] = self.values[rows[rows >= 0]]
        return pd.DataFrame(values, index=genes, columns=self.cells)


def _as_values(values):
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"values must be numbers of shape (n_genes, n_cells) ({error}). Read a file with "
            "read_expression(path)."
        ) from error


def _names(what, names):
    if isinstance(names, str):
        raise ValueError(f"{what} is the text {names!r}; expected a sequence of names.")
    names = np.asarray(names)
    if names.ndim != 1:
        raise ValueError(f"{what} has {names.ndim} dimensions; expected a list of names.")
    names = names.astype(str)
    repeated = pd.Index(names).duplicated()
    if repeated.any():
        raise ValueError(f"{what} holds {str(names[repeated.argmax()])!r} more than once.")
    return names


def _positions(what, wanted, present):
    if wanted is None:
        return slice(None)
    wanted = [wanted] if isinstance(wanted, str) else [str(name) for name in wanted]
    places = pd.Index(present).get_indexer(wanted)
    if (places < 0).any():
        unknown = [name for name, place in zip(wanted, places, strict=True) if place < 0]
        raise ValueError(
            f"No {what} {shorten(unknown)} in the expression table; it has {shorten(present)}."
        )
    return places


def find_expression_fault(values, genes, cells, unit):
    """Return the row and a description of the first value that is no expression, or None."""
    faulty = ~np.isfinite(values)
    why = "not a finite number"
    if not faulty.any() and not (unit or "").lower().startswith("log"):
        faulty = values < 0
        why = "negative. Give untransformed values, or state their unit: unit='log2 TPM'"
    if not faulty.any():
        return None
    row, column = np.argwhere(faulty)[0]
    return row, (
        f"expression of gene {genes[row]} in cell {cells[column]} is {values[row, column]}: {why}."
    )
