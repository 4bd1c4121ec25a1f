import json
import stat

import pytest

from labels.pipeline.files import atomic_folder, atomic_path, sha256_of, write_json


def test_a_file_appears_when_the_block_is_done_and_not_before(tmp_path):
    path = tmp_path / "new" / "file.txt"
    with atomic_path(path) as temporary:
        temporary.write_text("whole", encoding="utf-8")
        assert temporary.parent == path.parent  # else the rename could not be atomic
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "whole"


def test_a_block_that_fails_keeps_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old", encoding="utf-8")

    def break_off():
        with atomic_path(path) as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_files_and_folders_have_the_usual_rights(tmp_path):
    (tmp_path / "plain").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    write_json(tmp_path / "file", {})
    with atomic_folder(tmp_path / "other"):
        pass

    def rights(name):
        return stat.S_IMODE((tmp_path / name).stat().st_mode)

    assert rights("file") == rights("plain")
    assert rights("other") == rights("folder")


def test_a_name_of_250_bytes_can_be_written(tmp_path):
    # the file system allows 255 bytes; a temporary name made from it must not pass that
    path = tmp_path / ("ع" * 125)
    write_json(path, 1)
    assert json.loads(path.read_text(encoding="utf-8")) == 1


def test_a_folder_replaces_the_old_one_whole(tmp_path):
    path = tmp_path / "model"
    path.mkdir()
    (path / "stale").write_text("", encoding="utf-8")
    with atomic_folder(path) as temporary:
        (temporary / "fresh").write_text("", encoding="utf-8")
        assert (path / "stale").exists()
    assert [file.name for file in path.iterdir()] == ["fresh"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_fails_keeps_the_old_one(tmp_path):
    path = tmp_path / "model"
    path.mkdir()
    (path / "old").write_text("", encoding="utf-8")

    def break_off():
        with atomic_folder(path) as temporary:
            (temporary / "half").write_text("", encoding="utf-8")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        break_off()
    assert [file.name for file in path.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [path]


def test_json_is_sorted_and_readable_and_refuses_nan(tmp_path):
    path = tmp_path / "file.json"
    write_json(path, {"b": "غزة", "a": 1})
    assert path.read_text(encoding="utf-8") == '{\n  "a": 1,\n  "b": "غزة"\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text(encoding="utf-8"))["a"] == 1


def test_the_hash_is_sha_256(tmp_path):
    # FIPS 180-2, appendix B.1
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
