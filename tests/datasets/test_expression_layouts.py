"""Tables of quantifiers as they write them."""

import gzip

import numpy as np
import pytest

from histoexpr.datasets import read_expression
from histoexpr.exceptions import DataFormatError, HistoexprWarning

GENES = ["ENSG00000000003", "ENSG00000000419"]
ONE, TWO = "ENSG00000000003.14", "ENSG00000000419.12"
# name of the file -> lines with tabs, values read, name of the column, unit
TABLES = {
    "a.genes.results": (
        ["gene_id|transcript_id(s)|length|effective_length|expected_count|TPM|FPKM",
         f"{ONE}|T1,T2|1749|1650.5|12.00|0.45|0.51", f"{TWO}|T3|1072|973.1|980.00|35.20|40.10"],
        [0.45, 35.2], "TPM", "TPM"),
    "quant.genes.sf": (
        ["Name|Length|EffectiveLength|TPM|NumReads", f"{ONE}|1749|1650|0.45|12",
         f"{TWO}|1072|973|35.2|980"],
        [0.45, 35.2], "TPM", "TPM"),
    "abundance.genes.tsv": (
        ["target_id|length|eff_length|est_counts|tpm", f"{ONE}|1749|1650|12|0.45",
         f"{TWO}|1072|973|980|35.2"],
        [0.45, 35.2], "tpm", "TPM"),
    "gene_abund.tab": (
        ["Gene ID|Gene Name|Reference|Strand|Start|End|Coverage|FPKM|TPM",
         f"{ONE}|-|chr1|+|1|30|1.3|0.51|0.45", f"{TWO}|DPM1|chr1|-|50|90|80.1|40.1|35.2"],
        [0.45, 35.2], "TPM", "TPM"),
    "genes.fpkm_tracking": (
        ["tracking_id|class_code|nearest_ref_id|gene_id|gene_short_name|tss_id|locus|length|"
         "coverage|FPKM|FPKM_conf_lo|FPKM_conf_hi|FPKM_status",
         f"{ONE}|-|-|{ONE}|A|-|chr1:1-3|-|-|0.45|0.2|0.9|OK",
         f"{TWO}|-|-|{TWO}|B|-|chr1:5-9|-|-|35.2|30.2|39.9|OK"],
        [0.45, 35.2], "FPKM", "FPKM"),
    "counts.txt": (
        ['# Program:featureCounts v2; Command:"featureCounts" "-a" "g.gtf"',
         "Geneid|Chr|Start|End|Strand|Length|bams/H1.bam", f"{ONE}|1;1|1;9|5;12|+;+|1100|12",
         f"{TWO}|1|50|90|-|4000|980"],
        [12, 980], "bams/H1.bam", "counts"),
    "htseq.txt": ([f"{ONE}|12", f"{TWO}|980", "__no_feature|7", "__ambiguous|5"],
                  [12, 980], "counts", "counts"),
    "ReadsPerGene.out.tab": (
        ["N_unmapped|9|9|9", "N_multimapping|1|1|1", f"{ONE}|12|6|6", f"{TWO}|980|490|490"],
        [12, 980], "unstranded", "counts"),
    "a.gct": (["#1.2", "2|1", "Name|Description|H1", f"{ONE}|A|0.45", f"{TWO}|B b|35.2"],
              [0.45, 35.2], "H1", None),
    "atlas.tsv": (["# Expression Atlas", "# Selected: all", "Gene ID|Gene Name|H1",
                   f"{ONE}|A|0.45", f"{TWO}|B|35.2"],
                  [0.45, 35.2], "H1", None),
    "salmon.merged.gene_tpm.tsv": (["gene_id|gene_name|H1", f"{ONE}|A|0.45", f"{TWO}|B|35.2"],
                                   [0.45, 35.2], "H1", "TPM"),
    "tcga.tsv": (["gene_id|gene_name|gene_type|unstranded|stranded_first|stranded_second|"
                  "tpm_unstranded|fpkm_unstranded|fpkm_uq_unstranded",
                  "N_unmapped|||1|1|1||||"[:-4] + "|0|0|0", f"{ONE}|A|x|12|6|6|0.45|1|1",
                  f"{TWO}|B|x|980|490|490|35.2|1|1"],
                 [0.45, 35.2], "tpm_unstranded", "TPM"),
}  # fmt: skip


