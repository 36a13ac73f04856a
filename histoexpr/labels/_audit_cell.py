"""Comparison of the labels of one cell with every column of an expression table."""

from dataclasses import dataclass, field

import numpy as np
from scipy.stats import binomtest

from ..replication import text_labels
from ._binarize import label_values

# A rule is followed if it gives this share of the labels; the rest allows for a table of
# another release, whose medians differ by a few genes.
FOLLOWED = 0.99
# A column explains labels better than that of the cell they are said to be from, if it
# gives this share of them and the difference would arise by chance this rarely.
_SIMILAR = 0.95
_CHANCE = 1e-3


@dataclass(eq=False)
class CellAudit:
    """The findings about the labels of one cell.

    Attributes
    ----------
    cell : str
        The cell, as the labels name it.
    n_labels, n_expressed : int
        Number of audited labels, and of those that are 1.
    known : bool
        Whether the expression table has a cell of that name.
    found : str
        The cell of the table whose expression explains the labels best.
    tied : list of str
        Other cells that explain them equally well.
    runner_up, n_runner_up : str or None, int
        The cell that explains them best after these, and the number of labels it explains.
    rule : {"median", "deepchrome-legacy", "cutoff", None}
        The rule that gives at least 99 % of the labels from the expression of ``found``.
    n_numeric, n_text, n_cutoff : int
        Number of labels that equal those of the numeric median, of the comparison of
        text (None for logarithms), and of the best of all cut-offs, in ``found``.
    cutoff : list of two float or None
        The greatest value of ``found`` that the best cut-off labels 0, and the smallest
        that it labels 1.
    cutoff_quantile : float
        Share of all genes of ``found`` at or below it.
    differs : bool
        Whether ``found`` explains the labels better than ``cell`` itself, beyond chance.
    offset : int or None
        Position of ``found`` in the table minus that of ``cell``.
    reference : str
        The cell whose numeric median the next two count against: ``cell`` if the table
        has it, else ``found``.
    n_low_but_high, n_high_but_low : int
        Labels 0 of genes above the median, and labels 1 of genes that are not.
    """

    cell: str
    n_labels: int
    n_expressed: int
    known: bool
    found: str
    tied: list
    runner_up: str | None
    n_runner_up: int
    rule: str | None
    n_numeric: int
    n_text: int | None
    n_cutoff: int
    cutoff: list
    cutoff_quantile: float
    differs: bool
    offset: int | None
    reference: str
    n_low_but_high: int
    n_high_but_low: int
    # for the picture: labels explained in each column, and the genes of the reference
    explained: dict = field(repr=False, default=None)
    genes: dict = field(repr=False, default=None)

    @property
    def n_flipped(self):
        """Number of labels that the numeric median contradicts."""
        return self.n_low_but_high + self.n_high_but_low

    @property
    def one_class(self):
        """Whether all labels are the same."""
        return self.n_expressed in (0, self.n_labels)

    def to_dict(self):
        """Return all attributes as values that JSON can hold."""
        values = vars(self) | {"n_flipped": self.n_flipped, "one_class": self.one_class}
        del values["explained"], values["genes"]
        return values


