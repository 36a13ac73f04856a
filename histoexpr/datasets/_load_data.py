"""Loading a data set from whatever it is kept in."""

from ..utils import check_path
from ._dataset import HistoneDataset
from ._rows import as_names
from .deepchrome import load_deepchrome
from .ready_made import (
    is_chromoformer,
    is_compute_matrix,
    is_deepdiff,
    load_chromoformer,
    load_deepdiff,
    read_compute_matrix,
)


def load_data(path, cells=None):
    """Load a saved data set, or files in a layout that says what it is.

    Parameters
    ----------
    path : str or path-like
        A folder that :meth:`HistoneDataset.save` wrote; a folder or archive in the DeepChrome
        layout, see :func:`load_deepchrome`; a folder of DeepDiff (:func:`load_deepdiff`) or
        Chromoformer (:func:`load_chromoformer`); or a file of deepTools computeMatrix
        (:func:`read_compute_matrix`). Their functions take what is not the default.
    cells : list of str, optional
        Cell types to keep; default all. One name is the cell type of a file that does not say it.

    Returns
    -------
    HistoneDataset

    Raises
    ------
    DataFormatError
        If the files cannot be read.
    ValueError
        If a cell is not among them.
    """
    path = check_path(path)
    if (path / "dataset.json").is_file():
        dataset = HistoneDataset.load(path)
        return dataset if cells is None else dataset.select(cells=cells)
    if is_deepdiff(path):
        return load_deepdiff(path, cells=cells)
    if is_chromoformer(path):
        return load_chromoformer(path, cells=cells)
    if path.is_file() and is_compute_matrix(path):
        names = [None] if cells is None else as_names("cells", cells)
        if len(names) > 1:
            raise ValueError(f"{path} is one cell type; cells names {len(names)}.")
        return read_compute_matrix(path, cell=names[0])
    return load_deepchrome(path, cells=cells)
