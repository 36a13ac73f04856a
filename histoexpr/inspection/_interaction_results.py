"""Results of mark interactions: log-odds by levels of two marks, and a matrix of all pairs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..utils import Result


@dataclass(eq=False, repr=False)
class MarkInteractions(Result):
    """Result of :func:`mark_interactions`.

    Attributes
    ----------
    scores : ndarray of shape (n_levels, n_levels)
        Mean log-odds of the class with the first mark (rows) and the second (columns) at
        each level; NaN where they are undefined in most of the backgrounds, because a
        probability is beyond one in a million.
    additive : ndarray of shape (n_levels, n_levels)
        Log-odds expected if the effects of the two marks added up.
    errors : ndarray of shape (n_levels, n_levels)
        Standard error of ``scores - additive`` over the backgrounds and, if there were
        several classifiers, over them.
    levels : ndarray of shape (n_levels,)
        Factors by which the marks' signals, or the profile, were multiplied.
    marks : tuple of two str
    target : label
    regions : tuple of two (first, last) or None
        Where each mark was varied, in bp relative to the TSS; None is everywhere.
    oriented : bool or None
        Whether positions run along transcription; False is along the genome, None unknown.
    """

    scores: np.ndarray
    additive: np.ndarray
    errors: np.ndarray
    levels: np.ndarray
    marks: tuple
    target: object
    regions: tuple = (None, None)
    oriented: bool | None = None

    @property
    def interaction(self):
        """Log-odds beyond the sum of the two effects, ``scores - additive``."""
        return self.scores - self.additive

    @property
    def table(self):
        """DataFrame of one row per pair of levels."""
        first, second = np.meshgrid(self.levels, self.levels, indexing="ij")
        columns = {"first_level": first, "second_level": second, "score": self.scores}
        columns |= {"additive": self.additive, "interaction": self.interaction}
        columns |= {"error": self.errors}
        return pd.DataFrame({name: values.ravel() for name, values in columns.items()})

    def _title(self):
        first, second = self.marks
        return (
            f"Log-odds of class {self.target} by levels of {first} (first) and {second} (second)"
        )


@dataclass(eq=False, repr=False)
class MarkInteractionMatrix(Result):
    """Result of :func:`mark_interaction_matrix`.

    Attributes
    ----------
    interaction : ndarray of shape (n_marks, n_marks)
        Log-odds of the class beyond the sum of the two effects, mean over the backgrounds.
        NaN on the diagonal and where they are undefined in most of the backgrounds.
    errors : ndarray of shape (n_marks, n_marks)
        Standard error over the backgrounds and, if there were several, the classifiers.
    marks : list of str
    target : label
    """

    interaction: np.ndarray
    errors: np.ndarray
    marks: list
    target: object

    @property
    def table(self):
        """DataFrame of one row per pair: first_mark, second_mark, interaction and error."""
        first, second = pairs = np.triu_indices(len(self.marks), k=1)
        marks = np.asarray(self.marks, dtype=object)
        columns = {"first_mark": marks[first], "second_mark": marks[second]}
        columns |= {"interaction": self.interaction[pairs], "error": self.errors[pairs]}
        return pd.DataFrame(columns)

    def _title(self):
        return f"Log-odds of class {self.target} beyond the sum of two marks' effects"
