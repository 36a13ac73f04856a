"""What :func:`~histoexpr.inspection.counterfactuals` returns: signals, scores and changes."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import expit

from ..utils import Result, region_edges
from ._counterfactual_scores import agreement, realism, root_mean_square

# Smaller changes of a bin, as log2 of the ratio of unit + signal, do not count as changes
_CHANGED = 0.5
_SHOWN = [
    "gene", "symbol", "generator", "target", "valid", "applied_valid", "probability",
    "probability_reconstruction", "probability_counterfactual", "probability_applied", "gap",
    "change", "bins_changed", "main_mark", "distance_nearest", "share_nearer", "plausibility",
    "stability",
]  # fmt: skip


@dataclass(eq=False, repr=False)
class Counterfactuals(Result):
    """Result of :func:`counterfactuals`.

    All distances are root mean square differences, over bins and marks, of log(1 + signal / unit)
    in standard deviations of the marks, as the (first) generator was fitted.

    Attributes
    ----------
    table : DataFrame
        One row per generator and gene, in that order. ``sample`` (number in ``X``), ``gene``,
        ``symbol``, ``cell`` where known, ``generator`` (number); ``target``, the class to reach;

        - ``valid``, ``applied_valid``: whether the classifier gives the counterfactual, and the
          gene with the same change, the probability sought or more;
        - ``probability``, ``probability_reconstruction``, ``probability_counterfactual``,
          ``probability_applied``: of that class, for the gene, its reconstruction, the
          counterfactual and the gene with the same change;
        - ``gap``, ``change``, ``distance``, ``applied_distance``: distances from gene to
          reconstruction, from reconstruction to counterfactual, from gene to counterfactual, and
          from the gene to itself with the change;
        - ``nearest``, ``nearest_gene``, ``nearest_symbol``, ``probability_nearest``,
          ``distance_nearest``: the nearest real gene, a row of the reference, that reaches the
          probability sought, its probability and its distance from the gene; ``share_nearer``,
          the share of such genes that are nearer to the gene than itself with the change is;
        - ``bins_changed``: share of bins of all marks that change by 0.5 or more as log2 of
          the ratio of unit + signal; ``main_mark``, ``main_mark_share``: mark with the largest
          part in the squared change, and this part;
        - ``plausibility``: share of these real genes that are as far or farther from their own
          fifth neighbour among them as the counterfactual is from its fifth;
        - ``stability``: mean correlation of the change, by region and mark, with those of the
          other generators; NaN for one generator.
    signals, reconstructions, applied : ndarray of shape (n_rows, n_bins, n_marks)
        Counterfactuals, reconstructions, and the genes with the change, by row of the table.
    originals : ndarray of shape (n_samples, n_bins, n_marks)
        The genes, by ``sample``.
    nearest : ndarray of shape (n_rows, n_bins, n_marks)
        The nearest real gene of the class, by row.
    realism : DataFrame
        One row per generator, target and kind, "counterfactual" or "applied": ``n``,
        ``two_sample_auroc`` of random forests that tell them from real genes of the class with
        the same log-odds, and ``real_auroc`` of two such sets of real genes. NaN for fewer than 50
        valid ones.
    probability : float
        That was sought.
    sampled : bool
        Whether candidates were tried, as gradients do not pass through the classifier.
    n_regions : int
    unit, scale : ndarray of shape (n_marks,)
        Unit of the signals of each mark in their logarithms, 1 for usual counts, and standard
        deviation of these.
    marks : list of str
    window : tuple of two int
    bin_size : int
    oriented : bool or None
        Whether bins run along transcription; None unknown.
    """

    table: pd.DataFrame
    signals: np.ndarray
    reconstructions: np.ndarray
    applied: np.ndarray
    originals: np.ndarray
    nearest: np.ndarray
    realism: pd.DataFrame
    probability: float
    sampled: bool
    n_regions: int
    unit: np.ndarray
    scale: np.ndarray
    marks: list
    window: tuple
    bin_size: int
    oriented: bool | None = None

    @property
    def log2_changes(self):
        """What changed: log2 of the ratio of unit + signal, counterfactual to reconstruction.

        ndarray of shape (n_rows, n_bins, n_marks).
        """
        return np.log2((self.unit + self.signals) / (self.unit + self.reconstructions))

    @property
    def changes(self):
        """DataFrame of one row per row of the table, mark and region.

        ``row``, ``sample``, ``gene`` where known, ``generator``, ``mark``, ``start`` and ``stop``
        (bp relative to the TSS), ``log2_change`` (mean over the bins) and ``share`` of the squared
        change of all marks and regions.
        """
        edges = region_edges(self.signals.shape[1], self.n_regions)
        logs = self.log2_changes
        squares = np.square(logs / self.scale)
        total = np.maximum(squares.sum(axis=(1, 2)), 1e-12)
        names = [name for name in ("sample", "gene", "generator") if name in self.table]
        known, frames = self.table[names].rename_axis("row"), []
        for number, mark in enumerate(self.marks):
            for first, last in pairwise(edges):
                place = [self.window[0] + edge * self.bin_size for edge in (first, last)]
                part = known.assign(mark=mark, start=place[0], stop=place[1])
                part["log2_change"] = logs[:, first:last, number].mean(axis=1)
                part["share"] = squares[:, first:last, number].sum(axis=1) / total
                frames.append(part.reset_index())
        frame = pd.concat(frames).sort_values("row", kind="stable")
        return frame.reset_index(drop=True)

    def row_of(self, gene, generator=0):
        """Return the row of the table for a gene.

        Parameters
        ----------
        gene : str or int
            Name or symbol of a gene, or its number in ``X``.
        generator : int, default=0
            Number of the generator.

        Returns
        -------
        int

        Raises
        ------
        ValueError
            If no row or several are of that gene.
        """
        table = self.table
        if isinstance(gene, str):
            columns = [name for name in ("gene", "symbol") if name in table]
            found = np.any([table[name].astype(str) == gene for name in columns], axis=0)
        else:
            found = table["sample"] == gene
        rows = np.flatnonzero(found & (table["generator"] == generator))
        if len(rows) != 1:
            last = len(self.originals) - 1
            raise ValueError(
                f"One row must be of gene {gene!r} and generator {generator}, but {len(rows)} "
                f"are. Give the number of a gene, 0 to {last}, or one of the names in the table."
            )
        return int(rows[0])

    def _shown(self):
        return self.table[[name for name in _SHOWN if name in self.table]]

    def _title(self):
        table = self.table
        return (
            f"{len(table)} counterfactuals of {len(self.originals)} genes, probability "
            f"{self.probability:g} or more sought: {table['valid'].mean():.0%} valid, "
            f"{table['applied_valid'].mean():.0%} with the change applied to the gene; median "
            f"change {table['change'].median():.2f}, gap {table['gap'].median():.2f}"
        )


def collect(
    parts, samples, real, *, targets, odds, signs, odds_of, real_odds, classes, probability,
    n_regions, scale, sampled, seed,
):  # fmt: skip
    """Return Counterfactuals of what was found.

    ``parts`` are, by generator, the reconstructions, the counterfactuals and the genes with the
    change, all with the marks in the order of ``samples``; ``odds`` are of the class to reach.
    """
    tables, nearest, judged = [], [], []
    gene, every = scale.logs(samples.X), np.arange(len(samples))
    for number, (before, made, applied) in enumerate(parts):
        table = _known(samples).assign(generator=number, target=targets)
        signals = {"rec": before, "made": made, "app": applied}
        logs = {name: scale.logs(values) for name, values in signals.items()}
        found = {name: odds_of(values, every) for name, values in signals.items()}
        table["valid"] = expit(found["made"]) >= probability
        table["applied_valid"] = expit(found["app"]) >= probability
        table["probability"] = expit(odds)
        table["probability_reconstruction"] = expit(found["rec"])
        table["probability_counterfactual"] = expit(found["made"])
        table["probability_applied"] = expit(found["app"])
        table["gap"] = root_mean_square(gene, logs["rec"])
        table["change"] = root_mean_square(logs["rec"], logs["made"])
        table["distance"] = root_mean_square(gene, logs["made"])
        table["applied_distance"] = root_mean_square(gene, logs["app"])
        rows = np.empty(len(samples), dtype=int)
        share, plausibility = np.empty(len(samples)), np.empty(len(samples))
        for sign, genes in classes.items():
            here = np.flatnonzero(signs == sign)
            rows[here] = genes.nearest(gene[here])[:, 0]
            distance = table["applied_distance"].to_numpy()[here]
            share[here] = genes.share_nearer(gene[here], distance)
            plausibility[here] = genes.plausibility(logs["made"][here])
            for kind, values, name in (
                ("counterfactual", made, "made"),
                ("applied", applied, "app"),
            ):
                valid = here[expit(found[name][here]) >= probability]
                others = real.X[genes.rows], sign * real_odds[genes.rows]
                scores = realism(values[valid], found[name][valid], *others, seed)
                judged.append([number, targets[here[0]], kind, len(valid), *scores])
        table["nearest"] = rows
        for name in ("gene", "symbol"):
            if (values := getattr(real, name)) is not None:
                table[f"nearest_{name}"] = values[rows]
        table["probability_nearest"] = expit(signs * real_odds[rows])
        table["distance_nearest"] = root_mean_square(gene, scale.logs(real.X[rows]))
        table["share_nearer"] = share
        changed = np.abs(scale.log2_change(before, made)) >= _CHANGED
        table["bins_changed"] = changed.mean(axis=(1, 2))
        parts_of = np.square(logs["made"] - logs["rec"]).sum(axis=1)
        total = parts_of.sum(axis=1)
        main = parts_of.argmax(axis=1)
        names = np.asarray(samples.marks, dtype=object)[main]
        table["main_mark"] = np.where(total > 0, names, None)
        table["main_mark_share"] = parts_of[every, main] / np.where(total > 0, total, np.nan)
        table["plausibility"] = plausibility
        tables.append(table)
        nearest.append(real.X[rows])
    edges = region_edges(samples.X.shape[1], n_regions)
    changes = [_pooled(scale.log2_change(before, made), edges) for before, made, _ in parts]
    table = pd.concat(tables, ignore_index=True)
    table["stability"] = agreement(np.stack(changes)).ravel()
    columns = ["generator", "target", "kind", "n", "two_sample_auroc", "real_auroc"]
    before, made, applied = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Counterfactuals(
        table, made, before, applied, samples.X, np.concatenate(nearest),
        pd.DataFrame(judged, columns=columns), probability, sampled, n_regions,
        scale.unit.numpy(), scale.scale.numpy(),
        samples.marks, samples.window, samples.bin_size, samples.oriented,
    )  # fmt: skip


def _known(samples):
    """Return a table with the number of each sample and what is known of it."""
    table = pd.DataFrame({"sample": np.arange(len(samples))})
    for name in ("gene", "symbol", "cell"):
        if (values := getattr(samples, name)) is not None:
            table[name] = values
    return table


def _pooled(changes, edges):
    return np.stack([changes[:, a:b].mean(axis=1) for a, b in pairwise(edges)], axis=1)
