"""What results show, in sentences."""

import pandas as pd

from ._words import (
    BASELINE,
    BASELINES,
    CLEAR_DISTANCE,
    CONSENSUS,
    GENE_MEAN,
    OTHERS,
    SCORE_NAMES,
)

# What is said of the baselines that know the same gene
_SAME_GENE = {
    "roc_auc": (CONSENSUS, "The labels of the same genes in the other cells alone", "reach"),
    "pearson": (GENE_MEAN, "The expression of the same genes in the other cells alone", "reaches"),
}
_OF_OTHERS = tuple(name for name, cells in BASELINES.items() if cells == OTHERS)
# Score -> the one that is given beside it in parentheses
_BESIDE = {"roc_auc": "log_loss", "pearson": "r2"}


def find_all(results):
    """Return the main results as sentences."""
    found = results.statistics
    plain = plain_names(results)
    metrics = [metric for metric in results.compared if metric in _BESIDE]
    texts = [_on_same_gene(found.means, plain, metric) for metric in metrics]
    texts.append(_on_clear_genes(found.means, plain))
    texts.append(_on_variable_genes(found.means, plain))
    texts.append(_on_switching(found.between, plain))
    for metric in metrics if not found.models.empty else ():
        models = found.models[found.models["group"].isin(plain)]
        models = models[models["metric"] == metric]
        texts += [
            _on_equivalence(group, tests, found.margin, metric)
            for group, tests in list(models.groupby("group", sort=False))[:2]
        ]
    for metric in metrics if not found.regimes.empty else ():
        rows = found.regimes[found.regimes["group"].isin(plain)]
        several = found.regimes["own"].nunique() > 1
        texts += [
            _on_regime(group, part, several, metric)
            for group, part in rows.groupby("group", sort=False)
        ]
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


def _on_same_gene(means, plain, metric):
    baseline, what, reach = _SAME_GENE[metric]
    same_gene = means[(means["group"] == BASELINE) & (means["model"] == baseline)]
    fitted = means[means["group"].isin(plain)].dropna(subset=metric)
    if fitted.empty or same_gene[metric].dropna().empty:
        return ""
    reached = same_gene[metric].iloc[0]
    best = fitted.loc[fitted[metric].idxmax()]
    more = "more" if reached > best[metric] else "no more"
    return (
        f"{what}, without any signal, {reach} a mean {SCORE_NAMES[metric]} of {reached:.3f}, "
        f"{more} than the best model ({best['model']}, {best['group']}: {best[metric]:.3f})."
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


def _on_variable_genes(means, plain):
    metric = "roc_auc_variable"
    fitted = means[means["group"].isin(plain)].dropna(subset=metric)
    baselines = means[(means["group"] == BASELINE) & means["model"].isin(_OF_OTHERS)]
    baselines = baselines.dropna(subset=metric)
    if fitted.empty or baselines.empty:
        return ""
    best, beside = (part.loc[part[metric].idxmax()] for part in (fitted, baselines))
    return (
        f"Of the genes whose label differs among the other cells, {best['model']} "
        f"({best['group']}) reaches a mean AUROC of {best[metric]:.3f}; without any signal "
        f"{beside['model']} reaches {beside[metric]:.3f}."
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


def _on_equivalence(group, tests, margin, metric):
    n_cells = tests["n_cells"].iloc[0]
    parts = [f"over cells {_pairs(tests[tests['equivalent'] == True])}"]  # noqa: E712
    if tests["equivalent_by_genes"].notna().any():
        parts.append(f"over genes {_pairs(tests[tests['equivalent_by_genes'] == True])}")  # noqa: E712
    return (
        f"{group}, {n_cells} cell{'s' if n_cells > 1 else ''}: models shown to be equivalent "
        f"within ±{margin:g} {SCORE_NAMES[metric]}: {'; '.join(parts)}."
    )


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
