"""One self-contained HTML page that tells what a study found."""

import base64
import io
from html import escape

from ..plots import study_figures
from ..replication import PUBLISHED_FAULTS
from ..utils import atomic_path
from ._study_text import (
    calibration_table,
    findings,
    means_table,
    models_table,
    pairs_table,
    regimes_calibration_table,
    regimes_table,
)

_CAPTIONS = {
    "regimes": "AUROC of each test cell on genes unseen in all training cells. Box: "
    "quartiles, from five cells on. Dashed: what is reached without any signal, from the "
    "labels of the same gene in the other cells.",
    "matrix": "AUROC by training cell and test cell, cells that score alike side by side. "
    "Test genes are unseen in training on the diagonal, too.",
    "models": "Every model against the first, one point per test cell. Points on the line: equal.",
    "ranks": "Mean rank over test cells. Models whose bars overlap are not told apart at the 5 % "
    "level (Nemenyi).",
    "sizes": "AUROC against the number of training cells, or of training genes in each; the "
    "larger sets contain the smaller ones.",
    "published": "Published test AUROC against ours, one point per cell; the labels are not the "
    "same, see below.",
    "flipped-labels": "Published AUROC follows the share of a cell's labels that are wrong "
    "because numbers were compared as text.",
}

_SIMULATED = (
    "The signals of this study are simulated, those behind the published figures are measured: "
    "whether the figures agree says nothing about the cells."
)

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff;
  max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid #ccc; }
