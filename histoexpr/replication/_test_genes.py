"""The test genes of the DeepChrome benchmark, known by a fingerprint.

The split is that of Singh et al. (2016), Bioinformatics 32(17):i639, as released with DeepChrome
2.0 and ShallowChrome: 19,802 genes, a third each for training, validation and testing. Genes of
two symbols are listed twice, three of them for testing.
"""

import hashlib
import re

# Rows of every published test file, and the genes in them
PUBLISHED_TEST_GENES, _DISTINCT = 6600, 6597
# SHA-256 of the sorted numbers of the Ensembl identifiers, one a line
_FINGERPRINT = "927940f7fb65aebce32166781707a687504daee01f494822c2ec04e2131f095c"
# As the benchmark writes a gene (172936) or as Ensembl does (ENSG00000172936.8)
_GENE = re.compile(r"(?:ENSG)?(\d{1,11})(?:\.\d+)?", re.ASCII)


def are_test_genes(genes):
    """Return whether genes are those that the benchmark tests: all of them and no other.

    ``genes`` are human Ensembl identifiers, also without ``ENSG`` and zeros in front, in any
    order and number of copies. Genes under any other name are not the benchmark's.
    """
    matches = [_GENE.fullmatch(str(gene)) for gene in set(genes)]
    if len(matches) < _DISTINCT or None in matches:
        return False
    numbers = sorted({int(match[1]) for match in matches})
    return hashlib.sha256("\n".join(map(str, numbers)).encode()).hexdigest() == _FINGERPRINT
