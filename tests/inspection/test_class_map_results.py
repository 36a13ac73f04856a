"""Class maps as a result: averages, table and text."""

import numpy as np

from histoexpr.inspection import ClassMaps, class_maps


def test_the_average_of_small_integers_is_exact(genes, classifiers):
    X = (genes[0] % 3).astype(np.uint8)
    maps = class_maps(classifiers["linear"], "on", method="data", X=X, n_maps=5)
    assert maps.average.dtype == np.float64
    expected = np.expm1(np.log1p(maps.signals.astype(float)).mean(axis=0))
    np.testing.assert_allclose(maps.average, expected)


def test_table_has_one_row_per_map():
    signals = np.random.default_rng(0).poisson(3, (2, 5, 2))
    maps = ClassMaps(signals, np.array([0.5, 0.75]), "on", "gan", 0.7, marks=["H3K4me3", "b"])
    assert list(maps.table) == ["score", "H3K4me3", "b"]
    assert maps.table.index.name == "map"
    np.testing.assert_array_equal(maps.table.score, maps.scores)
    np.testing.assert_array_equal(maps.table[["H3K4me3", "b"]], signals.mean(axis=1))
    assert repr(maps).splitlines()[0] == (
        "2 maps of class on (method gan): median probability 0.625, sought 0.7"
    )
    assert "<th>H3K4me3</th>" in maps._repr_html_()


def test_table_of_samples_numbers_them(genes, classifiers):
    maps = class_maps(classifiers["linear"], "on", method="data", X=genes[0], n_maps=3)
    assert list(maps.table) == ["row", "score", "mark1", "mark2", "mark3"]
    np.testing.assert_array_equal(maps.table.row, maps.rows)
    assert repr(maps).splitlines()[0].endswith("sought the highest")