def write(path, lines, sep="\t", end="\n"):
    path.write_bytes((end.join(line.replace("|", sep) for line in lines) + end).encode())
    return path


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.filterwarnings("ignore::histoexpr.exceptions.HistoexprWarning")
def test_tables_of_quantifiers(tmp_path, name):
    lines, values, column, unit = TABLES[name]
    for sep, end in (("\t", "\n"), ("\t", "\r\n"), ("\t", "\r")):
        table = read_expression(write(tmp_path / name, lines, sep, end))
        assert table.genes.tolist() == GENES
        assert table.cells.tolist() == [column]
        assert table.values.ravel().tolist() == values
        assert table.unit == unit
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((tmp_path / name).read_bytes()))
    np.testing.assert_array_equal(read_expression(packed).values.ravel(), values)
    if name != "a.gct" and not any("," in line or ";" in line for line in lines):
        comma = read_expression(write(tmp_path / f"{name}.csv", lines, ","))
        assert comma.values.ravel().tolist() == values


def test_the_measure_and_the_cells_can_be_chosen(tmp_path):
    path = write(tmp_path / "a.genes.results", TABLES["a.genes.results"][0])
    assert read_expression(path, unit="FPKM").values.ravel().tolist() == [0.51, 40.1]
    assert read_expression(path, unit="counts").values.ravel().tolist() == [12, 980]
    assert read_expression(path, cells="FPKM").unit == "FPKM"
    named = read_expression(path, cells={"E003": "TPM", "E004": ["TPM", "FPKM"]})
    assert named.cells.tolist() == ["E003", "E004"]
    np.testing.assert_allclose(named.values, [[0.45, 0.48], [35.2, 37.65]])
    assert read_expression(path, cells="length").values.ravel().tolist() == [1749, 1072]
    with pytest.raises(DataFormatError, match="line 1: no column 'H1'; there are gene_id"):
        read_expression(path, cells={"E003": "H1"})


def test_counts_become_tpm_or_rpkm_of_the_lengths_in_the_table(tmp_path):
    path = write(tmp_path / "counts.txt", TABLES["counts.txt"][0])
    rate = np.array([12 / 1100, 980 / 4000])
    tpm, rpkm = (read_expression(path, normalize=to) for to in ("tpm", "rpkm"))
    np.testing.assert_allclose(tpm.values.ravel(), 1e6 * rate / rate.sum())
    np.testing.assert_allclose(rpkm.values.ravel(), 1e9 * rate / 992)
    assert (tpm.unit, rpkm.unit) == ("TPM", "RPKM")
    htseq = write(tmp_path / "htseq.txt", TABLES["htseq.txt"][0])
    with pytest.raises(DataFormatError, match="no column of lengths, which normalize='tpm' needs"):
        read_expression(htseq, normalize="tpm")
    rsem = write(tmp_path / "a.genes.results", TABLES["a.genes.results"][0])
    with pytest.raises(DataFormatError, match="holds TPM: normalize='rpkm' makes RPKM of counts"):
        read_expression(rsem, normalize="rpkm")
    own = read_expression(rsem, unit="counts", normalize="tpm").values.ravel()
    rate = np.array([12 / 1650.5, 980 / 973.1])
    np.testing.assert_allclose(own, 1e6 * rate / rate.sum())
    lines = [*TABLES["counts.txt"][0][:2], f"{ONE}|1|1|5|+|0|12"]
    with pytest.raises(
        DataFormatError, match="line 3: gene ENSG00000000003 has counts, but the l"
    ):
        read_expression(write(path, lines), normalize="tpm")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["A|1|2|3", "B|4|5|6"], "line 1: there is no header"),
        (["A|1.5|2|3"], "line 1: there is no header"),
        (["A|1|2"], "line 1: there is no header.*Add a line of names"),
        (["Name|TPM", "ENST00000373020.8|1", "ENST00000494424.1|2"], "rows are transcripts"),
        (["#1.2", "3|1", "Name|Description|H1", f"{ONE}|A|1", f"{TWO}|B|2"], "3 genes, but .* 2"),
        (["#1.3", "2|1|0|0", "Name|Description|H1", f"{ONE}|A|1"], "GCT file of version 1.3"),
        (["gene_id|description", f"{ONE}|some text", f"{TWO}|more"], "no column has values"),
        (["gene_id|H1", f"{ONE}|1.0", f"{TWO}|high"], "line 3: .* 'high', not a number"),
        (["gene_id|H1", "__no_feature|7"], "no row of a gene"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, lines, message):
    path = write(tmp_path / "table.tsv", lines)
    with pytest.raises(DataFormatError, match=rf"table\.tsv.*{message}"):
        read_expression(path)


