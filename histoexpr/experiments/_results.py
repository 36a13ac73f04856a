"""The results of cross-cell experiments: one table, and everything derived from it."""

import functools

import pandas as pd

from ..utils import Result, write_csv
from ._findings import find_all
from ._matrix import CrossCellMatrix
from ._result_groups import ResultGroups, is_own
from ._result_scores import ResultScores
from ._result_statistics import ResultStatistics
from ._text import format_against_baselines, format_between, format_means, format_summary
from ._words import BASELINE, BASELINES, RESULT_SCORES

# Columns of the table, in order
COLUMNS = (
    *(
        "experiment",
        "regime",
        "model",
        "target",
        "random_state",
        "fold",
        "test_cell",
        "train_cells",
    ),
    *("n_cells", "n_genes", "n_train", "n_test", "steps", "epochs", "threshold"),
    *RESULT_SCORES,
    "fit",
)


class CrossCellResults(ResultScores, ResultStatistics, ResultGroups, Result):
    """Scores of models by training cells, test cell and gene fold, beside their baselines.

    Made by :func:`evaluate_cells`, :func:`run_study` and :func:`load_study`.

    Parameters
    ----------
    table : DataFrame
        See Attributes.
    manifest : dict
        Study, source of the data, and versions of what scores may come from.
    times : DataFrame
        See Attributes.
    read : callable
        Returns the predictions of a fit, given its key.
    out : pathlib.Path, optional
        Folder that holds the results.

    Attributes
    ----------
    table : DataFrame
        One row per experiment, model, random state, gene fold, training cells and test cell:
        what was asked, sizes, scores, and the key of the fit. Baselines have the experiment
        "baseline". ``target`` is what the model was trained on: "label", or
        "log2_expression", log2(x + 1), for regressors. Scores are NaN where they are not
        defined. Against labels they are those of ``histoexpr.metrics.SCORES``, ``accuracy``
        (at a probability of 0.5), ``transferred_accuracy`` (at the threshold with the highest
        accuracy on the training samples), ``roc_auc_clear`` (AUROC of the genes more than
        one log2 unit away from the cut-off of their cell's labels) and ``roc_auc_variable``
        (AUROC of the genes whose label differs among the *other* cells, three cells at least);
        regressors have all AUROC and ``average_precision``. ``log_loss`` of the same-gene
        consensus is NaN where a gene has a label that no other cell has: a share of 0 or 1 is no
        probability, and the loss infinite. Against log2 expression they are
        those of ``histoexpr.metrics.EXPRESSION_SCORES``; classifiers have ``pearson`` and
        ``spearman`` of their log-odds.
    times : DataFrame
        Indexed by the key of the fit: ``model``, ``fit_seconds`` and, with predicting and
        scoring, ``seconds``.
    manifest : dict
        What decides the results.
    experiments, models, cells, folds : list of str
        Names; the models include the baselines, the cells are those tested on.
    out : pathlib.Path or None
        The folder.
    """

    def __init__(self, table, manifest, times, read, out=None):
        self.table, self.manifest, self.times, self.out = table, manifest, times, out
        self._read = functools.lru_cache(maxsize=64)(read)
        self.experiments = [n for n in table["experiment"].unique() if n != BASELINE]
        self.models = table["model"].unique().tolist()
        self.cells = sorted(table["test_cell"].unique())
        # experiments may leave folds out, baselines have all
        baselines = table["experiment"] == BASELINE
        self.folds = table["fold"][baselines if baselines.any() else slice(None)].unique().tolist()
        # a study of 56 cells has 70,000 rows, and a few of them are asked for thousands of times
        self._parts = dict(list(table.groupby(["experiment", "model"], sort=False)))

    def __getstate__(self):
        state = {name: value for name, value in vars(self).items() if name != "_read"}
        return state | {"_read": self._read.__wrapped__}

    def __setstate__(self, state):
        vars(self).update(state)
        self._read = functools.lru_cache(maxsize=64)(state["_read"])

    def _title(self):
        fits = f"{len(self.times)} fit" + ("s" if len(self.times) != 1 else "")
        models = [name for name in self.models if name not in BASELINES]
        return (
            f"{type(self).__name__}: {', '.join(self.experiments)}; models {', '.join(models)}; "
            f"{len(self.cells)} test cells, {fits}"
        )

    def _shown(self):
        means = self.summary()
        means = means[means["test_cell"] == "mean"]
        means = means[["experiment", "model", *RESULT_SCORES]].reset_index(drop=True)
        return means.dropna(axis=1, how="all")

    # -- rows --------------------------------------------------------------------------

    @property
    def records(self):
        """The table as a list of dict."""
        return self.table.to_dict("records")

    def select(self, experiment=None, model=None, **values):
        """Return the rows with the given values.

        Parameters
        ----------
        experiment, model : str, optional
            Names.
        **values
            Other columns, such as ``random_state=0`` or ``n_cells=4``.

        Returns
        -------
        DataFrame

        Raises
        ------
        ValueError
            If there is no such column.
        """
        unknown = sorted(set(values) - set(self.table))
        if unknown:
            raise ValueError(f"No column {unknown[0]!r}; there are {', '.join(self.table)}.")
        if experiment is not None and model is not None:
            rows = self._parts.get((experiment, model), self.table.iloc[:0])
        else:
            rows = self.table
            values |= {"experiment": experiment, "model": model}
        for name, value in values.items():
            if value is not None and name == "train_cells":
                rows = rows[rows[name].map(tuple(value).__eq__)]
            elif value is not None:
                rows = rows[(rows[name] == value).fillna(False).astype(bool)]
        return rows

    def matrix(self, model=None, experiment=None, **values):
        """Return the train-cell × test-cell matrix of a model.

        Parameters
        ----------
        model : str, optional
            Name of the model; default the first.
        experiment : str, optional
            Name of an experiment with regime "each"; default the first one, with what "own"
            experiments of an evaluation hold of the diagonal.
        **values
            Other columns to select by.

        Returns
        -------
        CrossCellMatrix

        Raises
        ------
        ValueError
            If the model was not trained on single cells.
        """
        model = self.models[0] if model is None else model
        rows = self.select(experiment, model, **values)
        rows = rows[rows["regime"].isin(["own", "each"])]
        whole = rows[(rows["regime"] == "each") & is_own(rows)]
        if experiment is None and not whole.empty:
            rows = rows[rows["experiment"] == whole["experiment"].iloc[0]]
        if rows.empty:
            where = "" if experiment is None else f" in experiment {experiment!r}"
            raise ValueError(f"No model {model!r} was trained on single cells{where}.")
        return CrossCellMatrix(rows, self.select(experiment=BASELINE), model)

    def predictions(self, row=None):
        """Return the predictions of the test genes behind one row, or behind all.

        Parameters
        ----------
        row : Series, dict or named tuple, optional
            A row of ``table``. Default all rows, which is large for studies of many cells.

        Returns
        -------
        DataFrame
            Columns ``cell``, ``gene``, where known ``chrom``, ``tss``, ``label`` (0 or 1),
            ``log2_expression`` and ``variable`` (1 if the label of the gene differs among the
            other cells), and ``prediction`` (probability of the second class, decision
            value, or log2 expression), in the order of the data set; for all rows fit by fit,
            after ``experiment``, ``model``, ``random_state``, ``fold`` and ``train_cells``.
        """
        if row is not None:
            row = row._asdict() if hasattr(row, "_asdict") else row
            frame = self._read(row["fit"])
            return frame[frame["cell"] == row["test_cell"]].reset_index(drop=True)
        names = ["experiment", "model", "random_state", "fold", "train_cells"]
        parts = []
        for key, rows in self.table.groupby("fit", sort=False):
            of_cell = dict(list(self._read(key).groupby("cell")))
            for row in rows.itertuples():
                part = of_cell[row.test_cell].copy()
                for place, name in enumerate(names):
                    value = getattr(row, name)
                    part.insert(place, name, "+".join(value) if name == "train_cells" else value)
                parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def predictions_of_fit(self, key):
        """Return the predictions of a fit, in all cells that it was tested on, by its key."""
        return self._read(key)

    # -- what they say -----------------------------------------------------------------

    def summary(self):
        """Return scores averaged over random states, folds and single training cells.

        Returns
        -------
        DataFrame
            One row per test cell, experiment and model, then the means over test cells with
            ``test_cell`` "mean". Baselines stand under the experiment "baseline".
        """
        parts = []
        for model in self.models:
            groups = self.groups
            if model in BASELINES:
                groups = [{"experiment": BASELINE, "name": BASELINE, "regime": BASELINE}]
            for group in groups:
                rows = self.of_group(group, model)
                if rows.empty:
                    continue
                scores = rows.groupby("test_cell")[list(RESULT_SCORES)].mean()
                scores.loc["mean"] = scores.mean()
                scores.insert(0, "experiment", group["name"])
                scores.insert(1, "model", model)
                parts.append(scores.rename_axis("test_cell").reset_index())
        table = pd.concat(parts, ignore_index=True)
        order = {cell: number for number, cell in enumerate([*self.cells, "mean"])}
        return table.sort_values(
            "test_cell", key=lambda cells: cells.map(order), kind="stable", ignore_index=True
        )

    def findings(self):
        """Return the main results as sentences.

        Returns
        -------
        list of str
        """
        return find_all(self)

    def format_summary(self, *, only_mean=False):
        """Return the summary as a text table.

        Parameters
        ----------
        only_mean : bool, default=False
            Whether to leave out the single cells.

        Returns
        -------
        str
        """
        return format_summary(self, only_mean=only_mean)

    def format_between(self):
        """Return :attr:`between_cells` as a text table, with a legend; "" of a single cell.

        Returns
        -------
        str
        """
        return format_between(self)

    def format_against_baselines(self):
        """Return :attr:`Statistics.against_baselines` as a text table, with a legend.

        Returns
        -------
        str
            "" where there is no baseline of the same gene: of a single cell.
        """
        return format_against_baselines(self)

    def format_means(self):
        """Return mean scores with intervals over cells as a text table.

        Returns
        -------
        str
        """
        return format_means(self)

    def to_csv(self, path):
        """Write the table as CSV, or TSV for a ``.tsv`` name, atomically.

        Parameters
        ----------
        path : str or path-like
            An existing file is replaced. Training cells are joined by "+".
        """
        write_csv(self.table.assign(train_cells=self.table["train_cells"].map("+".join)), path)
