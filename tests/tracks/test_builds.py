"""Genome builds told apart by what files say, and by positions behind the end of chromosomes.

chr1 has 249,250,621 bp in hg19 and 248,956,422 in hg38, chr17 81,195,210 and 83,257,441; chr1 of
mm9 has 197,195,432, of mm10 195,471,971.
"""

import gzip
from dataclasses import replace

import pytest

from histoexpr.tracks import _builds, build_dataset, describe_report, read_genes
from support.track_files import write_bam, write_bed

WINDOW = {"window": (-200, 200)}
NEAR = ("chr1", 1000, 1036, "+")


def gtf(folder, head, tss=1000, chrom="chr1", name="genes.gtf"):
    path = folder / name
    fields = f"{chrom}\tx\tgene\t{tss + 1}\t{tss + 900}\t.\t+\t.\t"
    path.write_text(f'{head}\n{fields}gene_id "G";\n')
    return path


def bedgraph(path, reads):
    path.write_text("".join(f"{c}\t{s}\t{e}\t1.5\n" for c, s, e, _ in reads))
    return path


def build(track, genes, **options):
    return build_dataset([("A", "m", track)], genes, **WINDOW, **options)


@pytest.mark.parametrize(
    ("head", "far", "named"),
    [
        ("#!genome-build GRCh38.p14", ("chr1", 249_240_000), "as in hg19, .* in hg38"),
        ("##description: human genome (GRCh37), version 19", ("chr17", 83_000_000), "in hg19"),
        ("#!genome-build GRCm38.p6", ("chr1", 197_000_000), "as in .*mm9.* in mm10"),
        ("#!genome-build-accession NCBI:GCA_000001405.15", ("chr1", 249_240_000), "in hg38"),
    ],
)
@pytest.mark.parametrize("write", [write_bed, bedgraph])
def test_text_tracks_that_reach_behind_the_end(tmp_path, head, far, named, write):
    chrom, start = far
    track = write(tmp_path / "track", [NEAR, (chrom, start, start + 36, "+")])
    with pytest.raises(ValueError, match=rf"mixed genome.*track reaches {chrom}:.*{named}"):
        build(track, gtf(tmp_path, head))


def test_the_build_stated_replaces_what_an_annotation_says(tmp_path):
    track = write_bed(tmp_path / "track", [NEAR, ("chr1", 249_240_000, 249_240_036, "+")])
    genes = gtf(tmp_path, "#!genome-build GRCh38")
    with pytest.raises(ValueError, match="--build"):
        build(track, genes)
    data = build(track, genes, build="GRCh37")
    assert data.meta["build"] == "hg19"
    assert data.meta["report"]["builds"]["said"] == ["you state hg19"]
    with pytest.raises(ValueError, match=r"reaches chr1.* in hg38 \(you state hg38\)"):
        build(track, genes, build="hg38")
    far = gtf(tmp_path, "#!genome-build GRCh37", tss=249_000_000, name="far.gtf")
    with pytest.raises(ValueError, match=r"G starts at chr1:249,000,000.* 248,956,422 bp in hg38"):
        build(track, far, build="hg38")
    # lengths in files are no matter of opinion
    bam = write_bam(tmp_path / "a.bam", [NEAR], {"chr1": 249_250_621})
    with pytest.raises(ValueError, match=r"you state hg38, but the chromosome sizes .* of hg19"):
        build(bam, genes, build="hg38")


def test_a_few_bases_behind_the_end_are_no_other_build(tmp_path):
    track = write_bed(tmp_path / "track", [NEAR, ("chr1", 248_956_400, 248_956_500, "+")])
    data = build(track, gtf(tmp_path, "#!genome-build GRCh38"))
    assert data.X.sum() == 1
    assert data.meta["report"]["behind_end"] == {"A m": 78}
    assert "A m reaches 78 bp behind the end of a chromosome" in describe_report(
        data.meta["report"]
    )


