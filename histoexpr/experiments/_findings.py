"""What results show, in sentences."""

import pandas as pd

from ._gene_blocks import UNITS
from ._words import (
    BASELINE,
    CLEAR_DISTANCE,
    CONSENSUS,
    GENE_MEAN,
    RANK,
    SCORE_NAMES,
)

# What is said of the baselines that know the same gene, by the score that they are held against
_SAME_GENE = (
    ("roc_auc", CONSENSUS, "The labels of the same genes in the other cells alone", "reach"),
    ("roc_auc", RANK, "The expression ranks of the same genes in the other cells alone", "reach"),
    ("pearson", GENE_MEAN, "The mean of the same genes in the other cells alone", "reaches"),
)
_ALPHA = 0.05
# Score -> the one that is given beside it in parentheses
_BESIDE = {"roc_auc": "log_loss", "pearson": "r2"}


def find_all(results):
    """Return the main results as sentences."""
    found = results.statistics
    plain = plain_names(results)
    metrics = [metric for metric in results.compared if metric in _BESIDE]
    texts = [_on_same_gene(found, plain, *said) for said in _SAME_GENE if said[0] in metrics]
    texts.append(_on_clear_genes(found.means, plain))
    texts.append(_on_variable_genes(found, plain))
    texts.append(_on_baselines(found))
    texts.append(_on_switching(found.between, plain))
    texts += [_on_cells(found.intervals, plain, metric) for metric in metrics[:1]]
    for metric in metrics if not found.models.empty else ():
        models = found.models[found.models["group"].isin(plain)]
        texts += _on_equivalence(models[models["metric"] == metric], found.margin, metric)
    for metric in metrics if not found.regimes.empty else ():
        rows = found.regimes[found.regimes["group"].isin(plain)]
        several = found.regimes["own"].nunique() > 1
        texts += [
            _on_regime(group, part, several, metric)
            for group, part in rows.groupby("group", sort=False)
        ]
    texts += [_on_sizes(results, found.means, metric) for metric in metrics]
    return [text for text in texts if text]


def plain_names(results):
    """Return the groups that are no point of a size curve, all if there are no others."""
    return [group["name"] for group in results.plain_groups or results.groups]


def signed(value, digits=3):
    """Return a number with its sign, a dash where there is none."""
    if pd.isna(value):
        return "–"
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def _on_same_gene(found, plain, metric, baseline, what, reach):
    means = found.means
    same_gene = means[(means["group"] == BASELINE) & (means["model"] == baseline)]
    fitted = means[means["group"].isin(plain)].dropna(subset=metric)
    if fitted.empty or same_gene[metric].dropna().empty:
        return ""
    reached = same_gene[metric].iloc[0]
    best = fitted.loc[fitted[metric].idxmax()]
    more = "more than" if reached > best[metric] else "no more than"
    row = _against(found, best, metric, baseline)
    if row is not None and row["low"] <= 0 <= row["high"]:
        more = "not to be told from"
    return (
        f"{what}, without any signal, {reach} a mean {SCORE_NAMES[metric]} of {reached:.3f}, "
        f"{more} the best model ({best['model']}, {best['group']}: {best[metric]:.3f}"
        f"{_less_baseline(found, best, metric, baseline)})."
    )


def _less_baseline(found, best, metric, baseline):
    """Return the paired difference of a model from a baseline in words, "" without one."""
    row = _against(found, best, metric, baseline)
    if row is None:
        return ""
    text = f"; difference {signed(row['difference'])}"
    if pd.isna(row["low"]):
        return text
    reach = f"{signed(row['low'])} to {signed(row['high'])}"
    return f"{text}, 95 % over {UNITS[found.resampled]} {reach}, best chosen on the same genes"


def _against(found, best, metric, baseline):
    """Return the row of a model against a baseline, None without one."""
    rows = found.against_baselines
    if rows.empty:
        return None
    same = (rows["group"] == best["group"]) & (rows["model"] == best["model"])
    rows = rows[same & (rows["metric"] == metric) & (rows["baseline"] == baseline)]
    return None if rows.empty else rows.iloc[0]


def _on_baselines(found):
    """Return how many models and experiments differ from each baseline, by adjusted p values."""
    rows, parts = found.against_baselines, []
    rows = rows if rows.empty else rows.dropna(subset="p_holm")
    if rows.empty:
        return ""
    for (metric, baseline), part in rows.groupby(["metric", "baseline"], sort=False):
        if metric == "r2":
            continue
        clear = part[part["p_holm"] < _ALPHA]
        above, below = ((sign * clear["difference"] > 0).sum() for sign in (1, -1))
        parts.append(
            f"{SCORE_NAMES[metric]} against {baseline} {above} higher and {below} lower "
            f"of {len(part)}"
        )
    return (
        f"Models of all experiments, paired over {UNITS[found.resampled]}, p values adjusted "
        f"within each experiment, at 5 %: {'; '.join(parts)}."
    )


def _on_clear_genes(means, plain):
    fitted = means[means["group"].isin(plain)].dropna(subset=["roc_auc", "roc_auc_clear"])
    if fitted.empty:
        return ""
    best = fitted.loc[fitted["roc_auc"].idxmax()]
    return (
        f"Of the genes more than {CLEAR_DISTANCE:g} log2 unit away from the cut-off of their "
        f"cell's labels alone, {best['model']} ({best['group']}) reaches a mean AUROC of "
        f"{best['roc_auc_clear']:.3f}, of all genes {best['roc_auc']:.3f}."
    )


