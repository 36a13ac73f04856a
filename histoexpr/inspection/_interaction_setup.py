"""What interactions are measured with: classifiers, backgrounds, levels, and their checks."""

import warnings
from numbers import Integral

import numpy as np
from sklearn.utils.validation import check_array

from ..exceptions import HistoexprWarning
from ..utils import HasMethods, Interval, StrOptions
from ._class_map_results import ClassMaps
from ._mark_levels import FACTORS, QUANTILES, MarkLevels
from ._samples import Samples
from ._signals import as_floats

PARAMETERS = {
    "classifier": [HasMethods(["predict_proba"]), list, tuple],
    "contrast": [StrOptions({QUANTILES, FACTORS})],
    "null": [StrOptions({"additive"}), None],
    "n_null": [Interval(Integral, 3, None, closed="left")],
    "n_backgrounds": [Interval(Integral, 2, None, closed="left")],
    "n_donors": [Interval(Integral, 1, None, closed="left")],
    "random_state": ["random_state"],
    "verbose": [Interval(Integral, 0, None, closed="left")],
}


def check_fits(classifier):
    """Return a list of classifiers from one or several."""
    fits = list(classifier) if isinstance(classifier, list | tuple) else [classifier]
    if not fits:
        raise ValueError("classifier is an empty list; give one classifier or several.")
    return fits


def read_backgrounds(backgrounds, fits, marks, window, bin_size):
    """Return Samples of backgrounds, which may be ClassMaps; negative signals are refused."""
    sources = fits
    if isinstance(backgrounds, ClassMaps):
        sources, marks = [backgrounds, *fits], marks or backgrounds.marks
        backgrounds = backgrounds.signals
    samples = Samples(
        backgrounds, sources, marks=marks, window=window, bin_size=bin_size, name="backgrounds"
    )
    if len(samples) < 2:
        raise ValueError("backgrounds has one sample; effects are averaged over two or more.")
    if samples.cell is not None and len(np.unique(samples.cell)) > 1:
        warnings.warn(
            "backgrounds are of several cell types. Quantiles are taken and tracks exchanged over "
            "all of them, so that a deep cell is what is high: give one cell, or make them "
            "comparable with CellNormalizer.",
            HistoexprWarning,
            stacklevel=4,
        )
    if (samples.X < 0).any():
        raise ValueError("Negative values in backgrounds; signals are counts or densities.")
    return samples


def check_levels(levels, contrast, default):
    """Return levels as an ascending array: quantiles, or factors that include 0."""
    found = as_floats(default[contrast] if levels is None else levels)
    usable = found.ndim == 1 and len(found) and np.isfinite(found).all() and (found >= 0).all()
    if contrast == FACTORS:
        if not usable:
            raise ValueError(f"levels must be factors, finite and not negative, got {levels!r}.")
        return np.unique([0.0, *found])
    if not usable or (found > 1).any() or len(np.unique(found)) < 2:
        raise ValueError(
            f"levels must be two or more different quantiles between 0 and 1, got {levels!r}. For "
            'factors, which leave the range of the data, pass contrast="factors" as well.'
        )
    return np.unique(found)


def make_levels(samples, places, contrast, levels, profile, n_backgrounds, n_donors, rng):
    """Return MarkLevels of at most so many backgrounds, drawn at random."""
    profile = _check_profile(profile, samples, contrast)
    rows = np.arange(len(samples))
    if len(rows) > n_backgrounds:
        rows = np.sort(rng.choice(len(rows), n_backgrounds, replace=False))
    return MarkLevels(
        samples.X, rows, places, contrast, levels,
        profile=profile, n_donors=n_donors, random_state=int(rng.integers(2**31)),
    )  # fmt: skip


def one_per_mark(regions, n_marks):
    """Return a region for each mark from one for all of them, or one each."""
    if regions is None or np.isscalar(regions) or np.isscalar(regions[0]):
        return (regions,) * n_marks
    if len(regions) != n_marks:
        raise ValueError(
            f"regions must be one (first, last) or {n_marks} of them, one per mark, got "
            f"{len(regions)}."
        )
    return tuple(regions)


def _check_profile(profile, samples, contrast):
    if profile is None:
        return None
    if contrast != FACTORS:
        raise ValueError(
            'profile is for factors: pass contrast="factors" as well. Quantiles are of the '
            "backgrounds' own tracks."
        )
    params = {"dtype": np.float64, "ensure_non_negative": True, "input_name": "profile"}
    profile = check_array(profile, **params)
    n_bins, n_marks = samples.X.shape[1:]
    if profile.shape != (n_bins, n_marks):
        raise ValueError(
            f"profile must have the shape (n_bins, n_marks) = ({n_bins}, {n_marks}) of the "
            f"backgrounds, got {profile.shape}."
        )
    return profile
