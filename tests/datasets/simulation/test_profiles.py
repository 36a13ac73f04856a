"""Simulated profiles: shapes, correlations of marks and what a gene keeps."""

import numpy as np

from histoexpr import make_histone_cells
from support.simulation_statistics import MARKS, mark_correlations


def test_marks_correlate_as_in_real_cells(simulated_cells):
    bins, genes = np.median([mark_correlations(cell.X) for cell in simulated_cells], axis=0)
    # pairs in the order 27-36, 27-4me1, 27-4me3, 27-9, 36-4me1, 36-4me3, 36-9,
    # 4me1-4me3, 4me1-9, 4me3-9; both real simulated_cells and the simulation lie in these ranges
    low = [-0.15, 0.02, 0.0, 0.0, 0.02, -0.08, 0.02, 0.12, -0.05, -0.14]
    high = [0.2, 0.45, 0.3, 0.28, 0.48, 0.33, 0.33, 0.52, 0.3, 0.26]
    assert np.all((low < bins) & (bins < high))
    low = [-0.36, -0.2, -0.33, -0.08, 0.2, 0.4, -0.06, 0.45, -0.16, -0.18]
    high = [0.25, 0.6, 0.25, 0.4, 0.72, 0.86, 0.5, 0.82, 0.45, 0.4]
    assert np.all((low < genes) & (genes < high))


def test_mark_correlations_are_near_real_cells(simulated_cells, real_cells, full_cells):
    simulated = np.median([mark_correlations(cell.X) for cell in simulated_cells], axis=0)
    every = [mark_correlations(X) for X, _ in real_cells + full_cells]
    for number, room in ((0, 0.15), (1, 0.3)):
        low = np.min([one[number] for one in every], axis=0)
        high = np.max([one[number] for one in every], axis=0)
        assert np.all((low - room < simulated[number]) & (simulated[number] < high + room))


def _profile(data, mark, label, strand=None):
    rows = data.y == label if strand is None else (data.y == label) & (data.strand == strand)
    return data.X[rows][:, :, MARKS.index(mark)].mean(axis=0)


def _smooth(profile):
    return np.convolve(profile, np.ones(5) / 5, mode="same")[2:-2]


def _check_shapes(profile, flank_dip):
    """Check what both real and simulated profiles, given by mark and label, look like."""
    peak = profile("H3K4me3", 1)
    assert 40 <= peak.argmax() < 60
    assert peak[40:60].mean() > 8 * peak[:20].mean()
    assert peak[49:51].mean() < 0.9 * max(peak[44:48].mean(), peak[52:56].mean())
    assert peak[40:60].mean() > 2 * profile("H3K4me3", 0)[40:60].mean()
    flank = profile("H3K4me1", 1)
    for side in (slice(32, 46), slice(54, 68)):
        assert flank[side].mean() > 1.2 * max(flank[:10].mean(), flank[90:].mean())
        assert flank[side].max() > flank_dip * flank[48:52].mean()
    body = profile("H3K36me3", 1)
    assert body[85:].mean() > 1.8 * body[45:55].mean()
    silent = profile("H3K36me3", 0)
    assert body[80:].mean() > 1.8 * silent[80:].mean()
    domain = profile("H3K27me3", 0)
    assert domain.mean() > 1.4 * profile("H3K27me3", 1).mean()
    assert domain[35:65].mean() > 1.05 * np.r_[domain[:15], domain[85:]].mean()
    # broad: half of its height over the edges is still there 1.5 kb away
    assert np.r_[domain[33:37], domain[63:67]].mean() > 0.6 * domain[40:60].mean()


def test_profiles_have_the_shapes_of_the_marks(along_genome):
    _check_shapes(lambda mark, label: _profile(along_genome, mark, label), 1.5)
    # weakly: H3K9me3
    silent, expressed = (_profile(along_genome, "H3K9me3", label).mean() for label in (0, 1))
    ratio = silent / expressed
    assert 1.0 < ratio < 1.5


def test_real_profiles_have_these_shapes(real_cells):
    X, y = (np.concatenate(parts) for parts in zip(*real_cells, strict=True))
    _check_shapes(lambda mark, label: X[y == label][:, :, MARKS.index(mark)].mean(axis=0), 1.5)


def test_profiles_correlate_with_real_ones(along_genome, real_cells):
    X, y = (np.concatenate(parts) for parts in zip(*real_cells, strict=True))
    for mark, least in (("H3K4me3", 0.97), ("H3K4me1", 0.85), ("H3K36me3", 0.8)):
        found = _smooth(X[y == 1][:, :, MARKS.index(mark)].mean(axis=0))
        assert np.corrcoef(_smooth(_profile(along_genome, mark, 1)), found)[0, 1] > least, mark


