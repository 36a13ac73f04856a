"""How genes are divided where it is left open."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.experiments._gene_division import divide_genes, name_test_genes


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(2, 90, random_state=0)


def auto(data, n_splits=5):
    return divide_genes(data, "auto", n_splits, ("train",))


def test_chromosomes_are_the_default_where_they_are_known(data):
    found = auto(data.replace(split=None))
    assert found == ("chromosome", 5, "Test genes: 5 folds of whole chromosomes.")


def test_chromosomes_come_before_a_predefined_split_which_is_named(data):
    found = auto(data)
    assert found[:2] == ("chromosome", 5)
    assert found.said == (
        "Test genes: 5 folds of whole chromosomes, not the predefined split; genes='split' "
        "(--genes split) uses that."
    )
    results = evaluate_cells({"l": HistoneLinearClassifier()}, data, exclusive=False)
    assert len(results.folds) == 5
    tested = results.predictions().groupby("fold")["chrom"].agg(set)
    assert sum(map(len, tested)) == len(set().union(*tested))  # each in one fold
    assert results.manifest["held_out"] == found.said
    text = " ".join(results.format_summary().split())
    assert found.said in text


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


def test_else_a_predefined_split_is_taken_and_the_reason_said(data):
    found = auto(data.replace(chrom=None))
    said = "Test genes: those of the predefined split, as chromosomes are not known."
    assert found == ("split", 5, said)
    found = auto(data.replace(chrom=np.full(data.n_samples, "chr11")))
    assert found.by == "split"
    assert "as all lie on chr11; neighbours of test genes are trained on" in found.said
    # without test genes it is none
    assert auto(data.replace(chrom=None, split=np.full(data.n_samples, "train"))).by == "kfold"
    with pytest.raises(ValueError, match="train_splits names 'train'"):
        auto(data.replace(chrom=None, split=np.where(data.split == "test", "test", "rest")))


def test_who_names_splits_to_train_on_gets_the_split(data):
    assert divide_genes(data, "auto", 5, ("train", "valid")).by == "split"
    with pytest.raises(ValueError, match="train_splits names 'foo'"):
        divide_genes(data, "auto", 5, ("foo",))
    plain = data.replace(split=None)
    assert divide_genes(plain, "auto", 5, ("train", "valid")).by == "chromosome"


def test_the_split_says_what_it_mixes(data):
    found = divide_genes(data, "split")
    assert "chromosomes that are trained on, too; genes='chromosome'" in found.said
    whole = data.replace(split=np.where(data.chrom < "chr2", "test", "train"))
    assert divide_genes(whole, "split").said == "Test genes: those of the predefined split."


def test_sentences_of_the_same_division_are_known_as_such(data):
    plain = data.replace(chrom=None)
    assert auto(plain).said != divide_genes(data, "split").said
    assert auto(plain).tested == divide_genes(data, "split").tested
    assert auto(data).tested == auto(data.replace(split=None)).tested
    assert auto(data).tested == "5 folds of whole chromosomes"
    assert auto(data, n_splits=3).tested != auto(data).tested
    assert divide_genes(data, "kfold").tested == "5 folds of random genes"
    assert name_test_genes("Test genes: those of the predefined split.") == auto(plain).tested
    assert name_test_genes("") == ""


def test_what_is_asked_for_is_done(data):
    assert divide_genes(data, "kfold", 4, ("train",)).by == "kfold"
    assert divide_genes(data, "chromosome", 4, ("train",))[:2] == ("chromosome", 4)
