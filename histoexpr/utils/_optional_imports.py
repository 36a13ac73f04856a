"""Optional dependencies, imported where they are used."""

import importlib

from ..exceptions import MissingExtraError

# module -> the extra in setup.cfg that installs it
_EXTRA_OF = {
    "anndata": "anndata",
    "argcomplete": "completion",
    "matplotlib": "plot",
    "onnx": "onnx",
    "pysam": "tracks",
    "xarray": "xarray",
}


def require(module, purpose):
    """Return an optional module, such as ``"matplotlib.pyplot"``.

    If it is not installed, MissingExtraError names the extra to install and the ``purpose``, the
    subject of the message: "Drawing a heatmap".
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
