import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labels.errors import DataError
from labels.tables import TABLES, read_table, write_table

REJECT = {"source": "a.txt:3", "reason": "no_text", "message": "a.txt:3: expected a text"}
ARTICLE = {
    "article_id": "ض",
    "title": None,
    "text": "نص",
    "lang": "ar",
    "published": None,
    "url": None,
    "source": None,
    "group_id": "g",
    "blocks": [{"start": 0, "end": 2, "kind": "body"}],
}


def test_rows_come_back_in_order_with_nulls_and_nested_values(tmp_path):
    rows = [ARTICLE | {"article_id": key} for key in ("z", "a", "m")] + [ARTICLE | {"blocks": []}]
    write_table(tmp_path / "new" / "t.parquet", "articles", rows)
    assert read_table(tmp_path / "new" / "t.parquet", "articles") == rows


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    for name in TABLES:
        write_table(tmp_path / name, name, [])
        assert read_table(tmp_path / name, name) == []


def test_a_null_sentiment_and_a_masked_target_stay_so(tmp_path, split_row):
    rows = [split_row("a", "x"), split_row("b", "y", stances={"oic": "favor"}, sentiment="neutral")]
    write_table(tmp_path / "t", "splits", rows)
    found = read_table(tmp_path / "t", "splits")
    assert (found[0]["stances"], found[0]["sentiment"]) == ([], None)
    assert found[1]["stances"][0]["label"] == "favor"
    assert found[1]["sentiment"]["p_neutral"] == 1.0


def test_a_missing_and_an_unknown_column_name_the_row(tmp_path):
    path = tmp_path / "t.parquet"
    lacking = {key: value for key, value in REJECT.items() if key != "reason"}
    with pytest.raises(DataError, match=r"t\.parquet row 1: table rejects .*\['reason'\]"):
        write_table(path, "rejects", [REJECT, lacking])
    with pytest.raises(DataError, match=r"row 0: .*\['extra'\]"):
        write_table(path, "rejects", [REJECT | {"extra": 1}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"lang": 5},
        {"text": b"\xff\xfe"},
        {"blocks": [{"start": "one", "end": 2, "kind": "body"}]},
        {"blocks": [{"start": 2**40, "end": 2, "kind": "body"}]},
        {"text": "half of a pair: \ud83d"},
    ],
)
def test_a_value_of_a_wrong_type_is_an_error_that_keeps_the_old_table(tmp_path, change):
    path = tmp_path / "t.parquet"
    write_table(path, "articles", [ARTICLE])
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"t\.parquet: table articles: "):
        write_table(path, "articles", [ARTICLE | change])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_keeps_the_old_table(tmp_path, monkeypatch):
    path = tmp_path / "t.parquet"
    write_table(path, "rejects", [REJECT])

    def half(table, file, **options):
        file.write_bytes(b"PAR1 half")
        raise OSError("No space left on device")

    monkeypatch.setattr("labels.tables.pq.write_table", half)
    with pytest.raises(OSError, match="No space left"):
        write_table(path, "rejects", [REJECT, REJECT])
    monkeypatch.undo()
    assert read_table(path, "rejects") == [REJECT]
    assert list(tmp_path.iterdir()) == [path]


def test_writing_twice_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_table(tmp_path / name, "articles", [ARTICLE, ARTICLE | {"article_id": "2"}])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_missing_table_says_which_and_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"none\.parquet: table votes is missing; run the stage"):
        read_table(tmp_path / "none.parquet", "votes")


def test_a_file_that_is_no_table_is_an_error(tmp_path):
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1 this is no table PAR1")
    with pytest.raises(DataError, match=r"t\.parquet: expected a Parquet file with table votes"):
        read_table(path, "votes")
    path.write_bytes(b"")
    with pytest.raises(DataError, match=r"t\.parquet: expected a Parquet file with table votes"):
        read_table(path, "votes")


def test_other_columns_are_named(tmp_path):
    path = tmp_path / "t.parquet"
    write_table(path, "rejects", [REJECT])
    with pytest.raises(DataError, match=r"expected columns \['sentence_id'.*found \['source'"):
        read_table(path, "votes")


def test_columns_of_another_type_are_an_error(tmp_path):
    path = tmp_path / "t.parquet"
    columns = {name: ["one"] for name in TABLES["sentences"].arrow_schema.names}
    pq.write_table(pa.table(columns), path)
    with pytest.raises(DataError, match=r"t\.parquet: .*table sentences"):
        read_table(path, "sentences")
