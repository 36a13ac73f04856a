"""What all classifiers share, beyond scikit-learn's own checks."""

import pickle

import numpy as np
import pytest
import torch
from joblib import parallel_config
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from histoexpr import (
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    HistoneMLPClassifier,
)
from support.classifiers import ALL, CNN, LINEAR, NETS, ids


@pytest.mark.parametrize(
    "estimator",
    [
        HistoneCNNClassifier(max_epochs=1, random_state=0),
        HistoneCNNClassifier(max_epochs=1, random_state=0, pooling="max", stride=2),
        HistoneMLPClassifier(max_epochs=1, random_state=0),
        HistoneLinearClassifier(),
    ],
    ids=ids,
)
def test_predictions_depend_neither_on_batch_mates_nor_on_order(estimator):
    rng = np.random.default_rng(0)
    X = rng.poisson(2.0, (130, 100, 5)).astype(np.uint8)
    estimator.fit(X, rng.integers(0, 2, 130))
    whole = estimator.decision_function(X)
    for size in (1, 8, 64):
        parts = [estimator.decision_function(X[i : i + size]) for i in range(0, 130, size)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
    order = rng.permutation(130)
    np.testing.assert_array_equal(estimator.decision_function(X[order]), whole[order])


@pytest.mark.parametrize("estimator", NETS, ids=ids)
def test_same_seed_same_weights_and_torch_is_left_alone(estimator, counts):
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    first = clone(estimator).fit(*counts)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(2)
    second = clone(estimator).fit(*counts)
    for a, b in zip(
        first.net_.module_.parameters(), second.net_.module_.parameters(), strict=True
    ):
        assert torch.equal(a, b)
    other = clone(estimator).set_params(random_state=1).fit(*counts)
    assert not np.array_equal(
        first.decision_function(counts[0]), other.decision_function(counts[0])
    )


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_learns_and_probabilities_are_probabilities(estimator, counts):
    X, y = counts
    clf = clone(estimator).set_params(**({} if estimator is LINEAR else {"max_epochs": 20}))
    clf.fit(X[:200], y[:200])
    proba = clf.predict_proba(X[200:])
    np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-12)
    score = clf.decision_function(X[200:])
    np.testing.assert_allclose(np.log(proba[:, 1] / proba[:, 0]), score, rtol=1e-6, atol=1e-6)
    assert roc_auc_score(y[200:], score) > 0.85
    np.testing.assert_array_equal(clf.predict(X[200:]), (score > 0).astype(int))


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_auroc_is_unchanged_by_a_constant_added_to_both_logits(estimator, counts):
    X, y = counts
    clf = clone(estimator).fit(X, y)
    before = roc_auc_score(y, clf.predict_proba(X)[:, 1])
    last = [m for m in clf.net_.module_.modules() if isinstance(m, torch.nn.Linear)][-1]
    with torch.no_grad():
        last.bias += 3.0
    assert roc_auc_score(y, clf.predict_proba(X)[:, 1]) == pytest.approx(before, abs=1e-4)
    np.testing.assert_allclose(clf.predict_proba(X).sum(axis=1), 1)


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_string_labels_and_several_classes(estimator, counts):
    X, y = counts
    names = np.array(["silent", "expressed"])[y]
    clf = clone(estimator).fit(X, names)
    assert clf.classes_.tolist() == ["expressed", "silent"]
    assert set(clf.predict(X)) <= {"expressed", "silent"}
    three = clone(estimator).fit(X, np.where(np.arange(300) % 3 == 0, 2, y))
    assert three.predict_proba(X).shape == (300, 3)
    assert three.decision_function(X).shape == (300, 3)


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_frames_memory_maps_and_arrays_give_the_same(estimator, counts, tmp_path):
    pandas = pytest.importorskip("pandas")
    X, y = counts
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    columns = [f"{mark}:{b}" for b in range(40) for mark in ("K4", "K27")]
    frame = pandas.DataFrame(X.reshape(300, 80), columns=columns)
    expected = clone(estimator).fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(clone(estimator).fit(mapped, y).predict_proba(mapped), expected)
    fitted = clone(estimator).fit(frame, y)
    np.testing.assert_array_equal(fitted.predict_proba(frame), expected)
    assert fitted.feature_names_in_.tolist() == columns


