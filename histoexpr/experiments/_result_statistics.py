"""Statistics of results: computed once, or read from the folder that holds them."""

import functools

from ..utils import read_json
from ._between_cells import compare_between_cells
from ._statistics import Statistics, compute_statistics
from ._stores import FORMAT_VERSION


class ResultStatistics:
    """The part of results that tests and compares."""

    @functools.cached_property
    def _saved_statistics(self):
        """The statistics that stand in the folder, or None."""
        path = None if self.out is None else self.out / "summary.json"
        # those of an earlier version lack tables
        current = self.manifest.get("format") == FORMAT_VERSION
        if not current or path is None or not path.is_file():
            return None
        return Statistics.from_dict(read_json(path, ("means",), remedy="Run the study again."))

    @functools.cached_property
    def statistics(self):
        """Means with intervals, paired tests, equivalence and ranks; see :class:`Statistics`."""
        return self._saved_statistics or compute_statistics(self)

    @functools.cached_property
    def between_cells(self):
        """What models say of the differences between cells, with 95 % intervals.

        One row per experiment (``group``), model and score (``metric``): ``score``, ``low``,
        ``high``, ``n_genes`` and ``n_pairs`` ((gene, pair of cells)) that count, and what is
        ``resampled`` for the interval, "chrom", "5-Mb block" or, where positions are not known,
        "gene".
        Beside "roc_auc" and "roc_auc_variable" as in :attr:`table` the scores are
        "switching_accuracy" and "switching_roc_auc" of the genes whose label differs between two
        test cells; "within_gene_spearman" of genes whose standard deviation of log2 expression
        over the test cells is above 1 (three cells at least); "fold_change_pearson" and
        "fold_change_spearman" over all genes: see the functions of these names in
        ``histoexpr.metrics``. Differences are those of log-odds, or of predicted log2 expression.

        Test genes of all folds are pooled, each predicted by a model that never saw it. Of models
        trained on single cells ("each") the predictions of one such model are compared, in its
        own cell, too; of other experiments those of the models that were made for each cell.
        Baselines have AUROC alone: a mean of the other cells falls as the gene's own value
        rises, so that of a gene that is on in one of two cells it is always higher in the other
        one; and a mean of training genes says nothing of a gene. Matrices of more than 12 cells
        are left out.
        """
        saved = self._saved_statistics
        return compare_between_cells(self) if saved is None else saved.between
