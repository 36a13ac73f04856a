"""Matching of gene identifiers that differ in version, leading zeros or spelling as a number."""

from typing import NamedTuple

import numpy as np

from ..utils import shorten
from ._gene_spellings import number, symbol_of, without_prefix, without_version

# name of a rule -> under what a gene is found by it
_RULES = {
    "exact": str,
    "prefix": without_prefix,
    "version": without_version,
    "number": number,
    "symbol": str,
    "joined symbol": lambda name: symbol_of(name) or name,
}
_BY_SYMBOL = ("symbol", "joined symbol")
_SAID = {
    "exact": "under the very name",
    "prefix": "without what stands around the identifier (such as gene:)",
    "version": "without version",
    "number": "by the number of the Ensembl gene",
    "symbol": "by symbol",
    "joined symbol": "by the symbol that stands beside an identifier",
}


class MatchedGenes(NamedTuple):
    """Which row of an expression table each gene has, and by which rule.

    ``row`` has the index of the row or -1. ``rules`` has the number of genes found by each rule
    that found any, the first rule first; ``missing`` the names of genes that are in no row,
    ``shared`` of those left out because a row may be theirs or that of another gene, and
    ``copies`` of those left out because the row is that of a copy on a more usual chromosome.
    """

    row: np.ndarray
    rules: dict
    missing: list
    shared: list
    copies: list

    @property
    def found_by(self):
        """``"symbol"`` if more genes were found by their symbol than by their identifier."""
        by_symbol = sum(self.rules.get(name, 0) for name in _BY_SYMBOL)
        return "symbol" if 2 * by_symbol > sum(self.rules.values()) else "identifier"

    def describe(self):
        """Return as one sentence by which rules genes were found, and what was left out."""
        parts = [f"{n:,} {_SAID[rule]}" for rule, n in self.rules.items()] or ["none"]
        for names, why in (
            (self.copies, "copies on chromosome Y or a scaffold left out"),
            (self.shared, "left out, as their row may be that of another gene"),
            (self.missing, "not in the table"),
        ):
            if names:
                parts.append(f"{len(names):,} {why}: {shorten(names, 3)}")
        return f"genes found in the expression table: {', '.join(parts)}"


def match_genes(genes, known):
    """Return the index into ``known`` of each of ``genes`` (arrays of str), -1 if not found.

    In this order, a gene is found

    1. under the same text;
    2. without a prefix such as ``gene:``, and without the symbol in ``ENSG00000000003|TSPAN6``;
    3. if both are Ensembl or RefSeq accessions, without the version: ``ENSG00000000003.10`` and
       ``ENSG00000000003.10_2`` are ``ENSG00000000003``, but ``ENSG00000182378.9_PAR_Y`` is not
       ``ENSG00000182378``;
    4. if one is written in digits only, by the number of the human Ensembl gene, leading zeros
       aside: ``000003`` (as in DeepChrome's files) and ``3`` are ``ENSG00000000003``. Not applied
       if it finds fewer than half of the genes in digits: they are then numbers of another kind,
       such as NCBI's.

    No two genes have one row: of several that a rule gives the same row, none gets it, and a row
    found by an earlier rule is taken. Raises ValueError if a gene may be several known ones, the
    same under different spellings.
    """
    return match_annotation(genes, None, known).row


def match_annotation(genes, symbols, known, *, rank=None):
    """Match genes as :func:`match_genes` does and, those not found so, by their symbols.

    ``symbols`` (array of str, or None) may be empty or repeated. ``rank`` (array of int) says how
    unusual the chromosome of a gene is: of genes that a rule gives the same row, the one with the
    lowest rank gets it, if it is the only one. Returns :class:`MatchedGenes`.
    """
    genes = np.asarray(genes)
    names, first, place = np.unique(genes, return_index=True, return_inverse=True)
    rank = np.zeros(len(names), dtype=int) if rank is None else np.asarray(rank)[first]
    names = names.tolist()
    table = _Table(rank.tolist(), np.asarray(known).tolist())
    for rule in ("exact", "prefix", "version", "number"):
        table.apply(rule, names)
    if symbols is not None:
        symbols = np.asarray(symbols)[first].tolist()
        for rule in _BY_SYMBOL:
            table.apply(rule, symbols)
    lost = [at for at in np.argsort(first).tolist() if table.row[at] < 0]
    missing, shared, copies = (
        [names[at] for at in lost if table.why.get(at) == why] for why in (None, "shared", "copy")
    )
    rules = {rule: n for rule, n in table.rules.items() if n}
    return MatchedGenes(table.row[place], rules, missing, shared, copies)


class _Table:
    """Rows of an expression table that are given to genes, rule by rule."""

    def __init__(self, rank, known):
        self.rank, self.known = rank, known
        self.row = np.full(len(rank), -1, dtype=np.intp)
        self.owner, self.rule, self.why, self.rules = {}, {}, {}, {}

    def apply(self, rule, called):
        """Give rows to the genes that have none, by what each is called."""
        spell = _RULES[rule]
        absent = np.flatnonzero(self.row < 0)
        if not len(absent):
            return
        places = {}
        for at, name in enumerate(self.known):
            places.setdefault(spell(name), []).append(at)
        places.pop(None, None)
        places.pop("", None)
        keys = [spell(called[at]) for at in absent]
        claims = {}
        for at, key in zip(absent.tolist(), keys, strict=True):
            if key in places:
                claims.setdefault(self._one_row(at, called[at], places[key]), []).append(at)
        # digits that are seldom those of Ensembl's genes are other numbers
        asked = sum(key is not None for key in keys)
        if rule == "number" and 2 * sum(map(len, claims.values())) < asked:
            return
        for row, claimants in claims.items():
            self._settle(row, claimants, rule)

    def _one_row(self, at, name, rows):
        free = [row for row in rows if row not in self.owner] or rows[:1]
        if len(free) > 1:
            raise ValueError(
                f"Gene {name} may be {' or '.join(self.known[row] for row in free)}: the "
                "expression table has it under several names. Keep one."
            )
        return free[0]

    def _settle(self, row, claimants, rule):
        """Give a row to the one of the claimants that stands out, if there is one.

        A row found by an earlier rule is taken, unless that was for a copy of the same gene.
        """
        owner = self.owner.get(row)
        if owner is not None and rule in _BY_SYMBOL:
            self.why = dict.fromkeys(claimants, "shared") | self.why
            return
        asking = claimants if owner is None else [*claimants, owner]
        lowest = min(self.rank[at] for at in asking)
        best = [at for at in asking if self.rank[at] == lowest]
        if owner in best:
            best = [owner]
        alone = len(best) == 1
        for at in asking if len(asking) > 1 else ():
            less_usual = alone and self.rank[at] > self.rank[best[0]]
            self.why[at] = "copy" if less_usual else "shared"
        if alone and best[0] != owner:
            if owner is not None:
                self.row[owner] = -1
                self.rules[self.rule.pop(owner)] -= 1
            self.row[best[0]], self.owner[row], self.rule[best[0]] = row, best[0], rule
            self.rules[rule] = self.rules.get(rule, 0) + 1
