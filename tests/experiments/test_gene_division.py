"""How genes are divided where it is left open."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.experiments._gene_division import divide_genes


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(2, 90, random_state=0)


def auto(data, n_splits=5):
    return divide_genes(data, "auto", n_splits, ("train",))


def test_chromosomes_are_the_default_where_they_are_known(data):
    plain = data.replace(split=None)
    found = auto(plain)
    assert found == ("chromosome", 5, "Test genes: 5 folds of whole chromosomes.")
    results = evaluate_cells({"l": HistoneLinearClassifier()}, plain, exclusive=False)
    assert len(results.folds) == 5
    tested = results.predictions().groupby("fold")["chrom"].agg(set)
    assert sum(map(len, tested)) == len(set().union(*tested))  # each in one fold
    assert results.manifest["held_out"] == found.said
    assert found.said in results.format_summary()


def test_few_chromosomes_make_as_many_folds(data):
    three = np.array([f"chr{int(gene[-1]) % 3}" for gene in data.gene])
    assert auto(data.replace(split=None, chrom=three))[:2] == ("chromosome", 3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda chrom, gene: None, "chromosomes are not known"),
        (lambda chrom, gene: np.where(gene == gene[0], "", chrom), "of 2 samples are not known"),
        (lambda chrom, gene: np.full(len(chrom), "chr11"), "all lie on chr11"),
        (lambda chrom, gene: np.where(chrom == "chr1", "chr1", "chr2"), "of them lie on chr2"),
    ],
)
def test_random_genes_are_said_to_be_so(data, change, why):
    found = auto(data.replace(split=None, chrom=change(data.chrom, data.gene)))
    assert found[:2] == ("kfold", 5)
    assert why in found.said
    assert "may raise scores" in found.said


def test_a_gene_on_two_chromosomes_is_named(data):
    chrom = data.chrom.copy()
    chrom[0] = "chr1" if chrom[0] != "chr1" else "chr2"
    found = auto(data.replace(split=None, chrom=chrom))
    assert found.by == "kfold"
    assert data.gene[0] in found.said


def test_a_predefined_split_stays_and_says_what_it_mixes(data):
    found = auto(data)
    assert found.by == "split"
    assert "chromosomes that are trained on, too" in found.said
    whole = data.replace(split=np.where(data.chrom < "chr2", "test", "train"))
    assert auto(whole).said == "Test genes: those of the predefined split."
    with pytest.raises(ValueError, match="train_splits names 'foo'"):
        divide_genes(data, "auto", 5, ("foo",))


def test_what_is_asked_for_is_done(data):
    assert divide_genes(data, "kfold", 4, ("train",)).by == "kfold"
    assert divide_genes(data, "chromosome", 4, ("train",))[:2] == ("chromosome", 4)
