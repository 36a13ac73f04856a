"""Single scores of results: by test cell, and with intervals."""

import functools

import pandas as pd

from ._gene_bootstrap import BOOTSTRAPPED, ChromosomeBootstrap, GeneBootstrap
from ._score_intervals import compute_intervals, describe_small
from ._score_means import mean_by_cell
from ._words import BASELINE, BASELINES, EXPRESSION, MAIN_SCORES, RESULT_SCORES

_BOOTSTRAPS = {"chrom": ChromosomeBootstrap, "gene": GeneBootstrap}


class ResultScores:
    """The part of results that averages scores."""

    @functools.cached_property
    def targets(self):
        """What each model was trained on, by name: "label" or "log2_expression"."""
        found = self.table[["model", "target"]].drop_duplicates("model")
        return dict(zip(found["model"], found["target"], strict=True))

    @functools.cached_property
    def compared(self):
        """The scores that models are compared by, the first one before all.

        AUROC, unless no labels are known, and Pearson's correlation and R² where a model was
        trained on expression.
        """
        found = ("roc_auc",) if self.table["roc_auc"].notna().any() else ()
        on_expression = EXPRESSION in self.targets.values()
        return found + (("pearson", "r2") if on_expression else ()) or ("roc_auc",)

    def by_cell(self, experiment, model=None, metric=None, **values):
        """Return a score by test cell, averaged over random states, folds and training cells.

        Parameters
        ----------
        experiment : str
            Name of the experiment; "baseline" for the baselines.
        model : str, optional
            Default the first of the experiment.
        metric : str, optional
            A score; default "roc_auc", "pearson" for models of expression.
        **values
            Other columns to select by.

        Returns
        -------
        Series
            Indexed by test cell, sorted; NaN where the score is not defined.

        Raises
        ------
        ValueError
            If there is no such row or score.
        """
        if metric is not None:
            _check_score("metric", metric, RESULT_SCORES)
        rows = self.select(experiment, model, **values)
        if rows.empty:
            raise ValueError(
                f"No result of experiment {experiment!r}, model {model!r}; experiments are "
                f"{', '.join(self.experiments)}, models {', '.join(self.models)}."
            )
        rows = rows[rows["model"] == (model or rows["model"].iloc[0])]
        return mean_by_cell(rows, metric or MAIN_SCORES[rows["target"].iloc[0]])

    def scores(self, experiment, model=None, metric=None, **values):
        """Return :meth:`by_cell` as an array over the test cells, sorted."""
        return self.by_cell(experiment, model, metric, **values).to_numpy()

    @functools.cached_property
    def score_intervals(self):
        """The main scores of a terminal's table, by test cell, with 95 % intervals.

        One row per ``test_cell`` (or "mean" over cells), ``experiment``, ``model`` and
        ``metric``, AUROC and, beside regressors, Pearson's correlation: ``score``, ``low``,
        ``high``, the test genes ``n_genes``, those of the rarer label ``n_rarer`` (of a mean the
        fewest of its cells), and what is ``resampled``: "chrom" where ten chromosomes or more
        are known; else "5-Mb block", pieces of them, where positions are; else "chrom" of six or
        more, or "gene". Matrices of more than 12 cells have no intervals.
        """
        return compute_intervals(self)

    @property
    def too_small(self):
        """A sentence that names the cells with too few test genes to tell models apart, or "".

        Fewer than 20 genes of the rarer label: with 20 of each label an AUROC of 0.9 has a
        standard error of 0.05 (Hanley and McNeil 1982), an interval of 0.1 to each side. Or an
        interval that reaches further than 0.1 to each side in all models.
        """
        return describe_small(self.score_intervals)

    def intervals(self, metric=None, *, by="chrom", confidence=0.95):
        """Return scores with bootstrap intervals over the test genes, for given models.

        Parameters
        ----------
        metric : str or sequence of str, optional
            Scores: "roc_auc", "average_precision", "log_loss", "brier_score_loss", "pearson",
            "spearman", "r2" and "root_mean_squared_error" have intervals. Default
            :attr:`compared`.
        by : {"chrom", "gene"}, default="chrom"
            What is resampled: whole chromosomes, or single genes as if they were independent.
            Chromosomes need a data set that knows them.
        confidence : float, default=0.95
            Confidence of the intervals, between 0 and 1.

        Returns
        -------
        DataFrame
            One row per experiment, model, score and test cell, and the means over test cells
            with ``test_cell`` "mean": ``score``, ``low`` and ``high``, NaN where it is not
            defined. Chromosomes at the usual confidence have to be six at least.

        Raises
        ------
        ValueError
            If a score has no intervals, chromosomes are not known, or a parameter is out of its
            range.

        Notes
        -----
        A score is the mean over gene folds, random states and, of the mean, cells. All genes of
        a chromosome, in all cells and folds, are drawn together. Intervals by chromosome are
        expanded as those of :func:`histoexpr.metrics.bootstrap_mean`; those by gene are
        percentile intervals, genes being drawn within their fold. The fitted models are held
        fixed: nothing is said of training on other genes.
        """
        metrics = self.compared if metric is None else metric
        metrics = (metrics,) if isinstance(metrics, str) else tuple(metrics)
        for name in metrics:
            _check_score("metric", name, BOOTSTRAPPED)
        _check_score("by", by, _BOOTSTRAPS)
        if not 0 < confidence < 1:
            raise ValueError(f"confidence must be between 0 and 1, got {confidence!r}.")
        if by == "chrom" and "chrom" not in self.predictions(self.table.iloc[0]):
            raise ValueError(
                "The predictions do not say on which chromosomes genes lie. Give the data set "
                "chromosomes and run the study again, or say by='gene'."
            )
        bootstrap, found = _BOOTSTRAPS[by](self), []
        for group in [*self.groups, _baseline_group()]:
            for model in self.models:
                rows = self.of_group(group, model)
                if rows.empty or (group["name"] == BASELINE) != (model in BASELINES):
                    continue
                parts = [*rows.groupby("test_cell"), ("mean", rows)]
                for name in metrics:
                    means = mean_by_cell(rows, name)
                    means["mean"] = means.mean()
                    for cell, part in parts:
                        low, high = bootstrap.interval(part, confidence, name)
                        place = {"experiment": group["name"], "model": model, "metric": name}
                        values = {"score": means[cell], "low": low, "high": high}
                        found.append({**place, "test_cell": cell, **values})
        return pd.DataFrame(found)


def _baseline_group():
    return {"experiment": BASELINE, "name": BASELINE, "regime": BASELINE}


def _check_score(parameter, name, known):
    if name not in known:
        raise ValueError(f"{parameter} must be one of {', '.join(known)}, got {name!r}.")
