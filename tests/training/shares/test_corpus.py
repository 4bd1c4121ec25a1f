import json

import pytest

from labels.pipeline.errors import DataError
from tests.training.shares.conftest import TARGET, record, write_lines
from training.inference.outputs import write_records
from training.shares.corpus import read_corpus


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_every_form_of_the_output_is_read_alike(tmp_path, form):
    rows = [
        record(1, "favor", 'He said: "yes",\nand left.', source="النشرة", title="T", url="u"),
        record(2, "unrelated", article="1", published="2024-03-01"),
    ]
    lines = write_lines(tmp_path / "lines", rows)
    write_records(tmp_path / f"stance.{form}", [lines], [TARGET])
    found = read_corpus([tmp_path / f"stance.{form}"])
    assert found.rejects == []
    assert found.texts == [row["text"] for row in rows]
    assert found.sentence_ids == ["1#1", "1#2"]
    assert len(found.articles) == 1
    assert found.articles[0].outlet == "النشرة"
    answers = found.answers[TARGET]
    assert answers.labels.tolist() == [0, 3]
    assert answers.voices.tolist() == [1, -1]
    assert answers.probabilities[0].tolist() == pytest.approx([0.94, 0.02, 0.02, 0.02])


def broken(**changes):
    row = record(1)
    row["stance"][TARGET] |= changes
    return row


@pytest.mark.parametrize(
    ("row", "reason", "message"),
    [
        ("{", "broken_json", "expected one JSON object"),
        ({"text": "gold, no record"}, "no_record", "sentence_id: expected text, found None"),
        (record(1) | {"id": None}, "no_record", "id: expected text or a number"),
        (record(1) | {"stance": {}}, "no_record", "stance: expected an answer"),
        (record(1) | {"stance": {TARGET: "favor"}}, "no_record", "expected an answer about a"),
        (record(1) | {"stance": {"../x": {}}}, "no_record", "found '../x'"),
        (record(1, source="half \ud800"), "no_record", "source: expected Unicode, found half"),
        (record(1, source=7), "no_record", "source: expected text, found 7"),
        (broken(label="pro"), "wrong_answer", "expected favor|against|neutral|unrelated"),
        (broken(voice="loud"), "wrong_answer", "voice: expected author|reported|event"),
        (broken(probabilities={"favor": 1}), "wrong_answer", "expected four numbers"),
        (broken(probabilities=dict.fromkeys(("favor", "against", "neutral", "unrelated"), 1)),
         "wrong_answer", "expected the sum 1, found 4.000"),
        (record(0), "duplicate_sentence", "was read before"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_a_reject_that_says_where_and_why(tmp_path, row, reason, message):
    path = write_lines(tmp_path / "stance.jsonl", [record(0), row])
    found = read_corpus([path])
    (reject,) = found.rejects
    assert reject.reason == reason
    assert reject.message.startswith(f"{path}:2")
    assert message in reject.message
    assert len(found) == 1


def test_a_file_without_a_record_is_an_error_that_shows_the_first_problem(tmp_path):
    path = write_lines(tmp_path / "gold.jsonl", [{"text": "x"}])
    with pytest.raises(DataError, match="expected records of predict_stance.*sentence_id"):
        read_corpus([path])
    with pytest.raises(DataError, match="found none"):
        read_corpus([write_lines(tmp_path / "empty.jsonl", [])])


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path, form):
    with pytest.raises(DataError, match="missing"):
        read_corpus([tmp_path / f"missing.{form}"])
    (tmp_path / f"broken.{form}").write_bytes(b"\xff\xfe\x00,\n\x81")
    with pytest.raises(DataError, match="broken"):
        read_corpus([tmp_path / f"broken.{form}"])


def test_parts_are_one_set_and_a_target_that_a_record_lacks_is_not_asked(tmp_path):
    other = record(2)
    other["stance"] = {"oic": other["stance"][TARGET]}
    first = write_lines(tmp_path / "a.jsonl", [record(1)])
    second = write_lines(tmp_path / "b.jsonl", [other, record(1)])
    found = read_corpus([first, second])
    assert found.targets == [TARGET, "oic"]
    assert found.answers["oic"].labels.tolist() == [-1, 2]
    assert [reject.reason for reject in found.rejects] == ["duplicate_sentence"]


def test_a_number_is_an_id(tmp_path):
    path = tmp_path / "stance.jsonl"
    path.write_text(json.dumps(record(1) | {"id": 7}), encoding="utf-8")
    assert read_corpus([path]).articles[0].article_id == "7"
