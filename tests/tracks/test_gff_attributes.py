"""The ninth column of GTF and GFF3."""

import time

import pytest

from histoexpr.tracks._gff_attributes import gene_or_parents, read_attributes


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ('gene_id "A"; gene_name "x; y";', {"gene_id": "A", "gene_name": "x; y"}),
        ('level 2; gene_id "A"', {"level": "2", "gene_id": "A"}),
        ("gene_id A; transcript_id T;", {"gene_id": "A", "transcript_id": "T"}),
        ('gene_id\t"A";gene_name  "B"', {"gene_id": "A", "gene_name": "B"}),
        ('gene_id "A"; tag "x"; tag "y"; note "1"; note "2"', {"tag": "x,y", "note": "1"}),
        ("ID=gene:A;Name=x%3By;Note=a b", {"ID": "gene:A", "Name": "x;y", "Note": "a b"}),
        ('gene_id="A"; gene_name="B"', {"gene_id": "A", "gene_name": "B"}),
        ("", {}),
    ],
)
def test_attributes(text, attributes):
    found = read_attributes(text)
    assert {key: found[key] for key in attributes} == attributes


def test_open_quotes_are_refused():
    with pytest.raises(ValueError, match=r"quotation mark .* not closed"):
        read_attributes('gene_id "A; gene_name "B"')


def test_genes_and_parents():
    assert gene_or_parents('tag "x"; gene_id "A"; gene_name "B"') == ["A"]
    assert gene_or_parents("ID=e;Parent=transcript:A,transcript:B") == [
        "transcript:A",
        "transcript:B",
    ]
    assert gene_or_parents('x "y"') == gene_or_parents("ID=Parent") == []


@pytest.mark.parametrize(
    "text",
    [
        "A" * 400_000,
        'gene_id "A"; ' + "A" * 400_000,
        'gene_id "' + "A" * 400_000 + '"',
        "a " * 200_000,
        'a "b"; ' * 60_000,
        "a b" + " " * 400_000,
        "A" * 400_000 + "=1",
        "a=b;" * 100_000,
        "-" * 400_000,
    ],
)
def test_time_grows_with_length(text):
    began = time.process_time()
    read_attributes(text)
    gene_or_parents(text)
    assert time.process_time() - began < 2
