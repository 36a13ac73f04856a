import copy

import pytest

from histoexpr import load_model, model_card, read_model_info
from histoexpr.exceptions import DataFormatError
from histoexpr.persistence._info_schema import check_info, clean

CHANGES = [
    (lambda info: info.pop("training"), "lacks training"),
    (lambda info: info.pop("title"), "lacks title"),
    (lambda info: info.update(reference={"in_file": False}), "reference lacks cells"),
    (lambda info: info.update(signals=[]), "signals is list"),
    (lambda info: info["training"].update(cells=5), "cells is int"),
    (lambda info: info["training"].update(depth={"C01": {"H3K4me3": "x"}}), "depth of C01"),
    (lambda info: info["training"].update(counting=["x"]), "counting is list"),
    (lambda info: info["signals"].update(bin_size=0), "bin_size is int '0'"),
    (lambda info: info["signals"].update(window=[5, -5]), "ends before it starts"),
    (lambda info: info["signals"].update(marks=["a"]), "n_marks is not"),
    (lambda info: info["signals"].update(oriented=1), "oriented is int"),
    (lambda info: info.update(scores=[3]), "scores has entries"),
    (lambda info: info.update(scores=[{"a": [1]}]), "no texts and numbers"),
    (lambda info: info.update(kind="virus"), "kind is"),
    (lambda info: info.update(target="rpkm"), "target is neither"),
    (lambda info: info.update(title="\x1b[2J"), "control characters"),
    (lambda info: info.update(title="a\u202eb"), "control characters"),
    (lambda info: info.update(deep={"a": [[[[{"b": "\x07"}]]]]}), "control characters"),
    (lambda info: info.update(probe=5), "probe is int"),
]


@pytest.mark.parametrize(("change", "fault"), CHANGES)
def test_every_reader_refuses_what_is_malformed(change, fault, parts, tmp_path):
    made = parts("linear")
    change(made.info)
    path = made.write(tmp_path / "m")
    for read in (read_model_info, load_model, model_card):
        with pytest.raises(DataFormatError, match=fault):
            read(path)


def test_what_save_model_writes_is_right_and_deep_values_are_not(parts):
    info = parts("boosting").info
    check_info(copy.deepcopy(info))
    for _ in range(100):
        info["x"] = [info.get("x")]
    with pytest.raises(ValueError, match="too deeply"):
        check_info(info)


def test_control_characters_of_names_are_replaced():
    assert clean({"a\x1b": ["b\x07", 1, "c\nd"]}) == {"a\ufffd": ["b\ufffd", 1, "c\nd"]}
