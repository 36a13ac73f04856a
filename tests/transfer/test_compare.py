"""Two cells compared: what a gene is predicted from, who is higher, and what is refused."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin

from histoexpr import (
    HistoneDataset,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    PairClassifier,
    PairRegressor,
    ReferenceClassifier,
    compare_cells,
    make_histone_cells,
)
from histoexpr.exceptions import HistoexprWarning

SCORES = {"method": "scores", "normalize": False}


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=400, random_state=0)


@pytest.fixture(scope="module")
def compared(cells):
    return compare_cells(cells, "C01", "C02", **SCORES)


class Sum(RegressorMixin, BaseEstimator):
    """Predicts the sum of the signals, whatever it is fitted to."""

    def fit(self, X, y):
        self.fitted_ = True
        return self

    def predict(self, X):
        return np.asarray(X, dtype=float).sum(axis=(1, 2))


def test_contributions_of_the_linear_model_are_coefficients_times_differences(cells):
    """Worked out from the fitted model of one fold, without exchanging anything."""
    found = compare_cells(cells, "C01", "C02", genes="chromosome", **SCORES)
    chroms = found.table["fold"].iloc[0]
    train = cells.take(~np.isin(cells.chrom, chroms.split("+")))
    model = HistoneLinearRegressor(n_regions=10).fit(train)
    layer = model.net_.module_.input
    logs = {}
    for cell in ("C01", "C02"):
        X = cells.select(cells=cell).X.reshape(400, 10, 10, 5).sum(axis=2)
        logs[cell] = np.log1p(X / layer.unit.numpy()) / layer.scale.numpy()
    expected = ((logs["C02"] - logs["C01"]) * model.coef_).sum(axis=1)
    genes = cells.select(cells="C01").gene
    table = found.table[found.table["fold"] == chroms].set_index("gene")
    rows = np.flatnonzero(np.isin(genes, table.index))
    contributions = found.drivers.loc[genes[rows]]
    np.testing.assert_allclose(contributions, expected[rows], atol=2e-4)
    changes = table.loc[genes[rows], "predicted_change"]
    np.testing.assert_allclose(changes, expected[rows].sum(axis=1), atol=2e-4)


def test_table_is_ranked_and_adds_up(cells, compared):
    table = compared.table
    assert sorted(table["gene"]) == sorted(cells.genes)
    assert table["rank"].tolist() == list(range(1, 401))
    assert (np.diff(table["predicted_change"].abs()) <= 0).all()
    change = table["score_C02"] - table["score_C01"]
    np.testing.assert_allclose(table["predicted_change"], change)
    np.testing.assert_allclose(compared.drivers.sum(axis=1), change, atol=1e-4)
    up = table["predicted_change"] > 0
    assert set(table["higher_in"][up]) == {"C02"}
    assert set(table["higher_in"][~up]) == {"C01"}
    first, second = (cells.select(cells=cell) for cell in ("C01", "C02"))
    measured = np.log2((second.expression + 1) / (first.expression + 1))
    by_gene = dict(zip(first.gene, measured, strict=True))
    np.testing.assert_allclose(table["log2_fold_change"], table["gene"].map(by_gene))
    labels = dict(zip(second.gene, second.y, strict=True))
    assert (table["label_C02"] == table["gene"].map(labels)).all()
    assert compared.about["trained_on"] == ["C01", "C02", "C03"]


@pytest.mark.parametrize("method", ["scores", "pairs"])
@pytest.mark.parametrize("genes", ["chromosome", "kfold"])
def test_expression_of_a_gene_never_enters_its_prediction(cells, genes, method):
    """Absurd values for the genes of a fold change predictions of all others, none of theirs."""
    params = {"genes": genes, "method": method, "n_splits": 3}
    params |= {"estimator": HistoneLinearRegressor(n_regions=2)}
    before = compare_cells(cells, "C01", "C02", **params)
    own = before.table["fold"] == before.table["fold"].iloc[0]
    at = np.isin(cells.gene, before.table["gene"][own])
    wrong = cells.replace(expression=np.where(at, 1e6 - cells.expression, cells.expression))
    after = compare_cells(wrong, "C01", "C02", **params).table.set_index("gene")
    change = before.table.set_index("gene")["predicted_change"]
    same = change == after.loc[change.index, "predicted_change"]
    np.testing.assert_array_equal(same, own)


def test_pairs_are_learned_where_two_cells_have_expression(cells):
    """Both orders give opposite changes, and a pair with unknown cells is learned from others."""
    params = {"estimator": HistoneLinearRegressor(n_regions=10), "n_splits": 3}
    found = compare_cells(cells, "C01", "C02", **params)
    assert found.about["method"] == "model of pairs of cells"
    assert found.about["pairs"] == ["C01 vs C02"]
    assert found.about["trained_on"] == ["C01", "C02"]
    assert "score_C01" not in found.table
    table = found.table.set_index("gene")
    np.testing.assert_allclose(found.drivers.sum(axis=1), table["predicted_change"], atol=1e-9)
    assert found.scores.set_index("score").loc["pearson", "low"] > 0.2
    other = compare_cells(cells, "C02", "C01", **params).table.set_index("gene")
    back = other.loc[table.index, "predicted_change"]
    np.testing.assert_allclose(table["predicted_change"], -back, atol=1e-4)
    unknown = compare_cells(cells, "C01", "C02", train_cells=["C01", "C03"], **params)
    assert unknown.about["pairs"] == ["C01 vs C03"]
    assert unknown.scores.set_index("score").loc["pearson", "value"] > 0.1


def test_scores_see_changes_and_nothing_where_there_are_none(cells):
    found = compare_cells(cells, "C01", "C02", **SCORES).scores.set_index("score")
    assert list(found.index) == ["pearson", "spearman", "order_right", "direction_roc_auc"]
    assert (found["low"] > [0, 0, 0.5, 0.5]).all()
    assert (found["resampled"] == "chrom").all()
    rng, expression = np.random.default_rng(0), cells.expression.copy()
    for cell in ("C01", "C02"):  # a value of another gene of the cell
        rows = np.flatnonzero(cells.cell == cell)
        expression[rows] = rng.permutation(expression[rows])
    y = (expression > np.median(expression)).astype(int)
    null = cells.replace(expression=expression, y=y)
    found = compare_cells(null, "C01", "C02", train=cells, **SCORES).scores.set_index("score")
    assert abs(found["value"] - [0, 0, 0.5, 0.5]).max() < 0.12
    assert ((found["low"] < [0, 0, 0.5, 0.5]) & (found["high"] > [0, 0, 0.5, 0.5])).all()


def test_exchanged_cells_have_the_opposite_change(cells, compared):
    other = compare_cells(cells, "C02", "C01", **SCORES).table.set_index("gene")
    table = compared.table.set_index("gene")
    for name in ("predicted_change", "log2_fold_change", "driver_H3K4me3"):
        np.testing.assert_allclose(table[name], -other.loc[table.index, name], atol=1e-5)


def test_order_of_genes_does_not_matter(cells, compared):
    rows = np.random.default_rng(0).permutation(len(cells))
    mixed = compare_cells(cells.take(rows), "C01", "C02", **SCORES).table.set_index("gene")
    table = compared.table.set_index("gene")
    np.testing.assert_allclose(
        mixed.loc[table.index, "predicted_change"], table["predicted_change"], atol=1e-4
    )


def test_a_cell_without_expression_is_compared(cells):
    """Its own expression, NaN, is not learned from; nothing but the signals is known of it."""
    known = np.where(cells.cell == "C02", np.nan, cells.expression)
    data = cells.replace(expression=known, y=None)
    found = compare_cells(data, "C01", "C02", **SCORES)
    assert found.about["trained_on"] == ["C01", "C03"]
    assert "log2_fold_change" not in found.table  # nor a column of gaps in text and figure
    assert len(found.scores) == 0
    apart = compare_cells(
        cells.select(cells=["C01", "C02"]).replace(expression=None, y=None),
        "C01",
        "C02",
        train=cells.select(cells=["C01", "C03"]),
        **SCORES,
    )
    assert "log2_fold_change" not in apart.table
    np.testing.assert_array_equal(apart.table["predicted_change"], found.table["predicted_change"])


def test_cells_of_two_data_sets(cells):
    """One of the two cells may be among those to learn from."""
    new = cells.select(cells="C02").replace(expression=None, y=None)
    found = compare_cells(new, "C01", "C02", train=cells.select(cells=["C01", "C03"]), **SCORES)
    assert len(found.table) == 400
    assert found.table["expression_C01"].notna().all()
    assert found.table["expression_C02"].isna().all()


def test_labels_are_learned_where_there_is_no_expression(cells):
    found = compare_cells(cells.replace(expression=None), "C01", "C02", normalize=False)
    assert found.unit == "change of log-odds"
    assert "HistoneLinearClassifier" in found.about["model"]
    assert found.scores["score"].tolist() == ["order_right", "direction_roc_auc"]
    given = compare_cells(
        cells, "C01", "C02", estimator=HistoneLinearClassifier(n_regions=10), normalize=False
    )
    np.testing.assert_array_equal(given.table["predicted_change"], found.table["predicted_change"])


def test_other_estimators_get_shapley_values():
    """The sum of all signals changes by the sum of each mark's change: 1, -2."""
    X = np.zeros((12, 4, 2), dtype=int)
    X[:6, 0], X[6:, 0] = [3, 5], [4, 3]
    genes = [f"g{n}" for n in range(6)]
    data = HistoneDataset(
        X, cell=["A"] * 6 + ["B"] * 6, gene=genes * 2, expression=np.arange(12), marks=["a", "b"]
    )
    found = compare_cells(data, "A", "B", estimator=Sum(), **SCORES)
    np.testing.assert_allclose(found.drivers, [[1, -2]] * 6)
    assert found.table["drivers"].iloc[0] == "b 67%, a -33%"
    assert "shapley" in found.about["drivers"]
    assert "random genes" in found.about["folds"]


