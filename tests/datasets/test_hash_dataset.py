from histoexpr import HistoneDataset, make_histone_cells
from histoexpr.datasets import hash_dataset


def test_the_hash_of_a_data_set_is_that_of_its_content(tmp_path):
    cells = make_histone_cells(n_cells=2, n_genes=20, random_state=0)
    cells.save(tmp_path / "saved")
    assert hash_dataset(HistoneDataset.load(tmp_path / "saved")) == hash_dataset(cells)
    X = cells.X.copy()
    X[-1, -1, -1] += 1
    others = [cells.replace(X=X), cells.replace(y=1 - cells.y)]
    others.append(cells.replace(bin_size=50, window=None))
    assert len({hash_dataset(data) for data in [cells, *others]}) == 4
