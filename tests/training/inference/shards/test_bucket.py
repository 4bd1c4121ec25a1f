import pytest

from labels.pipeline.errors import DataError
from training.inference.shards.bucket import address_problem, bucket_at, is_address


@pytest.fixture
def files(bucket, tmp_path):
    """Give a folder of a bucket, and a function that puts a file with some bytes into it."""
    found = bucket_at(f"{bucket}/خبر 2024, in/")

    def put(name, content):
        (tmp_path / "file").write_bytes(content)
        found.store(tmp_path / "file", name)

    return found, put


def test_an_address_is_told_from_a_folder():
    assert is_address("s3://news/in")
    assert not is_address("s3:/news")
    assert not is_address("/srv/news")
    assert address_problem("gs://news") is None


def test_what_is_stored_is_fetched(files, tmp_path):
    found, put = files
    content = bytes(range(256)) * 80_000  # more than one chunk
    put("2024/дождь.bin", content)
    found.fetch("2024/дождь.bin", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    put("2024/дождь.bin", b"new")
    found.fetch("2024/дождь.bin", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"new"


def test_files_are_listed_by_name_and_hidden_ones_are_not(files):
    found, put = files
    for name in ("b.jsonl", "2024/a.jsonl", ".hidden", "2024/.tmp/c.jsonl", "a b/c.jsonl"):
        put(name, name.encode())
    assert list(found.walk()) == [("2024/a.jsonl", 12), ("a b/c.jsonl", 11), ("b.jsonl", 7)]
    assert found.names_in("2024") == ["a.jsonl"]
    assert found.names_in("gone") == []


def test_a_whole_bucket_is_listed(bucket, files):
    _, put = files
    put("a.jsonl", b"a")
    assert list(bucket_at(bucket).walk()) == [("خبر 2024, in/a.jsonl", 1)]


def test_a_file_is_removed_if_it_is_there(files):
    found, put = files
    put("a", b"a")
    assert found.has("a")
    found.remove("a")
    found.remove("a")
    assert not found.has("a")


def test_what_is_not_there_is_told(bucket, object_store, tmp_path):
    with pytest.raises(DataError, match="nowhere: expected a folder that can be listed"):
        list(bucket_at(f"{bucket}/nowhere").walk())
    with pytest.raises(DataError, match="s3://no-such/in: expected a folder that can be listed"):
        list(bucket_at("s3://no-such/in").walk())
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="s3://no-such/in: expected a folder that can be written"):
        bucket_at("s3://no-such/in").store(tmp_path / "file", "a")
    with pytest.raises(FileNotFoundError):
        bucket_at(bucket).fetch("none", tmp_path / "none")


def test_an_address_that_arrow_does_not_know_is_told():
    with pytest.raises(DataError, match="expected one such as s3://bucket/folder"):
        bucket_at("s3://no bucket/in")
