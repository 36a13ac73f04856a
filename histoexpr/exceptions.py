"""Errors and warnings that histoexpr raises itself."""

__all__ = ["DataFormatError", "HistoexprWarning", "MissingExtraError"]


class DataFormatError(ValueError):
    """The content of a file is not what its format requires.

    Parameters
    ----------
    message : str
        What is wrong and what to do about it.
    path : str or path-like, optional
        The file (``archive.tar.gz::member`` for a member of an archive).
    line : int, optional
        1-based line number of the first fault.
    """

    def __init__(self, message, path=None, line=None):
        where = "" if path is None else f"{path}: " if line is None else f"{path}, line {line}: "
        super().__init__(where + message)
        self.message, self.path, self.line = message, path, line

    def __reduce__(self):
        return type(self), (self.message, self.path, self.line)


class MissingExtraError(ImportError):
    """An optional dependency is not installed; the message names the extra."""


class HistoexprWarning(UserWarning):
    """Input or results need the user's attention; the message states what was done."""
