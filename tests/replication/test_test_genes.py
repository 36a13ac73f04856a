"""The fingerprint of the benchmark's test genes, against its split."""

import hashlib

import numpy as np
import pytest

from histoexpr.replication import PUBLISHED_TEST_GENES, are_test_genes
from histoexpr.replication import _test_genes as module


@pytest.fixture(scope="module")
def split(shared_data):
    """Genes of the benchmark by split: 0 train, 1 valid, 2 test."""
    with np.load(shared_data / "roadmap_expression.npz", allow_pickle=False) as file:
        return {part: file["gene_id"][file["split"] == part] for part in (0, 1, 2)}


def test_test_genes_are_recognised_in_every_spelling(split):
    genes = split[2]
    assert len(genes) == PUBLISHED_TEST_GENES
    numbers = [gene.removeprefix("ENSG") for gene in genes]
    assert are_test_genes(genes)
    assert are_test_genes(np.sort(genes)[::-1])
    assert are_test_genes(np.unique(genes))
    assert are_test_genes([*genes, *genes])
    assert are_test_genes(numbers)
    assert are_test_genes([str(int(number)) for number in numbers])
    assert are_test_genes([f"{gene}.7" for gene in genes])


def test_one_gene_less_or_more_is_another_test(split):
    genes = np.unique(split[2]).tolist()
    assert not are_test_genes(genes[1:])
    assert not are_test_genes([*genes, split[0][0]])
    assert not are_test_genes([*genes[1:], split[0][0]])
    assert not are_test_genes([*genes, "BRCA1"])
    assert not are_test_genes([*genes[1:], f"{genes[0]}_PAR_Y"])


def test_other_splits_are_others(split):
    for part in (0, 1):
        assert not are_test_genes(split[part])
    assert not are_test_genes(np.concatenate(list(split.values())))


def test_as_many_genes_of_other_names_are_others():
    assert not are_test_genes([])
    assert not are_test_genes([f"G{number:05}" for number in range(6597)])
    assert not are_test_genes([str(number) for number in range(6597)])


def test_the_fingerprint_is_that_of_sorted_numbers(monkeypatch):
    monkeypatch.setattr(module, "_DISTINCT", 3)
    monkeypatch.setattr(module, "_FINGERPRINT", hashlib.sha256(b"3\n20\n100").hexdigest())
    assert are_test_genes(["ENSG00000000020", "100", "0003.2", "100"])
    assert not are_test_genes(["20", "100", "4"])
