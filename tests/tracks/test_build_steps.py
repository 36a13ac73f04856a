"""Expression, labels, unknown chromosomes and windows off the chromosome; the report."""

import warnings

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable
from histoexpr.exceptions import HistoexprWarning
from histoexpr.tracks import build_dataset, describe_report, read_genes
from support.track_files import BINS, SIZES, write_bam, write_bed


def test_expression_as_frame_and_file_and_by_symbol(tracks, expression, genes, tmp_path):
    pandas = pytest.importorskip("pandas")
    expected = build_dataset(tracks, genes, expression, **BINS)
    frame = pandas.DataFrame(expression.values, expression.genes, expression.cells)
    np.testing.assert_array_equal(build_dataset(tracks, genes, frame, **BINS).y, expected.y)
    table = tmp_path / "genes.tsv"
    lines = [line.split("\t") for line in genes.read_text().splitlines()]
    table.write_text(
        "gene\tsymbol\tchrom\tstart\tend\tstrand\n"
        + "".join(
            f"ENSG{n}\t{g}\t{c}\t{s}\t{e}\t{d}\n" for n, (c, s, e, g, _, d) in enumerate(lines)
        )
    )
    data = build_dataset(tracks, table, expression, **BINS)
    assert data.gene.tolist()[:2] == ["ENSG0", "ENSG1"]
    np.testing.assert_array_equal(data.expression, expected.expression)
    np.testing.assert_array_equal(data.symbol, expected.gene)
    assert expected.symbol is None
    assert data.meta["report"]["genes"]["found_by"] == "symbol"


def test_labels_that_leave_samples_out(tracks, genes, expression):
    data = build_dataset(tracks, genes, expression, **BINS, labels="top-bottom", fraction=0.3)
    assert set(data.y) == {0, 1}
    assert 0 < data.n_samples < 8
    assert data.meta["labels"]["fraction"] == 0.3
    with pytest.raises(ValueError, match="no sample is left"):
        build_dataset(
            [("A", "m", tracks.parent / "A-H3K4me3.bam")],
            read_genes(genes).take(np.array([1])),
            expression,
            **BINS,
            labels="top-bottom",
        )
    unlabelled = build_dataset(tracks, genes, expression, **BINS, labels=None)
    assert unlabelled.y is None
    assert unlabelled.expression is not None


def test_genes_without_expression_are_left_out_and_reported(tracks, genes, expression):
    table = expression.select(genes=["G1", "G3", "G4"])
    with pytest.warns(HistoexprWarning, match="1 gene left out: not in the expression table"):
        data = build_dataset(tracks, genes, table, **BINS)
    assert data.genes.tolist() == ["G1", "G3", "G4"]
    assert data.meta["report"]["genes"]["without_expression"] == 1
    other = ExpressionTable([[1.0, 2.0]], ["X"], ["A", "B"])
    with pytest.raises(ValueError, match="no gene of the annotation"):
        build_dataset(tracks, genes, other, **BINS)
    with pytest.raises(ValueError, match="no expression for cell B; the table has A"):
        build_dataset(tracks, genes, expression.select(cells="A"), **BINS)


def test_windows_off_the_chromosome_are_padded_dropped_or_refused(tracks, edge_genes):
    both = r"1 gene on chromosomes that no track knows: left.*2 genes with a window.*: kept"
    with pytest.warns(HistoexprWarning, match=both):
        data = build_dataset(tracks, edge_genes, **BINS)
    assert data.genes.tolist() == ["inside", "left", "right"]
    left, right = data.select(genes="left").X, data.select(genes="right").X
    assert not left[:, :9].any()
    assert left[:, 9:].any()
    assert not right[:, 11:].any()
    assert right[:, :11].any()
    report = data.meta["report"]
    assert report["genes"]["off_chromosome"] == 2
    assert report["unknown_chromosomes"] == ["chr3"]
    with pytest.warns(HistoexprWarning, match="leaves the chromosome: left out"):
        dropped = build_dataset(tracks, edge_genes, **BINS, off_chromosome="drop")
    assert dropped.genes.tolist() == ["inside"]
    with pytest.raises(ValueError, match=r"2 windows leave.*left at chr2:100"):
        build_dataset(tracks, edge_genes, **BINS, off_chromosome="error")


def test_unknown_chromosomes_are_dropped_padded_or_refused(tracks, edge_genes):
    with pytest.warns(HistoexprWarning, match="chr3"):
        padded = build_dataset(tracks, edge_genes, **BINS, unknown_chromosome="pad")
    assert padded.genes.tolist() == ["inside", "left", "right", "unknown"]
    assert not padded.select(genes="unknown").X.any()
    with pytest.raises(ValueError, match="1 genes lie on chromosomes that no track knows: chr3"):
        build_dataset(tracks, edge_genes, **BINS, unknown_chromosome="error")


def test_no_gene_on_a_chromosome_of_the_tracks(tracks, tmp_path):
    path = tmp_path / "refseq.bed"
    path.write_text("NC_005100.4\t3000\t5000\tG1\t0\t+\n")
    with pytest.raises(ValueError, match=r"no gene lies on .* all are on NC_005100.4"):
        build_dataset(tracks, path, **BINS)


