"""The ninth column of GTF and GFF3, in time that grows with its length."""

import re
from urllib.parse import unquote

# No repetition can give back what it took, and none starts inside a word: a line is read once.
_GTF = re.compile(r'(?<![\w.-])([\w.-]++)\s++(?:"([^"]*+)"|([^";\s]++))')
_GFF3_START = re.compile(r"\s*+[\w.-]++\s*+=")
_GTF_GENE = re.compile(r'(?<![\w.-])gene_id\s++"?([^";]*+)')
_GFF3_PARENT = re.compile(r"(?:^|;)\s*+Parent=([^;]*+)")


def is_gff3(text):
    """Return whether attributes are written as ``key=value``, not ``key "value"``."""
    return _GFF3_START.match(text) is not None


def read_attributes(text):
    """Return the attributes as a dict; values of a repeated key ``tag`` are joined with commas.

    Raises ValueError where a quotation mark of a GTF is not closed.
    """
    if is_gff3(text):
        pairs = (part.partition("=")[::2] for part in text.strip().split(";") if "=" in part)
        return {key.strip(): _value(value) for key, value in pairs}
    if text.count('"') % 2:
        raise ValueError("a quotation mark among the attributes is not closed.")
    found = {}
    for key, quoted, bare in _GTF.findall(text):
        value = (quoted or bare).strip()
        if key not in found:
            found[key] = value
        elif key == "tag":
            found[key] += f",{value}"
    return found


def _value(text):
    text = text.strip().removeprefix('"').removesuffix('"')
    return unquote(text) if "%" in text else text


def gene_or_parents(text):
    """Return the ``gene_id`` of a GTF line or the parents of a GFF3 line as a list."""
    if not is_gff3(text):
        found = _GTF_GENE.search(text)
        return [found[1].strip()] if found else []
    found = _GFF3_PARENT.search(text)
    return [_value(name) for name in found[1].split(",")] if found else []
