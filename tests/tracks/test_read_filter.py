"""Flags that exclude an alignment."""

from histoexpr.tracks import ReadFilter


def test_flags_that_are_skipped():
    assert ReadFilter().skipped_flags == 0x4 | 0x100 | 0x200 | 0x400 | 0x800
    assert ReadFilter(0, True, True, True).skipped_flags == 0x4
    assert not ReadFilter(keep_duplicates=True).skipped_flags & 0x400
    assert not ReadFilter(keep_secondary=True).skipped_flags & 0x900
    assert not ReadFilter(keep_qc_failed=True).skipped_flags & 0x200
