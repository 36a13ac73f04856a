import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellNormalizer,
    HistoneLinearClassifier,
    MarkSubsetClassifier,
    ReferenceClassifier,
    make_histone_cells,
)
from histoexpr.transfer._signal_models import gene_left_out, left_out_scores, make_signal_model
from histoexpr.utils import read_signals


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=300, n_reference_cells=8, random_state=0)


def test_chromosomes_are_left_out_and_where_they_are_unknown_genes(cells):
    data, _ = cells
    for column, known in (("chrom", data), ("gene", data.replace(chrom=None))):
        folds = gene_left_out(read_signals(known), known.y, 3, classes=True)
        names = getattr(data, column)
        assert len(folds) == 3
        assert sorted(np.concatenate([test for _, test in folds])) == list(range(len(data)))
        assert all(not set(names[train]) & set(names[test]) for train, test in folds)


def test_scores_come_from_models_without_the_sample():
    class Memory:
        """Knows what it was fitted on."""

        def get_params(self, deep=False):
            return {}

        def fit(self, X, y):
            self.seen = set(X[:, 0, 0].tolist())
            return self

    X = np.arange(12.0).reshape(12, 1, 1)
    source = read_signals(X)
    folds = gene_left_out(source, np.arange(12) % 2, 4, classes=True)
    found = left_out_scores(
        Memory(),
        source,
        np.arange(12),
        folds,
        lambda m, x: [v in m.seen for v in x[:, 0, 0]],
        None,
    )
    assert not found.any()


def test_what_is_normalised_and_where(cells):
    data, _ = cells
    source, array = read_signals(data), read_signals(data.X)

    def made(estimator, source=source, normalize=True):
        return make_signal_model(estimator, HistoneLinearClassifier, source, normalize)

    assert [type(step) for _, step in made(None).steps] == [
        CellNormalizer,
        HistoneLinearClassifier,
    ]
    assert made(None, array).n_regions == 10
    own = make_pipeline(CellNormalizer("depth"), BinPooler(), LogisticRegression())
    assert made(own) is own
    assert made(own.steps[2][1], normalize=False) is own.steps[2][1]
    subsets = made(MarkSubsetClassifier(min_marks=3))
    assert subsets.min_marks == 3
    assert isinstance(subsets.estimator.steps[0][1], CellNormalizer)


def test_cells_that_lack_a_mark_with_references(cells):
    data, reference = cells
    train = data.select(cells=["C01", "C02"])
    new = data.select(cells="C03", marks=[m for m in data.marks if m != "H3K4me1"])
    model = ReferenceClassifier(MarkSubsetClassifier(min_marks=4), reference=reference).fit(train)
    whole = model.learn_cells(new).decision_function(new)
    np.testing.assert_array_equal(whole[:3], model.decision_function(new[:3]))
    own = ReferenceClassifier(HistoneLinearClassifier(n_regions=10), reference=reference)
    own.fit(train.select(marks=new.marks))
    assert np.corrcoef(whole, own.decision_function(new))[0, 1] > 0.97
