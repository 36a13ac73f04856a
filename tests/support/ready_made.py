"""Small files as deepTools, DeepDiff and Chromoformer write them."""

import gzip
import json

import numpy as np

# What computeMatrix 3.5.6 writes; versions before 3 wrote one number instead of the lists
HEAD = {
    "upstream": [200, 200], "downstream": [100, 100], "body": [0, 0], "bin size": [100, 100],
    "ref point": ["TSS", "TSS"], "verbose": False, "bin avg type": "mean",
    "missing data as zero": False, "min threshold": None, "max threshold": None, "scale": 1,
    "skip zeros": False, "nan after end": False, "proc number": 1, "sort regions": "keep",
    "sort using": "mean", "unscaled 5 prime": [0, 0], "unscaled 3 prime": [0, 0],
    "group_labels": ["on", "off"], "group_boundaries": [0, 1, 2],
    "sample_labels": ["K4", "K27"], "sample_boundaries": [0, 3, 6],
}  # fmt: skip
REGIONS = [("chr1", "1000", "1001", "g1", "0.0", "+"), ("chr2", "5000", "5011", "g2", "0.0", "-")]
VALUES = [[1, 2, 3, 4, 5, 6], [0.5, 0, 0, 7, 8, 9]]


def write_matrix(path, regions=REGIONS, values=VALUES, **changes):
    """Write a matrix of computeMatrix; ``changes`` are those of its first line."""
    lines = ["@" + json.dumps(HEAD | changes)]
    for region, row in zip(regions, values, strict=True):
        lines.append("\t".join([*region, *(f"{value:.6f}" for value in row)]))
    with gzip.open(path, "wt") as file:
        file.write("\n".join(lines) + "\n")
    return path


def write_lines(path, *lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def write_counts(folder):
    """Write counts of three genes in two bins of two BAM files, and the BED file of the bins."""
    write_lines(
        folder / "E003.tab",
        "#'chr'\t'start'\t'end'\t'K4.bam'\t'K27.bam'",
        "chr1\t100\t150\t1.0\t11.0",
        "chr1\t150\t200\t2.0\t12.0",
        "chr1\t200\t250\t3.0\t300.0",  # the second bin of one gene and the first of another
        "chr2\t0\t50\t4.0\t14.0",
        "chr2\t50\t100\t5.0\t15.0",
    )
    write_lines(
        folder / "bins.bed",
        "chr2\t0\t50\tz\t0\t-",
        "chr2\t50\t100\tz\t0\t-",
        "chr1\t200\t250\tb\t0\t+",
        "chr1\t150\t200\tb\t0\t+",
        "chr1\t100\t150\ta\t0\t.",
        "chr1\t150\t200\ta\t0\t.",
    )
    return folder / "E003.tab", folder / "bins.bed"


def write_deepdiff(folder):
    """Write two cells of two genes, in three bins of five marks."""
    folder.mkdir(exist_ok=True)
    for cell, add in (("C1", 0), ("C2", 100)):
        rows = {"train": ["G1_ABC"], "test": ["G2_AB_C"]}
        for split, genes in rows.items():
            lines = [
                f"{gene}_{number}," + ",".join(str(add + 10 * number + m) for m in range(5))
                for gene in genes
                for number in (1, 2, 3)
            ]
            write_lines(folder / f"{cell}.{split}.csv", *lines)
        write_lines(folder / f"{cell}.expr.csv", f"G1,{add + 7}", "G3,1")
    return folder


def write_chromoformer(folder):
    """Write two genes of one cell; depth of a mark at position p from the TSS is mark + p/1000."""
    (folder / "arrays").mkdir(parents=True)
    write_lines(
        folder / "meta.csv",
        "gene_id,expression,eid,label,chrom,start,end,strand,split,neighbors,scores",
        "ENSG1,4.5,E003,1,chr1,30000,30001,-,1,chr1:1-2;chr1:5-6,1.5;2",
        "ENSG2,0.25,E003,0,chr2,50000,50001,+,2,,",
    )
    depth = np.arange(7)[:, None] * 100 + np.arange(40000)[None] // 100 - 150
    for name in ("chr1:10000-50000", "chr2:30000-70000"):
        np.save(folder / "arrays" / f"{name}.npy", np.maximum(depth, 0).astype(np.float16))
    return folder
