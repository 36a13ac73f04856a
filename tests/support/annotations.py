"""One set of genes in every style of annotation."""

# ruff: noqa: E501 - lines of annotations are long

# Each style describes the same genes: PLUS at 1001-5000 on + with the transcripts P1 (1101-5000,
# canonical), P2 (1001-2000); MINUS at 7001-9000 on - with M1 (7001-8500, canonical) and M2
# (8001-9000); LNC, a lncRNA at 10001-10500 on +.
ENSEMBL_GTF = """\
#!genome-build GRCh38.p13
1\thavana\tgene\t1001\t5000\t.\t+\t.\tgene_id "PLUS"; gene_version "2"; gene_name "Pl"; gene_biotype "protein_coding";
1\thavana\ttranscript\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1"; gene_name "Pl"; gene_biotype "protein_coding"; tag "basic"; tag "Ensembl_canonical";
1\thavana\texon\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1"; exon_number "1";
1\thavana\ttranscript\t1001\t2000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P2"; gene_name "Pl"; gene_biotype "protein_coding";
1\thavana\tgene\t7001\t9000\t.\t-\t.\tgene_id "MINUS"; gene_name "Mi"; gene_biotype "protein_coding";
1\thavana\ttranscript\t7001\t8500\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1"; gene_name "Mi"; gene_biotype "protein_coding"; tag "MANE_Select"; tag "Ensembl_canonical";
1\thavana\ttranscript\t8001\t9000\t.\t-\t.\tgene_id "MINUS"; transcript_id "M2"; gene_name "Mi"; gene_biotype "protein_coding"; tag "Ensembl_canonical";
1\thavana\tgene\t10001\t10500\t.\t+\t.\tgene_id "LNC"; gene_biotype "lncRNA";
1\thavana\ttranscript\t10001\t10500\t.\t+\t.\tgene_id "LNC"; transcript_id "L1"; gene_biotype "lncRNA";
"""


GENCODE_GTF = (
    ENSEMBL_GTF.replace("#!genome-build GRCh38.p13", "##description: human genome (GRCh38)")
    .replace("gene_biotype", "gene_type")
    .replace('gene_version "2"; ', "level 2; ")
    .replace("\n1\t", "\nchr1\t")
)


ENSEMBL_GFF3 = """\
##gff-version 3
#!genome-build  GRCh38.p13
1\tensembl\tchromosome\t1\t248956422\t.\t.\t.\tID=chromosome:1
1\thavana\tgene\t1001\t5000\t.\t+\t.\tID=gene:PLUS;Name=Pl;biotype=protein_coding;gene_id=PLUS;version=2
1\thavana\tmRNA\t1101\t5000\t.\t+\t.\tID=transcript:P1;Parent=gene:PLUS;biotype=protein_coding;tag=basic,Ensembl_canonical;transcript_id=P1
1\thavana\texon\t1101\t5000\t.\t+\t.\tParent=transcript:P1;exon_id=E1
1\thavana\tmRNA\t1001\t2000\t.\t+\t.\tID=transcript:P2;Parent=gene:PLUS;biotype=protein_coding;transcript_id=P2
###
1\thavana\tgene\t7001\t9000\t.\t-\t.\tID=gene:MINUS;Name=Mi;biotype=protein_coding;gene_id=MINUS
1\thavana\tmRNA\t7001\t8500\t.\t-\t.\tID=transcript:M1;Parent=gene:MINUS;tag=Ensembl_canonical,MANE_Select;transcript_id=M1
1\thavana\tmRNA\t8001\t9000\t.\t-\t.\tID=transcript:M2;Parent=gene:MINUS;tag=Ensembl_canonical;transcript_id=M2
1\thavana\tncRNA_gene\t10001\t10500\t.\t+\t.\tID=gene:LNC;biotype=lncRNA;gene_id=LNC
1\thavana\tlnc_RNA\t10001\t10500\t.\t+\t.\tID=transcript:L1;Parent=gene:LNC;transcript_id=L1
##FASTA
>1
ACGT
"""


