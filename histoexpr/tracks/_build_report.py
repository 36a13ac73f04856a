"""The report of a built data set as sentences."""

from ..utils import shorten

_GENES = {
    "other_biotype": "of another biotype left out",
    "no_strand": "without a strand left out: their start is unknown",
    "repeated": "further loci of genes left out: the first one in the annotation counts",
    "not_canonical": "without a canonical transcript left out",
    "without_expression": "left out: not in the expression table",
    "unknown_chromosome": "on chromosomes that no track knows",
    "off_chromosome": "with a window that leaves the chromosome",
    "not_flipped": "without a strand not flipped",
}
_POLICY = {"pad": "kept, with zeros for what is missing", "drop": "left out"}

# Asked for, or no loss: in the report, but not worth a warning.
_EXPECTED = ("other_biotype", "not_canonical")


def describe_report(report, *, all_lines=True):
    """Return ``meta["report"]`` of a built data set as a list of sentences.

    Without ``all_lines`` only what the user should know to trust the data set.
    """
    lines = []
    genes = report["genes"]
    if all_lines:
        lines.append(f"{genes['read']:,} genes read, {genes['kept']:,} in the data set")
    for reason, text in _GENES.items():
        number = genes.get(reason, 0)
        if number and (all_lines or reason not in _EXPECTED):
            policy = report["policies"].get(reason)
            noun = "gene" if number == 1 else "genes"
            lines.append(f"{number:,} {noun} {text}{': ' + _POLICY[policy] if policy else ''}")
    if report["unknown_chromosomes"]:
        lines.append(f"chromosomes that no track knows: {shorten(report['unknown_chromosomes'])}")
    for name, chroms in report["without_data"].items():
        lines.append(f"{name} has nothing on {shorten(chroms)}: zeros")
    for path, names in report["same_file"].items():
        lines.append(f"{path} is given for {shorten(names)}")
    if report["unfiltered"]:
        lines.append(
            "filters of mapping quality and flags do not reach BED and signal files: "
            f"{report['unfiltered']:,} not filtered"
        )
    if report["renamed"]:
        pairs = [f"{wanted} is {name}" for wanted, name in report["renamed"].items()]
        lines.append(f"chromosome names differ and were matched: {shorten(pairs)}")
    return lines
