"""Pages: the HTML report of a study, with its tables, findings and figures.

A page is one file that needs nothing else. Imports ``plots``, ``experiments`` and utilities.
"""

from ._study import write_study_report

__all__ = [
    "write_study_report",
]
