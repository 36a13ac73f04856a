"""A format outside the package: one class and one entry in the registry are all it takes."""

import numpy as np
import pytest

from histoexpr.tracks import _formats as formats_module
from histoexpr.tracks import count_track, detect_format
from histoexpr.tracks._track_format import SignalIntervals, TrackFormat
from support.track_files import make_windows


class Constant(TrackFormat):
    """One value over the whole of chr1, for the test."""

    name, title = "constant", "constant"

    def sniff(self, head):
        return head.data.startswith(b"value ")

    def read(self, path, wanted, tally):
        start, end = wanted.regions("chr1")
        value = float(path.read_text().split()[1])
        yield SignalIntervals("chr1", start[:1], end[-1:], np.array([value]))


def test_a_new_format_is_detected_and_counted(tmp_path, monkeypatch):
    path = tmp_path / "track"
    path.write_text("value 2.5\n")
    monkeypatch.setattr(
        formats_module, "FORMATS", {"constant": Constant(), **formats_module.FORMATS}
    )
    assert detect_format(path) == "constant"
    counts = count_track(path, make_windows([("chr1", 100)]))
    assert (counts.rule, counts.file_format) == ("mean", "constant")
    np.testing.assert_array_equal(counts.values, [[2.5] * 4])
    assert Constant().chromosome_sizes(path) == {}


@pytest.mark.parametrize("name", formats_module.FORMATS)
def test_every_format_declares_itself(name):
    track_format = formats_module.FORMATS[name]
    assert track_format.name == name
    assert track_format.title
    assert {type(track_format).sniff, type(track_format).read}.isdisjoint(
        {TrackFormat.sniff, TrackFormat.read}
    )
