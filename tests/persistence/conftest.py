"""Small models, each fitted once, and files of them that are changed by hand."""

import json
import zipfile

import numpy as np
import pytest
from safetensors.numpy import load
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from histoexpr import BinPooler, HistoneCNNClassifier, HistoneLinearClassifier, make_histone_cells
from histoexpr import save_model as keep
from histoexpr.persistence import _archive


@pytest.fixture(scope="session")
def genes():
    """Return 120 genes × 2 cells."""
    return make_histone_cells(n_cells=2, n_genes=120, random_state=0)


@pytest.fixture(scope="session")
def models(genes):
    """Return fitted models by name."""
    pooled = BinPooler("sum", n_regions=4), FunctionTransformer(np.log1p)
    made = {
        "linear": HistoneLinearClassifier(n_regions=4),
        "cnn": HistoneCNNClassifier(n_filters=4, hidden_sizes=(6,), max_epochs=1, random_state=0),
        "boosting": make_pipeline(*pooled, HistGradientBoostingClassifier(max_iter=4)),
        "boosting-regressor": make_pipeline(*pooled, HistGradientBoostingRegressor(max_iter=4)),
        "logistic": make_pipeline(*pooled, StandardScaler(), LogisticRegression()),
        "ridge": make_pipeline(*pooled, StandardScaler(), Ridge()),
    }
    level = np.log2(1 + genes.expression)
    return {
        name: model.fit(genes, level if name in ("boosting-regressor", "ridge") else genes.y)
        for name, model in made.items()
    }


@pytest.fixture(scope="session")
def saved(models, genes, tmp_path_factory):
    """Return the path of the file of each model."""
    folder = tmp_path_factory.mktemp("models")
    return {
        name: keep(model, folder / f"{name}.histoexpr", data=genes)
        for name, model in models.items()
    }


class Parts:
    """The content of a model file, to be changed and written with checksums that fit."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as file:
            self.info, self.tree = (json.loads(file.read(n)) for n in _archive.MEMBERS[:2])
            self.arrays = load(file.read(_archive.MEMBERS[2]))
        for name in ("members", "checksum", "format", "version"):
            del self.info[name]

    def write(self, path):
        """Write what is now held, sealed as if it were genuine."""
        _archive.write_archive(path, self.info, self.tree, self.arrays)
        return path

    def nodes(self, node=None):
        """Return all dicts of the tree, from outside to inside."""
        node = self.tree if node is None else node
        found = [node] if isinstance(node, dict) else []
        for item in node.values() if isinstance(node, dict) else node:
            if isinstance(item, dict | list):
                found += self.nodes(item)
        return found

    def find(self, name):
        """Return the first object whose class ends in a name."""
        return next(n for n in self.nodes() if str(n.get("class", "")).endswith(name))


@pytest.fixture
def parts(saved):
    """Return a function: the parts of a saved model, by name."""
    return lambda name: Parts(saved[name])


@pytest.fixture
def write_zip(tmp_path):
    """Return a function that writes members, (name, content) each, to a zip file."""

    def write(members, name="made.histoexpr", **settings):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", **settings) as file:
            for member, content in members:
                file.writestr(member, content)
        return path

    return write


@pytest.fixture
def members(saved):
    """Return a function: the members of a saved model, as a list of names and contents."""

    def read(name):
        with zipfile.ZipFile(saved[name]) as file:
            return [(member, file.read(member)) for member in file.namelist()]

    return read
