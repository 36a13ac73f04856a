"""Writing the CSV layout of the DeepChrome benchmark."""

import itertools

import numpy as np

from ...utils import ORIENTATIONS, atomic_folder, check_path, shorten
from .._dataset import HistoneDataset
from .._rows import check_dataset
from ._faults import MAX_COUNT, MAX_GENE_BYTES
from ._sources import FOLDER, LAYOUT, SPLITS


def save_deepchrome(dataset, path, *, overwrite=False):
    """Save read counts and labels in the CSV layout of the DeepChrome benchmark.

    Writes ``path/<cell>/classification/{train,valid,test}.csv``, which :func:`load_deepchrome` and
    the programs made for the benchmark read. The folder appears whole or not at all.

    Names of marks, bin size, window and columns other than label, gene, cell and split are not
    kept (:meth:`HistoneDataset.save` keeps all), nor is the order of samples across files. Counts
    that are not whole numbers are written to the precision of float32.

    Parameters
    ----------
    dataset : HistoneDataset
        Needs labels 0 and 1, a ``split`` of train, valid or test for every sample, and bins that
        run along the genome; see :meth:`HistoneDataset.orient`.
    path : str or path-like
        The folder.
    overwrite : bool, default=False
        Whether to replace files of this layout; a folder of anything else is never touched.

    Raises
    ------
    ValueError
        If the data set cannot be written in this layout without loss, naming what is in the way.
    FileExistsError
        If ``path`` exists and may not be replaced.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from histoexpr.datasets import HistoneDataset, load_deepchrome, save_deepchrome
    >>> data = HistoneDataset(
    ...     np.arange(8).reshape(2, 2, 2), [0, 1], cell=["E003", "E003"],
    ...     gene=["000003", "000005"], split=["train", "test"],
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_deepchrome(data, f"{folder}/counts")
    ...     back = load_deepchrome(f"{folder}/counts", cache=False)
    >>> back.gene
    array(['000003', '000005'], dtype='<U6')
    >>> np.array_equal(back.X, data.X)
    True
    """
    check_dataset(dataset, HistoneDataset)
    path = check_path(path)
    labels = _check_labels(dataset)
    _check_oriented(dataset)
    _check_files(dataset)
    _check_genes(dataset)
    if overwrite and path.exists():
        _check_replaceable(path)
    with atomic_folder(path, overwrite=overwrite) as folder:
        groups = dataset._samples.groupby(["cell", "split"], observed=True).indices
        for cell, split in itertools.product(dataset.cells, SPLITS):
            if (cell, split) in groups:
                target = folder / cell / FOLDER / f"{split}.csv"
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_genes(target, dataset, labels, groups[cell, split])


def _write_genes(target, dataset, labels, rows):
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            counts, gene, label = dataset.X[row], dataset.gene[row], labels[row]
            if not ((counts >= 0) & (counts <= MAX_COUNT)).all():
                raise ValueError(
                    f"X of gene {gene} in cell {dataset.cell[row]} holds NaN, infinite, negative "
                    f"or huge values; the layout is for counts from 0 to {MAX_COUNT}. Leave the "
                    "gene out or fill them in."
                )
            # str(float32) is the shortest text that reads back as the same float32
            real = counts.dtype.kind == "f"
            texts = counts.astype(np.float32).astype(str) if real else counts.astype(np.uint64)
            file.writelines(
                f"{gene},{number},{','.join(map(str, values))},{label}\n"
                for number, values in enumerate(texts.tolist(), start=1)
            )


def _check_labels(dataset):
    if dataset.n_samples == 0:
        raise ValueError("The data set has no samples: nothing to save.")
    _, y = dataset.return_X_y()
    if y.dtype.kind not in "biuf" or not np.isin(y, (0, 1)).all():
        raise ValueError(
            f"y holds {shorten(np.unique(y))}; the DeepChrome layout needs the numbers 0 and 1."
        )
    return y.astype(np.int8)


def _check_oriented(dataset):
    """Refuse bins along transcription: readers of the layout take them to run along the genome."""
    if dataset.oriented:
        raise ValueError(
            f"The data set has {ORIENTATIONS[True]} (oriented=True), but in the DeepChrome layout "
            "they run along the genome. Turn them with data.orient(False); to write them as they "
            "are, say that you do with data.replace(oriented=None)."
        )


def _check_files(dataset):
    """Check that splits and cells can be the names of files and folders."""
    names = ", ".join(SPLITS)
    if "split" not in dataset._samples:
        raise ValueError(f"The data set has no column split: give every sample one of {names}.")
    unknown = sorted(set(dataset._samples["split"].cat.categories) - set(SPLITS))
    if unknown:
        unknown = shorten(map(repr, unknown))
        raise ValueError(f"split holds {unknown}; the DeepChrome layout has {names}.")
    for cell in dataset.cells.tolist():
        if cell in ("", ".", "..") or any(c in "/\\" or not c.isprintable() for c in cell):
            raise ValueError(f"Cell {cell!r} cannot be the name of a folder. Rename it.")


def _check_genes(dataset):
    for gene in dataset.genes.tolist():
        sound = gene and gene.isprintable() and not set(gene) & {",", '"'}
        if not sound or len(gene.encode()) > MAX_GENE_BYTES:
            raise ValueError(
                f"Gene {gene!r} cannot stand in a CSV file without quotes: expected 1 to "
                f"{MAX_GENE_BYTES} printable bytes without comma and quote."
            )
    samples = dataset._samples[["cell", "gene"]]
    repeated = samples.duplicated().to_numpy()
    if repeated.any():
        row = repeated.argmax()
        cell, gene = samples.iloc[row]
        first = np.flatnonzero((dataset.cell == cell) & (dataset.gene == gene))[0]
        raise ValueError(
            f"Gene {gene} of cell {cell} is in samples {first} and {row}; the layout has room "
            "for one."
        )


def _check_replaceable(path):
    for item in path.rglob("*") if path.is_dir() else [path]:
        parts = item.relative_to(path).parts
        folder = item.is_dir() and (len(parts) == 1 or parts[1:] == (FOLDER,))
        file = len(parts) == 3 and parts[1] == FOLDER and parts[2] in [f"{s}.csv" for s in SPLITS]
        if not folder and not (file and item.is_file()):
            fault = f"{path} holds {item}, which is not of the layout {LAYOUT}"
            raise FileExistsError(f"{fault}; not replaced.")
