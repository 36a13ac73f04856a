"""Loading a data set from whatever it is kept in."""

from ..utils import check_path
from ._dataset import HistoneDataset
from .deepchrome import load_deepchrome


def load_data(path, cells=None):
    """Load a saved data set, or files in the DeepChrome layout.

    Parameters
    ----------
    path : str or path-like
        A folder that :meth:`HistoneDataset.save` wrote, or a folder or archive in the
        DeepChrome layout, see :func:`load_deepchrome`.
    cells : list of str, optional
        Cell types to keep; default all.

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
    return load_deepchrome(path, cells=cells)