def test_gene_body_lies_downstream_on_either_strand(simulated, along_genome):
    right, left = slice(70, 100), slice(30)
    for data, strand, body, upstream in (
        (along_genome, "+", right, left),
        (along_genome, "-", left, right),
        (simulated, "+", right, left),
        (simulated, "-", right, left),
    ):
        profile = _profile(data, "H3K36me3", 1, strand)
        assert profile[body].mean() > 1.4 * profile[upstream].mean()


def _check_sides(profile):
    """Check what real and simulated genes of the same strand have upstream and downstream."""
    peak, flank, body = (profile(mark, 1) for mark in ("H3K4me3", "H3K4me1", "H3K36me3"))
    assert peak[50:65].mean() > 1.5 * peak[35:50].mean()
    assert peak[55:70].mean() > 2.5 * peak[30:45].mean()
    assert flank[60:80].mean() > 1.2 * flank[20:40].mean()
    # H3K4me3 takes the place of H3K4me1 just downstream of the start site.
    assert flank[60:70].mean() > 1.8 * flank[51:55].mean()
    assert body[70:].mean() > 1.5 * body[:30].mean()
    # Silent genes have these differences in less than half the measure.
    silent = profile("H3K36me3", 0)
    assert silent[70:].mean() - silent[:30].mean() < 0.5 * (body[70:].mean() - body[:30].mean())
    domain = profile("H3K27me3", 1)
    assert domain[65:].mean() < 0.85 * domain[:35].mean()


def test_profiles_differ_between_the_sides_of_the_start_site(simulated):
    _check_sides(lambda mark, label: _profile(simulated, mark, label))


def test_sides_of_real_genes_differ_like_that(full_cells):
    for X, y in full_cells:
        mean = {label: X[y == label].mean(axis=0) for label in (0, 1)}
        _check_sides(lambda mark, label, mean=mean: mean[label][:, MARKS.index(mark)])


def test_profiles_correlate_with_those_of_all_genes(simulated, full_cells):
    for X, y in full_cells:
        for mark, least in (("H3K4me3", 0.97), ("H3K36me3", 0.95), ("H3K4me1", 0.8)):
            real = _smooth(X[y == 1][:, :, MARKS.index(mark)].mean(axis=0))
            assert np.corrcoef(_smooth(_profile(simulated, mark, 1)), real)[0, 1] > least, mark


def test_peaks_reach_farther_into_genes_that_are_expressed_more(simulated):
    rank = np.argsort(np.argsort(simulated.expression))
    top, middle = rank > 0.9 * len(rank), np.abs(rank / len(rank) - 0.6) < 0.05
    X = simulated.X[:, :, MARKS.index("H3K4me3")]
    reach = {
        side: [X[genes][:, bins].mean() / X[genes][:, 45:55].mean() for genes in (top, middle)]
        for side, bins in (("down", slice(65, 75)), ("up", slice(25, 35)))
    }
    assert reach["down"][0] > 1.5 * reach["down"][1]
    assert reach["up"][0] < 1.2 * reach["up"][1]


def test_some_silent_genes_have_active_looking_promoters(simulated_cells):
    for cell in simulated_cells:
        centre = cell.X[:, 40:60, 3].mean(axis=1)
        peaked = centre > 5 * max(np.percentile(centre, 15), 0.5)
        assert 0.2 < peaked[cell.y == 0].mean() < 0.6
        assert 0.85 < peaked[cell.y == 1].mean() < 0.99


def test_gene_looks_alike_in_all_cells_beyond_its_expression():
    data = make_histone_cells(expression=np.full((1500, 2), 10.0), depth=1, random_state=0)
    X = data.X.reshape(2, 1500, 100, 5)
    for mark, low, high in ((0, 0.2, 0.9), (1, 0.3, 0.9), (2, 0.2, 0.9), (3, 0.3, 0.95)):
        one, other = np.log1p(X[:, :, :, mark].mean(axis=2))
        assert low < np.corrcoef(one, other)[0, 1] < high


def test_given_strand_turns_the_gene():
    expression = np.full((2000, 1), 30.0)
    for strand, downstream in (("+", slice(70, 100)), ("-", slice(0, 30))):
        data = make_histone_cells(
            expression=expression, strand=[strand] * 2000, oriented=False, random_state=0
        )
        body = data.X[:, :, 1].mean(axis=0)
        assert body[downstream].mean() > 1.4 * body[45:55].mean()
        assert body[downstream].mean() > 1.2 * body[::-1][downstream].mean()
