"""What a study found, in sentences and tables of text."""

from ..experiments import CONSENSUS


def findings(study):
    """Return the main results as sentences.

    Parameters
    ----------
    study : Study

    Returns
    -------
    list of str
    """
    summary = study.summary
    plain = _plain_names(study)
    texts = [_consensus_text([row for row in summary["means"] if row["group"] in plain], summary)]
    texts += [
        _equivalence_text(entry, summary["margin"])
        for entry in summary["models"]
        if entry["tests"] and entry["group"] in plain
    ][:2]
    rows = [row for row in summary["regimes"] if row["roc_auc"] and row["group"] in plain]
    for group in dict.fromkeys(row["group"] for row in rows):
        texts.append(_regime_text(study, [row for row in rows if row["group"] == group]))
    return [text for text in texts if text]


def _plain_names(study):
    """Return the groups that are no point of a size curve, all if there are no others."""
    return {group["name"] for group in study.plain_groups or study.groups}


def _consensus_text(fitted, summary):
    consensus = next((r for r in summary["means"] if r["model"] == CONSENSUS), None)
    if consensus is None:
        return ""
    fitted = [row for row in fitted if row["roc_auc"] is not None]
    if not fitted or consensus["roc_auc"] is None:
        return ""
    best = max(fitted, key=lambda row: row["roc_auc"])
    more = "more" if consensus["roc_auc"] > best["roc_auc"] else "no more"
    return (
        f"The labels of the same genes in the other cells alone, without any signal, reach a "
        f"mean AUROC of {consensus['roc_auc']:.3f}, {more} than the best model "
        f"({best['model']}, {best['group']}: {best['roc_auc']:.3f})."
    )


def _equivalence_text(entry, margin):
    over_cells = [t for t in entry["tests"] if t.get("equivalence", {}).get("equivalent")]
    over_genes = [t for t in entry["tests"] if t.get("equivalent_by_genes")]
    n_cells = entry["n_cells"]
    parts = [f"over cells {_pairs_text(over_cells)}"]
    if "equivalent_by_genes" in entry["tests"][0]:
        parts.append(f"over genes {_pairs_text(over_genes)}")
    return (
        f"{entry['group']}, {n_cells} cell{'s' if n_cells > 1 else ''}: models shown to be "
        f"equivalent within ±{margin:g} AUROC: {'; '.join(parts)}."
    )


def _pairs_text(tests):
    return ", ".join(f"{test['first']} and {test['second']}" for test in tests) or "none"


def _regime_text(study, rows):
    parts = [
        f"{row['model']} {signed(row['roc_auc']['mean_difference'])}"
        + (f" ({signed(row['log_loss']['mean_difference'])})" if row["log_loss"] else "")
        for row in rows
    ]
    own = "" if len(_own_names(study)) < 2 else f" ({', '.join({r['own']: 0 for r in rows})})"
    return (
        f"{rows[0]['group']}, against training on the test cell itself{own}, in AUROC (and log "
        f"loss): {', '.join(parts)}."
    )


def _own_names(study):
    return {row["own"] for row in study.summary["regimes"]}


def signed(value, digits=3):
    """Return a number with its sign, a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def number(value, digits=3):
    """Return a number as text, a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def interval(pair, show=number):
    """Return an interval as text, a dash where there is none."""
    if pair is None or None in pair:
        return "–"
    return f"{show(pair[0])} to {show(pair[1])}"


def p_value(value):
    """Return a p value as text."""
    if value is None:
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def means_table(study):
    """Return head, rows and number of text columns of the table of ranking scores."""
    head = ["experiment", "model", "AUROC", "95 % over cells", "95 % over genes", "seed noise"]
    head += ["average precision", "training samples"]
    rows = [
        [
            row["group"],
            row["model"],
            number(row["roc_auc"]),
            interval(row["roc_auc_by_cells"]),
            interval(row["roc_auc_by_genes"]),
            number(row["seed_noise"], 4),
            number(row["average_precision"]),
            "–" if row["n_train"] is None else f"{row['n_train']:,.0f}",
        ]
        for row in study.summary["means"]
    ]
    return head, rows, 2


