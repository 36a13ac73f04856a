"""DeepChrome's comparison of numbers as text, by hand."""

import numpy as np
import pytest

from histoexpr.replication import text_labels


def test_values_are_compared_as_text_with_three_decimals():
    # the median is 3.330; "10.575" and "250.000" sort before it, "4.000" and "34.000" after
    values = np.array([10.575, 250.0, 3.33, 4.0, 0.5, 0.0, 34.0, 3.329, 1.0])
    labels = text_labels(values)
    assert labels.tolist() == [0, 0, 0, 1, 0, 0, 1, 0, 0]
    assert labels.dtype == np.int64
    # each cell by itself
    columns = np.column_stack([values, 2 * values])
    np.testing.assert_array_equal(text_labels(columns)[:, 1], text_labels(2 * values))


def test_negative_values_are_refused():
    with pytest.raises(ValueError, match="defined for RPKM"):
        text_labels(np.array([-1.0, 2.0]))
