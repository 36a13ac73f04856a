"""The result of an audit of labels, as sentences, tables and JSON."""

import html
from dataclasses import dataclass

import pandas as pd

from ..utils import Result, format_table, json_text, shorten, write_json

# what the labels of cells follow, by rule; the shares are those of labels that a rule gives
_RULES = {
    "median": "the median, as a number ({numeric}).",
    "deepchrome-legacy": "DeepChrome's comparison with the median as text ({text}), not the "
    "median as a number ({numeric}).",
    "cutoff": "a cut-off, but not at the median ({cutoff}): {at}.",
    None: "none of the known rules; the median as a number gives {numeric}.",
}


@dataclass(eq=False, repr=False)
class AuditReport(Result):
    """The result of :func:`audit_labels`.

    ``print(report)`` shows it as a table with a summary below, :meth:`to_dict` and
    :meth:`save` give it as JSON, :class:`~histoexpr.AuditDisplay` draws it.

    Attributes
    ----------
    table : DataFrame
        One row per cell: the attributes of :class:`CellAudit` that are numbers or text.
    cells : list of CellAudit
        One for each cell that has labels, sorted by name: the rule that its labels follow, the
        column of the table that explains them best, how many are flipped in which direction.
    table_cells, n_table_genes : list of str, int
        The cells of the expression table, in its order, and its number of genes.
    medians : dict
        The median of each cell of the table, over all its genes.
    unit : str or None
        Unit of the expression.
    n_samples, n_left_out : int
        Number of labels, and of those that are -1.
    missing_genes, missing_cells : list of str
        Genes that the table lacks, and cells none of whose labels could be audited.
    shift : int
        Number of columns by which labels and table are displaced against each other:
        with 1, the labels of a cell are those of the column to its right. 0 if there is none.
    swapped : list of list of two str
        Pairs of cells whose labels are exchanged.
    alike : dict
        Other cells whose labels fit a cell of another name better, and that name.
    shares : dict
        ``shares[cell][split]`` has the number of labels ``n``, and ``n_expressed`` that are 1.
    constant : dict
        Genes that are ``"on"`` or ``"off"`` in every cell, and ``"n_genes"`` that could be; by
        ``"labels"`` (None for one cell) and by the numeric median of the ``"expression"``.
    """

    cells: list
    table_cells: list
    n_table_genes: int
    medians: dict
    unit: str | None
    n_samples: int
    n_left_out: int
    missing_genes: list
    missing_cells: list
    shift: int
    swapped: list
    alike: dict
    shares: dict
    constant: dict

    @property
    def table(self):
        """The cells as a DataFrame, one row each."""
        rows = [cell.to_dict() for cell in self.cells]
        for row in rows:
            row["tied"] = ", ".join(row["tied"])
            row["cutoff_low"], row["cutoff_high"] = row.pop("cutoff")
        return pd.DataFrame(rows).set_index("cell")

    @property
    def findings(self):
        """The summary, a list of sentences."""
        return [*self._rule_findings(), *self._place_findings(), *self._gene_findings()]

    def to_dict(self):
        """Return the report as values that JSON can hold."""
        values = {name: value for name, value in vars(self).items() if name != "cells"}
        cells = [cell.to_dict() for cell in self.cells]
        return {"findings": self.findings, "cells": cells, **values}

    def to_json(self):
        """Return the report as JSON text."""
        return json_text(self.to_dict()).rstrip("\n")

    def save(self, path):
        """Write the report as a JSON file.

        Parameters
        ----------
        path : str or path-like
            An existing file is replaced.
        """
        write_json(path, self.to_dict())

    def _title(self):
        unit = f" ({self.unit})" if self.unit else ""
        return (
            f"Audit of {self.n_samples:,} labels in {_count(len(self.shares), 'cell')} against "
            f"the expression{unit} of {_count(self.n_table_genes, 'gene')} in "
            f"{_count(len(self.table_cells), 'cell')}"
        )

    def _shown(self):
        columns = ["n_labels", "found", "rule", "n_numeric", "n_text", "n_low_but_high"]
        return self.table[[*columns, "n_high_but_low", "n_flipped"]]

    def __str__(self):
        header = ["cell", "fits", "rule", "labels", "numeric", "text"]
        header += ["0 but high", "1 but low", "flipped"]
        rows = [header, *map(_row, self.cells)]
        notes = [f"- {finding}" for finding in self.findings]
        if any(cell.tied for cell in self.cells):
            notes.insert(0, "* other columns fit the labels equally well")
        shares = [["expressed", *next(iter(self.shares.values()))]]
        for cell, of in self.shares.items():
            shares.append([cell, *(_share(v["n_expressed"], v["n"]) for v in of.values())])
        tables = format_table(rows, 3), format_table(shares, 1)
        return "\n\n".join([self._title(), *tables, "\n".join(notes)])

    def _repr_html_(self):
        findings = "\n".join(f"<li>{html.escape(finding)}</li>" for finding in self.findings)
        return f"{super()._repr_html_()}\n<ul>\n{findings}\n</ul>"

    def _rule_findings(self):
        for rule, sentence in _RULES.items():
            members = [c for c in self.cells if c.rule == rule and not c.one_class]
            if not members:
                continue
            n = sum(c.n_labels for c in members)
            shares = {
                what: _share(sum(getattr(c, f"n_{what}") or 0 for c in members), n)
                for what in ("numeric", "text", "cutoff")
            }
            at = "; ".join(
                f"{c.cell} at the quantile {c.cutoff_quantile:.2f}, above {c.cutoff[0]} and up to "
                f"{c.cutoff[1]}"
                for c in members[:6]
            )
            same = rule == "median" and all(c.n_text == c.n_numeric for c in members)
            yield (
                f"{shorten([c.cell for c in members])}: the labels follow "
                f"{sentence.format(**shares, at=at)}"
                f"{' The comparison of text gives the same labels here.' if same else ''}"
            )
        low = sum(c.n_low_but_high for c in self.cells)
        high = sum(c.n_high_but_low for c in self.cells)
        if low or high:
            yield (
                f"{_share(low + high, sum(c.n_labels for c in self.cells))} labels are not "
                f"those of the numeric median: {low:,} are 0 though the gene is above it, "
                f"{high:,} are 1 though it is not. relabel() corrects them."
            )
        if constant := [c.cell for c in self.cells if c.one_class]:
            yield f"{shorten(constant)}: all labels are the same."

    def _place_findings(self):
        for c in self.cells:
            if not c.known and not c.one_class:
                ties = f", as does {shorten(c.tied)}" if c.tied else ""
                after = f"; next is {c.runner_up} with {c.n_runner_up:,}" if c.runner_up else ""
                best = max(c.n_numeric, c.n_text or 0, c.n_cutoff if c.rule == "cutoff" else 0)
                yield (
                    f"{c.cell}: not a cell of the table. {c.found} explains the labels best: "
                    f"{best:,} of {c.n_labels:,}{ties}{after}."
                )
        if self.shift:
            n = sum(c.differs and c.offset == self.shift for c in self.cells)
            yield (
                f"Columns look shifted: the labels of {_count(n, 'cell')} fit the "
                f"column {abs(self.shift)} to the {'right' if self.shift > 0 else 'left'} of "
                "their own. Either the labels were made from a table whose columns had slipped, "
                "or this table's have."
            )
        yield from (f"{a} and {b}: the labels look swapped." for a, b in self.swapped)
        yield from (f"{a}: the labels look like those of {b}." for a, b in self.alike.items())
        if not (self.shift or self.swapped or self.alike) and any(c.known for c in self.cells):
            yield "No sign of shifted columns or swapped cells."

    def _gene_findings(self):
        if self.missing_genes:
            yield (
                f"{_count(len(self.missing_genes), 'gene')} not in the table and not audited: "
                f"{shorten(self.missing_genes)}."
            )
        if self.missing_cells:
            yield f"{shorten(self.missing_cells)}: no label could be audited."
        if self.n_left_out:
            yield f"{self.n_left_out:,} labels are -1 (left out)."
        for what, of in self.constant.items():
            if of is not None:
                by = "labels" if what == "labels" else "expression (numeric median)"
                yield (
                    f"By {by}, {len(of['on']):,} of {of['n_genes']:,} genes are on and "
                    f"{len(of['off']):,} are off in every cell."
                )


def _row(c):
    return [
        c.cell,
        c.found + ("*" if c.tied else ""),
        "one class" if c.one_class else c.rule or "none",
        f"{c.n_labels:,}",
        _share(c.n_numeric, c.n_labels),
        "" if c.n_text is None else _share(c.n_text, c.n_labels),
        f"{c.n_low_but_high:,}",
        f"{c.n_high_but_low:,}",
        f"{c.n_flipped / c.n_labels:.1%}",
    ]


def _count(n, noun):
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _share(count, n):
    return f"{count:,}/{n:,}" if n < 1000 else f"{count / n:.2%}"