def test_two_dimensional_signals(counts):
    X, y = counts
    with pytest.warns(UserWarning, match="bins of one mark"):
        one_mark = clone(CNN).fit(X[:, :, 0], y)
    same = clone(CNN).fit(X[:, :, :1], y)
    np.testing.assert_array_equal(
        one_mark.predict_proba(X[:, :, 0]), same.predict_proba(X[:, :, :1])
    )
    pooled = clone(LINEAR).fit(X.sum(axis=1), y)
    np.testing.assert_allclose(
        pooled.predict_proba(X.sum(axis=1)),
        clone(LINEAR).set_params(pooling="sum").fit(X, y).predict_proba(X),
        rtol=1e-5,
    )


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_shape_errors_name_both_shapes(estimator, counts):
    clf = clone(estimator).fit(*counts)
    with pytest.raises(ValueError, match=r"\(n_bins, n_marks\) = \(50, 5\), but .* \(40, 2\)"):
        clf.predict(np.ones((2, 50, 5)))
    with pytest.raises(ValueError, match="4 dimensions"):
        clone(estimator).fit(np.ones((2, 3, 4, 5)), [0, 1])


@pytest.mark.parametrize(
    "cls", [HistoneCNNClassifier, HistoneMLPClassifier, HistoneLinearClassifier]
)
def test_published_protocol(cls, counts):
    clf = cls.published(max_epochs=2, random_state=0)
    assert clf.get_params()["optimizer"] == "sgd"
    assert clf.get_params()["batch_size"] == 32
    assert clf.get_params()["lr"] == 1e-3
    assert clf.get_params()["n_iter_no_change"] == 15
    assert not clf.log1p
    X, y = counts
    clf.fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert clf.net_.module_.input.center.abs().sum() == 0
    assert cls.published().max_epochs == 100
    rates = [row["lr"] for row in clf.history_]
    middle = 1e-6 + (1e-3 - 1e-6) / 2
    np.testing.assert_allclose(rates, [middle, 1e-6], rtol=1e-6)


@pytest.mark.parametrize("estimator", NETS, ids=ids)
def test_history_is_readable(estimator, counts):
    X, y = counts
    clf = clone(estimator).fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert [row["epoch"] for row in clf.history_] == list(range(1, clf.n_iter_ + 1))
    expected = {"epoch", "train_loss", "valid_loss", "valid_auroc", "lr", "seconds"}
    assert set(clf.history_[0]) == expected
    best = clf.history_[clf.best_epoch_ - 1]["valid_auroc"]
    assert best == max(row["valid_auroc"] for row in clf.history_)
    # the weights kept are those of the best epoch
    score = clf.decision_function(X[200:])
    assert roc_auc_score(y[200:], score) == pytest.approx(best, abs=1e-6)


def test_early_stopping_stops_and_holds_out_whole_genes(counts):
    X, y = counts
    genes = np.repeat(np.arange(100), 3)
    clf = HistoneCNNClassifier(
        n_filters=4,
        hidden_sizes=(8,),
        max_epochs=200,
        lr=0.02,
        early_stopping=True,
        n_iter_no_change=2,
        random_state=0,
    )
    clf.fit(X, y, groups=genes)
    assert clf.n_iter_ < 200
    assert clf.n_iter_ == clf.best_epoch_ + 2
    from histoexpr._training import held_out_split

    train, held_out = held_out_split(y, genes, 0.1, 0)
    assert not set(genes[train]) & set(genes[held_out])
    assert len(np.unique(genes[held_out])) == 10
    assert len(train) + len(held_out) == 300


