import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import (
    JsonLine,
    objects_of,
    parse_json_line,
    parse_json_lines,
    read_json_lines,
)


def test_objects_come_with_their_lines_and_blank_lines_count(tmp_path):
    path = tmp_path / "غزة.jsonl"
    path.write_text('{"id": 1}\n\n  \n{"id": "د"}', encoding="utf-8")
    assert list(read_json_lines(path)) == [
        JsonLine(f"{path}:1", {"id": 1}),
        JsonLine(f"{path}:4", {"id": "د"}),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"a": 1', "expected one JSON object: Expecting ',' delimiter at column 8"),
        (b"nothing", "expected one JSON object: Expecting value at column 1"),
        (b'{"a": 1} {"b": 2}', "expected one JSON object: Extra data at column 10"),
        (b"[1]", "expected an object, found list"),
        (b'"text"', "expected an object, found str"),
        (b"null", "expected an object, found NoneType"),
        (b'{"a": "\xff"}', "expected UTF-8: invalid start byte"),
        (
            b'{"a": ' + b"1" * 5_000 + b"}",
            "expected one JSON object: Exceeds the limit (4300 digits)",
        ),
        (b"[" * 100_000, "expected one JSON object, found endless nesting"),
    ],
)
def test_a_line_that_is_no_object_is_a_reject_and_the_next_is_read(line, found):
    broken, good = parse_json_lines([line, b'{"a": 1}'], "f.jsonl")
    assert (broken.source, broken.reason) == ("f.jsonl:1", "broken_json")
    assert broken.message.startswith(f"f.jsonl:1: {found}")
    assert good == JsonLine("f.jsonl:2", {"a": 1})


def test_control_characters_inside_a_string_are_let_through():
    assert parse_json_line('{"a": "x\ty"}', "f:1") == JsonLine("f:1", {"a": "x\ty"})


def test_a_line_separator_of_unicode_ends_no_line(tmp_path):
    path = tmp_path / "f.jsonl"
    path.write_text('{"a": "x\u2028y\x85z"}\n{"a": 2}\r\n', encoding="utf-8", newline="")
    assert [line.values["a"] for line in objects_of(path)] == ["x\u2028y\x85z", 2]


def test_a_file_that_may_have_no_broken_line_raises_at_the_first(tmp_path):
    path = tmp_path / "f.jsonl"
    path.write_text('{"a": 1}\n[]\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"f\.jsonl:2: expected an object, found list"):
        list(objects_of(path))


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"none\.jsonl: expected a JSON-lines file: No such file"):
        list(read_json_lines(tmp_path / "none.jsonl"))
    with pytest.raises(DataError, match="expected a JSON-lines file: Is a directory"):
        list(objects_of(tmp_path))
