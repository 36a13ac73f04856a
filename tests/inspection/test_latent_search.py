"""Reconstruction of genes, costs of changes, and batches of one size."""

import numpy as np
import pytest
import torch

from histoexpr.inspection import _latent_search
from histoexpr.inspection._differentiable import log_odds
from histoexpr.inspection._latent_codes import LogScale, decode_codes
from histoexpr.inspection._latent_search import Costs, batch_size, in_batches, invert


@pytest.fixture(scope="module")
def inverted(genes, generator):
    return invert(generator, genes[0][:3], n_steps=40)


def test_optimised_codes_give_genes_back_better_than_the_encoder(genes, generator, inverted):
    X, scale = genes[0][:3], LogScale(generator)
    noise = np.zeros((3, generator.generator_.noise_size))
    plain = decode_codes(generator, np.concatenate([generator.transform(X), noise], axis=1))
    errors = [
        np.square(scale.logs(made) - scale.logs(X)).mean(axis=(1, 2))
        for made in (inverted.signals, plain)
    ]
    assert (errors[0] < 0.7 * errors[1]).all()
    again = decode_codes(generator, inverted.codes)
    # rounding may go the other way in another batch
    assert np.abs(again - inverted.signals).max() <= 1


def test_the_classifier_sees_the_gene_in_its_reconstruction(genes, generator, classifiers):
    X, score = genes[0][:2], log_odds(classifiers["cnn"], "on")
    gene = score(torch.as_tensor(X.astype(np.float32))).detach().numpy()
    away = []
    for seen in (score, None):
        made = invert(generator, X, seen, n_steps=40).signals
        away.append(np.abs(score(torch.as_tensor(made)).detach().numpy() - gene).max())
    assert away[0] <= away[1]
    assert away[0] < 0.1


def test_costs(generator):
    """A change of one deviation in one region of a mark of two regions and three marks."""
    scale = LogScale(generator)
    before = torch.zeros(1, 12, 3, dtype=torch.float64)
    after = before.clone()
    after[0, :6, 1] = torch.expm1(scale.scale[1]) * scale.unit[1]
    away = torch.tensor([2.0], dtype=torch.float64)
    found = Costs(generator, 2, prior=8.0, sparsity=12.0)(before, after, away)
    # 1/6 of all bins; 1 of 6 regions; 8 / 4 latent numbers
    np.testing.assert_allclose(found, [1 / 6 + 12 / 6 + 2 * 2], rtol=1e-2)


def test_batches_have_one_size():
    seen = []

    def double(values, others):
        seen.append(values.tolist())
        return (torch.as_tensor(values * 2), torch.as_tensor(others))

    arrays = np.arange(5.0), np.arange(5) + 10
    found = in_batches(double, arrays, 3, "", False)
    assert seen == [[0, 1, 2], [3, 4, 4]]
    np.testing.assert_array_equal(found, [2 * arrays[0], arrays[1]])


def test_results_that_depend_on_the_place_are_searched_alone(generator, monkeypatch):
    class Placed(torch.nn.Module):
        """Adds a little to what stands first in a batch."""

        def __init__(self, module, more):
            super().__init__()
            self.module, self.more, self.with_noise = module, more, module.with_noise

        def forward(self, codes):
            more = torch.zeros(len(codes), 1, 1)
            more[0] = self.more
            return codes.sum(dim=1)[:, None, None] ** 2 + more

    expected = {0.0: _latent_search.BATCH, 1.0: 1}
    for more, size in expected.items():
        with monkeypatch.context() as patch:
            patch.setattr(generator, "generator_", Placed(generator.generator_, more))
            patch.setattr(generator, "sample_codes", lambda n, **_: np.ones((n, 6), np.float32))
            patch.setattr(
                generator.generator_, "with_noise", lambda codes, rng: codes.astype(np.float32)
            )
            assert batch_size(generator, None) == size
