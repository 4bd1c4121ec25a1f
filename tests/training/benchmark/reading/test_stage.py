import json

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table

WORDS = {"favor": "good {} works", "against": "bad {} fails", "none": "{} is there"}


def rows_of(stances):
    return [
        {"text": f"{WORDS[stance].format('Russia')} {i}", "target": "Russia", "stance": stance}
        for i in range(2)
        for stance in stances
    ]


@pytest.fixture
def read(composer, tmp_path):
    """Write the parts of a set and read it; return the folder of what was read."""

    def run(train, dev, *changes):
        for part, rows in (("train", train), ("dev", dev)):
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{part}.jsonl").write_text(text, encoding="utf-8")
        output = tmp_path / "read"
        composer.run(
            "read_suite", "suite=ruw", f"data_dir={tmp_path}", f"output={output}", *changes
        )
        return output

    return run


def test_the_train_part_becomes_a_table_with_marked_targets_and_what_they_are(read, capsys):
    copied = {"text": "Good Russia  works 7", "target": "Russia", "stance": "favor"}
    odd = {"text": "Odd", "target": "Mars", "stance": "favor"}
    dev = [copied | {"text": "good russia works 7"}]
    folder = read([*rows_of(WORDS), copied, odd], dev)
    rows = read_table(folder / "examples.parquet", "splits")
    assert [row["stances"][0]["label"] for row in rows] == ["favor", "against", "neutral"] * 2
    (mention,) = rows[0]["mentions"]
    assert rows[0]["text"][mention["start"] : mention["end"]] == "Russia"
    about = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    assert about["classes"] == {"stance": ["favor", "against", "neutral"]}
    assert [target["key"] for target in about["targets"]] == ["russia", "ukraine"]
    (reject,) = (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(reject)["reason"] == "target"
    said = capsys.readouterr().out
    assert "6 sentences to learn from" in " ".join(said.split())
    assert "left out 1, as their text is in dev; rejected 1" in said


def test_a_set_of_sentiments_has_no_stances(read, composer):
    rows = [{"text": f"{label} {i}", "sentiment": label} for i in range(2) for label in TONES]
    folder = read(rows, rows[:0], "suite=smsa")
    about = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    assert about["classes"] == {"sentiment": TONES}
    assert all(row["sentiment"] for row in read_table(folder / "examples.parquet", "splits"))


TONES = ["negative", "neutral", "positive"]


def test_a_class_that_train_lacks_is_an_error_and_nothing_is_written(read, tmp_path):
    message = r"ruw: stance: expected train sentences of each of favor, .* found none of against"
    with pytest.raises(DataError, match=message):
        read(rows_of(["favor", "none"]), [])
    assert not (tmp_path / "read").exists()


def test_a_folder_without_the_set_is_an_error(composer, tmp_path):
    with pytest.raises(
        ConfigError, match=r"data_dir: expected the train part of ruw in .*found no"
    ):
        composer.run("read_suite", "suite=ruw", f"data_dir={tmp_path}", f"output={tmp_path / 'o'}")