class Auditor:
    """Compares labels with every column of an expression table."""

    def __init__(self, table):
        self.cells = [str(cell) for cell in table.cells]
        self.values = table.values
        self.labels = {"median": label_values(table.values)[0].astype(np.int8)}
        # text is compared for RPKM; logarithms below zero have no published counterpart
        if table.values.min() >= 0:
            self.labels["deepchrome-legacy"] = text_labels(table.values).astype(np.int8)
        self._rows = np.empty(0, dtype=np.intp)

    def audit(self, cell, y, rows):
        """Audit the labels (0 or 1) of one cell.

        ``y`` is (n,), and ``rows`` has the row of each gene in the table.
        """
        counts = {rule: (of[rows] == y[:, None]).sum(axis=0) for rule, of in self.labels.items()}
        score = np.max(list(counts.values()), axis=0)
        counts["cutoff"], low, high = self._best_cutoffs(y, rows)
        if score.max() < FOLLOWED * len(y) <= counts["cutoff"].max():
            score = counts["cutoff"]
        at_home = self.cells.index(cell) if cell in self.cells else None
        best = np.flatnonzero(score == score.max())
        found = at_home if at_home in best else int(best[0])
        others = np.flatnonzero(score < score.max())
        runner_up = others[score[others].argmax()] if len(others) else None
        reference = found if at_home is None else at_home
        actual = self.labels["median"][rows, reference]
        of_found = {rule: int(count[found]) for rule, count in counts.items()}
        return CellAudit(
            cell=cell,
            n_labels=len(y),
            n_expressed=int(y.sum()),
            known=at_home is not None,
            found=self.cells[found],
            tied=[self.cells[place] for place in best if place != found],
            runner_up=None if runner_up is None else self.cells[runner_up],
            n_runner_up=0 if runner_up is None else int(score[runner_up]),
            rule=_rule(y, of_found),
            n_numeric=of_found["median"],
            n_text=of_found.get("deepchrome-legacy"),
            n_cutoff=of_found["cutoff"],
            cutoff=[float(v) if np.isfinite(v) else None for v in (low[found], high[found])],
            cutoff_quantile=float((self.values[:, found] <= low[found]).mean()),
            differs=at_home not in (None, found)
            and self._explains_better(y, rows, counts, low, found, at_home),
            offset=None if at_home is None else found - at_home,
            reference=self.cells[reference],
            n_low_but_high=int((actual > y).sum()),
            n_high_but_low=int((actual < y).sum()),
            explained=counts,
            genes={"values": self.values[rows, reference], "y": y, "actual": actual},
        )

    def _best_cutoffs(self, y, rows):
        """Cut each column where most labels come out right.

        Returns how many do, the greatest value labelled 0 and the smallest labelled 1, each of
        shape (n_cells,).
        """
        if not np.array_equal(rows, self._rows):
            # one cell after the other usually has the same genes in the same order
            self._rows = rows
            self._order = np.argsort(self.values[rows], axis=0, kind="stable")
            self._sorted = np.take_along_axis(self.values[rows], self._order, axis=0)
            self._tied = self._sorted[1:] == self._sorted[:-1]
        gain = np.cumsum(1 - 2 * y[self._order].astype(np.int32), axis=0)
        right = np.vstack([np.zeros_like(gain[:1]), gain]) + int(y.sum())
        right[1:-1][self._tied] = -1
        n_low, column = right.argmax(axis=0), np.arange(right.shape[1])
        edge = np.full((1, right.shape[1]), np.inf)
        edges = np.vstack([-edge, self._sorted, edge])
        return right.max(axis=0), edges[n_low, column], edges[n_low + 1, column]

    def _explains_better(self, y, rows, counts, low, found, at_home):
        """McNemar's exact test of two columns, each under the rule that suits it best."""
        if not 0 < y.sum() < len(y):
            return False
        hits = []
        for column in (found, at_home):
            rule = max((of[column], name) for name, of in counts.items())[1]
            values = self.values[rows, column]
            labels = values > low[column] if rule == "cutoff" else self.labels[rule][rows, column]
            hits.append(labels == y)
        only_found, only_home = int((hits[0] > hits[1]).sum()), int((hits[0] < hits[1]).sum())
        if hits[0].mean() < _SIMILAR or only_found <= only_home:
            return False
        test = binomtest(only_found, only_found + only_home, alternative="greater")
        return bool(test.pvalue * len(self.cells) < _CHANCE)


def _rule(y, counts):
    """Name the rule; the simplest one where several give the same labels."""
    if not 0 < y.sum() < len(y):
        return None
    numeric, text = counts["median"], counts.get("deepchrome-legacy", 0)
    if numeric >= max(text, FOLLOWED * len(y)):
        return "median"
    if text >= FOLLOWED * len(y):
        return "deepchrome-legacy"
    return "cutoff" if counts["cutoff"] >= FOLLOWED * len(y) else None
