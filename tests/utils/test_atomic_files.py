"""Files and folders appear whole or not at all."""

import pytest

from histoexpr.utils import atomic_folder, atomic_path


def test_a_file_appears_at_the_end(tmp_path):
    target = tmp_path / "new" / "table.tsv.gz"
    with atomic_path(target) as temporary:
        assert temporary.parent == target.parent
        assert temporary.suffixes[-2:] == [".tsv", ".gz"]
        temporary.write_text("text")
        assert not target.exists()
    assert target.read_text() == "text"
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_leaves_the_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail():
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_replaced_only_if_asked(tmp_path):
    target = tmp_path / "folder"
    for text in ("old", "new"):
        with atomic_folder(target, overwrite=text == "new") as temporary:
            (temporary / text).touch()
    assert [path.name for path in target.iterdir()] == ["new"]
    with pytest.raises(FileExistsError, match=r"folder exists.*overwrite=True"):
        atomic_folder(target).__enter__()
    assert list(tmp_path.iterdir()) == [target]
