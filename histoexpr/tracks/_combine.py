"""Counts of the files of a cell and mark made into one: replicates pooled, controls removed."""

import os

import numpy as np

from ..exceptions import DataFormatError
from ..utils import shrink_counts
from ._formats import FORMATS
from ._track_table import Track, group_tracks

# How a control is used -> what becomes of the value of a bin; s is the ratio of the numbers of
# reads (1 for signals), so that the control has the depth of the track
CONTROLS = {
    "subtract": "max(track - s * control, 0)",
    "ratio": "(track + 1) / (s * control + 1)",
    "log2-ratio": "log2((track + 1) / (s * control + 1))",
}


def unique_files(tracks, control):
    """Return every file once as a Track without a control: tracks first, then their controls."""
    files = {}
    for track in tracks:
        plain = track._replace(control=None)
        files.setdefault(os.path.realpath(track.path), plain)
    for track in tracks:
        if control != "ignore" and track.control is not None:
            plain = Track(track.cell, track.mark, track.control)
            files.setdefault(os.path.realpath(track.control), plain)
    return files


def combine(tracks, counts, control):
    """Return the values of each cell and mark, and records of pooling and of controls.

    ``counts`` is a dict of real path -> TrackCounts. Reads are added and signals averaged, those
    of controls, too.
    """
    values, pooled, controlled = {}, {}, {}
    for key, group in group_tracks(tracks).items():
        name = group[0].name
        paths = [os.path.realpath(track.path) for track in group]
        values[key], number = _pool(paths, counts, name)
        if len(group) > 1:
            how = "mean" if number is None else "sum"
            pooled[name] = {"files": [str(track.path) for track in group], "pooled": how}
        inputs = [track.control for track in group if track.control is not None]
        if control == "ignore" or not inputs:
            continue
        paths = list(dict.fromkeys(os.path.realpath(path) for path in inputs))
        background, of_control = _pool(paths, counts, f"control of {name}")
        scale = _scale(number, of_control, name, inputs)
        values[key] = _correct(values[key], background * scale, control)
        files = list(dict.fromkeys(map(str, inputs)))
        controlled[name] = {"files": files, "scale": scale}
    return values, pooled, controlled


def _pool(paths, counts, name):
    """Return the values of replicates as one, and their number of reads; None for signals."""
    of_files = [counts[path] for path in paths]
    kinds = {FORMATS[counted.file_format].holds_reads for counted in of_files}
    if len(kinds) > 1:
        raise ValueError(
            f"{name} has reads and signals as replicates ({', '.join(paths[:4])}), which cannot "
            "be pooled. Give files of one kind."
        )
    reads = kinds.pop()
    if len(of_files) == 1:
        values = of_files[0].values
    elif not reads:
        values = np.mean([c.values for c in of_files], axis=0, dtype=float).astype(np.float32)
    else:
        integer = of_files[0].values.dtype.kind in "iu"
        values = np.sum([c.values for c in of_files], axis=0, dtype=np.int64 if integer else float)
        values = shrink_counts(values) if integer else values.astype(np.float32)
    return values, sum(n_reads(counted) for counted in of_files) if reads else None


def n_reads(counted):
    """Return the number of reads of a track that were used, anywhere in the genome."""
    return counted.tally["reads"]


def _scale(number, of_control, name, inputs):
    if (number is None) != (of_control is None):
        kinds = ("a signal", "reads") if number is None else ("reads", "a signal")
        raise ValueError(
            f"{name} is {kinds[0]} and its control, {inputs[0]}, {kinds[1]}. Give files of one "
            "kind, or leave the control out with control='ignore'."
        )
    if number is None:
        return 1.0
    if not of_control:
        raise DataFormatError("the control has no reads.", inputs[0])
    return number / of_control


def _correct(values, background, control):
    values = values.astype(float)
    if control == "subtract":
        corrected = np.maximum(values - background, 0)
    else:
        corrected = (values + 1) / (background + 1)
        if control == "log2-ratio":
            corrected = np.log2(corrected)
    return corrected.astype(np.float32)


def describe_control(tracks, controlled, control):
    """Return what was done with controls as a dict for the metadata, or None without any."""
    if controlled:
        return {"method": control, "value": CONTROLS[control], "tracks": controlled}
    if control == "ignore" and any(track.control is not None for track in tracks):
        return {"method": control, "value": "track; the controls were not read"}
    return None
