"""Pages: the HTML report of a study, with its tables, findings and figures.

A page is one file that needs nothing else, rendered from the templates beside this file.
Imports ``plots``, ``experiments``, ``replication`` and utilities.
"""

from ._page import write_study_report

__all__ = ["write_study_report"]
