from contextlib import suppress

import pytest

from training.inference.shards.bucket import bucket_at
from training.inference.shards.folders import MARKER, file_beside, read_finished, shard_folder

STATE = {"key": "k", "state": {}}


@pytest.fixture(params=["folder", "bucket"])
def place(request, bucket, tmp_path):
    """Give an output of each kind, and a function that reads its files."""
    if request.param == "bucket":
        return f"{bucket}/out"
    return str(tmp_path / "out")


def write(place, name="2024/a.jsonl", records="records.jsonl", content="old", beside=(".x",)):
    with shard_folder(place, name) as folder:
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.begin(records)
        for end in ("", *beside):
            (folder.path / f"{records}{end}").write_text(content, encoding="utf-8")
        folder.finish(STATE)


def contents(place, tmp_path):
    """Read all files of an output, by name."""
    if "://" not in place:
        root = tmp_path / "out"
        return {
            str(path.relative_to(root)): path.read_text("utf-8")
            for path in root.rglob("*")
            if path.is_file()
        }
    found = {}
    for name, _ in bucket_at(place).walk():
        bucket_at(place).fetch(name, tmp_path / "fetched")
        found[name] = (tmp_path / "fetched").read_text("utf-8")
    return found


def test_what_is_written_is_found_finished(place, tmp_path):
    write(place)
    files = contents(place, tmp_path)
    assert set(files) == {f"2024/a.jsonl/{n}" for n in ("records.jsonl", "records.jsonl.x", MARKER)}
    with shard_folder(place, "2024/a.jsonl") as folder:
        assert folder.finished("records.jsonl") == STATE
        assert folder.finished("records.csv") is None
    with shard_folder(place, "2024/b.jsonl") as folder:
        assert folder.finished("records.jsonl") is None


def test_another_form_takes_the_place_of_the_first(place, tmp_path):
    write(place)
    write(place, records="records.csv", content="new", beside=())
    assert set(contents(place, tmp_path)) == {f"2024/a.jsonl/{n}" for n in ("records.csv", MARKER)}


def test_what_is_broken_off_does_not_count_as_finished(place, tmp_path):
    write(place)
    with suppress(OSError), shard_folder(place, "2024/a.jsonl") as folder:
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.begin("records.jsonl")
        (folder.path / "records.jsonl").write_text("new", encoding="utf-8")
        raise OSError("full")
    with shard_folder(place, "2024/a.jsonl") as folder:
        found = folder.finished("records.jsonl")
    # In a bucket the old one stands until the new one is whole.
    old = contents(place, tmp_path)["2024/a.jsonl/records.jsonl"] == "old"
    assert old == (found == STATE) == ("://" in place)


def test_the_marker_is_gone_while_files_are_copied(bucket, tmp_path, monkeypatch):
    place = f"{bucket}/out"
    write(place)

    def break_off(*arguments):
        raise OSError("gone")

    monkeypatch.setattr("training.inference.shards.bucket.Bucket.store", break_off)
    with pytest.raises(OSError, match="gone"):
        write(place, content="new")
    monkeypatch.undo()
    with shard_folder(place, "2024/a.jsonl") as folder:
        assert folder.finished("records.jsonl") is None


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_file_beside_the_output_has_its_name(place, bucket, tmp_path, slash):
    with file_beside(place + slash, ".meta.json") as path:
        path.write_text("sums", encoding="utf-8")
    if "://" in place:
        bucket_at(bucket).fetch("out.meta.json", tmp_path / "out.meta.json")
    assert (tmp_path / "out.meta.json").read_text("utf-8") == "sums"


def test_a_folder_without_a_marker_is_not_finished(tmp_path):
    assert read_finished(tmp_path) is None
