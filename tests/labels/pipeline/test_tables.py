from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.tables import (
    ROW_GROUP,
    TABLES,
    count_rows,
    iterate_columns,
    iterate_table,
    read_table,
    table_writer,
    write_table,
)

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
        {"blocks": [{"start": "three", "end": 2, "kind": "body"}]},
        {"blocks": [{"start": 2**40, "end": 2, "kind": "body"}]},
        {"blocks": [{"start": 10**30, "end": 2, "kind": "body"}]},
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

    def fail(writer, table):
        raise OSError("No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", fail)
    with pytest.raises(OSError, match="No space left"):
        write_table(path, "rejects", [REJECT, REJECT])
    monkeypatch.undo()
    assert read_table(path, "rejects") == [REJECT]
    assert list(tmp_path.iterdir()) == [path]


def test_a_source_that_fails_midway_keeps_the_old_table(tmp_path, small_groups):
    path = tmp_path / "t.parquet"
    write_table(path, "rejects", [REJECT])

    def rows():
        yield from [REJECT] * 7  # two row groups are written when it breaks
        raise RuntimeError("source gone")

    with pytest.raises(RuntimeError, match="source gone"):
        write_table(path, "rejects", rows())
    assert read_table(path, "rejects") == [REJECT]
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def small_groups(monkeypatch):
    """Make a row group hold three rows."""
    monkeypatch.setattr("labels.pipeline.tables.ROW_GROUP", 3)


def mention(sentence, start=0):
    return {"sentence_id": sentence, "target": "oic", "start": start, "end": start + 3}


def test_more_rows_than_a_row_group_keep_their_order(tmp_path):
    path = tmp_path / "t.parquet"
    n = 2 * ROW_GROUP + 5
    write_table(path, "mentions", (mention(f"s{n - i}", i) for i in range(n)))
    assert [row["start"] for row in iterate_table(path, "mentions")] == list(range(n))
    assert count_rows(path, "mentions") == n
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [
        ROW_GROUP,
        ROW_GROUP,
        5,
    ]


def test_a_row_group_is_written_as_soon_as_it_is_full(tmp_path, small_groups):
    with table_writer(tmp_path / "t", "mentions") as writer:
        written = []
        for i in range(7):
            writer.write(mention("s", i))
            written.append(writer.rows_written)
    assert written == [0, 0, 3, 3, 3, 6, 6]
    assert writer.rows_written == 7


def test_a_wrong_row_is_counted_over_row_groups(tmp_path, small_groups):
    rows = [mention("s")] * 4 + [mention("s") | {"extra": 1}]
    with pytest.raises(DataError, match=r"row 4: table mentions .*\['extra'\]"):
        write_table(tmp_path / "t", "mentions", rows)


def test_columns_are_read_a_row_group_at_a_time_in_the_order_asked(tmp_path, small_groups):
    write_table(tmp_path / "t", "mentions", [mention(f"s{i}", i) for i in range(4)])
    found = list(iterate_columns(tmp_path / "t", "mentions", ["end", "sentence_id"]))
    assert [table.to_pydict() for table in found] == [
        {"end": [3, 4, 5], "sentence_id": ["s0", "s1", "s2"]},
        {"end": [6], "sentence_id": ["s3"]},
    ]


def test_a_table_without_rows_has_no_columns_and_counts_none(tmp_path):
    write_table(tmp_path / "t", "mentions", [])
    assert list(iterate_columns(tmp_path / "t", "mentions", ["end"])) == []
    assert count_rows(tmp_path / "t", "mentions") == 0


def test_columns_of_a_table_that_is_missing_are_an_error(tmp_path):
    with pytest.raises(DataError, match="table mentions is missing"):
        list(iterate_columns(tmp_path / "none", "mentions", ["end"]))


def columns_of(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.mark.parametrize("sizes", [(10,), (1, 9), (4, 4, 2), (2, 2, 2, 2, 2)])
def test_rows_by_the_column_give_the_bytes_of_rows(tmp_path, small_groups, sizes):
    rows = [mention(f"s{i}", i) for i in range(10)]
    write_table(tmp_path / "rows", "mentions", rows)
    left = iter(rows)
    with table_writer(tmp_path / "columns", "mentions") as writer:
        for size in sizes:
            writer.extend(columns_of(list(islice(left, size))))
    assert (tmp_path / "columns").read_bytes() == (tmp_path / "rows").read_bytes()


def test_rows_and_columns_in_turn_keep_their_order(tmp_path, small_groups):
    rows = [mention(f"s{i}", i) for i in range(9)]
    with table_writer(tmp_path / "t", "mentions") as writer:
        writer.write(rows[0])
        writer.extend(columns_of(rows[1:3]))
        writer.extend(columns_of(rows[3:4]))
        for row in rows[4:8]:
            writer.write(row)
        writer.extend(columns_of(rows[8:]))
    assert read_table(tmp_path / "t", "mentions") == rows


def test_wrong_columns_are_an_error(tmp_path):
    with (
        pytest.raises(DataError, match=r"has no or lacks column\(s\) \['end'\]"),
        table_writer(tmp_path / "t", "mentions") as writer,
    ):
        writer.extend({"sentence_id": ["a"], "target": ["oic"], "start": [1]})
    for changed in ({"end": ["three"]}, {"end": [1, 2]}):
        with (
            pytest.raises(DataError, match="table mentions: "),
            table_writer(tmp_path / "t", "mentions") as writer,
        ):
            writer.extend(columns_of([mention("a")]) | changed)


def test_writing_twice_gives_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        write_table(tmp_path / name, "articles", [ARTICLE, ARTICLE | {"article_id": "2"}])
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


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
    for read in (read_table, count_rows):
        with pytest.raises(DataError, match=r"expected columns \['sentence_id'.*found \['source'"):
            read(path, "votes")


@pytest.mark.parametrize("name", ["sentences", "articles", "predictions"])
def test_columns_of_another_type_are_an_error(tmp_path, name):
    path = tmp_path / "t.parquet"
    columns = {column: ["three"] for column in TABLES[name].arrow_schema.names}
    pq.write_table(pa.table(columns), path)  # text where a number or a list is expected
    with pytest.raises(DataError, match=rf"t\.parquet: expected the types of table {name}"):
        read_table(path, name)


def test_a_vote_that_abstains_has_no_label(tmp_path):
    votes = [
        {"sentence_id": "s", "task": "oic", "labeller": "a", "label": None, "abstained": True},
        {"sentence_id": "s", "task": "oic", "labeller": "b", "label": "favor", "abstained": False},
    ]
    write_table(tmp_path / "t", "votes", votes)
    assert read_table(tmp_path / "t", "votes") == votes
