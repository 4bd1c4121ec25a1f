import pytest

from labels.corpus.read import (
    Record,
    by_id,
    by_language,
    places,
    problem_of,
    read_corpus,
    read_records,
)
from labels.pipeline.schema import Reject, rejected


def test_a_record_has_none_where_a_field_is_missing():
    record = Record("f.jsonl:3", {"id": 1})
    assert (record["id"], record["lang"]) == (1, None)


def test_broken_lines_are_problems_with_their_number_and_the_rest_is_read(tmp_path):
    path = tmp_path / "f.jsonl"
    path.write_bytes(b'{"id": 1}\n\n[2]\n{"id": 3}\n\xff\n')
    problems = []
    records = read_records(path, problems)
    assert [(record.where, record["id"]) for record in records] == [
        (f"{path}:1", 1),
        (f"{path}:4", 3),
    ]
    assert [problem.where for problem in problems] == [f"{path}:3", f"{path}:5"]
    assert problems[0].message == "expected an object, found list"


@pytest.mark.parametrize(
    ("reject", "told"),
    [
        (rejected("a: b.txt:3", "no_text", "text: expected a text"), "text: expected a text"),
        (Reject(source="a.txt", reason="no_text", message="expected a text"), "expected a text"),
    ],
)
def test_a_reject_is_told_with_its_place_once(reject, told):
    problem = problem_of(reject)
    assert (problem.where, problem.message) == (reject.source, told)


def test_of_records_with_the_same_id_the_last_counts_and_languages_keep_all():
    records = [Record(f"f:{i}", {"id": "x", "lang": lang}) for i, lang in enumerate(["en", "ar"])]
    assert by_id(records, "id") == {"x": records[1]}
    assert by_language(records) == {"en": [records[0]], "ar": [records[1]]}


def test_a_sentence_stands_at_its_gold_line_or_is_named_by_its_id(folder, limits):
    corpus = read_corpus(folder, limits.targets)
    (rain,) = corpus.sentences["c"]
    assert places(corpus)[rain.sentence_id] == rain.sentence_id
    first, second = corpus.sentences["a.txt"]
    assert places(corpus)[second.sentence_id] == f"{folder / 'gold.jsonl'}:2"
    assert corpus.texts_by_language()["en"][:2] == [first.text, second.text]
