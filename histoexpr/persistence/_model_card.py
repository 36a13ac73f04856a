"""A model card in Markdown, made of what a model file says."""

from ._model_info import read_model_info

_UNKNOWN = "not stated"
_SIGNALS = {
    "marks": "Marks",
    "n_bins": "Bins",
    "bin_size": "Bin size (bp)",
    "window": "Window (bp from the TSS)",
    "oriented": "Bins run along transcription",
}


def model_card(path):
    """Return a model card in Markdown: what a model is, was trained on, scores, and is meant for.

    The sections are those of Mitchell et al. (2019), *Model Cards for Model Reporting*, as far as
    the file has something to say.

    Parameters
    ----------
    path : str or path-like
        A file that :func:`save_model` wrote.

    Returns
    -------
    str
        Markdown, with a line end.

    Raises
    ------
    DataFormatError
        If the file is damaged, or none of ours.
    """
    info = read_model_info(path)
    training, signals = info["training"], info["signals"]
    lines = [f"# {info['title'] or info['estimator']['class'].rpartition('.')[2]}", ""]
    if info["description"]:
        lines += [info["description"], ""]
    lines += ["## Model", ""]
    lines += _list(
        {
            "Class": f"`{info['estimator']['class']}`",
            "Predicts": _predicts(info),
            "Saved": info["created"],
            "Made with": ", ".join(
                f"{name} {value}"
                for name, value in {"histoexpr": info["histoexpr"], **info["versions"]}.items()
                if value
            ),
            "Authors": info["authors"],
            "Licence": info["licence"] or _UNKNOWN,
            "Citation": info["citation"],
        }
    )
    lines += ["", "## Intended use", "", info["intended_use"] or _UNKNOWN]
    lines += ["", "## Signals", ""]
    lines += _list({label: _show(signals[name]) for name, label in _SIGNALS.items()})
    lines += ["", "## Training data", ""]
    lines += _list(
        {
            "Cell types": _show(training["cells"]),
            "Samples": _show(training["n_samples"]),
            "Genes": _show(training["n_genes"]),
            "Chromosomes": _show(training["chromosomes"]),
            "Source": training["source"],
            "Genome build": training["build"],
            "Labels": _show(training["labels"]),
            "Normalisation": _show(training["normalisation"]),
            "SHA-256": training["data_sha256"] and f"`{training['data_sha256']}`",
        }
    )
    if training["counting"]:
        lines += ["", "How reads became signals:", ""]
        lines += _list({mark: _show(rule) for mark, rule in training["counting"].items()})
    if training["depth"]:
        lines += ["", "Mean signal of a bin, by cell type and mark:", ""]
        marks = list(next(iter(training["depth"].values())))
        rows = [
            {"cell": cell, **{mark: f"{row[mark]:.3g}" for mark in marks}}
            for cell, row in training["depth"].items()
        ]
        lines += _table(rows)
    lines += ["", "## Scores on held-out genes", ""]
    lines += _table(info["scores"]) if info["scores"] else [_UNKNOWN]
    lines += ["", "## Parameters", ""]
    lines += _table(
        [
            {"parameter": f"`{name}`", "value": f"`{value}`"}
            for name, value in info["estimator"]["params"].items()
        ]
    )
    return "\n".join(lines) + "\n"


def _predicts(info):
    if info["kind"] == "classifier":
        return f"probabilities of the classes {_show(info['classes'])}"
    if info["kind"] == "regressor":
        return "log2(expression + 1)" if info["target"] == "expression" else "a number"
    return {"generator": "signals of genes (a generator)"}.get(info["kind"], "transformed signals")


def _list(entries):
    return [f"- **{label}:** {_cell(text)}" for label, text in entries.items() if text]


def _table(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"| {' | '.join(map(_cell, names))} |", f"|{'---|' * len(names)}"]
    for row in rows:
        lines.append(f"| {' | '.join(_cell(_number(row.get(name, ''))) for name in names)} |")
    return lines


def _number(value):
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else value


def _cell(value):
    """Return text that stays in its cell, and is shown as it is."""
    text = " ".join(str(value).split())
    return text.replace("|", "\\|").replace("<", "&lt;")


def _show(value):
    if value is None or value == []:
        return _UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {_show(item)}" for key, item in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
