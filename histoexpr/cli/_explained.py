"""What ``histoexpr explain`` computes, draws and prints of a gene."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..experiments import match_data
from ..inspection import attribute, find_gene
from ..utils import atomic_path, format_table, require

# Gaps below are rounding, and not worth a sentence
_ROUNDING = 0.005


def class_named(estimator, text):
    """Return the class that is called so; None without a name, for the default."""
    if text is None:
        return None
    if not hasattr(estimator, "classes_"):
        raise ValueError(f"--class {text}: the model is a regressor, which has no classes.")
    classes = np.asarray(estimator.classes_).tolist()
    for value in classes:
        if str(value) == text:
            return value
    known = ", ".join(map(str, classes))
    raise ValueError(f"--class {text}: the classifier knows the classes {known}.")


def explain(estimator, data, gene, *, info, cell=None, **params):
    """Return the Attribution of one gene beside all genes of its cell.

    The data are made like those that the model was fitted with, where that is exact.
    """
    row = find_gene(gene, data, cell)
    rows = np.flatnonzero(data.cell == data.cell[row])
    at = int(np.flatnonzero(rows == row)[0])
    cell_data, notes = match_data(
        data.take(rows), info, may_lack_marks=hasattr(estimator, "subsets_")
    )
    for note in notes:
        warnings.warn(note, HistoexprWarning, stacklevel=2)
    if cell_data.X.dtype.kind == "f" and np.isnan(cell_data.X).any():
        raise ValueError(
            "Some signals are missing (NaN), and what is missing contributes nothing that could "
            "be said. Explain a model of the marks that the data have."
        )
    return attribute(estimator, cell_data[[at]], reference=cell_data, **params)


def draw(found, path, scale):
    """Draw the gene into a file."""
    from ..plots import AttributionDisplay

    matplotlib = require("matplotlib", "The figure")
    matplotlib.use("agg")
    with matplotlib.rc_context({"text.parse_math": False}):
        display = AttributionDisplay.from_attribution(found, 0, scale=scale)
        with atomic_path(path) as temporary:
            display.figure_.savefig(temporary, dpi=150, bbox_inches="tight", pad_inches=0.1)
    matplotlib.pyplot.close(display.figure_)


def summary_of(found, n_regions):
    """Return what is printed of an Attribution of one gene, as a dict for JSON."""
    regions = found.regions(0, n_regions=min(n_regions, len(found.baseline)))
    marks = []
    for mark in found.marks:
        top = regions[regions["mark"] == mark].iloc[0]
        total = float(found.values[0, :, found.marks.index(mark)].sum())
        region = {name: int(top[name]) for name in ("first", "last")}
        region |= {name: float(top[name]) for name in ("contribution", "signal", "baseline")}
        marks.append({"mark": mark, "contribution": total, "region": region})
    marks.sort(key=lambda one: -abs(one["contribution"]))
    known = {name: getattr(found, name) for name in ("gene", "symbol", "cell", "y")}
    known = {name: None if v is None else v[:1].tolist()[0] for name, v in known.items()}
    probability = None if found.probability is None else float(found.probability[0])
    return {
        "gene": known["gene"], "symbol": known["symbol"], "cell": known["cell"],
        "label": known["y"], "explained": found.name, "probability": probability,
        "output": float(found.output[0]), "baseline": found.baseline_name,
        "baseline_output": float(found.baseline_output[0]), "method": found.method,
        "gap": float(found.gap[0]), "marks": marks,
    }  # fmt: skip


def describe(found, summary):
    """Return the gene, what was compared, and the marks by what they contribute, as text."""
    ends = summary["output"], summary["baseline_output"]
    lines = [
        found.title(0),
        f"{found.name}: {ends[0]:+.2f}; {ends[1]:+.2f} of the baseline, {found.baseline_name}",
        f"What makes the difference of {ends[0] - ends[1]:+.2f} (method {found.method}):",
        "",
    ]
    rows = [["mark", "strongest in (bp)", "all", "there", "signal", "baseline"]]
    for one in summary["marks"]:
        region = one["region"]
        place = f"{region['first']:+,} to {region['last']:+,}"
        parts = [f"{value:+.2f}" for value in (one["contribution"], region["contribution"])]
        signals = [_short(region[name]) for name in ("signal", "baseline")]
        rows.append([one["mark"], place, *parts, *signals])
    total = sum(one["contribution"] for one in summary["marks"])
    rows.append(["all marks", "", f"{total:+.2f}", "", "", ""])
    lines += [format_table(rows, 2), "", f"Contributions in {found.unit}; signals per bin, means."]
    if abs(summary["gap"]) >= _ROUNDING:
        lines.append(f"Sum of the parts less the difference: {summary['gap']:+.2f}. {_why(found)}")
    return "\n".join(lines)


def _why(found):
    if found.method == "occlusion":
        return "What several patches do together cannot be divided among them."
    return "The steps of the integral leave it."


def _short(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
