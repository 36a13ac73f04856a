"""What ``generate`` says of a generator: how it was trained, and its report as a table."""

import numpy as np
from scipy.stats import t

from ..utils import format_table, shorten

_CONFIDENCE = 0.95
# Fewer held-out samples leave every figure vague: the standard error of an AUROC of 0.5 is 0.06
_FEW = 100
# Sources of a report as the printed table calls them; the first two with intervals
_SOURCES = {
    "generator": "generator (95 %)",
    "real": "real genes (95 %)",
    "resampled bins": "bins",
    "gaussian": "gaussian",
    "jittered": "copies",
}
_LEGEND = """\
Real genes: training genes in place of generated ones; no generator should be expected to do
better. Bins: every bin drawn on its own; gaussian: a multivariate normal of the logarithms;
copies: training genes slightly disturbed, which memorisation has to detect."""


def describe_training(train, test, what):
    """Return as text what a generator was fitted to, and which genes were held out.

    ``test`` has their samples, None without any; ``what`` states which they are.
    """
    learned = "labels and cell types" if len(train.cells) > 1 else "labels"
    if train.y is None:
        learned = "cell types" if len(train.cells) > 1 else "neither labels nor cell types"
    said = f"Trained on {_samples(train)} of {shorten(train.cells)}, with {learned}"
    if test is None:
        return f"{said}. No genes were held out: how faithful it is was not measured."
    return f"{said}. Held out: {_samples(test)}, {what}."


def _samples(data):
    n_samples, n_genes = len(data), len(data.genes)
    if n_samples == n_genes:
        return f"{n_genes:,} genes"
    return f"{n_samples:,} samples ({n_genes:,} genes)"


def report_rows(report):
    """Return a report as a list of dicts, one per measure (and mark).

    Each has ``measure``, ``best``, ``n_test`` and ``n_draws``, and for each source its mean, its
    standard deviation over draws (`` sd``) and the ends of the interval of the mean (`` low``,
    `` high``).
    """
    n = report.n_repeats
    reach = t.ppf((1 + _CONFIDENCE) / 2, n - 1) / np.sqrt(n) if n > 1 else np.nan
    rows = []
    for row in report.table.reset_index().to_dict("records"):
        found = {"measure": row["measure"], "best": row["best"]}
        found |= {"n_test": report.n_test, "n_draws": n}
        for source in report.values:
            mean, deviation = row[source], row[f"{source} sd"]
            found |= {source: mean, f"{source} sd": deviation}
            found[f"{source} low"] = mean - reach * deviation
            found[f"{source} high"] = mean + reach * deviation
        rows.append(found)
    return rows


def format_report(report, rows):
    """Return the rows of a report as a text table, with what its columns are."""
    lines = [["measure", "best", *_SOURCES.values()]]
    for row in rows:
        figures = [_with_interval(row, source) for source in list(_SOURCES)[:2]]
        figures += [_number(row[source]) for source in list(_SOURCES)[2:]]
        lines.append([row["measure"], f"{row['best']:.1f}", *figures])
    text = f"{format_table(lines, 1)}\n\n{_LEGEND}\n"
    text += (
        f"n = {report.n_test:,} held-out samples in each of {report.n_repeats} draws; intervals: "
    )
    text += "of the mean over draws."
    if report.n_test < _FEW:
        text += f"\nFewer than {_FEW} held-out samples are few: all of these figures are vague."
    return text


def _with_interval(row, source):
    low, high = row[f"{source} low"], row[f"{source} high"]
    if np.isnan(low):
        return _number(row[source])
    return f"{row[source]:.3f} ({low:.3f} to {high:.3f})"


def _number(value):
    return "\N{EN DASH}" if np.isnan(value) else f"{value:.3f}"