def test_genes_of_one_cell_are_left_out_and_counted(cells):
    rows = np.flatnonzero(cells.cell == "C02")[:10]
    found = compare_cells(cells.take(np.delete(np.arange(1200), rows)), "C01", "C02", **SCORES)
    assert len(found.table) == 390
    assert found.about["genes"] == "390 compared, 10 in one cell only"


def test_names_are_given_to_genes(cells):
    gene = cells.genes[0]
    found = compare_cells(cells, "C01", "C02", names={gene: "SOX1"}, **SCORES).table
    assert found.set_index("gene")["name"][gene] == "SOX1"
    assert (found["name"] == found["gene"]).sum() == 399
    symbols = np.where(cells.gene == gene, "SOX1", "")
    known = compare_cells(cells.replace(symbol=symbols), "C01", "C02", **SCORES).table
    assert known["name"].tolist() == found["name"].tolist()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"second": "C09"}, r"No cell 'C09' in the data; there are C01, C02, C03"),
        ({"second": "C01"}, "both 'C01'"),
        ({"expression": None, "y": None}, "No cell has expression to learn from.*relabel"),
        (
            {"train_cells": ["C04"]},
            "train_cells: no cell C04 with known expression; there are C01",
        ),
        ({"train_cells": []}, "train_cells: no cell is named"),
        ({"genes": "chromosome", "chrom": None}, "needs the chrom of each sample"),
        ({"estimator": HistoneLinearClassifier(), "y": None}, "No cell has labels to learn from"),
        ({"expression": None, "y": np.arange(1200) % 3}, "labels of two classes, but there are 3"),
        ({"expression": np.arange(1200) - 1.0}, "1 sample.* negative, .* gene .* in cell C01"),
        ({"method": "both"}, "'method' parameter"),
        ({"data": 3}, "data must be a HistoneDataset, got int"),
        ({"train": 3}, "train must be a HistoneDataset, got int"),
        ({"names": ["a"]}, "'names' parameter"),
    ],
)
def test_what_cannot_be_compared_is_refused(cells, changes, message):
    columns = {name: changes.pop(name) for name in ("expression", "y", "chrom") if name in changes}
    arguments = {"data": cells.replace(**columns), "first": "C01", "second": "C02", **SCORES}
    with pytest.raises((ValueError, TypeError), match=message):
        compare_cells(**arguments | changes)


