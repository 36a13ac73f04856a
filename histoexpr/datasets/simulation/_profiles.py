"""Expected histone-mark profiles around the transcription start sites of simulated genes.

The figures in this file were fitted to raw counts of two Roadmap cells in bins of 100 bp:
the profiles of expressed and silent genes, the share of promoters with an H3K4me3 peak at
a given RPKM, and the spread and the correlation of the marks over genes and cells.
"""

from dataclasses import dataclass

import numpy as np

MARKS = ("H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")
_BACKGROUND = (0.85, 0.68, 0.90, 0.45, 1.40)  # reads in 100 bp
# H3K27me3 and H3K9me3 differ most between cells: stem cells have tall domains, leukaemia
# cells hardly any.
_ENRICHMENT_SPREAD = (0.9, 0.25, 0.25, 0.25, 0.5)


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
            depth=np.exp(0.25 * noise[0].clip(-2, 2)) if depth is None else depth,
            enrichment=np.exp(_ENRICHMENT_SPREAD * noise[1].clip(-2, 1)),
            leniency=rng.uniform(-0.9, 0.2, n_cells),
            silencing=rng.uniform(0.1, 0.6, n_cells),
            openness=rng.uniform(0.0, 0.4, n_cells),
            slack=rng.uniform(0.3, 1.3, n_cells),
        )