def test_early_stopping_needs_something_to_hold_out(counts):
    X, y = counts
    genes = [("E003", "g")] * 300
    with pytest.raises(ValueError, match="only one group"):
        clone(CNN).set_params(early_stopping=True).fit(X, y, groups=genes)
    with pytest.raises(ValueError, match="held-out samples are all of class 1"):
        clone(CNN).fit(X, y, X_val=X[y == 1], y_val=y[y == 1])
    with pytest.raises(ValueError, match="X_val was given without y_val"):
        clone(CNN).fit(X, y, X_val=X)
    with pytest.raises(ValueError, match="y_val was given without X_val"):
        clone(CNN).fit(X, y, y_val=y)
    with pytest.raises(ValueError, match=r"y contains \[7\]"):
        clone(CNN).fit(X, y, X_val=X[:2], y_val=[0, 7])


def test_bins_are_reversed_only_where_both_sides_are_alike(counts):
    X, y = counts
    oriented = X.astype(float)
    oriented[:, : X.shape[1] // 2] *= 4
    for signals, flipped in ((X, True), (oriented, False)):
        shared = {"max_epochs": 1, "n_filters": 2, "hidden_sizes": (4,)}
        auto, known = (
            clone(CNN).set_params(random_flip=flip, **shared).fit(signals, y)
            for flip in ("auto", flipped)
        )
        np.testing.assert_array_equal(auto.predict_proba(X), known.predict_proba(X))


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_partial_fit(estimator, counts):
    X, y = counts
    clf = clone(estimator)
    with pytest.raises(ValueError, match="classes must be passed"):
        clf.partial_fit(X, y)
    for _ in range(12):
        for part in np.array_split(np.arange(300), 3):
            clf.partial_fit(X[part], y[part], classes=[0, 1])
    assert clf.n_iter_ == 36
    assert roc_auc_score(y, clf.decision_function(X)) > 0.8
    with pytest.raises(ValueError, match=r"y contains \[2\]"):
        clf.partial_fit(X[:2], [0, 2])
    with pytest.raises(ValueError, match="not the same"):
        clf.partial_fit(X, y, classes=[0, 1, 2])


def test_whether_sides_are_alike_is_asked_anew_in_every_fit(counts):
    X, y = counts
    oriented = X.astype(float)
    oriented[:, : X.shape[1] // 2] *= 4
    clf = clone(CNN).set_params(max_epochs=1).fit(X, y)
    clf.set_params(random_flip=False).fit(oriented, y)
    clf.set_params(random_flip="auto").partial_fit(oriented, y)
    assert not clf._alike


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_pickles_carry_no_data(estimator, counts):
    X, y = counts
    clf = clone(estimator).fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    blob = pickle.dumps(clf)
    weights = sum(p.numel() * 4 for p in clf.net_.module_.parameters())
    assert len(blob) < weights + 30_000
    np.testing.assert_array_equal(pickle.loads(blob).predict_proba(X), clf.predict_proba(X))


def test_partial_fit_after_fit_does_not_remember_earlier_draws(counts):
    X, y = counts
    first = clone(CNN).partial_fit(X, y, classes=[0, 1]).fit(X, y).partial_fit(X, y)
    second = clone(CNN).fit(X, y).partial_fit(X, y)
    np.testing.assert_array_equal(first.predict_proba(X), second.predict_proba(X))


def test_bad_parameters():
    X, y = np.ones((4, 20, 2)), [0, 1, 0, 1]
    with pytest.raises(ValueError, match="hidden_sizes must hold positive integers"):
        HistoneCNNClassifier(hidden_sizes=(10, 0)).fit(X, y)
    with pytest.raises(ValueError, match="'pooling' parameter"):
        HistoneCNNClassifier(pooling="median").fit(X, y)
    with pytest.raises(ValueError, match="device='nonsense' is not available"):
        HistoneCNNClassifier(device="nonsense").fit(X, y)
    with pytest.raises(ValueError, match="device='meta' is not available"):
        HistoneCNNClassifier(device="meta").fit(X, y)


def test_grid_search_over_a_pipeline_with_three_axes(counts):
    X, y = counts
    search = GridSearchCV(
        make_pipeline(clone(LINEAR)),
        {"histonelinearclassifier__pooling": ["mean", "min"]},
        scoring="roc_auc",
        cv=3,
    ).fit(X, y)
    assert search.best_params_ == {"histonelinearclassifier__pooling": "mean"}


@pytest.mark.parametrize("estimator", NETS, ids=ids)
def test_momentum_is_that_of_sgd(estimator, counts):
    settings = {"optimizer": "sgd", "lr": 1e-3}
    plain = clone(estimator).set_params(**settings).fit(*counts)
    zero = clone(estimator).set_params(**settings, momentum=0.0).fit(*counts)
    fast = clone(estimator).set_params(**settings, momentum=0.9).fit(*counts)
    assert fast.net_.optimizer_.param_groups[0]["momentum"] == 0.9
    assert plain.loss_curve_ == zero.loss_curve_ != fast.loss_curve_
    with pytest.raises(ValueError, match=r"momentum=0.9 is a setting of optimizer='sgd'"):
        clone(estimator).set_params(optimizer="adam", momentum=0.9).fit(*counts)
    with pytest.raises(ValueError, match="momentum"):
        clone(estimator).set_params(optimizer="sgd", momentum=1.0).fit(*counts)


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_fits_in_threads_are_those_one_after_the_other(estimator, counts):
    X, y = counts
    alone = cross_val_score(clone(estimator), X, y, cv=4, scoring="neg_log_loss")
    before = torch.random.get_rng_state()
    with parallel_config("threading"):
        together = cross_val_score(estimator, X, y, cv=4, scoring="neg_log_loss", n_jobs=4)
    np.testing.assert_array_equal(together, alone)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_signals_beyond_the_range_of_numbers_are_refused(estimator, counts):
    X, y = counts
    clf = clone(estimator).fit(X.astype(np.float32), y)
    huge = X[:3].astype(np.float64)
    huge[2] = 1e300
    with pytest.raises(ValueError, match=r"beyond .*3\.4e38.*Scale"):
        clf.predict_proba(huge)
    huge[2] = 3e38
    try:
        assert np.isfinite(clf.predict_proba(huge)).all()
    except ValueError as error:
        if "sample 2, which reaches 3e+38" not in str(error):
            raise


def test_a_data_set_says_whether_bins_are_flipped_and_features_mirrored():
    rng = np.random.default_rng(0)
    X = rng.poisson(2.0, (60, 10, 2))  # both sides are alike
    y = np.arange(60) % 2
    for oriented in (True, False, None):
        cells, genes = ["a"] * 60, [f"g{i}" for i in range(60)]
        data = HistoneDataset(X, y, cell=cells, gene=genes, oriented=oriented)
        auto = clone(CNN).fit(data)
        flipped = clone(CNN).set_params(random_flip=oriented is not True).fit(X, y)
        np.testing.assert_array_equal(auto.predict_proba(X), flipped.predict_proba(X))
        linear = HistoneLinearClassifier(n_regions=2).fit(data)
        assert linear.net_.module_.mirror is (oriented is False)
        if oriented is not None:
            assert auto.oriented_in_ is oriented
            with pytest.raises(ValueError, match=r"orient"):
                auto.predict(data.replace(oriented=not oriented))


def test_the_unit_of_the_signals_hardly_matters_to_a_network(counts):
    X, y = counts
    plain = clone(CNN).fit(X, y).decision_function(X)
    scaled = clone(CNN).fit(X * 0.25, y).decision_function(X * 0.25)
    np.testing.assert_allclose(scaled, plain, atol=1e-3)
    fixed = clone(CNN).set_params(pseudocount=1.0)
    other = fixed.fit(X * 0.01, y).decision_function(X * 0.01)
    assert np.abs(other - plain).max() > 0.01
