import pytest

from labels.people.answers import check_answers
from labels.people.spreadsheet import read_csv
from tests.labels.people.conftest import QUESTIONS


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("sentence_id;Russia;Annotator\na#0; FAVOR ;Anna\n", "utf-8-sig"),
        ("sep=;\nsentence_id;Russia;Annotator\na#0;Favor;Anna\n", "utf-8"),
        ("Sentence ID\tRUSSIA\tannotator\na#0\tfavor\tAnna\n", "utf-16"),
        ('\r\n"sentence_id","russia","annotator"\r\n"a#0","favor","Anna"\r\n,,\r\n', "utf-8"),
    ],
)
def test_a_table_of_any_spreadsheet_is_read(tmp_path, items, content, encoding):
    path = tmp_path / "back.csv"
    path.write_bytes(content.encode(encoding))
    found = check_answers(read_csv(path, QUESTIONS, {}), items, QUESTIONS)
    assert [(one["id"], one["annotator"], one["values"]) for one in found.answers] == [
        ("a#0", "Anna", {"russia": "favor"})
    ]
    assert found.refused == []


def test_rows_that_cannot_be_used_are_kept_whole(tmp_path, items):
    path = tmp_path / "back.csv"
    path.write_text(
        "sentence_id,russia,oic\n,favor,\na#0,favor,neutral,surplus\na#1,pro,neutral\n", "utf-8"
    )
    found = check_answers(read_csv(path, QUESTIONS, {}), items, QUESTIONS)
    assert [one["values"] for one in found.answers] == [{"oic": "neutral"}]
    assert [one.reject.reason for one in found.refused] == [
        "no_id",
        "surplus_cells",
        "unknown_label",
    ]
    message = "russia: expected favor|against|neutral|unrelated, found 'pro'"
    assert found.refused[2].reject.message == f"{path}:4: {message}"
    assert found.refused[2].row["oic"] == "neutral"


def test_the_file_names_who_has_labelled(tmp_path, items):
    path = tmp_path / "anna.csv"
    path.write_text("id,oic,annotator\na#1,neutral,\n", encoding="utf-8")
    (row,) = read_csv(path, QUESTIONS, {"anna": "Anna K."})
    assert row.annotator == "Anna K."
