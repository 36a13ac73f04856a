"""Damaged and edited model files: right, or refused; never another answer, never anything else."""

import copy
import warnings

import numpy as np
import pytest

from histoexpr import (
    CellNormalizer,
    CellPriorClassifier,
    HistoneLinearRegressor,
    MarkSelector,
    MarkSubsetRegressor,
    PairClassifier,
    ReferenceClassifier,
    ReferenceRegressor,
    SignalGenerator,
    SignalScaler,
    WindowSelector,
    load_model,
    make_histone_cells,
    pair_cells,
    save_model,
)
from histoexpr.exceptions import DataFormatError
from tests.persistence.conftest import Parts

# Larger numbers than any model has, and what is no number
ODD = [0, -1, 1, 10**6, 10**12, -(10**12), 1e300, True, None, "", "x", [], [1, 2], {}]
ODD += [{"is": "float", "value": "nan"}, {"is": "array", "name": "a00000"}, {"is": "tuple"}]


def damage(content, rng):
    """Return bytes of which some were changed, cut out, doubled or put in."""
    content = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        at, n = int(rng.integers(len(content))), int(rng.integers(1, 65))
        kind = rng.integers(6)
        if kind == 0:
            content[at] ^= 1 << int(rng.integers(8))
        elif kind == 1:
            content[at : at + n] = rng.bytes(n)
        elif kind == 2:
            del content[at : at + n]
        elif kind == 3:
            content[at:at] = content[at : at + n]
        elif kind == 4:
            del content[at:]
            content += b"\0"
        else:
            content[at : at + n] = bytes(len(content[at : at + n]))
    return bytes(content)


def edit(made, rng):
    """Change the parts of a model as somebody might who can seal them again."""
    kind = rng.integers(6)
    nodes = made.nodes()
    node = nodes[rng.integers(len(nodes))]
    if kind == 0 and made.arrays:
        name = sorted(made.arrays)[rng.integers(len(made.arrays))]
        made.arrays[name] = change_array(made.arrays[name], rng)
    elif kind == 1:
        node.pop(sorted(node)[rng.integers(len(node))]) if node else None
    elif kind == 2 and node:
        node[sorted(node)[rng.integers(len(node))]] = copy.deepcopy(ODD[rng.integers(len(ODD))])
    elif kind == 3:
        other = nodes[rng.integers(len(nodes))]
        kept = copy.deepcopy(other)
        node.clear()
        node.update(kept)
    elif kind == 4:
        node[["x", "is", "class", "state", "params"][rng.integers(5)]] = "os.system"
    else:
        value = ODD[rng.integers(len(ODD))]
        made.info["probe"] = value if rng.integers(2) else {"method": value, "values": value}
    return made


def change_array(values, rng):
    """Return an array with another shape, type or values."""
    kind = rng.integers(7)
    if kind == 0:
        return values.astype([np.float16, np.float64, np.int64, np.bool_][rng.integers(4)])
    if kind == 1:
        return np.ascontiguousarray(values.T if values.ndim > 1 else values[:-1])
    if kind == 2:
        return np.zeros((*values.shape, 2), values.dtype)
    changed = values.copy()
    if changed.size:
        odd = [0, 1, 255, np.inf, -np.inf, np.nan, 1e30, -7]
        value = odd[rng.integers(len(odd))]
        if changed.dtype.kind != "f":
            value = int(np.nan_to_num(value, posinf=1, neginf=0)) % 256
        changed.flat[rng.integers(changed.size)] = value
    return changed