def test_columns_of_text_and_rows_of_no_gene_are_said(tmp_path):
    lines = [
        "gene_id|pathway|H1|H2",
        f"{ONE}|glycan|1|2",
        f"{TWO}|lipid|3|4",
        "__no_feature|x|5|6",
    ]
    path = write(tmp_path / "a.tsv", lines)
    with pytest.warns(HistoexprWarning) as caught:
        table = read_expression(path)
    assert table.cells.tolist() == ["H1", "H2"]
    assert table.genes.tolist() == GENES
    said = " ".join(str(warning.message) for warning in caught)
    assert "columns of text are no cells and were left out: pathway" in said
    assert "rows that are no genes were left out: __no_feature" in said


def test_tables_of_r(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f'"E 1" "E2"\n"{ONE}" 0.45 1\n"{TWO}" 35.2 2\n')
    table = read_expression(path)
    assert table.cells.tolist() == ["E 1", "E2"]
    assert table.genes.tolist() == GENES
    path.write_text(f'"","gene_id","E1"\n"1","{ONE}",0.45\n"2","{TWO}",35.2\n')
    table = read_expression(path)
    assert (table.genes.tolist(), table.cells.tolist()) == (GENES, ["E1"])
    path.write_text(f'"","E1"\n"{ONE}",0.45\n"a ""b"", c",35.2\n')
    assert read_expression(path).genes.tolist() == [GENES[0], 'a "b", c']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('gene\td\tC1\nG1\t"a\t1\nG2\tb\t2\nG3\tc"\t3\n', [1, 2, 3]),
        ('gene\tC1\n"G1\t1\nG2"\t2\n"G3"\t3\n', [1, 2, 3]),
        ('gene\tC1\nG1"\t1\nG2\t2\nG3\t"\t', None),
        ('gene,C1\n"G1,1\nG2,2\nG3,3\n', None),
        ('gene,C1\n"G,1",1\nG2,2\nG3,3\n', [1, 2, 3]),
        ('gene C1\n"G 1" 1\nG"2 2\nG3 3\n', [1, 2, 3]),
    ],
)
def test_a_quotation_mark_never_joins_lines(tmp_path, text, expected):
    path = tmp_path / "a.txt"
    path.write_text(text)
    if expected is None:
        with pytest.raises(DataFormatError, match=r"a\.txt, line [234]"):
            read_expression(path)
    else:
        assert read_expression(path, cells="C1").values.ravel().tolist() == expected


@pytest.mark.parametrize(
    "number", ["1_0", "٣", "１２", "0x1F", "1,5", "nan", "inf", "1e400", "", "-1"]
)
def test_what_is_no_number_names_line_and_gene(tmp_path, number):
    path = tmp_path / "a.tsv"
    path.write_text(f"gene_id\tE1\tE2\nG1\t1\t2\nG2\t{number}\t2\n", encoding="utf-8")
    with pytest.raises(DataFormatError, match=r"a\.tsv, line 3: .*G2 in cell E1"):
        read_expression(path)


def test_names_that_became_dates_are_said(tmp_path):
    path = write(tmp_path / "a.csv", ["gene|E1", "1-Mar|5", "2-Sep|6", "HLA-A|7"], ",")
    with pytest.warns(HistoexprWarning, match=r"turned into dates .*: 1-Mar, 2-Sep; give"):
        assert read_expression(path).genes.tolist() == ["1-Mar", "2-Sep", "HLA-A"]
