"""Progress bars on standard error."""

import threading

from histoexpr.utils import progress_bar


def test_a_bar_is_shown(capsys):
    assert list(progress_bar(range(3), desc="work", unit="step")) == [0, 1, 2]
    out, err = capsys.readouterr()
    assert out == ""
    assert "work: 100%" in err


def test_nothing_is_shown_unless_asked(capsys):
    assert list(progress_bar(iter("ab"), show=False)) == ["a", "b"]
    with progress_bar(total=2, show=False) as bar:
        bar.update(1)
        bar.set_postfix_str("text")
    assert capsys.readouterr() == ("", "")


def test_no_thread_is_left():
    before = threading.active_count()
    list(progress_bar(range(2)))
    assert threading.active_count() == before
