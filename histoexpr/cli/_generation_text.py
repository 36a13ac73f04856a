"""What ``generate`` says of a generator: how it was trained, and its report as a table."""

from ..utils import shorten

# Fewer held-out samples leave every figure vague: the standard error of an AUROC of 0.5 is 0.06
_FEW = 100
_LEGEND = """\
Real genes: training genes in place of generated ones; no generator should be expected to do
better. Simple generator: the better of two, every bin drawn on its own or a multivariate normal
of the logarithms. Transfer: a classifier trained on generated signals, tested on real genes. All
measures, by mark, and copies of training genes as a control: --json and the figure."""


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


def score_rows(report):
    """Return the summary of a report as a list of dicts, one per measure, for a model file.

    Each has ``measure``, ``n``, the figures and ends of the intervals of the generator and of real
    genes, and ``p_worse``.
    """
    rows = report.summary.reset_index().drop(columns=["simple", "simple_value"])
    return rows.to_dict("records")


def format_report(report):
    """Return the verdict and the short table of a report, with what they mean."""
    text = f"{report}\n\n{_LEGEND}"
    if report.n < _FEW:
        text += f"\nFewer than {_FEW} held-out samples are few: all of these figures are vague."
    return text