@pytest.mark.parametrize("policy", ["drop", "pad", "error"])
def test_policies_where_tracks_do_not_list_chromosomes(tmp_path, edge_genes, reads, policy):
    table = [
        ("A", mark, write_bed(tmp_path / mark, reads["A", mark]))
        for mark in ("H3K4me3", "H3K27me3")
    ]
    if policy == "error":
        with pytest.raises(ValueError, match="no track knows: chr3"):
            build_dataset(table, edge_genes, **BINS, unknown_chromosome=policy)
        return
    # without sizes the right end cannot be seen, with them it can
    for sizes, off in ((None, 1), (SIZES, 2)):
        with pytest.warns(HistoexprWarning, match=f"{off} genes? with a window.*chr3"):
            data = build_dataset(
                table, edge_genes, **BINS, unknown_chromosome=policy, chrom_sizes=sizes
            )
        assert ("unknown" in data.gene) == (policy == "pad")
        assert len(data.X) == len(data.gene) == (3 if policy == "drop" else 4)
        assert data.select(genes="inside").X.any()


def test_a_chromosome_that_one_track_lacks_gets_zeros_and_is_reported(tmp_path, genes, reads):
    table = [
        ("A", "m", write_bam(tmp_path / "a.bam", reads["A", "H3K4me3"])),
        (
            "B",
            "m",
            write_bam(
                tmp_path / "b.bam",
                [r for r in reads["B", "H3K4me3"] if r[0] == "chr1"],
                {"chr1": 20_000},
            ),
        ),
    ]
    with pytest.warns(HistoexprWarning, match="B m has nothing on chr2: zeros"):
        data = build_dataset(table, genes, **BINS)
    assert not data.select(cells="B", genes="G3").X.any()
    assert data.select(cells="A", genes="G3").X.any()
    with pytest.raises(ValueError, match=r"b.bam has nothing on chr2"):
        build_dataset(table, genes, **BINS, unknown_chromosome="error")


def test_expression_of_another_type(tracks, genes):
    with pytest.raises(TypeError, match=r"'expression' parameter of build_dataset .*Got 5"):
        build_dataset(tracks, genes, 5)


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


def test_cut_offs_of_the_genes_that_are_kept(tracks, genes, expression, tmp_path):
    more = [f"X{n}" for n in range(20)]
    table = ExpressionTable(
        np.concatenate([expression.values, np.zeros((20, 2))]),
        [*expression.genes, *more],
        expression.cells,
        unit="TPM",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HistoexprWarning)
        of_all = build_dataset(tracks, genes, table, **BINS)
        of_kept = build_dataset(tracks, genes, table, **BINS, cutoff_genes="dataset")
    np.testing.assert_array_equal(of_all.y, of_all.expression > 0)
    for cell in "AB":
        kept = of_kept.select(cells=cell)
        np.testing.assert_array_equal(kept.y, kept.expression > np.median(kept.expression))
    assert of_all.meta["labels"]["n_genes_of_cutoff"] == 20 + len(expression.genes)
    assert of_kept.meta["labels"]["n_genes_of_cutoff"] == len(of_kept.genes) == 4
    assert of_kept.meta["labels"]["cutoff_genes"] == "dataset"


def test_labels_of_counts_are_said(tracks, genes, expression):
    counts = ExpressionTable(expression.values, expression.genes, expression.cells, unit="counts")
    with pytest.warns(HistoexprWarning, match="labels are made of read counts.*--normalize tpm"):
        build_dataset(tracks, genes, counts, **BINS)


@pytest.mark.parametrize("column", ["expression", "rna_seq"])
def test_a_file_of_expression_for_every_cell(tracks, genes, expression, tmp_path, column):
    rows = tracks.read_text().splitlines()
    for cell in "AB":
        values = expression.select(cells=cell).values[:, 0]
        lines = [f"{g}\t1000\t{v}" for g, v in zip(expression.genes, values, strict=True)]
        (tmp_path / f"{cell}.results").write_text(
            "gene_id\tlength\tTPM\n" + "\n".join(lines[::-1])
        )
    table = tmp_path / "with.tsv"
    table.write_text(
        "\n".join([f"{rows[0]}\t{column}", *(f"{row}\t{row[0]}.results" for row in rows[1:])])
    )
    expected = build_dataset(tracks, genes, expression, **BINS)
    data = build_dataset(table, genes, **BINS)
    np.testing.assert_array_equal(data.expression, expected.expression)
    np.testing.assert_array_equal(data.y, expected.y)
    assert data.meta["labels"]["unit"] == "TPM"
    with pytest.raises(ValueError, match="expression is given twice"):
        build_dataset(table, genes, expression, **BINS)
    half = tmp_path / "half.tsv"
    half.write_text("\n".join([f"{rows[0]}\t{column}", *(
        f"{row}\t{'A.results' if row[0] == 'A' else ''}" for row in rows[1:]
    )]))  # fmt: skip
    with pytest.raises(ValueError, match=r"column expression .* no file for cell B"):
        build_dataset(half, genes, **BINS)
    (tmp_path / "B.results").write_text("gene_id\tlength\tFPKM\nG1\t1\t2\nG2\t1\t3\n")
    with pytest.raises(ValueError, match=r"different units: TPM in .*A.results, FPKM in"):
        build_dataset(table, genes, **BINS)
