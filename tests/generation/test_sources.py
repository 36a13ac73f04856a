"""What is compared with what: sizes, classes, and the stronger judge."""

import numpy as np
import pytest

from histoexpr.generation._measures import MEASURES
from histoexpr.generation._samples import Samples
from histoexpr.generation._sources import Sources
from support.generators import Replay

pytestmark = pytest.mark.usefixtures("quick_networks")


def samples(X, y, name):
    found = Samples(X, y, None, None, name)
    found.draw_resamples(20, 0)
    return found


@pytest.fixture(scope="module")
def parts(more_genes):
    X, y = more_genes[0][:, 45:55].astype(float), more_genes[1]
    test, training = samples(X[:40], y[:40], "X_test"), samples(X[40:], y[40:], "X_train")
    return Replay().fit(X, y), test, training


def test_as_many_as_there_are(parts):
    generator, test, training = parts
    rng = np.random.RandomState(0)
    sources = Sources(generator, test, training, 30, 50, rng)
    assert (sources.n, sources.n_transfer) == (30, 50)
    sources = Sources(generator, test, training, 500, 2000, rng)
    assert sources.n == 40
    assert 60 < sources.n_transfer <= 110
    few = samples(training.X[:60], np.repeat([0, 1], [50, 10]), "X_train")
    assert 10 <= Sources(generator, test, few, 500, 2000, rng).n < 30
    few.y = np.repeat([0, 1], [58, 2])
    with pytest.raises(ValueError, match="Pass more training samples of each class"):
        Sources(generator, test, few, 500, 2000, rng)
    few.y = np.zeros(60, int)
    with pytest.raises(ValueError, match="test samples of class 1, but no training samples"):
        Sources(generator, test, few, 500, 2000, rng)


def test_draws_are_collected_and_the_stronger_judge_is_named(parts):
    sources = Sources(*parts, 20, 30, np.random.RandomState(0))
    done = []
    sources.add_draw(lambda: done.append(1), with_baselines=True)
    sources.add_draw(lambda: done.append(1), with_baselines=False)
    assert len(done) == 7
    judges = sources.finish()
    assert list(sources.found) == ["real", "generator", "resampled bins", "gaussian", "jittered"]
    for source, found in sources.found.items():
        assert list(found) == list(MEASURES)
        n_draws = 2 if source in ("real", "generator") else 1
        assert {values.shape[:2] for values in found.values()} == {(n_draws, 21)}
        both = [found[f"two_sample_{judge}"][:, 0].mean() for judge in ("tree", "cnn")]
        if source != "real":
            assert found["two_sample"][:, 0].mean() == max(both)
    # real genes are judged by the one that the generator is judged by
    real = sources.found["real"]
    np.testing.assert_array_equal(real["two_sample"], real[f"two_sample_{judges['generator']}"])
    assert (real["transfer_ratio"] == 1).all()
    made = sources.found["generator"]
    np.testing.assert_allclose(
        made["transfer_ratio"] * real["transfer_cnn"], made["transfer_cnn"], equal_nan=True
    )
