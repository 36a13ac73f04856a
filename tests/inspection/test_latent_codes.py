"""The scale on which signals compare, by hand, and codes while they are optimised."""

from types import SimpleNamespace

import numpy as np
import torch

from histoexpr.inspection._latent_codes import LatentCodes, LogScale, decode_codes


def scale_of(unit, scale, counts=False, order=None):
    values = {"unit": torch.tensor(unit), "scale": torch.tensor(scale)}
    network = SimpleNamespace(input=SimpleNamespace(**values))
    return LogScale(SimpleNamespace(counts_=counts, generator_=network), order)


def codes_of(generator, n=3):
    rng = np.random.RandomState(0)
    drawn = generator.sample_codes(n, random_state=rng)
    return generator.generator_.with_noise(drawn, rng)


def test_logs_are_in_units_and_deviations_of_the_marks():
    found = scale_of([1.0, 2.0], [1.0, 4.0])
    signals = np.array([[[np.e - 1, 2 * (np.e - 1)]]])
    np.testing.assert_allclose(found.logs(signals), [[[1, 0.25]]])
    np.testing.assert_allclose(found.logs(torch.tensor(signals)).numpy(), [[[1, 0.25]]])
    np.testing.assert_allclose(found.log2_change(signals * 0, np.full((1, 1, 2), 6)),
                               [[[np.log2(7), 2]]])  # fmt: skip
    turned = scale_of([1.0, 2.0], [1.0, 4.0], order=[1, 0])
    np.testing.assert_allclose(turned.logs(signals[..., ::-1].copy()), [[[0.25, 1]]])


def test_a_change_is_a_ratio_for_the_gene():
    gene, before = torch.tensor([[[3.0, 1.0]]]), torch.tensor([[[1.0, 3.0]]])
    after = torch.tensor([[[3.0, 0.0]]], requires_grad=True)
    moved = scale_of([1.0, 1.0], [1.0, 1.0]).transplant(gene, before, after)
    # 4 * (4 / 2) - 1, and 2 * (1 / 4) - 1, which is below 0
    np.testing.assert_allclose(moved.detach(), [[[7, 0]]], atol=1e-6)
    after = torch.tensor([[[2.2, 0.0]]], requires_grad=True)
    rounded = scale_of([1.0, 1.0], [1.0, 1.0], counts=True).transplant(gene, before, after)
    np.testing.assert_allclose(rounded.detach(), [[[5, 0]]], atol=1e-6)  # 5.4
    (slope,) = torch.autograd.grad(rounded.sum(), [after])
    np.testing.assert_allclose(slope[0, 0, 0], 2, rtol=1e-5)


def test_without_a_change_a_gene_stays():
    gene = torch.tensor([[[3.0, 0.0], [117.0, 2.0]]])
    same = torch.tensor([[[0.5, 7.0], [1.0, 0.0]]])
    moved = scale_of([1.0, 5.0], [1.0, 1.0]).transplant(gene, same, same)
    np.testing.assert_allclose(moved, gene, rtol=1e-5, atol=1e-5)


def test_codes_start_where_they_are(generator):
    drawn = codes_of(generator)
    codes = LatentCodes(generator, drawn, mix=False)
    np.testing.assert_allclose(codes.values(), drawn, atol=1e-5)
    np.testing.assert_allclose(codes.signals().detach(), decode_codes(generator, drawn), atol=1.01)
    np.testing.assert_array_equal(codes.away().detach(), 0)
    mixed = LatentCodes(generator, drawn).values()[:, 4:6].numpy()
    np.testing.assert_allclose(np.sort(mixed, axis=1), [[0.01, 0.99]] * 3, atol=1e-5)


def test_codes_and_noise_stay_where_random_ones_are(generator):
    drawn = codes_of(generator)
    codes = LatentCodes(generator, drawn, with_noise=True)
    assert len(codes.variables) == 3
    with torch.no_grad():
        codes.latent *= 100
        codes.noise *= 100
    codes.clip()
    length = np.linalg.norm(drawn[:, :4], axis=1)
    farthest = np.linalg.norm(codes.latent.detach(), axis=1)
    np.testing.assert_allclose(farthest, np.maximum(length, 2), rtol=1e-5)
    size = generator.generator_.noise_size
    length = np.linalg.norm(drawn[:, -size:], axis=1)
    farthest = np.linalg.norm(codes.noise.detach(), axis=1)
    np.testing.assert_allclose(farthest, np.maximum(length, size**0.5), rtol=1e-5)


def test_a_step_lowers_the_loss_and_leaves_the_network(generator):
    codes = LatentCodes(generator, codes_of(generator))
    before = codes.latent.detach().clone()
    optimizer = torch.optim.SGD(codes.variables, 0.1)
    codes.step(optimizer, codes.latent.square().sum() + codes.mixture.sum())
    np.testing.assert_allclose(codes.latent.detach(), 0.8 * before, rtol=1e-5)
    np.testing.assert_allclose(codes.away().detach(), 0.02 * before.square().sum(dim=1), rtol=1e-4)
    assert all(weight.grad is None for weight in generator.generator_.parameters())
