import copy
import json
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.base import clone

from histoexpr import (
    PairRegressor,
    ReferenceClassifier,
    SignalGenerator,
    load_model,
    make_histone_cells,
    pair_cells,
    read_model_info,
    save_model,
)
from histoexpr.exceptions import DataFormatError
from tests.persistence.conftest import Parts

NAMES = ("linear", "cnn", "boosting", "boosting-regressor", "logistic", "ridge")


def answers(model, data):
    method = "predict_proba" if hasattr(model, "predict_proba") else "predict"
    return getattr(model, method)(data)


@pytest.mark.parametrize("name", NAMES)
def test_predictions_are_equal_to_the_last_bit(name, models, saved, genes):
    loaded = load_model(saved[name])
    np.testing.assert_array_equal(answers(loaded, genes), answers(models[name], genes))
    assert repr(loaded) == repr(models[name])


@pytest.mark.parametrize("name", ["cnn", "boosting"])
def test_another_process_predicts_the_same_bits(name, models, saved, genes, tmp_path):
    genes.save(tmp_path / "genes")
    code = (
        "import sys; from histoexpr import HistoneDataset, load_model;"
        "model = load_model(sys.argv[1]); data = HistoneDataset.load(sys.argv[2]);"
        "print(model.predict_proba(data).tobytes().hex())"
    )
    command = [sys.executable, "-c", code, str(saved[name]), str(tmp_path / "genes")]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert bytes.fromhex(out.strip()) == models[name].predict_proba(genes).tobytes()


def test_a_loaded_model_can_be_saved_again_unchanged(saved, tmp_path):
    for name in NAMES:
        save_model(load_model(saved[name]), tmp_path / name)
        first, again = Parts(saved[name]), Parts(tmp_path / name)
        assert first.tree == again.tree
        assert {n: a.tobytes() for n, a in first.arrays.items()} == {
            n: a.tobytes() for n, a in again.arrays.items()
        }


def test_a_loaded_network_can_be_trained_on(saved, genes):
    loaded = load_model(saved["cnn"])
    before = loaded.predict_proba(genes)
    loaded.partial_fit(genes, genes.y)
    assert not np.array_equal(loaded.predict_proba(genes), before)
    assert len(loaded.history_) == 2


def test_a_loaded_network_fits_again_and_is_copied(models, saved, genes):
    loaded = load_model(saved["cnn"])
    right = loaded.predict_proba(genes)
    for other in (copy.deepcopy(loaded), pickle.loads(pickle.dumps(loaded))):
        np.testing.assert_array_equal(other.predict_proba(genes), right)
    assert "net_" not in vars(loaded)
    assert loaded.net_.module_ is not None  # made when it is asked for
    np.testing.assert_array_equal(loaded.predict_proba(genes), right)
    again = load_model(saved["cnn"]).set_params(random_state=5).fit(genes)
    assert not np.array_equal(again.predict_proba(genes), right)
    fresh = clone(models["cnn"]).set_params(random_state=5).fit(genes)
    np.testing.assert_array_equal(again.predict_proba(genes), fresh.predict_proba(genes))


def test_marks_in_another_order_are_matched_after_loading(saved, genes):
    loaded = load_model(saved["cnn"])
    turned = genes.select(marks=genes.marks[::-1])
    np.testing.assert_array_equal(loaded.predict_proba(turned), loaded.predict_proba(genes))


def test_a_generator_samples_the_same_signals_and_trains_on(genes, tmp_path):
    settings = {"n_steps": 2, "width": 4, "latent_dim": 4, "encoder_steps": 2, "batch_size": 8}
    generator = SignalGenerator(**settings, random_state=0).fit(genes)
    loaded = load_model(save_model(generator, tmp_path / "g.histoexpr"))
    first, again = (g.sample(6, random_state=1) for g in (generator, loaded))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(first))
    np.testing.assert_array_equal(loaded.transform(genes), generator.transform(genes))
    loaded.set_params(warm_start=True).fit(genes)
    assert loaded.n_iter_ == 4


