"""Results of mark interactions: log-odds by levels of two marks, and a matrix of all pairs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..metrics import holm_known
from ..utils import Result


@dataclass(eq=False, repr=False)
class MarkInteractions(Result):
    """Result of :func:`mark_interactions`.

    Arrays are (n_levels, n_levels), the first mark in rows, the second in columns.

    Attributes
    ----------
    scores : ndarray of shape (n_levels, n_levels)
        Mean log-odds of the class at each pair of levels; NaN where they are undefined in most
        of the backgrounds, because a probability is beyond one in a million.
    additive : ndarray of shape (n_levels, n_levels)
        Log-odds expected if the effects of the two marks added up.
    interaction : ndarray of shape (n_levels, n_levels)
        Log-odds beyond the sum of the two effects, ``scores - additive``.
    fit_sd : ndarray of shape (n_levels, n_levels)
        Standard deviation of ``interaction`` over several classifiers.
    background_se : ndarray of shape (n_levels, n_levels)
        Standard error of ``difference``, or without a null of ``interaction``, over backgrounds,
        taken by blocks. It does not cover fitting again.
    levels : ndarray of shape (n_levels,)
        Quantiles among the backgrounds, or factors.
    marks : tuple of two str
    target : label
    regions : tuple of two (first, last) or None
        Where each mark was varied, in bp relative to the TSS; None is everywhere.
    oriented : bool or None
        Whether positions run along transcription; False is along the genome, None unknown.
    contrast : {"quantiles", "factors"}
        What levels are; factors may leave the data.
    n_near : ndarray of shape (n_levels, n_levels)
        Backgrounds whose own marks are within 12.5 % of both quantiles; NaN of factors.
    null_mean, null_sd : ndarray of shape (n_levels, n_levels)
        Mean and standard deviation of the interaction over refits to additive labels; NaN without.
    low, high : ndarray of shape (n_levels, n_levels)
        95 % interval of ``difference``, over refits and backgrounds; NaN without a null.
    p_value : ndarray of shape (n_levels, n_levels)
        Of ``difference``, for each pair of levels by itself.
    n_null : int
        Number of refits, 0 without a null.
    n_fits : int
        Number of classifiers.
    """

    scores: np.ndarray
    additive: np.ndarray
    interaction: np.ndarray
    fit_sd: np.ndarray
    background_se: np.ndarray
    null_mean: np.ndarray
    null_sd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_value: np.ndarray
    levels: np.ndarray
    marks: tuple
    target: object
    regions: tuple
    oriented: bool | None
    contrast: str
    n_near: np.ndarray
    n_null: int
    n_fits: int

    @property
    def difference(self):
        """Interaction beyond that of refits to additive labels, NaN without them."""
        return self.interaction - self.null_mean

    @property
    def table(self):
        """DataFrame of one row per pair of levels."""
        level_a, level_b = np.meshgrid(self.levels, self.levels, indexing="ij")
        columns = {"level_a": level_a, "level_b": level_b, "score": self.scores}
        names = ("additive", "interaction", "null_mean", "null_sd", "difference", "low", "high")
        names += ("p_value", "background_se", "fit_sd", "n_near")
        columns |= {name: getattr(self, name) for name in names}
        return pd.DataFrame({name: values.ravel() for name, values in columns.items()})

    def _title(self):
        first, second = self.marks
        return (
            f"Log-odds of class {self.target} by {what_levels_are(self.contrast)} of {first} (a) "
            f"and {second} (b), {_against(self.n_null)}"
        )


@dataclass(eq=False, repr=False)
class MarkInteractionMatrix(Result):
    """Result of :func:`mark_interaction_matrix`.

    Attributes
    ----------
    table : DataFrame
        One row per pair, ``mark_a`` and ``mark_b``. ``interaction`` is in log-odds of the class
        (natural logarithm), the mean over backgrounds and classifiers. ``null_mean`` and
        ``null_sd`` are of refits to additive labels, ``difference`` is from their mean, with
        ``low`` and ``high``, its 95 % interval over refits and backgrounds, ``p_value`` and
        ``p_holm``, adjusted for the number of pairs. ``product_term`` is the coefficient of the
        product of the standardised marks in a logistic regression, with ``product_p`` and
        ``product_p_holm``. ``background_se`` is the standard error of ``difference``, or without
        a null of ``interaction``, over backgrounds alone, and ``fit_sd`` the standard deviation
        of ``interaction`` over several classifiers. ``n_near`` is the smallest number of
        backgrounds near one of the four combinations of levels, NaN of factors; ``note`` says
        what is wrong with a pair, else "".
    marks : list of str
    target : label
    contrast : {"quantiles", "factors"}
        What levels are; factors may leave the data.
    levels : ndarray of shape (2,)
    n_null : int
        Number of refits, 0 without a null.
    n_fits : int
        Number of classifiers.
    """

    table: pd.DataFrame
    marks: list
    target: object
    contrast: str
    levels: np.ndarray
    n_null: int
    n_fits: int

    def matrix(self, column="interaction"):
        """Return a column of the table as a symmetric matrix, NaN on the diagonal.

        Parameters
        ----------
        column : str, default="interaction"
            A column of numbers.

        Returns
        -------
        ndarray of shape (n_marks, n_marks)

        Raises
        ------
        ValueError
            If the table has no such column of numbers.
        """
        numbers = list(self.table.select_dtypes("number"))
        if column not in numbers:
            raise ValueError(f"column must be one of {', '.join(numbers)}, got {column!r}.")
        square = np.full((len(self.marks),) * 2, np.nan)
        at = np.triu_indices(len(self.marks), k=1)
        square[at] = square.T[at] = self.table[column]
        return square

    @property
    def interaction(self):
        """Interactions as a symmetric matrix, NaN on the diagonal."""
        return self.matrix()

    def _title(self):
        low, high = self.levels
        return (
            f"Log-odds of class {self.target} beyond the sum of two marks' effects between "
            f"{what_levels_are(self.contrast)} {low:g} and {high:g}, {_against(self.n_null)}"
        )

    def _shown(self):
        """Return what decides; the rest is in the table."""
        shown = ["mark_a", "mark_b", "interaction", "null_mean", "null_sd", "p_value", "p_holm"]
        shown += ["product_term", "product_p_holm", "n_near", "note"]
        return self.table[shown]


def what_levels_are(contrast):
    """Return what levels are called, and whether they leave the data."""
    return "quantiles" if contrast == "quantiles" else "factors (outside the data)"


def _against(n_null):
    return f"null of {n_null} refits to additive labels" if n_null else "no null"


def table_of_pairs(marks, pairs, found, product, n_near, notes):
    """Return the table of pairs; ``found`` has columns by name, ``product`` terms and p values."""
    names = np.asarray(marks, dtype=object)[np.array(pairs)]
    columns = {"mark_a": names[:, 0], "mark_b": names[:, 1], "interaction": found["interaction"]}
    columns |= {name: found[name] for name in ("null_mean", "null_sd")}
    columns |= {"difference": found["interaction"] - found["null_mean"]}
    columns |= {name: found[name] for name in ("low", "high", "p_value")}
    columns |= {"p_holm": holm_known(found["p_value"]), "product_term": product[0]}
    columns |= {"product_p": product[1], "product_p_holm": holm_known(product[1])}
    columns |= {name: found[name] for name in ("background_se", "fit_sd")}
    return pd.DataFrame(columns | {"n_near": n_near, "note": notes})
