import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labels.ingest.read.readers import PageFile, read_inputs, read_page
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import Reject, Unit


def reasons(items):
    return [item.reason for item in items if isinstance(item, Reject)]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_folder_is_read_in_order_with_relative_ids_and_hidden_files_left_out(tmp_path):
    write(tmp_path / "b" / "خبر, [1]=2.txt", "Satu.")
    write(tmp_path / "2024" / "1.txt", "Dua.")
    write(tmp_path / "a.jsonl", '{"text": "Tiga."}\n\n{"id": 7, "headline": "Empat"}\n')
    write(tmp_path / ".hidden.txt", "Lima.")
    items = list(read_inputs([tmp_path]))
    assert [item.article_id for item in items] == [
        "2024/1.txt",
        "a.jsonl:1",
        "7",
        "b/خبر, [1]=2.txt",
    ]
    assert items[2].input_id == 7
    assert (items[2].title, items[2].text) == ("Empat", "")
    assert items[2].where == f"{tmp_path}/a.jsonl:3"


def test_field_names_of_sources_are_understood(tmp_path):
    row = {"content": "Isi.", "headline": "Judul", "datetime": "2024", "link": "u", "outlet": "o"}
    record = next(read_inputs([write(tmp_path / "a.jsonl", json.dumps(row))]))
    assert (record.text, record.title, record.published) == ("Isi.", "Judul", "2024")
    assert (record.url, record.source) == ("u", "o")


def test_csv_with_semicolons_and_line_feeds_inside(tmp_path):
    path = write(tmp_path / "a.csv", '\ufeffid;title;text\nx;"A; b";"Satu\ndua"\n;;Tiga\n')
    first, second = read_inputs([path])
    assert (first.article_id, first.title, first.text) == ("x", "A; b", "Satu\ndua")
    assert second.article_id == "a.csv:4"


def test_parquet_and_gzip(tmp_path):
    pq.write_table(pa.table({"id": [1, 2], "text": ["Satu.", None]}), tmp_path / "a.parquet")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"Dua."))
    items = list(read_inputs([tmp_path]))
    assert [(item.article_id, item.text) for item in items] == [
        ("1", "Satu."),
        ("2", ""),
        ("b.txt.gz", "Dua."),
    ]
    assert items[0].where.endswith("a.parquet#1")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty_file"),
        ("a.txt", " \n\u00a0\t\n", "empty_file"),
        ("a.jsonl", b"\n\n", "empty_file"),
        ("a.txt", bytes(range(256)) * 20, "binary_file"),
        ("a.txt", "Привет".encode("cp1251"), "broken_utf8"),
        ("a.jsonl", b'{"text": "cut in ha', "broken_json"),
        ("a.jsonl", b"[1, 2]", "broken_json"),
        ("a.jsonl", b'{"text":' + b"[" * 100_000, "broken_json"),
        ("a.jsonl", b'{"text": 4}', "wrong_type"),
        ("a.csv", b"a,b\n1,2\n", "no_columns"),
        ("a.parquet", b"PAR1 not really", "broken_parquet"),
        ("a.txt.gz", b"\x1f\x8b not really", "broken_gzip"),
        ("a.html", b"<html><head><title>T</title></head></html>", "no_text"),
        ("a.pdf", b"%PDF", "unknown_format"),
        ("a.txt", b"x" * 2_000_001, "too_large"),
    ],
)
def test_what_cannot_be_read_is_one_reject_with_its_reason(tmp_path, name, content, reason):
    path = write(tmp_path / name, content)
    found = list(read_inputs([path], max_megabytes=2))
    items = [read_page(item) if isinstance(item, PageFile) else item for item in found]
    assert reasons(items) == [reason]
    assert len(items) == 1
    assert items[0].message.startswith(f"{path}")


def test_a_bad_line_does_not_take_the_others_with_it(tmp_path):
    path = write(tmp_path / "a.jsonl", b'{"text": "a"}\n\xff\n{"text": "b\n{"text": "c"}\n')
    items = list(read_inputs([path]))
    assert [getattr(item, "text", None) for item in items] == ["a", None, None, "c"]
    assert reasons(items) == ["broken_utf8", "broken_json"]


def test_sentences_are_lines_byte_for_byte(tmp_path):
    path = write(tmp_path / "a.txt", " Satu. \r\n\nDua\u200f\u00a0.\n")
    items = list(read_inputs([path], Unit.sentence))
    assert [(item.article_id, item.text) for item in items] == [
        ("a.txt:1", " Satu. "),
        ("a.txt:3", "Dua\u200f\u00a0."),
    ]


@pytest.mark.parametrize(
    ("data", "first_id"), [(b'{"id": "x", "text": "a"}', "x"), (b"Satu.\n", "stdin")]
)
def test_standard_input_is_json_lines_or_text(monkeypatch, data, first_id):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [item.article_id for item in read_inputs([Path("-")])] == [first_id]


def test_missing_paths_are_named_all_at_once(tmp_path):
    with pytest.raises(ConfigError, match=r"(?s)one: no such file.*two: no such file"):
        read_inputs([tmp_path / "one", tmp_path / "two"])


def test_a_file_without_a_suffix_is_text_when_it_is_named_itself(tmp_path):
    named = write(tmp_path / "12345", "Satu dua tiga.")
    assert [item.text for item in read_inputs([named])] == ["Satu dua tiga."]
    assert reasons(read_inputs([tmp_path])) == ["unknown_format"]
    assert reasons(read_inputs([write(tmp_path / "54321", b"%PDF\x00\x01")])) == ["binary_file"]


def test_half_of_a_surrogate_pair_is_a_reject_that_names_the_field(tmp_path):
    [item] = read_inputs([write(tmp_path / "a.jsonl", '{"text": "a \\ud83d b"}')])
    assert item.reason == "broken_utf8"
    assert "text: expected text, found half of a surrogate pair" in item.message