def test_a_reference_travels_in_the_file(tmp_path):
    cells, reference = make_histone_cells(
        n_cells=3, n_genes=250, n_reference_cells=8, random_state=0
    )
    old, new = cells.select(cells=["C01", "C02"]), cells.select(cells="C03")
    model = ReferenceClassifier(reference=reference).fit(old)
    loaded = load_model(save_model(model, tmp_path / "r.histoexpr"))
    np.testing.assert_array_equal(loaded.predict_proba(new), model.predict_proba(new))
    assert loaded.cell_report(new).equals(model.cell_report(new))
    assert loaded.reference.cells.tolist() == reference.cells.tolist()
    np.testing.assert_allclose(loaded.reference.values, np.log2(reference.values + 1))


def test_a_reference_may_be_named_by_its_hash(tmp_path):
    cells, reference = make_histone_cells(
        n_cells=2, n_genes=250, n_reference_cells=8, random_state=0
    )
    model = ReferenceClassifier(reference=reference).fit(cells)
    path = save_model(model, tmp_path / "r.histoexpr", embed_reference=False)
    full = save_model(model, tmp_path / "full.histoexpr")
    assert full.stat().st_size - path.stat().st_size > 250 * 8 * 8
    assert read_model_info(path)["reference"]["in_file"] is False
    turned = reference.to_frame().iloc[::-1, ::-1]
    loaded = load_model(path, reference=turned)
    np.testing.assert_array_equal(loaded.predict_proba(cells), model.predict_proba(cells))
    for other, fault in (
        (None, "Pass reference="),
        (turned + 1, "values differ"),
        (turned.iloc[1:], "not the one it was fitted with"),
    ):
        with pytest.raises(DataFormatError, match=fault):
            load_model(path, reference=other)


def test_models_of_pairs_are_antisymmetric_after_loading(genes, tmp_path):
    pairs = pair_cells(genes)
    model = PairRegressor().fit(pairs)
    loaded = load_model(save_model(model, tmp_path / "p.histoexpr"))
    np.testing.assert_array_equal(loaded.predict(pairs), model.predict(pairs))


def refused(path, fault):
    with pytest.raises(DataFormatError, match=fault) as error:
        load_model(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda a: a * np.nan, "not finite"),
        (lambda a: np.zeros((3, 3), a.dtype), "shape|order"),
        (lambda a: a.astype(np.int32), "array of"),
        (lambda a: a.astype(np.float16), "array of"),
        (lambda a: a[:0], "shape"),
    ],
)
def test_arrays_of_other_shapes_types_and_values_are_refused(change, fault, parts, tmp_path):
    made = parts("cnn")
    name = max(made.arrays, key=lambda n: made.arrays[n].nbytes)
    made.arrays[name] = np.ascontiguousarray(change(made.arrays[name]))
    refused(made.write(tmp_path / "m"), fault)


@pytest.mark.parametrize("size", [10**6, 10**9, 10**14])
@pytest.mark.parametrize("name", ["n_filters", "hidden_sizes", "kernel_size"])
def test_huge_networks_are_refused_before_they_take_memory(size, name, parts, tmp_path):
    made = parts("cnn")
    value = {"is": "tuple", "items": [size]} if name == "hidden_sizes" else size
    made.tree["params"][name] = value
    refused(made.write(tmp_path / "m"), "weights|shape|large|kernel|bins|fit|imply|whole")


def test_huge_numbers_of_bins_are_refused(parts, tmp_path):
    made = parts("boosting")
    made.find("BinPooler")["state"]["n_bins_in_"] = 10**12
    refused(made.write(tmp_path / "m"), "too large|bins")


@pytest.mark.parametrize(
    "name", ["os.system", "builtins.eval", "sklearn.SVC", "histoexpr.Nothing", 5, None]
)
def test_unknown_classes_are_refused_and_not_imported(name, parts, tmp_path):
    made = parts("boosting")
    made.find("BinPooler")["class"] = name
    refused(made.write(tmp_path / "m"), "not allowed")


@pytest.mark.parametrize("name", ["os.system", "numpy.load", "numpy.__dict__", "builtins.exec"])
def test_unknown_functions_are_refused(name, parts, tmp_path):
    made = parts("boosting")
    made.find("FunctionTransformer")["params"]["func"] = {"is": "callable", "name": name}
    refused(made.write(tmp_path / "m"), "not allowed")


