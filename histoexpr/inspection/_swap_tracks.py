"""Which gene gives each gene its track, where tracks are exchanged between genes."""

import numpy as np
import pandas as pd
from sklearn.utils import column_or_1d

from ..utils import shorten

# More samples that are alone in their stratum, and thus keep their own tracks, are refused
_MOST_ALONE = 0.1


class Swaps:
    """Random exchanges inside strata: ``donors[r]`` (n_samples,) are rows of the same samples.

    Strata are the cells of a data set, because depth differs between cells, and what the user
    gives ``within``.
    """

    def __init__(self, samples, within, n_repeats, rng):
        self.strata = _strata(samples, within)
        self.donors = [_exchange(self.strata, rng) for _ in range(n_repeats)]


def _strata(samples, within):
    n_samples = len(samples)
    columns = {}
    if samples.cell is not None:
        columns["cell"] = samples.cell
    if within is not None:
        columns["within"] = column_or_1d(within)
        if len(columns["within"]) != n_samples:
            raise ValueError(
                f"within has {len(columns['within'])} samples, but X has {n_samples}."
            )
        if pd.isna(columns["within"]).any():
            raise ValueError("within has missing values; give each sample its stratum.")
    if not columns:
        strata = np.zeros(n_samples, dtype=np.intp)
    else:
        strata = pd.DataFrame(columns).groupby(list(columns), sort=True).ngroup().to_numpy()
    sizes = np.bincount(strata)[strata]
    if (sizes == 1).mean() > _MOST_ALONE:
        if within is None:
            remedy = "Give samples of several genes of each cell."
        else:
            remedy = (
                f"The strata are {shorten(np.unique(columns['within']).tolist(), 3)}: give fewer, "
                "such as pandas.qcut(score, 10, labels=False)."
            )
        raise ValueError(
            f"{(sizes == 1).sum()} of {n_samples} samples have no other to exchange tracks with. "
            f"{remedy}"
        )
    return strata


def _exchange(strata, rng):
    """Return rows of donors: a permutation of the rows of each stratum."""
    donors = np.empty(len(strata), dtype=np.intp)
    donors[np.argsort(strata, kind="stable")] = np.lexsort((rng.random(len(strata)), strata))
    return donors
