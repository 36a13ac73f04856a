"""What one gene is called under several spellings: keys that are equal where the gene is.

Each takes a name and returns a key, or None if the spelling is not one of its kind.
"""

import re

# Ensembl's identifier, then in any order: its version, GENCODE's number of a mapping to another
# build (``.5_2``), and the mark of the copy on chromosome Y.
_ENSEMBL = re.compile(r"(ENS[A-Z]*\d{11})((?:\.\d+|_\d+|_PAR_Y)*)", re.IGNORECASE)
# How GENCODE named the copies on chromosome Y until version 24: R stands for a 0
_COPY_ON_Y = re.compile(r"ENSGR(\d{10})(?:\.\d+|_\d+)*", re.IGNORECASE)
_REFSEQ = re.compile(r"([NX][MRP]_\d{6,})\.\d+")
_PREFIX = re.compile(r"(?:gene|geneid|entrez|entrezgene|ensembl|hgnc_symbol)[:-]", re.IGNORECASE)
# What StringTie, TCGA and others write: identifier and symbol as one name
_JOINED = re.compile(r"(ENS[A-Z]*\d{11}(?:\.\d+)?)_(?!\d|PAR_Y)\w.*", re.IGNORECASE)


def without_prefix(name):
    """Return a name without ``gene:`` in front, and without the symbol after ``|`` or ``_``."""
    name = name.strip()
    if prefix := _PREFIX.match(name):
        name = name[prefix.end() :]
    if joined := _JOINED.fullmatch(name):
        return joined[1]
    first, bar, second = name.partition("|")
    return first if bar and first not in ("", "?") and second else name


def without_version(name):
    """Return an Ensembl or RefSeq accession without version, apart on chromosome Y."""
    name = without_prefix(name)
    if match := _ENSEMBL.fullmatch(name):
        return match[1].upper(), "_PAR_Y" in match[2].upper()
    if match := _COPY_ON_Y.fullmatch(name):
        return f"ENSG0{match[1]}", True
    if match := _REFSEQ.fullmatch(name):
        return match[1]
    return name if _REFSEQ.fullmatch(f"{name}.1") else None


def number(name):
    """Return the number of a human Ensembl gene, which may be written in digits only."""
    if name.isascii() and name.isdigit():
        return int(name) if len(name) <= 11 else None
    match = without_version(name)
    if isinstance(match, tuple) and match[0].startswith("ENSG0") and not match[1]:
        return int(match[0][4:])
    return None


def symbol_of(name):
    """Return the symbol that a name holds beside its identifier, or None."""
    name = name.strip()
    first, bar, second = name.partition("|")
    if bar and first not in ("", "?"):
        return second if _ENSEMBL.fullmatch(first) or first.startswith("MSTRG.") else first
    if _ENSEMBL.fullmatch(name):
        return None
    return name.partition("_")[2] if _JOINED.fullmatch(name) else None
