"""The report of a study as one self-contained HTML page."""

import base64
import io
import os
import re
from pathlib import Path

import jinja2

from ..experiments import UNITS, benchmark_cells
from ..plots import check_study, study_figures
from ..replication import PUBLISHED_FAULTS, PUBLISHED_TEST_GENES, published_auroc
from ..utils import atomic_path, json_text, require, validate_params
from ._tables import study_tables

# Resolution of the figures; they are shown at 96 dots per inch, the rest is for sharp prints
_DPI = 144
# A figure in a page: the name of its file, and the file
_IN_PAGE = re.compile(r'data-file="([\w-]+\.png)" src="data:image/png;base64,([^"]*)"')


@validate_params({"path": [str, os.PathLike]}, prefer_skip_nested_validation=True)
def write_study_report(study, path):
    """Write the results of a study as one HTML file that opens without a network.

    Figures are in the page, and as PNG in a folder beside it: ``report-figures`` for
    ``report.html``. Files there that an earlier version of the page wrote and this one does not
    are removed, unless they were changed. Published figures stand beside the study only where it
    tests cells of the benchmark on exactly the genes that the benchmark tests.

    Parameters
    ----------
    study : CrossCellResults
        See :func:`histoexpr.experiments.run_study`.
    path : str or path-like
        The file to write. An existing one is replaced.

    Returns
    -------
    list of pathlib.Path
        The files written, the page first.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    TypeError
        If ``study`` is something else, such as the folder of a study.
    ValueError
        If ``path`` is neither text nor a path, or is a folder.
    """
    check_study(study)
    path = Path(path)
    if path.is_dir():
        raise ValueError(
            f"path is the folder {path}; give the file to write, such as {path / 'report.html'}."
        )
    images = _images(study)
    folder = path.with_name(f"{path.name.removesuffix('.html')}-figures")
    files = {folder / file: images[name] for name, file in _file_names(images).items()}
    # before the page is replaced, which holds what may be removed
    _remove_stale(path, folder, files)
    for file, image in files.items():
        with atomic_path(file) as temporary:
            temporary.write_bytes(image)
    with atomic_path(path) as temporary:
        temporary.write_text(render_page(study, images), encoding="utf-8")
    return [path, *files]


def render_page(study, images):
    """Return the page as text; ``images`` are the figures as PNG by name."""
    # names and sources are whatever a user has called them: all are escaped
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    figures, files = {}, _file_names(images)
    for name, image in images.items():
        width = int.from_bytes(image[16:20], "big") * 96 // _DPI
        figures[name] = {"data": _in_base64(image), "file": files[name], "width": width}
    return environment.get_template("study.html.jinja").render(
        study=study,
        spec=study.manifest["spec"],
        spec_text=json_text(study.manifest["spec"]).rstrip(),
        simulated="simulated" in study.manifest["data_source"],
        figures=figures,
        tables=study_tables(study),
        units=UNITS[study.statistics.resampled],
        has_expression=bool(study.table["pearson"].notna().any()),
        faults=PUBLISHED_FAULTS,
        beside_published=_beside_published(study),
    )


def _beside_published(study):
    """Return the numbers of cells and of test genes of a study and of the published figures."""
    if not (cells := benchmark_cells(study)):
        return None
    rows = study.table[study.table["test_cell"].isin(cells) & study.table["roc_auc"].notna()]
    return {
        "cells": f"{len(cells)} cell type" + ("s" if len(cells) != 1 else ""),
        "n_genes": int(rows["n_test"].min()),
        "n_published_cells": len(published_auroc()),
        "n_published_genes": PUBLISHED_TEST_GENES,
    }


def _images(study):
    """Return the figures as PNG."""
    matplotlib = require("matplotlib", "Drawing the figures of a study")
    images = {}
    with matplotlib.rc_context({"text.parse_math": False}):
        for name, figure in study_figures(study).items():
            buffer = io.BytesIO()
            figure.savefig(buffer, dpi=_DPI, format="png", bbox_inches="tight")
            images[name] = buffer.getvalue()
    return images


def _in_base64(image):
    return base64.b64encode(image).decode()


def _remove_stale(page, folder, kept):
    """Remove figures that the page on disk wrote, unchanged since, apart from those kept."""
    if not page.is_file():
        return
    text = page.read_text(encoding="utf-8", errors="replace")
    for name, data in _IN_PAGE.findall(text):
        file = folder / name
        if file not in kept and file.is_file() and _in_base64(file.read_bytes()) == data:
            file.unlink()


def _file_names(names):
    """Return a PNG's name for every figure, no two alike where case does not count."""
    files, taken = {}, set()
    for name in names:
        file = re.sub(r"[^\w-]", "_", name[:60])
        while file.lower() in taken:
            file += "-2"
        files[name] = f"{file}.png"
        taken.add(file.lower())
    return files
