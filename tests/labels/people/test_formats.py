"""What goes out comes back: to each program and from it, with any text and any name."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labels.people.answers import check_answers
from labels.people.formats import Format, read_returned, write_for
from labels.people.items import Answer, version_of, write_lines
from labels.pipeline.errors import DataError
from tests.labels.people.conftest import QUESTIONS, answer, item

WORDS = st.text(min_size=1).map(str.strip).filter(lambda text: text and text.strip())
NAMES = st.text("abcdefghijklmnopqrstuvwxyzабвгдأبت -=@+'", min_size=1).map(str.strip).filter(bool)
VALUES = st.fixed_dictionaries(
    {},
    optional={one.key: st.sampled_from(one.classes) if one.classes else WORDS for one in QUESTIONS},
).filter(bool)


@st.composite
def rounds(draw):
    """Draw sentences of any characters, and answers of up to three people to some of them."""
    texts = draw(st.lists(WORDS, min_size=1, max_size=4))
    ids = draw(st.lists(WORDS, min_size=len(texts), max_size=len(texts), unique=True))
    items = [item(key, text) for key, text in zip(ids, texts, strict=True)]
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    answers = [
        Answer(
            id=one["id"],
            version=version_of(one["text"]),
            annotator=name,
            values={q.key: values[q.key] for q in QUESTIONS if q.key in values},
        )
        for one in items
        for name in sorted(names)
        if (values := draw(st.none() | VALUES)) is not None
    ]
    return items, answers


@pytest.mark.parametrize("chosen", Format)
@given(drawn=rounds())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_export_import_export_is_identical_and_nothing_is_lost(chosen, drawn, tmp_path):
    items, answers = drawn
    path, *_ = write_for(chosen, tmp_path, items, QUESTIONS, {}, answers)
    first = path.read_bytes()
    found = check_answers(read_returned(path, QUESTIONS, {}), items, QUESTIONS)
    assert found.refused == []
    assert found.answers == answers
    write_for(chosen, tmp_path, items, QUESTIONS, {}, found.answers)
    assert path.read_bytes() == first


@given(drawn=rounds())
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_our_own_answers_come_back_too(drawn, tmp_path):
    items, answers = drawn
    write_lines(tmp_path / "anna.jsonl", answers)
    if answers:
        found = check_answers(
            read_returned(tmp_path / "anna.jsonl", QUESTIONS, {}), items, QUESTIONS
        )
        assert (found.answers, found.refused) == (answers, [])


def test_a_folder_is_all_its_files_and_the_stem_names_who_no_column_names(tmp_path):
    folder = tmp_path / "back"
    folder.mkdir()
    for name, label in (("anna", "favor"), ("boris", "neutral")):
        line = {"id": 7, "text": "Moscow hailed the treaty.", "label": [f"russia:{label}"]}
        write_lines(folder / f"{name}.jsonl", [line | {"sentence_id": "a#0"}])
    (folder / "notes.txt").write_text("not read", encoding="utf-8")
    rows = list(read_returned(folder, QUESTIONS, {"boris": "Boris"}))
    assert [(row.id, row.annotator, row.values) for row in rows] == [
        ("a#0", "anna", {"russia": ["favor"]}),
        ("a#0", "Boris", {"russia": ["neutral"]}),
    ]


def test_what_is_no_such_file_is_told(tmp_path):
    (tmp_path / "answers.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"expected one of .csv, .tsv, .json, .jsonl, found '.xlsx"):
        list(read_returned(tmp_path / "answers.xlsx", QUESTIONS, {}))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"expected files of .csv"):
        list(read_returned(tmp_path / "empty", QUESTIONS, {}))


def test_a_line_of_answers_without_an_id_is_refused_whole(tmp_path):
    rows = [answer("a#0", "anna", russia="favor"), {"annotator": "anna", "values": {"oic": "x"}}]
    write_lines(tmp_path / "anna.jsonl", rows)
    with (tmp_path / "anna.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "a#1", "val')  # the machine died here
    good, nameless, cut = read_returned(tmp_path / "anna.jsonl", QUESTIONS, {})
    assert good.values == {"russia": "favor"}
    assert (nameless.reject.reason, nameless.row) == ("no_id", rows[1])
    assert cut.reject.reason == "broken_json"


def test_csv_is_written_for_spreadsheets_and_runs_nothing_there(tmp_path):
    items = [
        item("=1+1#0", "=cmd|'/c calc'!A1"),
        item("b#0", "-5% fell", proposed={"oic": "favor"}),
    ]
    (path,) = write_for(Format.csv, tmp_path, items, QUESTIONS, {})
    content = path.read_text(encoding="utf-8")
    assert content.startswith("\ufeff")
    assert "\"'=cmd|'/c calc'!A1\"" in content
    assert '"oic favor"' in content
    assert '"\'-5% fell"' in content


@pytest.mark.parametrize("chosen", Format)
def test_what_is_to_be_settled_shows_what_others_have_answered(tmp_path, items, chosen):
    items[0]["given"] = [
        {"annotator": "anna", "values": {"oic": "favor"}},
        {"annotator": "boris", "values": {"oic": "neutral"}},
    ]
    path, *more = write_for(chosen, tmp_path, items, QUESTIONS, {})
    assert "anna: oic favor | boris: oic neutral" in path.read_text(encoding="utf-8")
    if chosen is Format.label_studio:
        assert '"$given"' in more[0].read_text(encoding="utf-8")
        _, config = write_for(chosen, tmp_path, items[1:], QUESTIONS, {})
        assert '"$given"' not in config.read_text(encoding="utf-8")


def test_labels_of_doccano_are_listed_for_its_project(tmp_path, items):
    _, path = write_for(Format.doccano, tmp_path, items, QUESTIONS, {})
    labels = [label["text"] for label in json.loads(path.read_text(encoding="utf-8"))]
    assert labels[:5] == [
        "russia:favor",
        "russia:against",
        "russia:neutral",
        "russia:unrelated",
        "russia.voice:author",
    ]
    assert "sentiment:positive" in labels