def test_data_that_do_not_fit_are_refused(cells):
    first, other = cells.select(cells="C01"), cells.select(cells="C02")
    other = other.replace(gene=[f"x{gene}" for gene in other.gene])
    data = HistoneDataset.concat([first, other])
    with pytest.raises(ValueError, match="no gene in common"):
        compare_cells(data, "C01", "C02", **SCORES)
    with pytest.raises(ValueError, match=f"Gene {cells.gene[0]} occurs 2 times in cell C01"):
        compare_cells(cells.take([*range(1200), 0]), "C01", "C02", **SCORES)
    with pytest.raises(ValueError, match=r"train has marks H3K4me3, but data has .*select"):
        compare_cells(cells, "C01", "C02", train=cells.select(marks="H3K4me3"), **SCORES)
    few = cells.select(cells=["C01", "C02"], genes=cells.genes[:9])
    train = few.select(genes=few.genes[0])
    with pytest.raises(ValueError, match="No gene is left to learn from"):
        compare_cells(few, "C01", "C02", train=train, genes="kfold", **SCORES)


def test_marks_are_matched_by_name(cells, compared):
    """The second cell is found in a data set with its marks in another order."""
    one, other = cells.select(cells="C01"), cells.select(marks=cells.marks[::-1])
    found = compare_cells(one, "C01", "C02", train=other, **SCORES)
    table = found.table.set_index("gene").loc[compared.table["gene"]]
    np.testing.assert_allclose(
        table["driver_H3K4me3"], compared.table["driver_H3K4me3"], atol=1e-4
    )


