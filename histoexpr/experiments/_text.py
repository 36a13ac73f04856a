"""The summaries of an evaluation and of a study as text."""


def format_summary(evaluation, *, only_mean=False):
    """Return the summary as a text table.

    Parameters
    ----------
    evaluation : CellEvaluation
    only_mean : bool, default=False
        Whether to leave out the single cells.

    Returns
    -------
    str
    """
    head = ["test cell", "model", "trained on"]
    names = {
        "roc_auc": "AUROC",
        "average_precision": "avg. precision",
        "balanced_accuracy": "balanced acc.",
        "brier_score_loss": "Brier",
    }
    lines, last = [[*head, *names.values()]], None
    for row in evaluation.summary():
        if only_mean and row["test_cell"] != "mean":
            continue
        if last not in (None, row["test_cell"]):
            lines.append(None)
        shown = row["test_cell"] if row["test_cell"] != last else ""
        last = row["test_cell"]
        scores = [f"{row[name]:.3f}" for name in names]
        lines.append([shown, row["model"], row["trained_on"], *scores])
    return _format_table(lines, len(head))


def format_study(study):
    """Return the mean scores of a study as a text table.

    Parameters
    ----------
    study : Study

    Returns
    -------
    str
    """
    head = ["experiment", "model"]
    lines = [[*head, "AUROC", "95 % over cells", "log loss", "accuracy"]]
    for row in study.summary["means"]:
        score, loss, accuracy = map(_number, (row[n] for n in ("roc_auc", "log_loss", "accuracy")))
        low, high = row["roc_auc_by_cells"]
        reach = "–" if low is None else f"{_number(low)} to {_number(high)}"
        lines.append([row["group"], row["model"], score, reach, loss, accuracy])
    return _format_table(lines, len(head))


def _number(value):
    return "–" if value is None else f"{value:.3f}"


def _format_table(lines, n_text):
    """Return lines of cells, the first the head, as text; None makes an empty line."""
    widths = [max(len(line[i]) for line in lines if line) for i in range(len(lines[0]))]
    text = []
    for line in lines:
        cells = [
            cell.ljust(width) if number < n_text else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line or (), widths, strict=False))
        ]
        text.append("  ".join(cells).rstrip())
    text.insert(1, "-" * max(map(len, text)))
    return "\n".join(text)
