"""What was read of each track: records for the metadata and lines for the console."""

from pathlib import Path

from ._formats import FORMATS

# reason in a tally -> words, and the parameter of build_dataset that keeps such reads
_REASONS = {
    "unmapped": ("unmapped", None),
    "qc_failed": ("failed quality control", "keep_qc_failed"),
    "duplicates": ("duplicates", "keep_duplicates"),
    "secondary": ("secondary or supplementary", "keep_secondary"),
    "low_mapq": ("below the mapping quality", "min_mapq"),
    "second_mates": ("second mates", None),
}
# Entries of a tally that count what was used, or a part of it
_USED = ("reads", "intervals", "fragments")
_PART = "elsewhere"


def track_record(track, counted, control_of=None):
    """Return what is known of a file as a dict; ``control_of`` names what it is the control of."""
    about = {"cell": track.cell, "mark": track.mark, "file": str(track.path)}
    if track.replicate is not None:
        about["replicate"] = track.replicate
    if control_of:
        about = {"control_of": control_of, "file": str(track.path)}
    unit = next((name for name in _USED if name in counted.tally), "reads")
    left_out = {
        reason: number
        for reason, number in counted.tally.items()
        if reason not in (*_USED, _PART) and number
    }
    return {
        **about,
        "format": counted.file_format,
        "rule": counted.rule,
        "unit": unit,
        "n_used": int(counted.tally.get(unit, 0)),
        "left_out": left_out,
        "all_zero": not counted.values.any(),
        **counted.tally,
    }


def describe_files(report, *, all_lines):
    """Return lines about every file, builds, replicates and controls, or only those of concern."""
    records = report.get("tracks", [])
    concerns = [line for record in records for line in warn_about(record)]
    if not all_lines:
        return concerns
    lines = [*map(describe_track, records), *concerns]
    for name, pooled in report.get("replicates", {}).items():
        lines.append(f"{name} is the {pooled['pooled']} of {len(pooled['files'])} replicates")
    for name, bp in report.get("behind_end", {}).items():
        lines.append(f"{name} reaches {bp:,} bp behind the end of a chromosome")
    if control := report.get("control"):
        scales = {name: used["scale"] for name, used in control.get("tracks", {}).items()}
        of = ", ".join(f"{scale:.4g} for {name}" for name, scale in scales.items())
        lines.append(f"controls: {control['value']}{', s being ' if of else ''}{of}")
    return [*lines, _describe_builds(report["builds"])] if "builds" in report else lines


def describe_track(record):
    """Return one line about a file."""
    name, used, left_out = _name(record), record["n_used"], record["left_out"]
    kind = FORMATS[record["format"]].title if record["format"] in FORMATS else record["format"]
    total = used + sum(left_out.values())
    of = f" of {total:,}" if left_out else ""
    line = f"{name} {Path(record['file']).name}: {kind}, {record['rule']}; "
    unit = record["unit"].removesuffix("s") if max(used, total) == 1 else record["unit"]
    line += f"{used:,}{of} {unit} used"
    if record.get(_PART):
        line += f", {record[_PART]:,} of them on chromosomes without genes"
    return f"{line}; left out: {_reasons(left_out)}" if left_out else line


def warn_about(record):
    """Return sentences about a file of which most was left out or that has nothing to count."""
    found = []
    filtered = {r: n for r, n in record["left_out"].items() if _REASONS.get(r, (r, None))[1]}
    lost = sum(filtered.values())
    if lost > record["n_used"]:
        options = [_REASONS[reason][1] for reason in filtered]
        flags = [f"--{option.replace('_', '-')}" for option in options]
        found.append(
            f"most {record['unit']} of {_name(record)} were left out ({_reasons(filtered)}; "
            f"{record['n_used']:,} used): see {', '.join(options)} (on the command line "
            f"{', '.join(flags)})"
        )
    if record["all_zero"]:
        found.append(
            f"{_name(record)} is zero in every window: {record['file']} has nothing there. Check "
            "that it is the file that was meant, of the genome build of the genes"
        )
    return found


def _name(record):
    control_of = record.get("control_of")
    return f"control of {control_of}" if control_of else f"{record['cell']} {record['mark']}"


def _reasons(left_out):
    return ", ".join(f"{n:,} {_REASONS.get(r, (r, None))[0]}" for r, n in left_out.items())


def _describe_builds(builds):
    """Return one line about genome builds."""
    genes, tracks, unknown = builds["genes"], builds["tracks"], builds["tracks_unknown"]
    if genes == tracks == "unknown":
        return "genome build unknown: nothing in genes or tracks tells it"
    line = f"genome build: genes {genes}, tracks {tracks}"
    if unknown and tracks != "unknown":
        line += f" ({unknown:,} of them do not tell)"
    return f"{line} ({'; '.join(builds['said'])})"