REFSEQ_GFF3 = """\
##gff-version 3
#!genome-build GRCh38.p14
NC_000001.11\tRefSeq\tregion\t1\t248956422\t.\t+\t.\tID=NC_000001.11:1..248956422;chromosome=1;gbkey=Src;genome=chromosome
NC_000001.11\tBestRefSeq\tgene\t1001\t5000\t.\t+\t.\tID=gene-PLUS;Dbxref=GeneID:1;Name=Pl;gene=Pl;gene_biotype=protein_coding
NC_000001.11\tBestRefSeq\tmRNA\t1101\t5000\t.\t+\t.\tID=rna-P1;Parent=gene-PLUS;Name=NM_1;gene=Pl;tag=RefSeq Select
NC_000001.11\tBestRefSeq\tmRNA\t1001\t2000\t.\t+\t.\tID=rna-P2;Parent=gene-PLUS;Name=NM_2;gene=Pl
NC_000001.11\tBestRefSeq\tgene\t7001\t9000\t.\t-\t.\tID=gene-MINUS;Name=Mi;gene=Mi;gene_biotype=protein_coding
NC_000001.11\tBestRefSeq\tmRNA\t7001\t8500\t.\t-\t.\tID=rna-M1;Parent=gene-MINUS;gene=Mi;tag=MANE Select
NC_000001.11\tBestRefSeq\tmRNA\t8001\t9000\t.\t-\t.\tID=rna-M2;Parent=gene-MINUS;gene=Mi
NC_000001.11\tGnomon\tgene\t10001\t10500\t.\t+\t.\tID=gene-LNC;gene=LNC;gene_biotype=lncRNA
NC_000001.11\tGnomon\tlnc_RNA\t10001\t10500\t.\t+\t.\tID=rna-L1;Parent=gene-LNC;gene=LNC
"""


# UCSC writes no lines for genes
UCSC_GTF = """\
chr1\trefGene\ttranscript\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1";  gene_name "PLUS";
chr1\trefGene\texon\t1101\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1"; exon_number "1";
chr1\trefGene\ttranscript\t1001\t2000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P2";
chr1\trefGene\ttranscript\t7001\t8500\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1";
chr1\trefGene\ttranscript\t8001\t9000\t.\t-\t.\tgene_id "MINUS"; transcript_id "M2";
chr1\trefGene\ttranscript\t10001\t10500\t.\t+\t.\tgene_id "LNC"; transcript_id "L1";
"""


EXON_GTF = """\
chr1\tx\texon\t1101\t1200\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1";
chr1\tx\texon\t4000\t5000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P1";
chr1\tx\texon\t1001\t2000\t.\t+\t.\tgene_id "PLUS"; transcript_id "P2";
chr1\tx\tCDS\t8100\t8200\t.\t-\t0\tgene_id "MINUS"; transcript_id "M1";
chr1\tx\texon\t8001\t8500\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1";
chr1\tx\texon\t7001\t7100\t.\t-\t.\tgene_id "MINUS"; transcript_id "M1";
chr1\tx\texon\t8001\t9000\t.\t-\t.\tgene_id "MINUS"; transcript_id "M2";
chr1\tx\texon\t10001\t10500\t.\t+\t.\tgene_id "LNC"; transcript_id "L1";
"""


BED = """\
track name=genes
chr1\t1100\t5000\tPLUS\t0\t+
chr1\t1000\t2000\tPLUS\t0\t+
chr1\t7000\t8500\tMINUS\t0\t-
chr1\t8000\t9000\tMINUS\t0\t-
chr1\t10000\t10500\tLNC\t0\t+
"""


BED12 = "".join(
    line + ("" if line.startswith("track") else "\t0\t0\t0\t1\t10,\t0,") + "\n"
    for line in BED.splitlines()
)


TABLE = """\
gene_id\tchrom\tstart\tend\tstrand\tgene_name\tgene_biotype
PLUS\tchr1\t1000\t5000\t+\tPl\tprotein_coding
MINUS\tchr1\t7000\t9000\t-\tMi\tprotein_coding
LNC\tchr1\t10000\t10500\t+\t\tlncRNA
"""


TSS_TABLE = "gene,chr,strand,tss\nPLUS,chr1,+,1000\nMINUS,chr1,-1,8999\nLNC,chr1,1,10000\n"


STYLES = {
    "Ensembl GTF": ENSEMBL_GTF,
    "GENCODE GTF": GENCODE_GTF,
    "Ensembl GFF3": ENSEMBL_GFF3,
    "RefSeq GFF3": REFSEQ_GFF3,
    "UCSC GTF": UCSC_GTF,
    "exons only": EXON_GTF,
    "BED6": BED,
    "BED12": BED12,
    "table": TABLE,
    "TSS table": TSS_TABLE,
}


def write_annotation(tmp_path, text, name="genes.txt"):
    path = tmp_path / name
    path.write_text(text)
    return path
