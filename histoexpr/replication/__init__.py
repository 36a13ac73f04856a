"""Faults and settings of the published benchmark, reached only on request.

Text labels, shifted columns, published scores, test genes and training settings, each with its
source. Imports utilities only.
"""

from ._figures import PUBLISHED_COLUMNS, PUBLISHED_FAULTS, published_auroc
from ._test_genes import PUBLISHED_TEST_GENES, are_test_genes
from ._text_labels import text_labels
from ._training import PUBLISHED_INPUT, PUBLISHED_TRAINING

# The other names that are imported above are for other rooms
__all__ = ["published_auroc"]
