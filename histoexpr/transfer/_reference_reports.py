"""What references can say of cells, as tables."""

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

# A reference that resembles a cell less is no relative. Of Roadmap cells with relatives among the
# references the nearest reached .74 to .88 with three to five marks, without .52 to .75
RELATED = 0.7
# Where references explain less on genes left out, resemblance is chance; Roadmap cells reached .08
# to .32 with and without relatives
EXPLAINED = 0.05


class ReferenceReports:
    """The part of a model with references that reports on cells."""

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
            references; ``resemblance`` of the first, the correlation over genes of its deviation
            from the mean with the one expected of the cell; and ``case``: "relatives" where that
            is at least .7 and ``explained`` .05; "no relatives" below, where the reference adds
            little on genes that vary, which rest on the signals; "too few genes"; "no reference".
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
        """Report how much every reference cell resembles each cell of X.

        Parameters
        ----------
        X : HistoneDataset
            Signals of one or more cells.

        Returns
        -------
        DataFrame of shape (n_reference_cells, n_cells)
            Correlation over genes of the deviation of a reference from the mean of all with the
            one expected of the cell; NaN for a cell itself and where there are too few genes.
        """
        check_is_fitted(self)
        _, cell, _, (_, similar) = self._placed(X)
        index = [] if self._table is None else self._table.cells
        columns = {
            name: pd.Series(similar[name].resemblance, index=similar[name].cells).reindex(index)
            for name in np.unique(cell).tolist()
            if name in similar
        }
        return pd.DataFrame(columns, index=pd.Index(index, name="reference"))


def _report(n_genes, n_known, similar):
    report = {"n_genes": n_genes, "n_in_reference": n_known, "explained": np.nan,
              "most_similar": "", "resemblance": np.nan, "case": "no reference"}  # fmt: skip
    if similar is None or n_known == 0:
        return report
    if np.isnan(similar.explained):
        return report | {"case": "too few genes"}
    best = np.argsort(-similar.resemblance, kind="stable")[:3]
    nearest = float(similar.resemblance[best[0]])
    related = nearest >= RELATED and similar.explained >= EXPLAINED
    return report | {
        "explained": similar.explained,
        "most_similar": ", ".join(similar.cells[best].tolist()),
        "resemblance": nearest,
        "case": "relatives" if related else "no relatives",
    }
