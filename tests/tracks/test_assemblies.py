"""Genome builds known by name, length and accession."""

import pytest

from histoexpr.tracks._assemblies import (
    SIZES,
    build_of_accession,
    build_of_sizes,
    builds_with_room,
    chromosome_of_accession,
    find_build,
)


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("#!genome-build GRCh38.p13", "hg38"),
        ("#!genome-version GRCh37", "hg19"),
        ("##description: human genome (GRCh38), version 45, mapped to GRCh37 with a tool", "hg19"),
        ("# hg38, lifted over to hg19", "hg19"),
        ("#!genome-build-accession NCBI:GCA_000001405.14", "hg19"),
        ("#!genome-build-accession NCBI_Assembly:GCF_000001405.40", "hg38"),
        ("#!genome-build-accession NCBI:GCF_000001635.26", "mm10"),
        ("#!genome-build T2T-CHM13v2.0", "hs1"),
        ("#!genome-build mRatBN7.2", None),
        ("# hg19 and hg38", None),
        ("# version 380 of hg3800", None),
    ],
)
def test_builds_in_headers(text, build):
    assert find_build(text) == build


@pytest.mark.parametrize(
    ("accession", "name"),
    [
        ("NC_000001.11", "1"),
        ("nc_000023", "x"),
        ("CM000686.2", "y"),
        ("CM000686", "y"),
        ("NC_000067.7", "1"),
        ("NC_000087.8", "y"),
        ("CM001013.3", "x"),
        ("NC_060948.1", "y"),
        ("CP068256.2", "22"),
        ("NC_012920.1", "mt"),
        ("NC_000025.1", None),
        ("chr1", None),
    ],
)
def test_accessions_of_chromosomes(accession, name):
    assert chromosome_of_accession(accession) == name


@pytest.mark.parametrize(
    ("accession", "build"),
    [
        ("NC_000001.10", "hg19"),
        ("NC_000014.9", "hg38"),
        ("CM000686.1", "hg19"),
        ("NC_000068.8", "mm39"),
        ("NC_000086.7", "mm10"),
        ("NC_060930.1", "hs1"),
        ("NC_000001.9", None),
        ("NC_000001", None),
    ],
)
def test_versions_of_accessions_tell_builds(accession, build):
    assert build_of_accession(accession) == build


def test_lengths_tell_builds():
    assert build_of_sizes({"21": 48_129_895}) == "hg19"
    assert build_of_sizes({"1": 248_956_422, "2": 243_199_373, "x": 156_040_895}) == "hg38"
    assert build_of_sizes({"1": 248_956_422, "2": 243_199_373}) is None
    assert build_of_sizes({"1": 1000}) is None
    assert build_of_sizes({}) is None
    for build, sizes in SIZES.items():
        assert build_of_sizes(sizes) == build
        assert len(sizes) == (21 if build.startswith("mm") else 24)


def test_positions_tell_builds():
    human = {"hg18", "hg19", "hg38", "hs1"}
    assert builds_with_room({"1": 249_240_000}) == {"hg19"}
    assert builds_with_room({"1": 248_956_422}) == {"hg19", "hg38"}
    assert builds_with_room({"1": 248_956_423}, slack=1) == {"hg19", "hg38"}
    # no mouse has a chromosome 22
    assert builds_with_room({"22": 100}) == human
    assert builds_with_room({"x": 171_000_000}) == {"mm10"}
    assert builds_with_room({"1": 300_000_000}) == set()
    # names that no build has say nothing
    assert builds_with_room({"ii": 10**9, "mt": 16_569}) == set(SIZES)