def test_models_of_pairs_go_with_the_method_of_pairs():
    data = make_histone_cells(n_cells=2, n_genes=60, random_state=0)
    for estimator, method in ((PairClassifier(), "auto"), (PairRegressor(), "scores")):
        with pytest.raises(ValueError, match="go with method='pairs'"):
            compare_cells(data, "C01", "C02", estimator=estimator, method=method)


def test_compared_cells_are_no_references_for_each_other():
    data, table = make_histone_cells(n_cells=3, n_genes=400, n_reference_cells=4, random_state=0)
    full = table.to_frame()
    for cell in data.cells:
        full[cell] = data.select(cells=cell).expression
    found = [
        compare_cells(
            data, "C01", "C02", estimator=ReferenceClassifier(reference=frame), normalize=False
        ).table
        for frame in (full, full.drop(columns=["C01", "C02"]))
    ]
    np.testing.assert_array_equal(found[0]["predicted_change"], found[1]["predicted_change"])


def test_genes_under_other_names_in_train_are_refused():
    data = make_histone_cells(n_cells=3, n_genes=60, random_state=0)
    known = data.replace(gene=[f"ENSG{int(gene[1:]):011d}" for gene in data.gene])
    versioned = known.replace(gene=[f"{gene}.2" for gene in known.gene])
    with pytest.raises(ValueError, match=r"ENSG00000000001.*ENSG00000000001\.2.*same names"):
        compare_cells(known, "C01", "C02", train=versioned, **SCORES)
    with pytest.warns(HistoexprWarning, match="no gene name in common"):
        compare_cells(data, "C01", "C02", train=known, **SCORES)


def test_names_in_a_table_are_refused():
    data = make_histone_cells(n_cells=2, n_genes=60, random_state=0)
    with pytest.raises(ValueError, match="names is a table"):
        compare_cells(data, "C01", "C02", names=data.samples, **SCORES)