def test_deep_trees_are_refused(parts, tmp_path):
    made = parts("linear")
    for _ in range(200):
        made.tree = [made.tree]
    refused(made.write(tmp_path / "m"), "nested too deeply")


def test_attributes_of_no_estimator_are_refused(parts, tmp_path):
    made = parts("logistic")
    made.find("StandardScaler")["state"]["__class__"] = "x"
    refused(made.write(tmp_path / "m"), "unknown '__class__'")
    made = parts("logistic")
    made.find("StandardScaler")["params"]["__init__"] = 1
    refused(made.write(tmp_path / "m"), "__init__")


def test_steps_that_do_not_fit_together_are_refused(parts, tmp_path):
    made = parts("logistic")
    scaler = made.find("StandardScaler")
    scaler["state"]["n_features_in_"] = 3
    refused(made.write(tmp_path / "m"), "shape")
    made = parts("ridge")
    made.find("BinPooler")["params"]["n_regions"] = 3
    refused(made.write(tmp_path / "m"), "expecting|features")


@pytest.mark.parametrize("name", NAMES)
def test_predictions_that_changed_are_found(name, parts, tmp_path):
    made = parts(name)
    made.info["probe"]["values"][1][0] += 0.01
    refused(made.write(tmp_path / "m"), "differ by 0.01")


def test_a_model_of_another_kind_than_it_says_is_refused(parts, tmp_path):
    made = parts("boosting")
    made.tree["params"]["steps"].pop()
    refused(made.write(tmp_path / "m"), "it is a transformer, but says that it is a classifier")
    made = parts("boosting")
    del made.info["probe"]
    refused(made.write(tmp_path / "m"), "lacks probe")


def test_small_files_cannot_take_much_memory(parts, tmp_path):
    made = parts("linear")
    names = ["a" * 20_000, *[""] * 19_999]
    made.tree = {"is": "texts", "dtype": "<U20000", "shape": [20_000], "items": names}
    refused(made.write(tmp_path / "m"), "more memory than its names are long")
    made = parts("linear")
    made.tree = [{"is": "array", "name": min(made.arrays)}] * 1000
    refused(made.write(tmp_path / "m"), "used twice")


def test_small_files_cannot_keep_a_computer_busy(parts, tmp_path):
    step = {
        "is": "object",
        "class": "sklearn.FunctionTransformer",
        "params": {"func": {"is": "callable", "name": "numpy.tanh"}},
        "state": {"n_features_in_": 1 << 20},
    }
    made = parts("logistic")
    named = [{"is": "tuple", "items": [f"s{n}", step]} for n in range(1000)]
    made.tree["params"]["steps"] = named
    made.info |= {"kind": "transformer", "probe": {"method": "transform", "values": None}}
    refused(made.write(tmp_path / "m"), "too many")


def test_a_pipeline_does_not_write_where_a_file_says(models, parts, tmp_path):
    made = parts("boosting")
    made.tree["params"]["memory"] = str(tmp_path / "planted")
    refused(made.write(tmp_path / "m"), "folder for its cache")
    model = copy.deepcopy(models["boosting"]).set_params(memory=str(tmp_path / "mine"))
    assert load_model(save_model(model, tmp_path / "n")).memory is None


def test_a_network_of_another_machine_is_used_here(parts, models, genes, tmp_path):
    made = parts("cnn")
    made.tree["params"]["device"] = "cuda:7"
    with pytest.warns(UserWarning, match="'auto' takes its place"):
        loaded = load_model(made.write(tmp_path / "m"))
    assert loaded.device == "auto"
    np.testing.assert_array_equal(loaded.predict_proba(genes), models["cnn"].predict_proba(genes))


def test_what_is_no_estimator_is_refused(parts, tmp_path):
    made = parts("linear")
    made.tree = {"is": "tuple", "items": [1, 2]}
    refused(made.write(tmp_path / "m"), "no estimator")


def test_no_warning_and_nothing_written_when_loading(saved):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in NAMES:
            load_model(saved[name])


def test_a_model_is_json_and_arrays_only(saved):
    for path in saved.values():
        made = Parts(path)
        assert json.loads(json.dumps(made.tree)) == made.tree
        assert all(a.dtype.kind in "biuf" for a in made.arrays.values())
