import numpy as np
import pytest

from histoexpr import (
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
    few = data.replace(chrom=np.where(data.chrom < "chr2", "chr1", "chr2"))
    cases = (("chrom", data, 3), ("chrom", few, 2), ("gene", data.replace(chrom=None), 3))
    for column, known, n_folds in cases:
        folds = gene_left_out(read_signals(known), known.y, 3, classes=True)
        names = getattr(known if column == "chrom" else data, column)
        assert len(folds) == n_folds
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


def test_the_default_has_no_more_regions_than_bins():
    for X, n_regions in ((np.ones((4, 40, 2)), 10), (np.ones((4, 6, 2)), 6), (np.ones((4, 5)), 1)):
        model = make_signal_model(None, HistoneLinearClassifier, read_signals(X))
        assert model.n_regions == n_regions
    own = HistoneLinearClassifier()
    assert make_signal_model(own, HistoneLinearClassifier, read_signals(X)) is own


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
