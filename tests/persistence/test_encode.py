import json
import math

import numpy as np
import pytest

from histoexpr.persistence._decode import Decoder
from histoexpr.persistence._encode import Encoder

VALUES = [
    None, True, 5, "naïve", 0.1, math.inf, -math.inf, [1, [2.5]], (1, "a"), {"a": (1,), 3: None},
    slice(1, None, 2), np.float32(0.1), np.int16(-3), np.bool_(True), np.log1p,
    np.array([[1.5, np.nan], [-0.0, np.inf]]), np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(3), np.zeros((0, 4), np.uint8), np.array(["a", "bc"]), np.array(["a", None], object),
]  # fmt: skip


def same(a, b):
    if not isinstance(a, np.ndarray):
        return type(a) is type(b) and a == b
    alike = a.dtype == b.dtype and a.shape == b.shape and a.strides == b.strides
    content = a.tolist() == b.tolist() if a.dtype == object else a.tobytes() == b.tobytes()
    return alike and content


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_come_back_with_type_bits_and_order(value):
    encoder = Encoder()
    node = json.loads(json.dumps(encoder.encode(value, "x"), allow_nan=False))
    assert same(value, Decoder(encoder.arrays).decode(node, "x"))


def test_nan_and_random_states_come_back():
    state = np.random.RandomState(3)
    state.normal(size=7)
    encoder = Encoder()
    node = encoder.encode([float("nan"), state], "x")
    number, again = Decoder(encoder.arrays).decode(node, "x")
    assert math.isnan(number)
    assert again.normal(size=5).tolist() == state.normal(size=5).tolist()


def test_big_endian_arrays_keep_their_values():
    encoder = Encoder()
    encoder.encode(np.array([1, 258], dtype=">i4"), "x")
    assert encoder.arrays["a00000"].tolist() == [1, 258]


@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]), np.ma.masked_array([1], [True]), np.datetime64("2020-01-01"),
        np.array(["2020-01-01"], "M8[D]"), 1j, np.complex64(1), {(1, 2): 3}, {True: 1}, b"x",
        {1, 2}, open, lambda x: x, range(3),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_place(value):
    with pytest.raises(ValueError, match=r"^model\.there"):
        Encoder().encode(value, "model.there")
