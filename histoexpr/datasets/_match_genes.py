"""Matching of gene identifiers that differ in version, leading zeros or spelling as a number."""

import re

import numpy as np

_ENSEMBL = re.compile(r"(ENS[A-Z]*\d{11})(?:\.\d+)?(_PAR_Y)?", re.IGNORECASE)


def match_genes(genes, known):
    """Return the index into ``known`` of each of ``genes`` (arrays of str), -1 if not found.

    In this order, a gene is found

    1. under the same text;
    2. if both are Ensembl identifiers, without the version: ``ENSG00000000003.10`` is
       ``ENSG00000000003``;
    3. if one is written in digits only, by the number of the human Ensembl gene, leading zeros
       aside: ``000003`` (as in DeepChrome's files) and ``3`` are ``ENSG00000000003``. Not applied
       if it finds fewer than half of the genes in digits: they are then numbers of another kind,
       such as NCBI's.

    Raises ValueError if a gene matches two known ones, the same under different spellings.
    """
    distinct, place = np.unique(genes, return_inverse=True)
    found = _look_up(distinct, known, str)
    for spell in (_without_version, _number):
        absent = np.flatnonzero(found < 0)
        if len(absent):
            more = _look_up(distinct[absent], known, spell)
            asked = sum(spell(name) is not None for name in distinct[absent])
            if spell is _without_version or 2 * np.sum(more >= 0) >= asked:
                found[absent] = more
    return found[place]


def _look_up(names, known, spell):
    places = {}
    for number, name in enumerate(known):
        places.setdefault(spell(name), []).append(number)
    places.pop(None, None)
    found = np.full(len(names), -1, dtype=np.intp)
    for row, name in enumerate(names):
        hits = places.get(spell(name), ())
        if len(hits) > 1:
            raise ValueError(
                f"Gene {name} may be {' or '.join(str(known[hit]) for hit in hits)}: the "
                "expression table has it under several names. Keep one."
            )
        if hits:
            found[row] = hits[0]
    return found


def _without_version(name):
    match = _ENSEMBL.fullmatch(name)
    return match and (match[1].upper(), match[2])


def _number(name):
    if name.isascii() and name.isdigit():
        return int(name)
    match = _ENSEMBL.fullmatch(name)
    if match and match[1][:4].upper() == "ENSG" and match[1][4:].isdigit() and not match[2]:
        return int(match[1][4:])
    return None