p, li { max-width: 44rem; }
.about { color: #555; margin-top: 0; }
.findings { background: #f2f6fa; border-left: 4px solid #0072b2; padding: .6rem 1rem;
  margin: 1rem 0; }
.findings ul { margin: 0; padding-left: 1.1rem; }
figure { margin: 1.2rem 0; break-inside: avoid; }
figure img { max-width: 100%; height: auto; display: block; }
figcaption { color: #444; font-size: .9rem; max-width: 44rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .75rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .2rem .5rem; border-bottom: 1px solid #e2e2e2;
  white-space: nowrap; }
th { vertical-align: bottom; border-bottom: 2px solid #888; white-space: normal; }
td.text, th.text { text-align: left; white-space: normal; min-width: 8.5em; }
details { margin: 1rem 0; }
summary { cursor: pointer; }
pre { background: #f6f6f6; padding: .6rem; overflow-x: auto; font-size: .75rem; }
@media (max-width: 40rem) { body { padding: 1rem .7rem 3rem; } h1 { font-size: 1.3rem; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow: visible; } table { font-size: 7.5pt; } td, th { padding: 2px 4px; }
  h2 { break-after: avoid; } tr { break-inside: avoid; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
"""


def write_study_report(study, path):
    """Write what a study found as one HTML file that opens without a network.

    Figures are in the page, and beside it as PNG in the folder ``figures``.

    Parameters
    ----------
    study : Study
        See :func:`histoexpr.experiments.run_study`.
    path : str or path-like
        The file.

    Returns
    -------
    list of pathlib.Path
        The files written, the page first.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    from pathlib import Path

    path = Path(path)
    images, written = _images(study), [path]
    files = _file_names(images)
    for name, image in images.items():
        file = path.parent / "figures" / f"{files[name]}.png"
        with atomic_path(file) as temporary:
            temporary.write_bytes(image)
        written.append(file)
    with atomic_path(path) as temporary:
        temporary.write_text(_page(study, images), encoding="utf-8")
    return written


def _file_names(names):
    """Return a file name for every figure, no two alike where case does not count."""
    files = {}
    for name in names:
        file = "".join(c if c.isalnum() or c in "-_" else "_" for c in name[:60])
        taken = {other.lower() for other in files.values()}
        while file.lower() in taken:
            file += "-2"
        files[name] = file
    return files


def _images(study):
    """Return the figures as PNG."""
    import matplotlib

    images = {}
    with matplotlib.rc_context({"text.parse_math": False}):
        for name, figure in study_figures(study).items():
            buffer = io.BytesIO()
            figure.savefig(buffer, dpi=144, format="png", bbox_inches="tight")
            images[name] = buffer.getvalue()
    return images


def _page(study, images):
    spec = study.manifest["spec"]
    about = (
        f"{len(study.cells)} cell types, models {', '.join(spec['models'])}; "
        f"{len(spec['seeds'])} seed{'s' if len(spec['seeds']) > 1 else ''}, "
        f"{len(study.times)} fits. Scores are of genes unseen in all training cells."
    )
    simulated = "simulated" in study.manifest["data_source"]
    if simulated:
        about += " The signals are simulated."
    matrices = [name for name in images if name.startswith("matrix-")]
    parts = [
        "<h1>Expression from histone marks within and across cell types</h1>",
        f'<p class="about">{escape(about)}</p>',
        '<div class="findings"><ul>'
        + "".join(f"<li>{escape(text)}</li>" for text in findings(study))
        + "</ul></div>",
        "<h2>Scores by experiment</h2>",
        _figure(images, "regimes"),
        _table(*means_table(study)),
        "<p>Intervals are 95 % bootstrap intervals of the mean over cells: resampling cells says "
        "how it would be with other cells (six at least), resampling genes with other test genes, "
        "the fitted models being the same. Seed noise is the standard deviation of the mean over "
        "seeds.</p>",
        "<h2>Calibration</h2>",
        "<p>Whether probabilities can be taken at their word. The transferred threshold is the "
        "one with the highest accuracy on the training samples.</p>",
        _table(*calibration_table(study)),
        *_models_section(study, images),
        *_regimes_section(study),
        _figure(images, "sizes"),
    ]
    if matrices:
        parts.append("<h2>Every training cell on every test cell</h2>")
        parts += [_figure(images, name, "matrix") for name in matrices]
        if study.summary["pairs"]:
            table = _table(*pairs_table(study))
            parts.append(f"<details open><summary>With intervals</summary>{table}</details>")
    if "flipped-labels" in images:
        parts += [
            "<h2>Beside the published figures</h2>",
            f"<p>{_SIMULATED}</p>" if simulated else "",
            _figure(images, "published"),
            _figure(images, "flipped-labels"),
            "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in PUBLISHED_FAULTS) + "</ul>",
        ]
    parts += ["<h2>How this was made</h2>", _provenance(study)]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Cross-cell study</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _models_section(study, images):
    head, rows, n_text = models_table(study)
    if not rows:
        return []
    margin = study.manifest["spec"]["margin"]
    return [
        "<h2>Model against model</h2>",
        _figure(images, "models"),
        _figure(images, "ranks"),
        _table(head, rows, n_text),
        f"<p>Equivalent: the difference is shown to lie within ±{margin:g} AUROC by two "
        "one-sided tests at the 5 % level, over cells (paired t tests) or over genes (bootstrap). "
        "That a difference is not significant shows no equality. Few cells show little: with two "
        "cells no test can reject much. Holm p: adjusted for the pairs of models of an "
        "experiment. Seed noise: standard deviation of the difference over seeds.</p>",
    ]


def _regimes_section(study):
    head, rows, n_text = regimes_table(study)
    if not rows:
        return []
    return [
        "<h2>Other cells against the test cell’s own</h2>",
        "<p>Ranking genes (AUROC) and saying how probable expression is (log loss, accuracy at a "
        "threshold) are two things: a model may carry over in one and not in the other. "
        "Differences are those from training on the test cell itself. Holm p: adjusted for all "
        "rows of the table.</p>",
        _table(head, rows, n_text),
        _table(*regimes_calibration_table(study)),
    ]


def _figure(images, name, caption=None):
    if name not in images:
        return ""
    data = base64.b64encode(images[name]).decode()
    text = escape(_CAPTIONS[caption or name])
    # drawn at 144 dots per inch for sharp prints, shown at 96
    width = int.from_bytes(images[name][16:20], "big") * 96 // 144
    return (
        f'<figure><img width="{width}" alt="{escape(name)}" src="data:image/png;base64,{data}">'
        f"<figcaption>{text}</figcaption></figure>"
    )


def _table(head, rows, n_text):
    if not rows:
        return ""

    def line(tag, cells):
        marks = [' class="text"' if number < n_text else "" for number in range(len(cells))]
        parts = (
            f"<{tag}{mark}>{escape(cell)}</{tag}>" for mark, cell in zip(marks, cells, strict=True)
        )
        return f"<tr>{''.join(parts)}</tr>"

    body = "\n".join(line("td", row) for row in rows)
    return (
        f'<div class="scroll"><table><thead>{line("th", head)}</thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def _provenance(study):
    import json

    versions = ", ".join(f"{k} {v}" for k, v in study.manifest["versions"].items())
    text = json.dumps(study.manifest["spec"], indent=1)
    source, sha256 = study.manifest["data_source"], study.manifest["data_sha256"]
    return (
        f"<p>Data: {escape(source)}, SHA-256 <code>{sha256[:16]}…</code>; "
        f"{escape(versions)}.</p><details><summary>The study</summary>"
        f"<pre>{escape(text)}</pre></details>"
    )
