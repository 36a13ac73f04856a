"""What results show, in sentences."""

import pandas as pd

from ._words import BASELINE, CONSENSUS


def find_all(results):
    """Return the main results as sentences."""
    found = results.statistics
    plain = plain_names(results)
    texts = [_on_consensus(found.means, plain)]
    if not found.models.empty:
        models = found.models[found.models["group"].isin(plain)]
        texts += [
            _on_equivalence(group, tests, found.margin)
            for group, tests in list(models.groupby("group", sort=False))[:2]
        ]
    if not found.regimes.empty:
        rows = found.regimes[found.regimes["group"].isin(plain)]
        several = found.regimes["own"].nunique() > 1
        texts += [_on_regime(g, part, several) for g, part in rows.groupby("group", sort=False)]
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


def _on_consensus(means, plain):
    consensus = means[(means["group"] == BASELINE) & (means["model"] == CONSENSUS)]
    fitted = means[means["group"].isin(plain)].dropna(subset="roc_auc")
    if fitted.empty or consensus["roc_auc"].dropna().empty:
        return ""
    reached = consensus["roc_auc"].iloc[0]
    best = fitted.loc[fitted["roc_auc"].idxmax()]
    more = "more" if reached > best["roc_auc"] else "no more"
    return (
        f"The labels of the same genes in the other cells alone, without any signal, reach a "
        f"mean AUROC of {reached:.3f}, {more} than the best model ({best['model']}, "
        f"{best['group']}: {best['roc_auc']:.3f})."
    )


def _on_equivalence(group, tests, margin):
    n_cells = tests["n_cells"].iloc[0]
    parts = [f"over cells {_pairs(tests[tests['equivalent'] == True])}"]  # noqa: E712
    if tests["equivalent_by_genes"].notna().any():
        parts.append(f"over genes {_pairs(tests[tests['equivalent_by_genes'] == True])}")  # noqa: E712
    return (
        f"{group}, {n_cells} cell{'s' if n_cells > 1 else ''}: models shown to be equivalent "
        f"within ±{margin:g} AUROC: {'; '.join(parts)}."
    )


def _pairs(tests):
    names = zip(tests["first"], tests["second"], strict=True)
    return ", ".join(f"{first} and {second}" for first, second in names) or "none"


def _on_regime(group, rows, several):
    differences = rows.pivot(index="model", columns="metric", values="mean_difference")
    parts = []
    for model in rows["model"].unique():
        row = differences.loc[model]
        if pd.isna(row.get("roc_auc")):
            continue
        loss = row.get("log_loss")
        parts.append(
            f"{model} {signed(row['roc_auc'])}" + ("" if pd.isna(loss) else f" ({signed(loss)})")
        )
    if not parts:
        return ""
    own = f" ({', '.join(rows['own'].unique())})" if several else ""
    return (
        f"{group}, against training on the test cell itself{own}, in AUROC (and log loss): "
        f"{', '.join(parts)}."
    )
