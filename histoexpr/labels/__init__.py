"""Labels of genes, expressed or not, from measured expression; and the audit of given labels.

A label compares numbers with a cut-off. The published comparison of text is in ``replication``.
Imports data sets, ``replication`` and utilities.
"""

from ._audit import audit_labels
from ._audit_report import AuditReport
from ._binarize import LABEL_METHODS, binarize_expression
from ._relabel import relabel

__all__ = ["LABEL_METHODS", "AuditReport", "audit_labels", "binarize_expression", "relabel"]
