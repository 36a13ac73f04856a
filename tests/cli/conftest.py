"""A small data set and generator in files, for commands that train or use one."""

import pytest


@pytest.fixture(scope="session")
def narrow_cells():
    """Two cells, 150 genes, 20 bins: networks are fast on them."""
    from histoexpr import make_histone_cells

    data = make_histone_cells(n_cells=2, n_genes=150, random_state=0)
    return data.replace(X=data.X[:, 40:60], window=(-1000, 1000))


@pytest.fixture(scope="session")
def saved_narrow(narrow_cells, tmp_path_factory):
    path = tmp_path_factory.mktemp("narrow") / "cells"
    narrow_cells.save(path)
    return path


@pytest.fixture(scope="session")
def kept_generator(narrow_cells, tmp_path_factory):
    """Path of a generator of both cells, hardly trained."""
    from histoexpr import SignalGenerator, save_model
    from support.generators import TINY

    generator = SignalGenerator(**TINY, random_state=0)
    generator.fit(narrow_cells, cell=narrow_cells.cell)
    path = tmp_path_factory.mktemp("kept") / "generator.histoexpr"
    return save_model(generator, path, data=narrow_cells)


@pytest.fixture(scope="session")
def kept_classifier(narrow_cells, tmp_path_factory):
    from histoexpr import HistoneLinearClassifier, save_model

    classifier = HistoneLinearClassifier(n_regions=2).fit(narrow_cells)
    path = tmp_path_factory.mktemp("kept") / "m.histoexpr"
    return save_model(classifier, path, data=narrow_cells)
