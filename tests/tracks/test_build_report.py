"""The report of a built data set as sentences."""

from histoexpr.tracks import describe_report

REPORT = {
    "genes": {
        "read": 1200,
        "kept": 1000,
        "other_biotype": 150,
        "no_strand": 1,
        "off_chromosome": 3,
        "not_flipped": 0,
    },
    "policies": {"off_chromosome": "pad", "unknown_chromosome": "drop"},
    "unknown_chromosomes": ["chrM"],
    "without_data": {"E003 H3K4me3": ["chrY"]},
    "same_file": {"a.bam": ["E003 H3K4me3", "E123 H3K4me3"]},
    "unfiltered": 2,
    "renamed": {"chr1": "1"},
}


def test_every_loss_is_stated_with_its_number():
    text = "\n".join(describe_report(REPORT))
    for part in (
        "1,200 genes read, 1,000 in the data set",
        "150 genes of another biotype",
        "1 gene without a strand",
        "3 genes with a window that leaves the chromosome: kept, with zeros",
        "chrM",
        "E003 H3K4me3 has nothing on chrY: zeros",
        "a.bam is given for E003 H3K4me3, E123 H3K4me3",
        "2 not filtered",
        "chr1 is 1",
    ):
        assert part in text
    assert "not flipped" not in text


def test_what_was_asked_for_is_no_warning():
    lines = describe_report(REPORT, all_lines=False)
    assert not any("biotype" in line or "genes read" in line for line in lines)
    assert any("without a strand" in line for line in lines)
