"""The example: files as a laboratory has them, simulated, with a cell type without RNA-seq."""

import gzip
import io
from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state

from ...utils import Interval, atomic_folder, check_path, shorten, validate_params
from ._counts import READ_LENGTH
from ._expression import simulate_expression
from ._profiles import MARKS, Cells
from ._reads import REACH, simulate_reads

_TITLE = "Simulated example of histoexpr"  # the first line of README.txt, by which it is known
_N_CHROMOSOMES = 10
_MARGIN = 8000  # bp from the end of a chromosome to the TSS next to it
_SPACING = 2 * REACH + 500, 2 * REACH + 3000  # bp from one TSS to the next
_LENGTH = 2000, 6000  # bp of a gene
_REAL = 140, 720  # reads around a gene in a usual library, H3K36me3 and H3K4me3
_NEW = "new"  # the cell type without RNA-seq

_README = f"""\
{_TITLE}: nothing in it says anything about biology.

tracks.tsv            the reads of {{known}}, cell types with RNA-seq
new-tracks.tsv        the reads of {_NEW}, a cell type without
tracks/*.tagAlign.gz  the reads of a cell type and mark: chromosome, first base, base after the
                      last (0-based), name, score, strand
genes.gtf.gz          {{n_genes}} genes on {{n_chromosomes}} short chromosomes of no genome
expression.tsv        RPKM of the genes in {{known}}
truth.tsv             RPKM of the genes in {_NEW}: what predictions are to come close to. It is
                      for checking them, and for nothing else

Around every gene, up to {REACH} bp from its TSS, there are reads, about {{n_reads:,}} in a
file. Real libraries have {{real}} around as many genes.

From reads to predictions for {_NEW}, from within this folder:

  histoexpr build tracks.tsv genes.gtf.gz expression.tsv -o cells
  histoexpr build new-tracks.tsv genes.gtf.gz -o new-cell
  histoexpr train cells -o model.histoexpr
  histoexpr predict model.histoexpr new-cell -o predictions.tsv
  histoexpr compare new-cell {{first}} {_NEW} --train cells --method scores -o changes.tsv

Made by histoexpr.datasets.save_example(path, n_cells={{n_cells}}, n_genes={{n_genes}},
n_reads={{n_reads}}, random_state={{random_state}}).
"""