class Genes:
    """A block of genes: what they keep in all cells, and their marks in each.

    ``rpkm`` is (n_genes, n_cells), ``forward`` marks genes on the plus strand, ``x``
    (float32) are the centres of the bins in bp relative to the annotated TSS, along the genome.
    """

    def __init__(self, rpkm, forward, x, rng):
        self._rng, self._n = rng, len(rpkm)
        self.level = np.log(rpkm + 0.1).astype(np.float32)
        usual = self.level.mean(axis=1)
        # Genes that many cells express mostly have a CpG-island promoter.
        self.island = 0.5 * (usual + 1) + self._normal(0.75)
        self.missed = rng.random(self._n) < 0.05  # the annotated TSS is not the one in use
        self.polycomb = self.island - 0.9 * np.maximum(usual, 0) + self._normal(0.8)
        common = self._normal(0.6)  # vigour of the marks of transcription
        self.strength = [self._normal()]
        self.strength += [common + self._normal(0.8) for _ in MARKS[1:4]] + [self._normal()]
        mappable = rng.uniform(0.05, 0.8, self._n)
        mappable[rng.random(self._n) > np.where(usual < -1.5, 0.10, 0.02)] = 1
        self.copies = np.log(mappable) + self._normal(0.17)
        self.closed = rng.random(self._n) < 0.3 * _sigmoid(-3 * (usual + 1.7))
        # Expressed genes lie in gene-rich regions: there is more likely one upstream.
        self.neighbour = rng.random(self._n) < _sigmoid(0.5 * usual)
        self.second = rng.random(self._n) < 0.25  # another promoter lies in the window
        self._draw_shapes(forward, x)

    def _normal(self, scale=1.0):
        return np.float32(scale) * self._rng.standard_normal(self._n, dtype=np.float32)

    def _draw_shapes(self, forward, x):
        """Draw the profiles over bins; they are at most 1 and of shape (n_genes, n_bins)."""
        rng, column = self._rng, (self._n, 1)

        def spread(scale):
            return np.exp(self._normal(scale))[:, None]

        # Distance downstream of the site in use, which is some hundred bp from the annotated.
        u = np.where(forward, 1, -1).astype(np.float32)[:, None] * x
        u = u - 220 * self._normal()[:, None] * spread(0.4)
        width = 800 * spread(0.3) * np.where(u > 0, 1.15 * spread(0.25), spread(0.25))
        free = np.exp(-((u / 180) ** 2))  # of nucleosomes
        shapes = {"free": free, "core": np.exp(-((u / (0.75 * width)) ** 2))}
        shapes["peak"] = np.exp(-((u / width) ** 2)) * (1 - 0.85 * free)
        shapes["around"] = np.exp(-(np.abs(u / (1.1 * width + 800)) ** 1.5))
        end = 24_000 * spread(1.3)
        shapes["body"] = 1 - np.exp(-((np.maximum(u - 300, 0) / (1700 * spread(0.4))) ** 2))
        shapes["body"] *= _sigmoid((end - u) / 200)
        shapes["upstream"] = _sigmoid((-u - rng.uniform(300, 4500, column)) / 300)
        centre, reach = 1300 * self._normal()[:, None], 2500 * spread(0.7)
        shapes["domain"] = np.exp(-(((u - centre) / reach) ** 4)) * (1 - 0.45 * free)
        place = rng.uniform(1500, 6000, column) * rng.choice([-1, 1], column)
        shapes["second"] = np.exp(-(((u - place) / (550 * spread(0.3))) ** 2))
        self.shapes = {name: shape.astype(np.float32) for name, shape in shapes.items()}

    def rates(self, cell, cells):
        """Yield the expected reads in 100 bp at usual depth for a cell, by its number.

        One float32 array of shape (n_genes, n_bins) for each mark, in the order of ``MARKS``.
        """
        gain, free = cells.enrichment[cell], self.shapes["free"]
        # RNA that is made is not the RNA that is there: its stability differs.
        level = np.minimum(self.level[:, cell], 4.5) + self._normal(cells.slack[cell])
        active = 0.65 * (level + 1) + self.island + cells.leniency[cell] + self._normal(0.6)
        active = np.where(self.missed, 0, _sigmoid(4 * active)).astype(np.float32)
        silent = _sigmoid(-1.6 * (level + self._normal(0.5)))
        repressed = _sigmoid(1 - level)
        transcribed = _sigmoid(1.2 * (level + self._normal(0.8)))
        ground = np.exp(self.copies + self._normal(0.24) + cells.openness[cell] * (active - 0.5))

        def over(mark, height):
            height = (height * ground * _BACKGROUND[mark]).astype(np.float32)[:, None]
            return height * (1 - 0.4 * active[:, None] * free)

        def add(mark, height, shape, own, kept):
            # log-normal: `own` is this cell's variation, `kept` the gene's in all cells
            noise = kept * self.strength[mark] + self._normal(own)
            height = gain[mark] * height * np.exp(noise - (own**2 + kept**2) / 2)
            return height.astype(np.float32)[:, None] * self.shapes[shape]

        # Tall, broad domains over some silent CpG islands, a slight rise over the rest.
        domain = 18 * repressed * _sigmoid(5 * (self.polycomb - 0.3)) * (0.15 + 0.85 * active)
        yield over(0, 1 + cells.silencing[cell] * silent) + add(0, domain, "domain", 0.5, 0.75)

        # Rising into the body of transcribed genes, and over a neighbour's.
        body = 2.3 * transcribed * np.exp(0.2 * (level - 1))
        rate = over(1, 1 + 0.4 * transcribed) + add(1, body, "body", 0.4, 0.55)
        yield rate + add(1, 1.5 * self.neighbour, "upstream", 0.7, 0.0)

        # Around promoters active and primed, but not where H3K4me3 takes its place.
        primed = 0.7 * _sigmoid(1.5 * (level + 1) + self.strength[2]) + 1.3 * active
        around = add(2, 2.9 * primed, "around", 0.4, 0.5)
        rate = over(2, 1 + 0.9 * primed) + around
        yield rate * (1 - 0.8 * active[:, None] * self.shapes["core"])

        # Peaked at active promoters, on either side of the start site.
        peak = 50 * active * np.exp(0.17 * (level - 1))
        rate = over(3, 1) + 0.75 * around + add(3, peak, "peak", 0.25, 0.25)
        second = self.second * (self._rng.random(self._n) < 0.7)
        yield rate + add(3, 25 * second, "second", 0.3, 0.5)

        # Slightly more over silent genes, and whole windows in heterochromatin.
        closed = self.closed & (self._rng.random(self._n) < 0.8)
        yield over(4, 1 + 0.12 * silent + 2.0 * gain[4] * closed * np.exp(self._normal(0.4)))


def _sigmoid(values):
    return 0.5 + 0.5 * np.tanh(0.5 * values)
