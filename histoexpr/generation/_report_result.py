"""What a generation report found: all measures as a table, the few that count as text."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..utils import Result, format_table, json_text, write_json
from ._measures import MEASURES, SHORT, row_names
from ._verdict import verdict_of

# The generators beside which a summary sets a generator: copies are no generator
SIMPLE = ("resampled bins", "gaussian")


@dataclass(eq=False, repr=False)
class GenerationReport(Result):
    """What :func:`generation_report` found.

    Attributes
    ----------
    values : dict of source -> dict of measure -> float or ndarray of shape (n_marks,)
        Means over the draws. Sources are "real" (the null: training against test signals),
        "generator" and the baselines "resampled bins", "gaussian" and "jittered". Measures that
        are taken mark by mark are arrays.
    low, high : dict of source -> dict of measure -> float or ndarray of shape (n_marks,)
        Ends of the 95 % intervals.
    p_worse : dict of measure -> float or ndarray of shape (n_marks,)
        The p value of the generator being no worse than real genes, one-sided and adjusted by
        Holm's method for all measures and marks; NaN where undefined.
    judges : dict of source -> {"tree", "cnn"}
        The stronger judge of each source, which ``two_sample`` is of; of "real" that of the
        generator.
    marks : list of str
        Names of the marks.
    n : int
        Number of real, and of generated, samples of a draw, on which all measures depend: those of
        different numbers do not compare.
    n_transfer : int
        Number of samples that classifiers were trained on.
    n_test, n_train, n_repeats : int
        Numbers of test samples, of training samples and of draws.
    unit : str
        What was resampled for the intervals: "chromosome", "5-Mb block", "gene" or "sample".
    """

    values: dict
    low: dict
    high: dict
    p_worse: dict
    judges: dict
    marks: list
    n: int
    n_transfer: int
    n_test: int
    n_train: int
    n_repeats: int
    unit: str

    @property
    def best(self):
        """The value of every measure of a perfect generator; see "real" for what is reached."""
        return {name: measure.best for name, measure in MEASURES.items()}

    @property
    def verdict(self):
        """In which measures the generator is worse than real genes, in one sentence.

        Those of which ``p_worse`` is at most 0.05.
        """
        return verdict_of(self)

    @property
    def table(self):
        """DataFrame with one row per measure (and mark), which is its index.

        The columns are best (the value of a perfect generator), n (see the attributes; for
        transfer_... it is ``n_transfer``), for each source its name and its name followed by
        " low" and " high", and p_worse.
        """
        rows = {}
        for name, measure in MEASURES.items():
            n = self.n_transfer if name.startswith("transfer") else self.n
            for place, row in enumerate(row_names(name, self.marks)):
                rows[row] = {"best": measure.best, "n": n}
                for source in self.values:
                    parts = {"": self.values, " low": self.low, " high": self.high}
                    for ending, found in parts.items():
                        value = np.atleast_1d(found[source][name])[place]
                        rows[row][source + ending] = float(value)
                rows[row]["p_worse"] = float(np.atleast_1d(self.p_worse[name])[place])
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")

    @property
    def summary(self):
        """DataFrame of the few rows that are shown, which is indexed by measure.

        The columns are those of ``table`` of the generator and of real genes, n and p_worse, and
        simple and simple_value: the name and value of the better one of the two simple
        generators.
        """
        columns = ["best", "n"]
        columns += [
            source + end for source in ("generator", "real") for end in ("", " low", " high")
        ]
        short = self.table.loc[list(SHORT), [*columns, "p_worse"]]
        best = [self._best_simple(name) for name in SHORT]
        short["simple"] = pd.array(best, dtype=object)
        short["simple_value"] = [
            np.nan if source is None else self.values[source][name]
            for source, name in zip(best, SHORT, strict=True)
        ]
        return short

    def _best_simple(self, name):
        badness = {
            source: MEASURES[name].badness(self.values[source][name])
            for source in SIMPLE
            if source in self.values
        }
        known = {source: value for source, value in badness.items() if not np.isnan(value)}
        return min(known, key=known.get, default=None)

    def _title(self):
        return f"GenerationReport: {self.verdict}"

    def _shown(self):
        """Return the summary as text, with a value and its interval in one cell."""
        short = self.summary
        index = [self._shown_name(name) for name in short.index]
        shown = {"best": [f"{value:.1f}" for value in short["best"]]}
        for source, head in (("generator", "generator (95 %)"), ("real", "real genes (95 %)")):
            columns = (short[source + end] for end in ("", " low", " high"))
            shown[head] = [_with_interval(*row) for row in zip(*columns, strict=True)]
        pairs = zip(short["simple_value"], short["simple"], strict=True)
        shown["simple generator"] = [
            _number(value) + (f" {source}" if isinstance(source, str) else "")
            for value, source in pairs
        ]
        return pd.DataFrame(shown, index=pd.Index(index, name="measure"))

    def _shown_name(self, name):
        if name == "two_sample":
            return f"two-sample AUROC, {self.judges['generator'].replace('cnn', 'CNN')}"
        return MEASURES[name].title

    def to_json(self, path=None):
        """Return the report as JSON, and write it if a path is given.

        Parameters
        ----------
        path : str or path-like, optional
            Where to write.

        Returns
        -------
        str
            The verdict, the numbers of samples, and the table as a list of rows; undefined
            figures are null.
        """
        numbers = ("n", "n_transfer", "n_test", "n_train", "n_repeats", "unit", "judges", "marks")
        content = {"verdict": self.verdict}
        content |= {name: getattr(self, name) for name in numbers}
        content["rows"] = self.table.reset_index().to_dict("records")
        if path is not None:
            write_json(path, content)
        return json_text(content)

    def __str__(self):
        shown = self._shown().reset_index()
        table = format_table([list(shown), *shown.to_numpy().tolist()], 1)
        return f"{self.verdict}\n\n{table}\n{self._footnote()}"

    def _footnote(self):
        draws = "1 draw" if self.n_repeats == 1 else f"{self.n_repeats} draws"
        return (
            f"n = {self.n:,} real and as many generated samples in each of {draws}, of "
            f"{self.n_test:,} test samples; transfer: trained on {self.n_transfer:,}.\n"
            f"Intervals: each {self.unit} resampled."
        )


def _with_interval(value, low, high):
    return _number(value) + ("" if np.isnan(low) else f" ({low:.3f} to {high:.3f})")


def _number(value):
    return "\N{EN DASH}" if np.isnan(value) else f"{value:.3f}"
