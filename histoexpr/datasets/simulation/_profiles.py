"""Expected histone-mark profiles around the transcription start sites of simulated genes.

The figures in this file were fitted to two Roadmap cells with 14,578 genes each (E012, E013),
bins along the strand: mean profiles and quantiles of every mark by expression, the spread of
regions among genes of equal expression and their correlations. Depth and background are those of
the raw counts of two others (E003, E123).
"""

from dataclasses import dataclass

import numpy as np

MARKS = ("H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")
_BACKGROUND = (0.85, 0.68, 1.00, 0.45, 1.40)  # reads in 100 bp
# Standard deviation of the logarithm over cells. In twelve Roadmap cells the lowest fifth of the
# genes has reads of 0.41 to 0.48, and the ratio of the highest hundredth to it 0.9 (H3K27me3)
# and 0.5 (H3K36me3, H3K9me3): stem cells have tall H3K27me3 domains, leukaemia cells hardly any.
_DEPTH_SPREAD = 0.45
_ENRICHMENT_SPREAD = (1.1, 0.38, 0.3, 0.35, 0.7)
# How the marks of a gene depart from the rule is half the gene's own, in all cells: so changes of
# the marks tell more of a gene that switches than the marks of one cell do. Pearson of the change
# predicted from two cells' marks with log2 fold change is .73 in E012 and E013, .44 of three
# marks in ten other cells; simulated about .64 and .53, and with nothing kept .53 and .42.
_RESPONSES = ("level", "open", "silent", "repressed", "transcribed", "primed")
_RESPONSE_KEPT = 0.5


@dataclass
class Cells:
    """How the cells and their libraries differ; the first axis is the cell."""

    depth: np.ndarray  # (n_cells, n_marks): reads relative to a usual library
    enrichment: np.ndarray  # (n_cells, n_marks): signal relative to a usual library
    leniency: np.ndarray  # how readily silent genes keep an H3K4me3 peak
    silencing: np.ndarray  # rise of the H3K27me3 background over silent genes
    openness: np.ndarray  # rise of every mark's background at active promoters
    slack: np.ndarray  # standard deviation of log transcription at a given log RPKM

    @classmethod
    def draw(cls, n_cells, depth, rng):
        """Draw all properties; ``depth`` (n_cells, n_marks), if given, replaces the drawn."""
        noise = rng.standard_normal((2, n_cells, len(MARKS)))
        return cls(
            depth=np.exp(_DEPTH_SPREAD * noise[0].clip(-2, 2)) if depth is None else depth,
            enrichment=np.exp(_ENRICHMENT_SPREAD * noise[1].clip(-2, 1)),
            leniency=rng.uniform(-0.4, 0.3, n_cells),
            silencing=rng.uniform(0.0, 0.4, n_cells),
            openness=rng.uniform(0.0, 0.4, n_cells),
            slack=rng.uniform(0.55, 1.1, n_cells),
        )


