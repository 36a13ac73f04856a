"""Expression of the same genes in reference cells, and what it says of a gene."""

import os
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import rankdata

from ..datasets import ExpressionTable, match_genes, read_expression
from ..exceptions import HistoexprWarning
from ..utils import describe, shorten

# Two columns whose ranks agree better are the same cell under two names, in whatever unit;
# different Roadmap cells reach .98 at the most
_SAME_CELL = 0.998


class GeneReference(NamedTuple):
    """What some reference cells say of genes.

    ``known`` has for each gene whether the table has it; the rest is of the known genes only:
    ``summary`` (n_known, 6) their summary over the cells, ``deviations`` (n_known, n_cells) how
    far they are in each cell from their mean, and ``cells`` the names of these.
    """

    known: np.ndarray
    summary: np.ndarray
    deviations: np.ndarray
    cells: np.ndarray


class ReferenceTable:
    """Expression in reference cells as logarithms and as ranks.

    Ranks are within a cell, over all genes of the table, so that they do not depend on which
    genes are asked for.
    """

    def __init__(self, table):
        table = as_table(table)
        self.genes, self.cells = table.genes, table.cells
        self._index, self._spelled = pd.Index(self.genes), {}
        self._keys = np.array([_key(cell) for cell in self.cells])
        self.log2 = table.log2_values()
        ranks = rankdata(table.values, axis=0)
        self.ranks = (ranks - 0.5) / max(len(table.genes), 1)
        self.on = table.values > np.median(table.values, axis=0)

    def find(self, genes, *, keep=False):
        """Return the row of each gene, -1 for one that the table does not have.

        Other spellings are matched among the genes that are given together; with ``keep``, what
        was found holds for these genes from now on, whatever others they come with.
        """
        names, place = np.unique(np.asarray(genes, dtype=str), return_inverse=True)
        rows = self._index.get_indexer(names)
        other = np.flatnonzero(rows < 0)
        if len(other):
            spelled = self._spelled
            if not spelled.keys() >= set(names[other].tolist()):
                matched = match_genes(names, self.genes)  # a second for 15,000 genes
                found = dict(zip(names[other].tolist(), matched[other].tolist(), strict=True))
                spelled = found | spelled
                if keep:
                    self._spelled = spelled
            rows[other] = [spelled[name] for name in names[other].tolist()]
        return rows[place]

    def of_genes(self, rows, without=()):
        """Return the GeneReference of genes, given by :meth:`find`, over all cells but some."""
        kept = ~np.isin(self._keys, [_key(cell) for cell in without])
        known = (rows >= 0) & kept.any()
        rows = rows[known]
        log2, ranks = self.log2[rows][:, kept], self.ranks[rows][:, kept]
        if not kept.any():
            return GeneReference(known, np.zeros((0, 6)), log2, self.cells[kept])
        mean = log2.mean(axis=1)
        summary = np.column_stack(
            [
                ndtri(ranks).mean(axis=1),
                ranks.mean(axis=1),
                ranks.std(axis=1),
                self.on[rows][:, kept].mean(axis=1),
                mean,
                log2.std(axis=1),
            ]
        )
        return GeneReference(known, summary, log2 - mean[:, None], self.cells[kept])

    def aliases(self, rows, expression, cell):
        """Return reference cells that have the expression of a cell under another name.

        Ranks are compared, so that the unit does not matter.
        """
        usable = (rows >= 0) & (expression >= 0)
        own = expression[usable]
        if usable.sum() < 20 or np.ptp(own) == 0:
            return []
        own, columns = rankdata(own), rankdata(self.log2[rows[usable]], axis=0)
        own, columns = own - own.mean(), columns - columns.mean(axis=0)
        norm = np.sqrt((own**2).sum() * (columns**2).sum(axis=0))
        alike = columns.T @ own > _SAME_CELL * norm
        return [
            name for name in self.cells[alike & (norm > 0)].tolist() if _key(name) != _key(cell)
        ]


def _key(cell):
    """Return what the names of one cell have in common, however they are written."""
    return str(cell).strip().casefold()


def as_table(table):
    """Return a reference, given as a frame, a table or a file, as an ExpressionTable."""
    if isinstance(table, ExpressionTable):
        found = table
    elif isinstance(table, pd.DataFrame):
        try:
            table = _join_repeated(table)
            found = ExpressionTable(table.to_numpy(), table.index, table.columns)
        except ValueError as error:
            raise ValueError(
                f"reference: {error} Expected a DataFrame of genes (index) × cells (columns)."
            ) from error
    elif isinstance(table, str | os.PathLike):
        found = read_expression(table)
    else:
        raise ValueError(
            f"reference is {describe(table)}; expected a DataFrame of genes × cells, an "
            "ExpressionTable or the path of an expression file."
        )
    if 0 in found.values.shape:
        raise ValueError(
            f"reference has {len(found.genes)} genes and {len(found.cells)} cells; it needs at "
            "least one of each."
        )
    return found


def _join_repeated(table):
    """Return a frame in which every gene has one row: the mean of its rows."""
    repeated = table.index.duplicated()
    if not repeated.any():
        return table
    warnings.warn(
        f"{len(set(table.index[repeated]))} gene(s) of reference are in several rows, such as "
        f"{shorten(table.index[repeated].unique(), 2)}; their mean is used.",
        HistoexprWarning,
        stacklevel=6,
    )
    values = table.apply(pd.to_numeric, errors="coerce")  # text and what is missing stay refused
    return values.groupby(level=0, sort=False).agg(lambda rows: rows.mean(skipna=False))
