"""The result of comparing two cells."""

import numpy as np
import pandas as pd

from ..utils import Result, check_positive_int, write_json
from ._drivers import describe_drivers


class CellComparison(Result):
    """Result of :func:`compare_cells`: genes by how much two cells are predicted to differ.

    Attributes
    ----------
    table : DataFrame of shape (n_genes, n_columns)
        One row per gene of both cells, A the first and B the second cell by name, the largest
        absolute change first:

        - ``rank``, ``gene``, ``name`` if names were given, and where known ``chrom``, ``tss``
          (bp) and ``strand``;
        - ``predicted_change``, of B relative to A, in the unit ``unit``, and ``higher_in``, the
          cell that is higher by it;
        - ``score_A``, ``score_B``: what the model gives to each, of method "scores";
        - ``drivers``: marks with their shares of all contributions, as text, a minus where a
          mark works against the change; ``driver_MARK``: the contribution of each mark in the
          unit of the change, to which they sum (``about`` states the largest gap);
        - where known ``log2_fold_change``, the measured log2((B + 1) / (A + 1)),
          ``expression_A``, ``expression_B``, ``label_A`` and ``label_B``;
        - ``fold``: which genes were left out of training to predict it.
    scores : DataFrame
        Predicted against measured change: ``score``, ``value``, the ends ``low`` and ``high`` of
        its 95 % interval, ``n_genes``, and whether whole chromosomes or genes were ``resampled``.
        ``pearson`` and ``spearman`` are correlations with the log2 fold change; of genes whose
        label differs, ``order_right`` is the share of those with the right sign, and
        ``direction_roc_auc`` the AUROC of the direction. Empty where nothing is measured in both
        cells.
    first, second : str
        The cells; a change is that of the second relative to the first.
    marks : list of str
    unit : str
        Of changes and contributions.
    about : dict
        What was done: method, model, cells trained on, folds, genes left out.
    """

    def __init__(self, table, scores, *, first, second, marks, unit, about):
        self.table, self.scores, self.about = table, scores, about
        self.first, self.second, self.marks, self.unit = first, second, list(marks), unit

    @property
    def drivers(self):
        """DataFrame of shape (n_genes, n_marks): contributions by gene and mark."""
        columns = [f"driver_{mark}" for mark in self.marks]
        found = self.table.set_index("gene")[columns]
        return found.set_axis(self.marks, axis=1)

    def top(self, n=10, cell=None):
        """Return the genes with the largest predicted changes.

        Parameters
        ----------
        n : int, default=10
            Number of genes, at the most.
        cell : str, optional
            One of the two cells: those predicted to be higher in it alone.

        Returns
        -------
        DataFrame

        Raises
        ------
        ValueError
            If ``n`` is not positive, or ``cell`` is not one of the two.
        """
        n = check_positive_int("n", n)
        if cell is None:
            return self.table.head(n)
        if cell not in (self.first, self.second):
            raise ValueError(f"cell must be {self.first!r} or {self.second!r}, got {cell!r}.")
        return self.table[self.table["higher_in"] == cell].head(n)

    def to_dict(self):
        """Return what was done, the scores and the table as values that JSON can hold.

        Returns
        -------
        dict
            ``about``, ``scores`` and ``genes``; the latter two are lists of one dict a row.
        """
        cells = {"first": self.first, "second": self.second, "unit": self.unit}
        parts = {"scores": _records(self.scores), "genes": _records(self.table)}
        return {"about": {**cells, **self.about}, **parts}

    def save(self, path):
        """Write :meth:`to_dict` as JSON, whole or not at all.

        Parameters
        ----------
        path : str or path-like
            An existing file is replaced.
        """
        write_json(path, self.to_dict())

    def describe(self):
        """Return as lines of text what was done, and how it agrees with what is measured.

        Returns
        -------
        list of str
        """
        lines = [f"{name.replace('_', ' ')}: {_in_words(v)}" for name, v in self.about.items()]
        for row in self.scores.itertuples():
            interval = "" if pd.isna(row.low) else f" ({row.low:.3f} to {row.high:.3f})"
            name = _SCORE_NAMES[row.score]
            lines.append(f"{name}: {row.value:.3f}{interval}, {row.n_genes:,} genes")
        return lines

    def _shown(self):
        parts = [self.top(_SHOWN, cell) for cell in (self.second, self.first)]
        names = ["rank", "gene", "name", "chrom", "higher_in", "predicted_change", "drivers"]
        found = pd.concat(parts)
        return found[[name for name in (*names, "log2_fold_change") if name in found]]

    def _title(self):
        what = f"{self.second} relative to {self.first}"
        return "\n".join([f"Predicted {self.unit} of {what}", *self.describe()])


# Genes that the text of a result lists for each cell
_SHOWN = 10
_SCORE_NAMES = {
    "pearson": "Pearson with measured log2 fold change",
    "spearman": "Spearman with measured log2 fold change",
    "order_right": "order of the cells right where the label differs",
    "direction_roc_auc": "AUROC of the direction where the label differs",
}


def _in_words(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _records(frame):
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def measured_changes(cells):
    """Return what is measured of the compared genes, by column; what is unknown is left out.

    ``expression`` and ``label`` are of both cells, (2, n_genes); of two classes ``switches`` is
    whether the label differs.
    """
    pair, found = (cells.first, cells.second), {}
    if any(cell.expression is not None for cell in pair):
        unknown = np.full(len(cells.first), np.nan)
        values = [unknown if cell.expression is None else cell.expression for cell in pair]
        found["expression"] = np.where(np.array(values) >= 0, values, np.nan)
        first, second = np.log2(found["expression"] + 1)
        if not np.isnan(change := second - first).all():  # else a column, and a figure's, of gaps
            found["log2_fold_change"] = change
    if all(cell.y is not None for cell in pair):
        found["label"] = np.array([cell.y for cell in pair])
        if len(np.unique(found["label"])) == 2:
            found["switches"] = found["label"][0] != found["label"][1]
    return found


def comparison_table(cells, predicted, measured, names, called=None):
    """Return the table of a comparison, the largest absolute change first.

    ``names`` are those of the cells, ``called`` those of genes, by gene.
    """
    change, drivers, marks = predicted["change"], predicted["drivers"], cells.first.marks
    columns = {"gene": cells.first.gene}
    if called is not None:
        columns["name"] = [str(called.get(gene, gene)) for gene in cells.first.gene.tolist()]
    for name in ("chrom", "tss", "strand"):
        if (values := getattr(cells.first, name)) is not None:
            columns[name] = values
    columns["predicted_change"] = change
    columns["higher_in"] = np.select([change > 0, change < 0], names[::-1], "neither")
    if not np.isnan(predicted["scores"]).all():
        columns |= _of_both("score", predicted["scores"], names)
    columns["drivers"] = describe_drivers(drivers, change, marks)
    columns |= {f"driver_{mark}": drivers[:, place] for place, mark in enumerate(marks)}
    if "log2_fold_change" in measured:
        columns["log2_fold_change"] = measured["log2_fold_change"]
    for kind in ("expression", "label"):
        if kind in measured:
            columns |= _of_both(kind, measured[kind], names)
    columns["fold"] = predicted["fold"]
    order = np.lexsort((columns["gene"], -np.abs(change)))
    table = pd.DataFrame(columns).iloc[order].reset_index(drop=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def _of_both(kind, values, names):
    return {f"{kind}_{name}": of for name, of in zip(names, values, strict=True)}