class Genes:
    """A block of genes: what they keep in all cells, and their marks in each.

    ``rpkm`` is (n_genes, n_cells), ``forward`` marks genes on the plus strand, ``x``
    (float32) are the centres of the bins in bp relative to the annotated TSS, along the genome.
    """

    def __init__(self, rpkm, forward, x, rng):
        self._rng, self._n = rng, len(rpkm)
        self.level = np.log(rpkm + 0.1).astype(np.float32)
        self.usual = usual = self.level.mean(axis=1)
        self.own = {name: self._normal() for name in _RESPONSES}
        # A CpG island keeps a promoter open beyond what the expression in a cell says.
        self.island = self._normal()
        self.missed = rng.random(self._n) < 0.04  # the annotated TSS is not the one in use
        self.polycomb = self._normal(0.8)
        self.strength = [self._normal() for _ in MARKS]
        mappable = rng.uniform(0.05, 0.8, self._n)
        mappable[rng.random(self._n) > np.where(usual < -1.5, 0.10, 0.02)] = 1
        self.copies = np.log(mappable) + self._normal(0.12)
        self.closed = rng.random(self._n) < 0.3 * _sigmoid(-3 * (usual + 1.7))
        # Expressed genes lie in gene-rich regions: there is more likely an active one upstream.
        self.neighbour = rng.random(self._n) < 0.5 * _sigmoid(1.2 * (usual + 1.2))
        self.divergent = rng.random(self._n) < 0.5  # the neighbour starts there, not ends
        self.second = rng.random(self._n) < 0.06  # a promoter inside the gene
        self._draw_shapes(forward, x)

    def _normal(self, scale=1.0):
        return np.float32(scale) * self._rng.standard_normal(self._n, dtype=np.float32)

    def _varied(self, name, scale):
        """Return how genes depart from the rule: a part that each keeps, and one of the cell."""
        own = self._normal((1 - _RESPONSE_KEPT) ** 0.5)
        return np.float32(scale) * (np.float32(_RESPONSE_KEPT**0.5) * self.own[name] + own)

    def _draw_shapes(self, forward, x):
        """Draw the profiles over bins; they are at most 1 and of shape (n_genes, n_bins)."""

        def spread(scale):
            return np.exp(self._normal(scale))[:, None]

        # Distance downstream of the site in use, which is some hundred bp from the annotated.
        u = np.where(forward, 1, -1).astype(np.float32)[:, None] * x
        u -= 160 * self._normal()[:, None] * spread(0.4)
        down = np.maximum(u, 0)
        up = u - down
        # The nucleosomes upstream belong to the divergent transcript, if there is one.
        busy = np.exp(np.float32(0.1) * (self.usual - 1))[:, None]
        width = np.where(u > 0, 820 * spread(0.25) * busy, 580 * spread(0.5))
        side = np.where(u > 0, np.float32(1), np.minimum(0.6 * spread(0.8), 1.8))
        free = np.exp(-(((u + 60) / 170) ** 2))  # of nucleosomes
        shapes = {"free": free, "peak": side * np.exp(-((u / width) ** 2)) * (1 - 0.88 * free)}
        shapes["core"] = np.exp(-((u / 900) ** 2)) * (1 - 0.7 * free)
        shapes["breadth"] = np.exp(-((down / (2000 * spread(0.5))) ** 2)) * (u > 0)
        outside = 1 - 0.9 * np.exp(-((u / 600) ** 2))
        shapes["flank"] = np.exp(down / -(1250 * spread(0.3) * busy)) * outside * (u > 0)
        shapes["behind"] = np.exp(up / (1100 * spread(0.6))) * outside * (u <= 0)
        end = 24_000 * spread(1.3)
        shapes["body"] = 1 - np.exp(-((np.maximum(u - 300, 0) / (1300 * spread(0.4))) ** 2))
        shapes["body"] *= _sigmoid((end - u) / 200)
        start = self._rng.uniform(-500, 6000, (self._n, 1)).astype(np.float32)
        shapes["upstream"] = _sigmoid((-u - start) / 300)
        place = np.where(self.second[:, None], start + 1500, np.minimum(1200 - start, -300))
        away = np.abs(u - place) / (650 * spread(0.3))
        shapes["other"], shapes["fringe"] = np.exp(-(away**2)), np.exp(-0.4 * away)
        centre, reach = 1300 * self._normal()[:, None], 2500 * spread(0.7)
        shapes["domain"] = np.exp(-(((u - centre) / reach) ** 4)) * (1 - 0.45 * free)
        self.shapes = {name: shape.astype(np.float32) for name, shape in shapes.items()}

    def rates(self, cell, cells):
        """Yield the expected reads in 100 bp at usual depth for a cell, by its number.

        One float32 array of shape (n_genes, n_bins) for each mark, in the order of ``MARKS``.
        """
        gain, shapes = cells.enrichment[cell], self.shapes
        # RNA that is made is not the RNA that is there: its stability differs.
        level = np.minimum(self.level[:, cell], 6) + self._varied("level", cells.slack[cell])
        open_ = 0.8 * level + 0.3 * self.usual - 0.2 + cells.leniency[cell]
        open_ -= 1.2 * np.maximum(-1.2 - self.usual, 0)
        open_ += self.island + self._varied("open", 0.6)
        active = np.where(self.missed, 0, _sigmoid(open_)).astype(np.float32)
        silent = _sigmoid(-1.6 * (level + self._varied("silent", 0.5)))
        repressed = _sigmoid(1.6 * (0.9 - level + self._varied("repressed", 0.4)))
        transcribed = _sigmoid(1.15 * level - 2.4 + self._varied("transcribed", 0.8))
        ground = np.exp(self.copies + self._normal(0.08) + cells.openness[cell] * (active - 0.5))
        own_neighbour = self.neighbour & (self._rng.random(self._n) < 0.8)

        def over(mark, height):
            return (height * ground * _BACKGROUND[mark]).astype(np.float32)[:, None]

        def add(mark, height, shape, own, kept):
            # log-normal: `own` is this cell's variation, `kept` the gene's in all cells
            noise = kept * self.strength[mark] + self._normal(own)
            height = gain[mark] * height * np.exp(noise - (own**2 + kept**2) / 2)
            return height.astype(np.float32)[:, None] * shapes[shape]

        # Peaked at active promoters: high on the side of the gene, where it reaches the farther
        # the more is transcribed.
        peak = add(3, 76 * active, "peak", 0.15, 0.2)
        peak += add(3, 24 * active * _sigmoid(level - 3.4), "breadth", 0.5, 1.1)
        # Where H3K4me3 is, there is neither H3K4me1 nor much else.
        other = self.second | (own_neighbour & self.divergent)
        peak += add(3, 42 * other, "other", 0.3, 0.5)
        bare = 0.05 + np.float32(0.95) / (1 + (np.float32(1 / (19 * gain[3])) * peak) ** 2)

        # Tall, broad domains over some silent CpG islands, less over transcribed bodies.
        domain = 24 * repressed * _sigmoid(1.3 * open_ + 1.2 + self.polycomb)
        rate = over(0, 1 + cells.silencing[cell] * silent) + add(0, domain, "domain", 0.5, 0.7)
        yield rate * (
            1 - np.float32(0.5) * transcribed.astype(np.float32)[:, None] * shapes["body"]
        )

        # Rising into the body of transcribed genes, and over a neighbour's.
        rate = over(1, 0.9) * (0.5 + 0.5 * bare) + add(1, 4.3 * transcribed, "body", 0.25, 0.3)
        yield rate + add(1, 3.9 * own_neighbour, "upstream", 0.45, 0.3)

        # Around promoters active and primed, but not where H3K4me3 takes its place.
        primed = _sigmoid(0.75 * level + 0.3 * self.usual - 0.6 + self._varied("primed", 0.9))
        flank = add(2, 15.0 * primed, "flank", 0.35, 0.55)
        flank += add(2, 5.5 * primed**0.5, "behind", 0.8, 0.7)
        flank += add(2, 9.0 * other, "fringe", 0.4, 0.3)
        flank += add(2, 3.6 * _sigmoid(open_ + 1.5), "core", 0.3, 0.3)
        yield (over(2, 0.85 + 0.4 * primed) + flank) * bare

        yield over(3, 0.9) + np.float32(0.22) * flank + peak

        # Over silent genes a little, and whole windows in heterochromatin.
        closed = self.closed & (self._rng.random(self._n) < 0.8)
        height = 1 + 0.15 * silent + 2.0 * gain[4] * closed * np.exp(self._normal(0.4))
        yield over(4, height * np.exp(0.4 * self.strength[4])) * (0.65 + 0.35 * bare)


def _sigmoid(values):
    return 0.5 + 0.5 * np.tanh(0.5 * values)
