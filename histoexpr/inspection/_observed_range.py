"""Whether changed signals are of a kind that real genes have."""

import numpy as np
from sklearn.neighbors import NearestNeighbors

from ..utils import signed_log1p

# With fewer genes the ends of a range are those of chance
_FEWEST = 100
# The range of a mark leaves out half a percent of real genes at each end, distances one percent
_TAIL = 0.005
_FAR = 0.99


class ObservedRange:
    """Ranges and distances of real genes, by mean log(1 + signal) of marks.

    ``places`` are (bins, mark number) of what was changed. ``known`` says whether there are genes
    enough; ``ends`` (n_places, 2) are the range of each place, on the scale of the logarithm.
    """

    def __init__(self, X, places):
        self.places, self.known = places, len(X) >= _FEWEST
        slices = [slice(None)]
        for bins, _ in places:
            if bins not in slices:
                slices.append(bins)
        self.slices = slices
        self.ends = np.full((len(places), 2), np.nan)
        if not self.known:
            return
        self.ends = np.quantile(self._levels(X), [_TAIL, 1 - _TAIL], axis=0).T
        features = self._features(X)
        spread = features.std(axis=0)
        self.scale = np.where(spread > 0, spread, 1.0)
        self.neighbours = NearestNeighbors().fit(features / self.scale)
        self.far = np.quantile(self._distances(features, own=True), _FAR)

    def outside_alone(self, X):
        """Return (n_samples, n_places): whether a changed mark is beyond its own range."""
        levels, tolerance = self._levels(X), 1e-9
        return (levels < self.ends[:, 0] - tolerance) | (levels > self.ends[:, 1] + tolerance)

    def outside_together(self, X, *, own):
        """Return (n_samples,): whether marks together are far from those of any real gene.

        ``own`` (n_samples,) is the row of each sample among the genes of the range, -1 for none: a
        gene is not compared with itself. True are these genes in their order, False others.
        """
        return self._distances(self._features(X), own=own) > self.far * (1 + 1e-9)

    def _levels(self, X):
        columns = [signed_log1p(X[:, bins, mark]).mean(axis=1) for bins, mark in self.places]
        return np.stack(columns, axis=1)

    def _features(self, X):
        columns = [signed_log1p(X[:, bins]).mean(axis=1) for bins in self.slices]
        return np.concatenate(columns, axis=1)

    def _distances(self, features, *, own):
        distances, rows = self.neighbours.kneighbors(features / self.scale, n_neighbors=2)
        if isinstance(own, bool):
            own = np.where(own, np.arange(len(features)), -1)
        return np.where(rows == own[:, None], np.inf, distances).min(axis=1)
