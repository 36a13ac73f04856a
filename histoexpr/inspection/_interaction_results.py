"""What the questions after interactions of marks find."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd


@dataclass(eq=False)
class MarkInteractions:
    """What :func:`mark_interactions` found.

    Attributes
    ----------
    scores : ndarray of shape (n_levels, n_levels)
        Mean log-odds of the class with the first mark (rows) and the second (columns) at
        each level; NaN where a classifier is too sure in most of the backgrounds.
    additive : ndarray of shape (n_levels, n_levels)
        What they would be if the effects of the two marks added up.
    errors : ndarray of shape (n_levels, n_levels)
        Standard error of ``scores - additive`` over the backgrounds and, if there were
        several classifiers, over them.
    levels : ndarray of shape (n_levels,)
        Factors by which the marks' signals, or the profile, were multiplied.
    marks : tuple of int
        The marks.
    target : label
        The class.
    regions : tuple of two (first, last) or None
        Where each mark was varied, in bp relative to the TSS; None is everywhere.
    """

    scores: np.ndarray
    additive: np.ndarray
    errors: np.ndarray
    levels: np.ndarray
    marks: tuple
    target: object
    regions: tuple = (None, None)

    @property
    def interaction(self):
        """Log-odds beyond the sum of the two effects: above 0 the marks help each other."""
        return self.scores - self.additive


@dataclass(eq=False)
class MarkInteractionMatrix:
    """What :func:`mark_interaction_matrix` found.

    Attributes
    ----------
    interaction : ndarray of shape (n_marks, n_marks)
        Log-odds of the class beyond the sum of the two effects, mean over the backgrounds;
        above 0 the marks help each other. NaN on the diagonal and where a classifier is too
        sure in most of the backgrounds.
    errors : ndarray of shape (n_marks, n_marks)
        Standard error over the backgrounds and, if there were several, the classifiers.
    marks : list of str
        Names of the marks.
    target : label
        The class.
    """

    interaction: np.ndarray
    errors: np.ndarray
    marks: list
    target: object

    def rows(self):
        """Return one dict per pair with first_mark, second_mark, interaction and error."""
        return [
            {
                "first_mark": self.marks[j],
                "second_mark": self.marks[k],
                "interaction": float(self.interaction[j, k]),
                "error": float(self.errors[j, k]),
            }
            for j, k in combinations(range(len(self.marks)), 2)
        ]

    def to_frame(self):
        """Return :meth:`rows` as a DataFrame."""
        return pd.DataFrame(self.rows())