@validate_params(
    {
        "n_cells": [Interval(Integral, 2, None, closed="left")],
        "n_genes": [Interval(Integral, 2, None, closed="left")],
        "n_reads": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
        "overwrite": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def save_example(path, *, n_cells=3, n_genes=300, n_reads=1500, random_state=0, overwrite=False):
    """Write a folder of simulated reads, genes and expression, as a laboratory has them.

    All cell types but one have RNA-seq; the way from these files to the expression of the last is
    the one of real files. The defaults write 225 kB.

    Parameters
    ----------
    path : str or path-like
        The folder.
    n_cells : int, default=3
        Number of cell types, at least 2: ``cell1``, ``cell2`` ... and, as the last, ``new``.
    n_genes : int, default=300
        Number of genes, at least 2, on at most ten chromosomes.
    n_reads : int, default=1500
        Reads in a file; cell types and marks differ from it as libraries do. Those of Roadmap
        cells have 40,000 (H3K36me3) to 220,000 (H3K4me3) around 300 genes.
    random_state : int, RandomState instance or None, default=0
        Pass an int for reproducible output across calls.
    overwrite : bool, default=False
        Whether to replace an example; a folder of anything else is never touched.

    Returns
    -------
    Path
        The folder, which appears whole or not at all. It holds

        - ``README.txt``: what the files are;
        - ``tracks/<cell>-<mark>.tagAlign.gz``: sorted reads of 36 bp;
        - ``tracks.tsv``: cell, mark and file for the cells with RNA-seq;
        - ``new-tracks.tsv``: the same for the cell without;
        - ``genes.gtf.gz``: genes with identifier, symbol and strand, one TSS each;
        - ``expression.tsv``: RPKM of genes × cells with RNA-seq;
        - ``truth.tsv``: RPKM of the genes in the other, to check predictions.

    Raises
    ------
    FileExistsError
        If ``path`` exists and may not be replaced.
    OSError
        If it cannot be written, naming it.

    See Also
    --------
    make_histone_cells : The same signals as a data set, in memory.
    histoexpr.build_dataset : From such files to a data set.

    Notes
    -----
    Expression and rates of reads are those of :func:`make_histone_cells`. Genes lie 12.5 to 15 kb
    apart, so that no gene's window has the reads of another; between them there are none. Reads
    are fewer than real ones, since sums over regions lose little: with 1,500 in a file linear
    models of ten regions reach an AUROC of .88 to .91 in the cell without RNA-seq, on chromosomes
    unseen in training (``random_state`` 0 to 3), with thirty times as many .94 to .96.

    The files are made from ``random_state`` where they are wanted, rather than kept in the
    package: they can then be of any size, and the package stays small. The same call writes the
    same bytes.

    Examples
    --------
    >>> import tempfile
    >>> from histoexpr.datasets import save_example
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     example = save_example(f"{folder}/example", n_genes=20, n_reads=100)
    ...     print((example / "tracks.tsv").read_text().splitlines()[1].split())
    ['cell1', 'H3K27me3', 'tracks/cell1-H3K27me3.tagAlign.gz']
    """
    path = check_path(path)
    check_example_target(path, overwrite=overwrite)
    seed = check_random_state(random_state).randint(np.iinfo(np.int32).max)
    expression_rng, gene_rng, signal_rng = np.random.default_rng(seed).spawn(3)
    rpkm = simulate_expression(n_cells, n_genes, expression_rng).rpkm
    genes = _place_genes(n_genes, gene_rng)
    cells = [*(f"cell{number}" for number in range(1, n_cells)), _NEW]
    forward = genes["strand"] == "+"
    libraries = Cells.draw(n_cells, None, signal_rng)
    reads = simulate_reads(rpkm, forward, n_reads, libraries, signal_rng)
    with atomic_folder(path, overwrite=overwrite) as folder:
        try:
            (folder / "tracks").mkdir()
            for cell, mark, gene, first in reads:
                text = _read_lines(genes, gene, first, signal_rng)
                _write_gzip(folder / _track(cells[cell], MARKS[mark]), text)
            _write_gzip(folder / "genes.gtf.gz", _gtf(genes))
            _write(folder / "tracks.tsv", _track_table(cells[:-1]))
            _write(folder / "new-tracks.tsv", _track_table(cells[-1:]))
            _write(folder / "expression.tsv", _table(genes["gene"], cells[:-1], rpkm[:, :-1]))
            _write(folder / "truth.tsv", _table(genes["gene"], cells[-1:], rpkm[:, -1:]))
            about = {"n_cells": n_cells, "n_genes": n_genes, "n_reads": n_reads}
            about |= {"random_state": random_state, "first": cells[0]}
            about |= {"real": " to ".join(f"{round(n * n_genes, -3):,}" for n in _REAL)}
            about |= {"n_chromosomes": len(np.unique(genes["chrom"]))}
            about |= {"known": " and ".join(filter(None, [", ".join(cells[:-2]), cells[-2]]))}
            _write(folder / "README.txt", _README.format(**about))
        except OSError as error:
            why = error.strerror or error
            fault = f"cannot be written ({why}). Make room, or choose another folder"
            raise OSError(error.errno, fault, str(path)) from error
    return path


def check_example_target(path, *, overwrite):
    """Raise FileExistsError unless an example may be written as a folder.

    With ``overwrite``, an example or an empty folder may be replaced; anything else never is.
    """
    if not (path.exists() or path.is_symlink()):
        return
    if not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another folder, or replace an example with overwrite=True "
            "(--overwrite)."
        )
    if not path.is_dir() or path.is_symlink():
        raise FileExistsError(f"{path} is no folder that an example was written to; not replaced.")
    found = {file.relative_to(path).as_posix() for file in path.rglob("*")}
    if not found:
        return
    try:
        known = (path / "README.txt").read_text(encoding="utf-8").startswith(_TITLE)
    except (OSError, UnicodeDecodeError):
        known = False
    if not known:
        raise FileExistsError(f"{path} holds no example; not replaced. Choose another folder.")
    foreign = sorted(name for name in found if not _is_ours(name))
    if foreign:
        raise FileExistsError(
            f"{path} holds {shorten(foreign)} beside an example; not replaced. Move it away, or "
            "choose another folder."
        )


def _is_ours(name):
    files = "README.txt", "tracks", "tracks.tsv", "new-tracks.tsv", "genes.gtf.gz"
    if name in (*files, "expression.tsv", "truth.tsv"):
        return True
    folder, _, file = name.rpartition("/")
    return folder == "tracks" and file.endswith(tuple(f"-{mark}.tagAlign.gz" for mark in MARKS))


def _place_genes(n_genes, rng):
    """Return name, symbol, chromosome, TSS, length and strand of genes, in genomic order."""
    number = np.arange(n_genes)
    chrom = number * min(_N_CHROMOSOMES, n_genes) // n_genes
    tss = np.cumsum(rng.integers(*_SPACING, n_genes))
    starts = np.searchsorted(chrom, chrom)  # the first gene of the chromosome
    return {
        "gene": np.array([f"SIMG{n:05d}" for n in number + 1]),
        "symbol": np.array([f"SIM{n}" for n in number + 1]),
        "chrom": np.array([f"chr{n}" for n in chrom + 1]),
        "tss": tss - tss[starts] + _MARGIN,
        "length": rng.integers(*_LENGTH, n_genes),
        "strand": np.where(rng.random(n_genes) < 0.5, "+", "-"),
    }


def _track(cell, mark):
    return f"tracks/{cell}-{mark}.tagAlign.gz"


def _read_lines(genes, gene, first, rng):
    """Return reads, given by gene and place relative to its TSS, as sorted lines."""
    start = genes["tss"][gene] + first
    order = np.lexsort((start, gene))  # genes are in genomic order and their reads do not mix
    strand = np.where(rng.random(len(gene)) < 0.5, "+", "-")
    columns = genes["chrom"][gene[order]].tolist(), start[order].tolist(), strand.tolist()
    return "".join(
        f"{chrom}\t{at}\t{at + READ_LENGTH}\tN\t1000\t{side}\n"
        for chrom, at, side in zip(*columns, strict=True)
    )


def _gtf(genes):
    """Return the annotation: a gene with one transcript of one exon each."""
    lines = [f"#!{_TITLE}\n"]
    for gene, symbol, chrom, tss, length, strand in zip(
        *(values.tolist() for values in genes.values()), strict=True
    ):
        first = tss if strand == "+" else tss - length + 1
        place = f"{first + 1}\t{first + length}\t.\t{strand}\t."
        own = f'gene_id "{gene}"; gene_name "{symbol}"; gene_type "protein_coding";'
        more = f'{own} transcript_id "{gene}.t1";'
        for kind, attributes in (("gene", own), ("transcript", more), ("exon", more)):
            lines.append(f"{chrom}\tsimulated\t{kind}\t{place}\t{attributes}\n")
    return "".join(lines)


def _track_table(cells):
    rows = [(cell, mark, _track(cell, mark)) for cell in cells for mark in MARKS]
    return "".join("\t".join(row) + "\n" for row in [("cell", "mark", "file"), *rows])


def _table(genes, cells, values):
    lines = ["\t".join(["gene_id", *cells])]
    for gene, row in zip(genes.tolist(), values.tolist(), strict=True):
        lines.append("\t".join([gene, *(f"{value:.3f}" for value in row)]))
    return "\n".join([*lines, ""])


def _write(path, text):
    path.write_bytes(text.encode())  # the same line ends everywhere


def _write_gzip(path, text):
    """Write text in the same bytes at any time: without the time and the name of the file."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(text.encode())
    path.write_bytes(packed.getvalue())