def _on_variable_genes(found, plain):
    metric, means = "roc_auc_variable", found.means
    fitted = means[means["group"].isin(plain)].dropna(subset=metric)
    baselines = means[(means["group"] == BASELINE) & means["model"].isin((CONSENSUS, RANK))]
    baselines = baselines.dropna(subset=metric)
    if fitted.empty or baselines.empty:
        return ""
    best, beside = (part.loc[part[metric].idxmax()] for part in (fitted, baselines))
    return (
        f"Of the genes whose label differs among the other cells, {best['model']} "
        f"({best['group']}) reaches a mean AUROC of {best[metric]:.3f}; without any signal "
        f"{beside['model']} reaches {beside[metric]:.3f}"
        f"{_less_baseline(found, best, metric, beside['model'])}."
    )


def _on_switching(between, plain):
    if between.empty:
        return ""
    rows = between[(between["metric"] == "switching_accuracy") & between["group"].isin(plain)]
    if rows.empty:
        return ""
    best = rows.loc[rows["score"].idxmax()]
    reach = "" if pd.isna(best["low"]) else f" ({best['low']:.3f} to {best['high']:.3f})"
    return (
        f"Of two cells between which the label of a gene differs ({best['n_genes']:,.0f} genes), "
        f"{best['model']} ({best['group']}) tells the one where it is on in a share of "
        f"{best['score']:.3f}{reach}; by chance it would be 0.5."
    )


def _on_cells(intervals, plain, metric):
    """Return how much alike the scores of similar cells are."""
    rows = intervals[intervals["group"].isin(plain) & (intervals["metric"] == metric)]
    rows = rows.dropna(subset="morans_i")
    if rows.empty:
        return ""
    best = rows.loc[rows["score"].idxmax()]
    n, n_clusters = int(best["n_cells"]), int(best["n_clusters"])
    known = "Cells are not independent: similar cells score alike"
    if best["p_morans_i"] >= _ALPHA:
        known = "Cells may be dependent, though it is not shown that similar ones score alike"
    few = "" if n_clusters >= 6 else ", which are too few for intervals"
    p_value = best["p_morans_i"]
    shown = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    return (
        f"{known} ({best['model']}, {best['group']}: Moran’s I of {SCORE_NAMES[metric]} "
        f"{signed(best['morans_i'], 2)}, without dependence {signed(-1 / (n - 1), 2)}, {shown}). "
        f"The {n} cells make {n_clusters} cluster{'s' if n_clusters > 1 else ''} of similar ones, "
        f"the units of all that is over cells{few}."
    )


def _on_equivalence(tests, margin, metric):
    """Return the equivalent models, one sentence for experiments of which the same holds."""
    said = {}
    for group, part in tests.groupby("group", sort=False):
        over = [f"over cells {_pairs(part[part['equivalent'] == True])}"]  # noqa: E712
        if part["equivalent_by_genes"].notna().any():
            over.append(f"over genes {_pairs(part[part['equivalent_by_genes'] == True])}")  # noqa: E712
        said.setdefault((part["n_cells"].iloc[0], "; ".join(over)), []).append(group)
    return [
        f"{', '.join(groups)}, {n_cells} cell{'s' if n_cells > 1 else ''}: models shown to be "
        f"equivalent within ±{margin:g} {SCORE_NAMES[metric]}, p values adjusted: {over}."
        for (n_cells, over), groups in said.items()
    ]


def _pairs(tests):
    names = zip(tests["first"], tests["second"], strict=True)
    return ", ".join(f"{first} and {second}" for first, second in names) or "none"


def _on_regime(group, rows, several, metric):
    differences = rows.pivot(index="model", columns="metric", values="mean_difference")
    parts = []
    for model in rows["model"].unique():
        row = differences.loc[model]
        if pd.isna(row.get(metric)):
            continue
        beside = row.get(_BESIDE[metric])
        parts.append(
            f"{model} {signed(row[metric])}" + ("" if pd.isna(beside) else f" ({signed(beside)})")
        )
    if not parts:
        return ""
    own = f" ({', '.join(rows['own'].unique())})" if several else ""
    return (
        f"{group}, against training on the test cell itself{own}, in {SCORE_NAMES[metric]} (and "
        f"{SCORE_NAMES[_BESIDE[metric]]}): {', '.join(parts)}."
    )


def _on_sizes(results, means, metric):
    """Return what the first and the last point of each size curve reach, by model."""
    scores, curves = means.set_index(["group", "model"])[metric].dropna(), {}
    for group in results.groups:
        if group["sized"]:
            curves.setdefault(group["experiment"], []).append(group["name"])
    parts = []
    for experiment, names in curves.items():
        for model in scores.index.unique("model"):
            points = [n for n in names if (n, model) in scores.index]
            if len(points) > 1:
                ends = [(n.removeprefix(f"{experiment}, "), scores[n, model]) for n in points]
                (first, low), (last, high) = ends[0], ends[-1]
                parts.append(f"{experiment}, {model} {low:.3f} ({first}) to {high:.3f} ({last})")
    return f"{SCORE_NAMES[metric]} by size: {'; '.join(parts)}." if parts else ""