def calibration_table(study):
    """Return head, rows and number of text columns of the table of calibration."""
    names = {
        "log_loss": "log loss",
        "brier_score_loss": "Brier",
        "expected_calibration_error": "calibration error",
        "accuracy": "accuracy at 0.5",
        "transferred_accuracy": "at transferred threshold",
        "balanced_accuracy": "balanced accuracy",
    }
    rows = [
        [row["group"], row["model"], *(number(row[name]) for name in names)]
        for row in study.summary["means"]
    ]
    return ["experiment", "model", *names.values()], rows, 2


def _shown(equivalent):
    return {True: "yes", False: "not shown", None: "–"}[equivalent]


def models_table(study):
    """Return head, rows and number of text columns of the comparisons of models."""
    head = ["experiment", "models", "cells", "difference in AUROC", "90 % over cells"]
    head += [
        "95 % over genes",
        "seed noise",
        "Wilcoxon p",
        "Holm p",
        "equivalence p",
        "equivalent over cells",
        "over genes",
    ]
    rows, plain = [], _plain_names(study)
    for entry in study.summary["models"]:
        if entry["group"] not in plain:
            continue
        for test in entry["tests"]:
            equal = test.get("equivalence")
            rows.append(
                [
                    entry["group"],
                    f"{test['first']} − {test['second']}",
                    str(test["n_cells"]),
                    signed(test["mean_difference"]),
                    interval((equal["low"], equal["high"]), signed) if equal else "–",
                    interval(test.get("by_genes"), signed),
                    number(test["seed_noise"], 4),
                    p_value(test["p_value"]),
                    p_value(test["p_holm"]),
                    p_value(equal["p_value"]) if equal else "–",
                    _shown(equal and equal["equivalent"]),
                    _shown(test.get("equivalent_by_genes")),
                ]
            )
    return head, rows, 2


def regimes_table(study):
    """Return head, rows and number of text columns of the ranking, against the own cell."""
    head = ["experiment", "model", "against", "AUROC", "95 % over cells", "95 % over genes"]
    head += ["seed noise", "Wilcoxon p", "Holm p"]
    rows = []
    for row in _plain_regimes(study):
        found = row["roc_auc"] or {}
        rows.append(
            [
                *(row[name] for name in ("group", "model", "own")),
                signed(found.get("mean_difference")),
                interval((found.get("low"), found.get("high")), signed),
                interval(found.get("by_genes"), signed),
                number(found.get("seed_noise"), 4),
                p_value(found.get("p_value")),
                p_value(found.get("p_holm")),
            ]
        )
    return head, rows, 3


def regimes_calibration_table(study):
    """Return head, rows and number of text columns of the calibration, against the own cell."""
    head, rows = ["experiment", "model", "against"], []
    names = {"log_loss": "log loss", "transferred_accuracy": "accuracy at transferred threshold"}
    for name in names.values():
        head += [name, "95 % over cells", "seed noise", "Holm p"]
    for row in _plain_regimes(study):
        cells = [row[name] for name in ("group", "model", "own")]
        for metric in names:
            found = row[metric] or {}
            cells += [
                signed(found.get("mean_difference")),
                interval((found.get("low"), found.get("high")), signed),
                number(found.get("seed_noise"), 4),
                p_value(found.get("p_holm")),
            ]
        rows.append(cells)
    return head, rows, 3


def _plain_regimes(study):
    plain = _plain_names(study)
    return [row for row in study.summary["regimes"] if row["group"] in plain]


def pairs_table(study):
    """Return head, rows and number of text columns of the matrix with intervals."""
    head = ["experiment", "model", "training cell", "test cell", "AUROC", "95 % over genes"]
    rows = []
    for row in study.summary["pairs"]:
        names = [row[name] for name in ("group", "model", "train_cell", "test_cell")]
        rows.append([*names, number(row["roc_auc"]), interval((row["low"], row["high"]))])
    return head, rows, 4
