"""Choose and judge a model across cell types with scikit-learn's own tools.

An inner search picks the pooling on unseen genes of cells that were not trained on; the outer
cross-validation judges the whole procedure on a cell and genes that the search never saw.

    python examples/cross_cell_search.py
"""

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from histoexpr import (
    BinPooler,
    CrossCellSplit,
    HistoneLinearClassifier,
    SignalScaler,
    evaluate_cells,
    make_histone_cells,
)


def main():
    data = make_histone_cells(n_cells=4, n_genes=600, random_state=0)
    X, y = data.return_X_y()
    print(data)

    # The classical form of the 12-parameter model
    classical = make_pipeline(
        SignalScaler(standardize=None), BinPooler(), StandardScaler(), LogisticRegression()
    )
    outer = CrossCellSplit("exclusive", n_splits=3)
    inner = CrossCellSplit("exclusive", n_splits=2, random_state=1)
    with sklearn.config_context(enable_metadata_routing=True):
        searches = {
            "classical pipeline": GridSearchCV(
                classical,
                {"binpooler__pooling": ["mean", "max"]},
                cv=inner,
                scoring="roc_auc",
            ),
            "HistoneLinearClassifier": GridSearchCV(
                HistoneLinearClassifier(),
                {"pooling": ["sum", "max"], "alpha": [1e-3, 1e-1]},
                cv=inner,
                scoring="roc_auc",
            ),
        }
        for name, search in searches.items():
            result = cross_validate(
                search,
                X,
                y,
                params={"groups": data.groups},
                cv=outer,
                scoring=["roc_auc", "neg_brier_score"],
            )
            auroc = result["test_roc_auc"]
            print(f"{name}: nested AUROC {np.mean(auroc):.3f} ± {np.std(auroc):.3f}")

    # The same question as one table, with the baselines to set beside it
    evaluation = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    print(evaluation.format_summary(only_mean=True))


if __name__ == "__main__":
    main()
