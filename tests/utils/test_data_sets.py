import numpy as np
import pandas as pd

from histoexpr.utils import is_dataset
from support.small_datasets import make_dataset


def test_only_a_data_set_is_one():
    data = make_dataset()

    assert is_dataset(data)
    for other in (data.X, data.samples, None, [data], pd.DataFrame({"marks": [1]}), type(data)):
        assert not is_dataset(other)
    assert not is_dataset(np.ma.masked_array(data.X))
