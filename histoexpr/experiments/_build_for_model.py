"""Tracks made into the data set that a fitted model needs."""

import warnings

from ..exceptions import HistoexprWarning
from ..tracks import build_dataset, read_track_table
from ..utils import shorten
from ._match_data import lacking_text, rules_of, shared_marks


def build_for_model(
    info, tracks, genes, *, cells=None, may_lack_marks=False, work_dir=None, n_jobs=None, verbose=0
):
    """Build a data set from tracks, counted as those that a model was trained on.

    Parameters
    ----------
    info : dict
        What :func:`read_model_info` says of the model.
    tracks : str, path-like, DataFrame or sequence
        As for :func:`build_dataset`. Marks that the model does not know are not read.
    genes : str, path-like, DataFrame or Genes
    cells : sequence of str, optional
        Cells to build; default all.
    may_lack_marks : bool, default=False
        Whether the model serves cells without some of its marks.
    work_dir, n_jobs, verbose
        As for :func:`build_dataset`.

    Returns
    -------
    HistoneDataset
        Without labels.

    Raises
    ------
    ValueError
        If a mark of the model, or a cell, is not in the tracks, or the tracks cannot be counted
        by the rule of the model.

    Warns
    -----
    HistoexprWarning
        If tracks are left out, or the model does not say how reads were counted.
    """
    signals, training = info["signals"], info["training"]
    control = (training.get("control") or {}).get("method", "subtract")
    found = read_track_table(tracks, replicates="pool", control=control)
    if cells is not None:
        found = _of_cells(found, [str(cell) for cell in cells])
    found = _of_marks(found, signals["marks"], may_lack_marks)
    _tell_of_replicates(found)
    rules = set(rules_of(training.get("counting")).values())
    rows = [(t.cell, t.mark, t.path, t.control, t.replicate) for t in found]
    how = {"rule": rules.pop() if len(rules) == 1 else "auto", "control": control}
    if not training.get("counting"):
        warnings.warn(
            "The model does not say how reads were counted in training; here they are by the "
            "default rule. Values may be another thing.",
            HistoexprWarning,
            stacklevel=2,
        )
    if how["rule"] in ("fragment", "midpoint"):
        how["fragment_length"] = training.get("fragment_length")
    kept = training.get("filter") or {}
    names = ("min_mapq", "keep_duplicates", "keep_secondary", "keep_qc_failed")
    how |= {name: kept[name] for name in names if name in kept}
    if signals["bin_size"] is not None and signals["window"] is not None:
        how |= {"bin_size": signals["bin_size"], "window": tuple(signals["window"])}
    if signals["oriented"] is not None:
        how["flip_minus_strand"] = signals["oriented"]
    if training.get("transcripts"):
        how["transcripts"] = training["transcripts"]
    return build_dataset(
        _frame(rows), genes, replicates="pool", work_dir=work_dir, n_jobs=n_jobs,
        verbose=verbose, **how,
    )  # fmt: skip


def _tell_of_replicates(tracks):
    """Say where several files are one mark of a cell: whether they should be is not known."""
    names = [track.name for track in tracks]
    if several := list(dict.fromkeys(name for name in names if names.count(name) > 1)):
        warnings.warn(
            f"Several files of one cell and mark are pooled: {shorten(several)}.",
            HistoexprWarning,
            stacklevel=3,
        )


def _frame(rows):
    """Return tracks as a table: sequences have no replicates."""
    import pandas as pd

    return pd.DataFrame(rows, columns=["cell", "mark", "file", "control", "replicate"])


def _of_cells(tracks, cells):
    there = dict.fromkeys(track.cell for track in tracks)
    if missing := [cell for cell in cells if cell not in there]:
        raise ValueError(f"No cell {missing[0]!r} in the tracks; there are {', '.join(there)}.")
    return [track for track in tracks if track.cell in cells]


def _of_marks(tracks, expected, may_lack_marks):
    """Return the tracks of the marks of a model, under its names."""
    if expected is None:
        return tracks
    there = list(dict.fromkeys(track.mark for track in tracks))
    names = dict(shared_marks(expected, there))
    lacking = [mark for mark in expected if mark not in names.values()]
    if lacking and not (names and may_lack_marks):
        raise ValueError(lacking_text(there, expected, lacking))
    if extra := [mark for mark in there if mark not in names]:
        warnings.warn(
            f"Tracks of marks that the model does not know are not read: {', '.join(extra)}.",
            HistoexprWarning,
            stacklevel=3,
        )
    return [t._replace(mark=names[t.mark]) for t in tracks if t.mark in names]
