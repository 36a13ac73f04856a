"""Which genes do two cells switch, and are they the known ones?

    python examples/switched_genes.py [A.npz B.npz] [--out FOLDER] [--top 100]

Each file is one cell type with the arrays X (n_genes, n_bins, n_marks), gene_id, chrom, rpkm and
y (both measured), and if known symbol, marks and bin_size; bins run along transcription. Written
for ectoderm (Roadmap's E012) and mesoderm (E013), both made of embryonic stem cells: genes are
ranked by the change that is predicted from histone marks, each by a model that has not seen its
expression in any cell, and the largest changes held against genes by which the germ layers are
told apart. Writes a table and a figure. Without files, cells are simulated, and genes whose label
differs between them take the place of the panel.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import fisher_exact, hypergeom

from histoexpr import CellComparisonDisplay, HistoneDataset, compare_cells, make_histone_cells

# Genes by which qPCR panels tell germ layers apart, after the hPSC ScoreCard (Tsankov et al. 2015,
# Nature Biotechnology 33:1182-1192): chosen on other cells and without histone marks, but written
# down from memory and not held against the paper gene by gene. Put in the list that you trust.
PANELS = {
    "ectoderm": """CDH9 COL2A1 DMBX1 DRD4 EN1 LMX1A MAP2 MYO3B NOS2 NR2F1 NR2F2 OLFM3 PAPLN PAX3
        PAX6 POU4F1 PRKCA SDC2 SOX1 TRPM8 WNT1 ZBTB16""",
    "mesoderm": """ABCA4 ALOX15 BMP10 CDH5 CDX2 COLEC10 ESM1 FCN3 FOXF1 HAND1 HAND2 HEY1 HOPX
        IL6ST NKX2-5 ODAM PDGFRA PLVAP RGS4 SNAI2 TBX3 TM4SF1""",
    "endoderm": """AFP CABP7 CDH20 CLDN1 CPLX2 ELAVL3 EOMES FOXA1 FOXA2 FOXP2 GATA4 GATA6 HHEX
        HMP19 HNF1B HNF4A KLF5 LEFTY1 LEFTY2 NODAL PHOX2B POU3F3 PRDM1 RXRG SOX17 SST""",
}


def load(path):
    """Read one cell, and the symbols of its genes; bins of 50 bp are joined in pairs."""
    with np.load(path, allow_pickle=False) as file:
        X, size = file["X"], int(file["bin_size"]) if "bin_size" in file else 100
        if size == 50:
            X, size = X[:, ::2].astype(np.uint32) + X[:, 1::2], 100
        gene = file["gene_id"].astype(str)
        symbols = file["symbol"].astype(str) if "symbol" in file else gene
        data = HistoneDataset(
            X,
            file["y"].astype(int),
            cell=[Path(path).stem] * len(X),
            gene=gene,
            chrom=file["chrom"],
            expression=file["rpkm"],
            marks=file["marks"].tolist() if "marks" in file else None,
            bin_size=size,
            oriented=True,
        )
    return data, dict(zip(gene.tolist(), symbols.tolist(), strict=True))


def read_cells(paths):
    """Return the data of both cells, what genes are called, and the panels to look for."""
    if paths:
        (first, names), (second, others) = map(load, paths)
        panels = {name: set(genes.split()) for name, genes in PANELS.items()}
        return HistoneDataset.concat([first, second]), names | others, panels
    print("No files are given: these cells are simulated.\n")
    data = make_histone_cells(2, 3000, random_state=0)
    first, second = (data.select(cells=cell) for cell in data.cells)
    switched = np.flatnonzero(first.y != second.y)[::10]
    up = second.y[switched] == 1
    panels = {
        "on in C01": set(first.gene[switched[~up]]),
        "on in C02": set(first.gene[switched[up]]),
    }
    return data, {gene: gene for gene in data.genes.tolist()}, panels


def enrichment(named, top, panel):
    """Return how many of the top genes are in a panel, how many were expected, and P.

    ``named`` are all genes that were ranked, ``top`` those at the top of them. P is the
    probability that as many of as many genes drawn at random are in the panel, or more
    (hypergeometric distribution).
    """
    panel = panel & set(named)
    found = len(panel & set(top))
    drawn = hypergeom(len(named), len(panel), len(top))
    return found, len(panel) * len(top) / len(named), float(drawn.sf(found - 1))


def false_positives(named, top, size, n_draws=2000):
    """Return the share of random panels of a size that are enriched with P < 0.05."""
    rng = np.random.default_rng(0)
    panels = (set(rng.choice(named, size, replace=False)) for _ in range(n_draws))
    return np.mean([enrichment(named, top, panel)[2] < 0.05 for panel in panels])


def directions(table, panels, cells):
    """Return the genes of each panel by the cell that is predicted to be higher, (2, 2)."""
    of = [table[table["name"].isin(panel)]["higher_in"] for panel in panels]
    return np.array([[int((higher == cell).sum()) for cell in cells] for higher in of])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help="two cells, .npz")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder (default: this one)")
    parser.add_argument("--top", type=int, default=100, help="genes for each cell (default 100)")
    args = parser.parse_args()
    if len(args.files) not in (0, 2):
        parser.error("give two files, one for each cell, or none")
    data, names, panels = read_cells(args.files)
    cells = [Path(path).stem for path in args.files] or data.cells.tolist()
    found = compare_cells(data, *cells, names=names)
    print(found)

    named = found.table["name"].tolist()
    print(f"\nThe {args.top} genes with the largest predicted changes in favour of each cell:")
    for cell in cells:
        top = found.top(args.top, cell)
        right = (np.sign(top["log2_fold_change"]) == np.sign(top["predicted_change"])).mean()
        print(f"\nhigher in {cell}, where {right:.0%} of them are measured to be; in the panels:")
        for name, panel in panels.items():
            n, expected, p = enrichment(named, top["name"], panel)
            which = ", ".join(gene for gene in top["name"] if gene in panel) or "none"
            print(f"  {name:10} {n:3} of {len(panel & set(named)):2}, {expected:.2f} expected, "
                  f"P = {p:.1e}: {which}")  # fmt: skip
        share = false_positives(named, top["name"], 22)
        print(f"  of random panels of 22 genes {share:.1%} are enriched with P < 0.05")

    # All genes of the panels, however small their change: these genes vary more than others, so
    # that the direction alone is the harder question
    first, second = list(panels)[:2]
    counts = directions(found.table, [panels[first], panels[second]], cells)
    p = fisher_exact(counts).pvalue
    print(f"\nDirection of all genes of two panels ({cells[0]} higher, {cells[1]} higher): "
          f"{first} {counts[0].tolist()}, {second} {counts[1].tolist()}; "
          f"Fisher's exact test P = {p:.1e}")  # fmt: skip

    args.out.mkdir(parents=True, exist_ok=True)
    found.to_csv(args.out / "switched_genes.tsv")
    display = CellComparisonDisplay.from_comparison(found, n_genes=12)
    display.figure_.savefig(args.out / "switched_genes.png", dpi=200, bbox_inches="tight")
    print(f"\nWritten to {args.out.resolve()}: switched_genes.tsv, switched_genes.png")


if __name__ == "__main__":
    main()