def test_names_and_heads_of_tracks(tmp_path):
    genes = gtf(tmp_path, "#!genome-build GRCh38")
    named = write_bed(tmp_path / "A-m.GRCh37.bed", [NEAR])
    with pytest.raises(ValueError, match=r"says hg38, but the name of .*GRCh37.bed says hg19"):
        build(named, genes)
    assert build(named, genes, build="hg38").meta["build"] == "hg38"
    head = tmp_path / "head.bed.gz"
    head.write_bytes(gzip.compress(b"track name=x db=hg19\nchr1\t1000\t1036\tr\t0\t+\n"))
    with pytest.raises(ValueError, match=r"the head of .*head.bed.gz says hg19"):
        build(head, genes)
    both = write_bed(tmp_path / "hg19-lifted-to-hg38.bed", [NEAR])
    assert build(both, genes).meta["report"]["builds"]["genes"] == "hg38"
    annotation = gtf(tmp_path, "#", name="refGene.hg19.gtf")
    data = build(write_bed(tmp_path / "x", [NEAR]), annotation)
    assert data.meta["build"] == "hg19"
    two = [("A", "m", named), ("B", "m", write_bed(tmp_path / "B.hg38.bed", [NEAR]))]
    plain = gtf(tmp_path, "#", name="plain.gtf")
    with pytest.raises(ValueError, match=r"the tracks are of two builds.*GRCh37.*hg38"):
        build_dataset(two, plain, **WINDOW)


def test_positions_alone_tell_two_builds_apart(tmp_path):
    # behind the end of chr17 in hg19, and behind that of chr1 in hg38
    genes = gtf(tmp_path, "#", tss=83_000_000, chrom="chr17")
    track = write_bed(
        tmp_path / "x", [("chr17", 9, 45, "+"), ("chr1", 249_240_000, 249_240_036, "+")]
    )
    with pytest.raises(ValueError, match=r"positions of the genes are of .*hg38.*x of .*hg19"):
        build(track, genes)


def test_nothing_is_claimed_where_nothing_is_known(tmp_path):
    track = write_bed(tmp_path / "x", [NEAR])
    data = build(track, gtf(tmp_path, "#"))
    assert data.meta["build"] == "unknown"
    data = build(track, gtf(tmp_path, "#!genome-build GRCh38"))
    builds = data.meta["report"]["builds"]
    assert (builds["genes"], builds["tracks"]) == ("hg38", "unknown")
    lines = describe_report(data.meta["report"])
    assert any("genome build: genes hg38, tracks unknown" in line for line in lines)
    # a genome that is none of the known ones has chromosomes of any length
    rat = write_bed(tmp_path / "rat", [NEAR, ("chr1", 282_000_000, 282_000_036, "+")])
    assert build(rat, gtf(tmp_path, "#!genome-build mRatBN7.2")).meta["build"] == "unknown"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gencode.v19.genes.bed", "hg19"),
        ("gencode.v44.annotation.gtf.gz", "hg38"),
        ("gencode.v44lift37.gtf", "hg19"),
        ("gencode.vM25.gtf", "mm10"),
        ("gencode.vM30.gtf", "mm39"),
        ("Homo_sapiens.GRCh37.75.gtf", "hg19"),
        ("hs1.bed", None),
        ("reads.bed", None),
    ],
)
def test_builds_in_names_of_files(name, expected):
    assert _builds._build_in_name(name) == expected


def test_chromosome_sizes_of_the_annotation(tmp_path):
    genes = read_genes(gtf(tmp_path, "#", name="plain.gtf"))
    track = write_bed(tmp_path / "x", [NEAR, ("chr1", 5000, 5036, "+")])
    with pytest.raises(ValueError, match=r"x reaches chr1:5,036, but chr1 has 3,000 bp"):
        build(track, replace(genes, sizes={"chr1": 3000}))
    bam = write_bam(tmp_path / "a.bam", [NEAR])
    with pytest.raises(ValueError, match=r"chr1 has 3,000 bp in the annotation .* 20,000 bp in"):
        build(bam, replace(genes, sizes={"chr1": 3000}))
    sizes = {"chr1": 249_250_621, "chr7": 159_138_663}
    assert build(track, replace(genes, sizes=sizes)).meta["build"] == "hg19"
    with pytest.raises(ValueError, match=r"sizes of the annotation .* hg19, but you state hg38"):
        build(track, replace(genes, sizes=sizes), build="hg38")


def test_names_of_builds_that_are_stated(tmp_path):
    track = write_bed(tmp_path / "x", [NEAR])
    genes = gtf(tmp_path, "#", name="plain.gtf")
    for stated, expected in (
        ("GRCm38.p6", "mm10"),
        ("hg38", "hg38"),
        ("rn7", "rn7"),
        ("mm8",) * 2,
    ):
        assert build(track, genes, build=stated).meta["build"] == expected
    for slip in ("hg83", "GRCh39", "", " "):
        with pytest.raises(ValueError, match=r"is not known\. Known of man and mouse are hg18"):
            build(track, genes, build=slip)
