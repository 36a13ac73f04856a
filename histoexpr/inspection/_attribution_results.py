"""What :func:`~histoexpr.inspection.attribute` returns: contributions, by gene and by class."""

from dataclasses import dataclass, field
from itertools import pairwise
from numbers import Integral

import numpy as np
import pandas as pd
from scipy.special import expit

from ..metrics import mean_interval
from ..utils import Result, region_edges
from ._find_gene import find_gene


@dataclass(eq=False, repr=False)
class Attribution(Result):
    """Result of :func:`attribute`.

    Attributes
    ----------
    values : ndarray of shape (n_samples, n_bins, n_marks)
        Contributions, in units of the output.
    output : ndarray of shape (n_samples,)
        Log-odds of the class, or prediction, of each gene.
    baseline_output : ndarray of shape (n_samples,)
        The same of the baseline; it differs between genes where the model looks at more than
        signals.
    signals : ndarray of shape (n_samples, n_bins, n_marks)
        What was explained.
    baseline : ndarray of shape (n_bins, n_marks)
        What the genes are compared with.
    baseline_name : str
        What that is, such as "average of 14,578 genes".
    method : str
        "exact", "integrated_gradients" or "occlusion".
    name : str
        What the output is: "log-odds of class 1", or "prediction".
    target : label or None
        Class that is explained; None of regressors.
    marks : list of str
    window : tuple of two int
        First and last position in bp relative to the TSS.
    bin_size : int
        Width of a bin in bp.
    oriented : bool or None
        Whether bins run along transcription; False is along the genome, None unknown.
    classes : list or None
        Those that the classifier knows; None of regressors.
    gene, symbol, cell, y : ndarray of shape (n_samples,) or None
        What is known of the genes; ``y`` are labels.
    blocks : Blocks
        Which genes are resampled together for intervals: chromosomes where they are known.
    """

    values: np.ndarray
    output: np.ndarray
    baseline_output: np.ndarray
    signals: np.ndarray
    baseline: np.ndarray
    baseline_name: str
    method: str
    name: str
    target: object
    marks: list
    window: tuple
    bin_size: int
    oriented: bool | None = None
    classes: list | None = None
    gene: np.ndarray | None = None
    symbol: np.ndarray | None = None
    cell: np.ndarray | None = None
    y: np.ndarray | None = None
    blocks: tuple | None = field(default=None, repr=False)

    @property
    def gap(self):
        """Completeness gap (n_samples,): sum of contributions less the difference of outputs."""
        return self.values.sum(axis=(1, 2)) - (self.output - self.baseline_output)

    @property
    def unit(self):
        """What contributions are in: "log-odds", or "prediction"."""
        return self.name.partition(" of ")[0]

    @property
    def probability(self):
        """Probability of the class (n_samples,); None of regressors."""
        return None if self.target is None else expit(self.output)

    @property
    def positions(self):
        """Middle of each bin in bp relative to the TSS (n_bins,)."""
        return self.window[0] + self.bin_size * (np.arange(len(self.baseline)) + 0.5)

    @property
    def table(self):
        """DataFrame of one row per sample: what is known of it, outputs, gap, sum of each mark."""
        columns = {name: getattr(self, name) for name in ("gene", "symbol", "cell")}
        columns |= {"label": self.y, "output": self.output}
        columns |= {"baseline_output": self.baseline_output, "gap": self.gap}
        table = pd.DataFrame({name: v for name, v in columns.items() if v is not None})
        return pd.concat(
            [table, pd.DataFrame(self.values.sum(axis=1), columns=self.marks)], axis=1
        )

    def row(self, gene, cell=None):
        """Return the number of a sample.

        Parameters
        ----------
        gene : str or int
            Identifier or symbol of a gene, upper or lower case, or the number of a sample.
        cell : str, optional
            Its cell type, where the gene is there in several.

        Returns
        -------
        int

        Raises
        ------
        ValueError
            If there is no such gene, naming one that is alike, or there are several.
        """
        if not isinstance(gene, Integral) or isinstance(gene, bool):
            return find_gene(gene, self, cell)
        if not -len(self.values) <= gene < len(self.values):
            raise ValueError(f"There is no sample {gene}: there are {len(self.values)}.")
        return int(gene) % len(self.values)

    def title(self, gene, cell=None):
        """Return a gene in words: its names, its cell, what is predicted and what is known.

        Parameters
        ----------
        gene, cell
            See :meth:`row`.

        Returns
        -------
        str
        """
        row = self.row(gene, cell)
        known = None if self.gene is None else str(self.gene[row])
        symbol = None if self.symbol is None else str(self.symbol[row])
        text = f"sample {row}" if known is None else known
        if symbol and symbol != known:
            text = f"{symbol} ({known})"
        text += "" if self.cell is None else f" in {self.cell[row]}"
        said = f"{self.name} {self.output[row]:.2f}"
        if self.target is not None:
            name = self.name_class(self.target)
            said = f"p({name}) = {probability_text(self.probability[row])}"
        label = "" if self.y is None else f", labelled {self.name_class(self.y[row])}"
        return f"{text}: {said}{label}"

    def name_class(self, label):
        """Return what a class is called: 0 and 1 "not expressed" and "expressed".

        Parameters
        ----------
        label : label

        Returns
        -------
        str
        """
        known = {0, 1} if self.classes is None else set(self.classes)
        if known == {0, 1} and label in known:
            return "expressed" if label else "not expressed"
        return f"class {label}"

    def frame(self, gene, cell=None):
        """Return all that is known of the contributions to one gene.

        Parameters
        ----------
        gene, cell
            See :meth:`row`.

        Returns
        -------
        DataFrame
            One row per mark and bin: ``gene``, ``symbol`` and ``cell`` where known, ``mark``,
            ``position`` (middle of the bin, bp from the TSS), ``signal``, ``baseline`` and
            ``contribution``.
        """
        row = self.row(gene, cell)
        known = {name: getattr(self, name) for name in ("gene", "symbol", "cell")}
        columns = {name: values[row] for name, values in known.items() if values is not None}
        columns["mark"] = np.repeat(self.marks, len(self.baseline))
        columns["position"] = np.tile(self.positions, len(self.marks))
        columns |= {"signal": self.signals[row].T.ravel(), "baseline": self.baseline.T.ravel()}
        return pd.DataFrame(columns | {"contribution": self.values[row].T.ravel()})

    def regions(self, gene, cell=None, *, n_regions=10):
        """Return the contributions to one gene, summed by mark and region.

        Parameters
        ----------
        gene, cell
            See :meth:`row`.
        n_regions : int, default=10
            Number of regions of equal width.

        Returns
        -------
        DataFrame
            One row per mark and region: ``mark``, ``first`` and ``last`` (exclusive; bp from the
            TSS), ``signal`` and ``baseline`` (means per bin) and ``contribution``, the largest
            absolute ones first.

        Raises
        ------
        ValueError
            If there are fewer bins than regions.
        """
        row, rows = self.row(gene, cell), []
        for start, stop in pairwise(region_edges(len(self.baseline), n_regions)):
            ends = [self.window[0] + self.bin_size * edge for edge in (start, stop)]
            part = slice(start, stop)
            columns = {"mark": self.marks, "first": ends[0], "last": ends[1]}
            columns["signal"] = self.signals[row, part].mean(axis=0)
            columns["baseline"] = self.baseline[part].mean(axis=0)
            rows.append(
                pd.DataFrame(columns | {"contribution": self.values[row, part].sum(axis=0)})
            )
        table = pd.concat(rows, ignore_index=True)
        return table.sort_values("contribution", key=np.abs, ascending=False, ignore_index=True)

    def by_class(self, labels=None, *, confidence=0.95):
        """Average the contributions over the genes of each class.

        Parameters
        ----------
        labels : array-like of shape (n_samples,), optional
            Class of each gene, or any other group; default the labels of X.
        confidence : float, default=0.95
            Of the intervals, over blocks of genes: chromosomes, pieces of them, or genes.

        Returns
        -------
        DataFrame
            One row per class, mark and bin: ``class``, ``mark``, ``position`` (middle of the bin,
            bp from the TSS), ``mean``, ``low``, ``high`` and the number of genes ``n``. Ends are
            NaN of too few blocks.

        Raises
        ------
        ValueError
            If there are no labels, or not one for each gene.
        """
        labels = self.y if labels is None else np.asarray(labels)
        if labels is None or np.shape(labels) != (len(self.values),):
            came = "none" if labels is None else f"the shape {np.shape(labels)}"
            raise ValueError(
                f"labels must have one class for each of {len(self.values)} genes, got {came}. "
                "Pass labels=, or explain a data set with labels."
            )
        parts, n_bins = [], len(self.baseline)
        for name in np.unique(labels):
            rows = np.flatnonzero(labels == name)
            blocks = self.blocks._replace(codes=self.blocks.codes[rows])
            found = mean_interval(self.values[rows], blocks, confidence=confidence)
            columns = {"class": name, "mark": np.repeat(self.marks, n_bins)}
            columns["position"] = np.tile(self.positions, len(self.marks))
            ends = zip(("mean", "low", "high"), found, strict=True)
            columns |= {end: values.T.ravel() for end, values in ends}
            parts.append(pd.DataFrame(columns | {"n": len(rows)}))
        return pd.concat(parts, ignore_index=True)

    def _title(self):
        genes = f"{len(self.values):,} sample{'s' * (len(self.values) != 1)}"
        return (
            f"Contributions to {self.name} of {genes}, beside "
            f"{self.baseline_name} (method {self.method}); largest gap "
            f"{np.abs(self.gap).max():.2g}"
        )


def probability_text(value):
    """Return a probability as text that is 0 or 1 only if it is."""
    if 0.005 <= value <= 0.995:
        return f"{value:.2f}"
    digits = 1 - int(np.floor(np.log10(max(min(value, 1 - value), 1e-9))))
    return np.format_float_positional(value, digits, trim="-")
