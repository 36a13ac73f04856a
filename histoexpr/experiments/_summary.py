"""The summary of an evaluation as text."""


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
        "auroc": "AUROC",
        "average_precision": "avg. precision",
        "balanced_accuracy": "balanced acc.",
        "brier_score": "Brier",
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
    widths = [max(len(line[i]) for line in lines if line) for i in range(len(lines[0]))]
    text = []
    for line in lines:
        if line is None:
            text.append("")
            continue
        cells = [
            cell.ljust(width) if number < len(head) else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        text.append("  ".join(cells).rstrip())
    text.insert(1, "-" * max(map(len, filter(None, text))))
    return "\n".join(text)
