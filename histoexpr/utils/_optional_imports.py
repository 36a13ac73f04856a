"""Optional dependencies, imported where they are used."""

import importlib

from ..exceptions import MissingExtraError

# module -> the extra in setup.cfg that installs it
_EXTRA_OF = {
    "matplotlib": "plot",
    "pysam": "tracks",
}


def require(module, purpose):
    """Import an optional module, or raise an error that names the extra to install.

    Parameters
    ----------
    module : str
        Dotted module name, such as ``"matplotlib.pyplot"``.
    purpose : str
        What needs it, as the subject of the message: "Drawing a heatmap".

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    MissingExtraError
        If the module is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        root = module.partition(".")[0]
        if error.name != root:  # it is there, but broken
            raise
        raise MissingExtraError(
            f"{purpose} needs {root}, which is not installed. "
            f"Install it with: pip install 'histoexpr[{_EXTRA_OF[root]}]'"
        ) from error
