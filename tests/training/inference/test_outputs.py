import csv
import json

import pyarrow.parquet as pq
import pytest

from training.inference.outputs import columns_of, flatten, write_records

RECORD = {
    "id": 7,
    "sentence_id": "7#0",
    "text": 'A "b", c\nd',
    "lang": "en",
    "stance": {"oic": {"label": "favor", "probabilities": {"favor": 0.5}, "voice": "author"}},
}


@pytest.fixture
def parts(tmp_path):
    paths = [tmp_path / f"{number}.jsonl" for number in (0, 1)]
    for number, path in enumerate(paths):
        path.write_text(json.dumps(RECORD | {"id": number}) + "\n", encoding="utf-8")
    return paths


def test_nested_names_are_joined_by_dots_and_an_id_is_text():
    assert flatten(RECORD) == {
        "id": "7",
        "sentence_id": "7#0",
        "text": 'A "b", c\nd',
        "lang": "en",
        "stance.oic.label": "favor",
        "stance.oic.probabilities.favor": 0.5,
        "stance.oic.voice": "author",
    }


def test_every_field_of_a_record_has_a_column():
    columns = columns_of(["oic"])
    assert flatten(RECORD).keys() < columns.keys()
    assert {"stance.oic.holder.author", "sentiment.probabilities.negative", "parts"} < set(columns)


def test_json_lines_are_the_parts_one_after_the_other(parts, tmp_path):
    write_records(tmp_path / "out.txt", parts, ["oic"])
    assert (tmp_path / "out.txt").read_bytes() == b"".join(p.read_bytes() for p in parts)


def test_a_spreadsheet_can_tell_that_csv_is_utf_8(parts, tmp_path):
    write_records(tmp_path / "out.csv", parts, ["oic"])
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["0", "1"]
    assert rows[0]["text"] == RECORD["text"]
    assert rows[0]["title"] == ""


def test_parquet_has_the_same_columns_whatever_the_records_hold(parts, tmp_path):
    write_records(tmp_path / "empty.parquet", [], ["oic"])
    write_records(tmp_path / "full.PARQUET", parts, ["oic"])
    empty, full = (pq.read_table(tmp_path / name) for name in ("empty.parquet", "full.PARQUET"))
    assert empty.schema == full.schema
    assert empty.num_rows == 0
    assert full["stance.oic.probabilities.favor"].to_pylist() == [0.5, 0.5]
    assert full["title"].to_pylist() == [None, None]


def test_a_table_that_cannot_be_written_leaves_the_old_one(parts, tmp_path):
    output = tmp_path / "out.csv"
    output.write_text("old", encoding="utf-8")
    parts[1].write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="Expecting"):
        write_records(output, parts, ["oic"])
    assert output.read_text(encoding="utf-8") == "old"
