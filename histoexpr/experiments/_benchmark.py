"""Which cells of a study can be set beside the published figures."""

from ..replication import are_test_genes, published_auroc
from ._words import BASELINE


def benchmark_cells(study):
    """Return the cells that a study tests as the published benchmark does, sorted.

    They have the name of one of its 56 cells, and the genes that are tested are its test genes:
    all of them, no other, in one division of the genes. Which labels they have is left open.
    """
    known = [cell for cell in study.cells if cell in published_auroc().index]
    if not known or len(study.folds) != 1:
        return []
    rows = study.table[study.table["experiment"] != BASELINE]
    return [cell for cell in known if are_test_genes(_tested(study, rows, cell))]


def _tested(study, rows, cell):
    """Return the genes with a label that a cell is tested on: the same for every model."""
    rows = rows[(rows["test_cell"] == cell) & rows["roc_auc"].notna()]
    if rows.empty:
        return []
    predictions = study.predictions(rows.iloc[0])
    return predictions["gene"][predictions["label"].notna()]
