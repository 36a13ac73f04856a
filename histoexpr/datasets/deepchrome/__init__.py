"""The CSV layout of the DeepChrome benchmark, in folders and archives, read and written.

Files are parsed once and kept in a cache. Imports the container and utilities.
"""

from ._load import load_deepchrome
from ._save import save_deepchrome

__all__ = ["load_deepchrome", "save_deepchrome"]