def try_files(saved, models, data, tmp_path, n_files, seed):
    """Return counts of what became of changed files, and the first that went wrong.

    ``data`` is the data set of each model.
    """
    rng = np.random.default_rng(seed)
    names = sorted(saved)
    right = {name: answers(models[name], data[name]) for name in names}
    counts, path = dict.fromkeys(("right", "refused", "another model", "wrong", "raw"), 0), None
    faults = []
    path = tmp_path / "changed.histoexpr"
    for number in range(n_files):
        name = names[number % len(names)]
        damaged = number % 2 == 0
        if damaged:
            path.write_bytes(damage(saved[name].read_bytes(), rng))
        else:
            try:
                edit(Parts(saved[name]), rng).write(path)
            except (ValueError, TypeError):  # no JSON can hold it
                counts["refused"] += 1
                continue
        outcome = look_at(path, right[name], data[name], damaged)
        counts[outcome[0]] += 1
        if outcome[0] in ("wrong", "raw"):
            faults.append((number, name, *outcome[1:]))
    return counts, faults


def answers(model, genes):
    methods = ("predict_proba", "predict", "transform")
    found = getattr(model, next(name for name in methods if hasattr(model, name)))(genes)
    return np.asarray(getattr(found, "X", found))


def look_at(path, right, genes, damaged):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = load_model(path)
    except DataFormatError as error:
        named = str(path) in str(error) and len(str(error)) < 2000
        return ("refused",) if named else ("raw", repr(error)[:300])
    except Exception as error:
        return "raw", repr(error)[:300]
    try:
        found = answers(model, genes)
    except ValueError as error:  # its own check of X, such as of other marks
        return ("wrong" if damaged else "another model"), repr(error)[:300]
    except Exception as error:
        return "raw", repr(error)[:300]
    if np.array_equal(found, right):
        return ("right",)
    # who seals a file anew has made another model, which must be one
    finite = np.isfinite(found).all() and found.shape == right.shape
    return ("another model" if finite and not damaged else "wrong"), repr(found[:1])[:300]


@pytest.fixture(scope="module")
def more():
    """Return fitted models that wrap others, and what each is for."""
    cells, reference = make_histone_cells(
        n_cells=3, n_genes=220, n_reference_cells=4, random_state=0
    )
    pairs = pair_cells(cells)
    small = HistoneLinearRegressor(n_regions=2)
    settings = {"n_steps": 2, "width": 4, "latent_dim": 4, "encoder_steps": 2, "batch_size": 8}
    made = {
        "reference": (ReferenceClassifier(reference=reference), cells),
        "reference-regressor": (ReferenceRegressor(small, reference), cells),
        "subsets": (MarkSubsetRegressor(small), cells),
        "prior": (CellPriorClassifier(), cells),
        "normalizer": (CellNormalizer(n_regions=2), cells),
        "scaler": (SignalScaler(), cells),
        "selector": (MarkSelector(marks=["H3K4me3", "H3K27me3"]), cells),
        "window": (WindowSelector((-1000, 1000)), cells),
        "generator": (SignalGenerator(**settings, random_state=0), cells),
        "changes": (PairClassifier(), pairs[:200]),
    }
    return {name: (model.fit(data), data) for name, (model, data) in made.items()}


def test_changed_files_are_right_or_refused(saved, models, genes, tmp_path):
    counts, faults = try_files(saved, models, dict.fromkeys(models, genes), tmp_path, 150, seed=0)
    assert not faults, faults[:3]
    assert counts["refused"] > 50


@pytest.mark.slow
def test_two_thousand_changed_files(saved, models, genes, tmp_path):
    counts, faults = try_files(saved, models, dict.fromkeys(models, genes), tmp_path, 2000, seed=1)
    assert not faults, faults[:3]
    assert counts["refused"] > 1000
    assert counts["right"] + counts["refused"] + counts["another model"] == 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_changed_files_of_models_that_wrap_others(more, tmp_path):
    models = {name: model for name, (model, _) in more.items()}
    saved = {name: save_model(model, tmp_path / name) for name, model in models.items()}
    data = {name: d for name, (_, d) in more.items()}
    counts, faults = try_files(saved, models, data, tmp_path, 1000, seed=2)
    assert not faults, faults[:3]
    assert counts["refused"] > 500
