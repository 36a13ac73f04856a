"""Tracks, gene annotations and expression tables, read into arrays."""

from ._expression import read_expression
from ._expression_table import ExpressionTable

__all__ = ["ExpressionTable", "read_expression"]
