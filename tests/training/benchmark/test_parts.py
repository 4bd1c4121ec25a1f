import pytest

from labels.pipeline.errors import ConfigError
from training.benchmark.parts import read_parts

LINE = '{{"text": "{}", "sentiment": "{}"}}\n'


@pytest.fixture
def folder(tmp_path):
    """Write a set of sentiments: two lines of train, one of which is none, and one of dev."""
    (tmp_path / "train.jsonl").write_text(LINE.format("a", "positive") + LINE.format("b", "odd"))
    (tmp_path / "dev.jsonl").write_text(LINE.format("c", "negative"))
    (tmp_path / "kept.jsonl").write_text(LINE.format("d", "neutral"))
    return tmp_path


def test_each_part_is_read_and_what_is_no_example_is_told(suite, folder):
    parts, rejects = read_parts(suite("smsa"), folder)
    assert {part: [row["text"] for row in rows] for part, rows in parts.items()} == {
        "train": ["a"],
        "dev": ["c"],
    }
    assert [reject.reason for reject in rejects] == ["label"]


def test_a_test_file_is_a_part_of_its_own(suite, folder):
    parts, _ = read_parts(suite("smsa"), folder, folder / "kept.jsonl")
    assert [(row["text"], row["split"]) for row in parts["test"]] == [("d", "test")]


def test_a_missing_part_is_an_error(suite, folder):
    (folder / "dev.jsonl").unlink()
    with pytest.raises(ConfigError, match="expected the dev part of smsa"):
        read_parts(suite("smsa"), folder)
