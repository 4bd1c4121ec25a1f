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
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"Dua.", mtime=0))
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
        ("a.txt", "Привет".encode("cp1251"), "unknown_encoding"),
        ("a.txt", "Привет, мир".encode()[:-1], "broken_utf8"),
        ("a.jsonl", b'{"text": "cut in ha', "broken_json"),
        ("a.jsonl", b"[1, 2]", "broken_json"),
        ("a.jsonl", b'{"text":' + b"[" * 100_000, "broken_json"),
        ("a.jsonl", b'{"text": 4}', "wrong_type"),
        ("a.csv", b"a,b\n1,2\n", "no_columns"),
        ("a.csv", b"title,text\n", "empty_file"),
        ("a.json", b"[]", "broken_json"),
        ("a.json", b'{"a": [1, 2', "broken_json"),
        ("a.xml", b"<?xml version='1.0'?><note><to>A</to></note>", "unknown_format"),
        ("a.rss", b"<rss><channel><title>A</title></channel></rss>", "empty_file"),
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
    assert reasons(items) == ["unknown_encoding", "broken_json"]


def test_sentences_are_lines_byte_for_byte(tmp_path):
    path = write(tmp_path / "a.txt", " Satu. \r\n\nDua\u200f\u00a0.\n")
    items = list(read_inputs([path], Unit.sentence))
    assert [(item.article_id, item.text) for item in items] == [
        ("a.txt:1", " Satu. "),
        ("a.txt:3", "Dua\u200f\u00a0."),
    ]


def piped(monkeypatch, data, unit=Unit.article):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    return list(read_inputs([Path("-")], unit))


ROWS = [{"id": "p", "text": "Satu."}, {"id": "q", "text": "Dua."}]
LINES = "\n".join(map(json.dumps, ROWS)) + "\n"
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Koran Contoh</title><language>id</language>
<item><guid>p</guid><title>Kapal</title><link>https://example.org/p</link>
<pubDate>Tue, 04 Feb 2025 10:00:00 GMT</pubDate><description>Ringkas.</description>
<content:encoded><![CDATA[<p>Satu.</p>]]></content:encoded></item>
<item><guid>q</guid><title>Awak</title><description>&lt;p&gt;Dua.&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><title>Koran Contoh</title>
<entry><id>p</id><title>Kapal</title><link rel="self" href="https://example.org/x"/>
<link href="https://example.org/p"/><updated>2025-02-04T10:00:00Z</updated>
<content type="html">&lt;p&gt;Satu.&lt;/p&gt;</content></entry>
<entry><id>q</id><title>Awak</title>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Dua.</p></div></content></entry>
</feed>"""


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize(
    "data",
    [
        LINES.encode(),
        b"\xef\xbb\xbf" + LINES.encode(),
        b"\n\n" + LINES.encode(),
        LINES.replace("\n", "\r\n").encode(),
        LINES.encode("utf-16"),
        json.dumps(ROWS).encode(),
        b"\xef\xbb\xbf" + json.dumps(ROWS, indent=2).encode(),
        json.dumps({"status": "ok", "articles": ROWS}, indent=1).encode(),
        json.dumps({"status": "ok", "articles": ROWS}).encode(),
        b"id,text\np,Satu.\nq,Dua.\n",
        b"\xef\xbb\xbfsep=;\r\nid;text\r\np;Satu.\r\nq;Dua.\r\n",
        b"id\ttext\np\tSatu.\nq\tDua.\n",
        gzip.compress(LINES.encode(), mtime=0),
    ],
)
def test_the_pipe_takes_what_a_file_may_hold(monkeypatch, data, unit):
    items = piped(monkeypatch, data, unit)
    assert [(item.input_id, item.text) for item in items] == [("p", "Satu."), ("q", "Dua.")]


def test_the_pipe_takes_text_pages_and_feeds(monkeypatch):
    assert [item.text for item in piped(monkeypatch, b"Satu.\n\nDua.\n")] == ["Satu.\n\nDua.\n"]
    sentences = piped(monkeypatch, b"Satu.\n[1] {dua}\n", Unit.sentence)
    assert [item.text for item in sentences] == ["Satu.", "[1] {dua}"]
    [page] = piped(monkeypatch, b"<!doctype html><html><body><p>Satu.</p></body></html>")
    assert isinstance(page, PageFile)
    assert [item.title for item in piped(monkeypatch, FEED.encode())] == ["Kapal", "Awak"]
    assert reasons(piped(monkeypatch, b"")) == ["empty_file"]
    assert reasons(piped(monkeypatch, b'{"text": "Satu')) == ["broken_json"]
    broken, whole = piped(monkeypatch, b'{"text": "Satu\n{"text": "Dua."}\n')
    assert (broken.reason, whole.text) == ("broken_json", "Dua.")


@pytest.mark.parametrize(("name", "data"), [("a.rss", FEED), ("b.xml", FEED), ("c.atom", ATOM)])
def test_items_of_a_feed_are_articles(tmp_path, name, data):
    first, second = read_inputs([write(tmp_path / name, data)])
    assert (first.input_id, first.title, first.text) == ("p", "Kapal", "Satu.")
    assert (first.url, first.source, first.lang) == ("https://example.org/p", "Koran Contoh", "id")
    assert first.published.startswith(("Tue, 04 Feb", "2025-02-04"))
    assert (second.title, second.text) == ("Awak", "Dua.")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a.txt"])
@pytest.mark.parametrize(
    "data", [LINES, json.dumps(ROWS), json.dumps({"data": {"items": ROWS}}, indent=1)]
)
def test_json_is_read_by_what_it_holds_not_by_its_suffix(tmp_path, name, data):
    items = list(read_inputs([write(tmp_path / name, data)]))
    assert [(item.input_id, item.text) for item in items] == [("p", "Satu."), ("q", "Dua.")]


def test_records_of_a_document_are_numbered(tmp_path):
    path = write(tmp_path / "a.json", json.dumps([{"text": "Satu."}, 4, {"text": 5}]))
    first, second, third = read_inputs([path])
    assert (first.article_id, first.where) == ("a.json:1", f"{path}#1")
    assert (second.reason, second.source) == ("broken_json", f"{path}#2")
    assert (third.reason, third.source) == ("wrong_type", f"{path}#3")
    [single] = read_inputs([write(tmp_path / "b.json", '{"title": "T", "text": "Satu."}')])
    assert single.article_id == "b.json"


def test_messages_of_a_chat_have_its_name(tmp_path):
    chat = {
        "name": "Kanal Contoh",
        "type": "public_channel",
        "messages": [
            {"id": 1, "type": "service", "action": "create_channel", "text": ""},
            {
                "id": 2,
                "date": "2025-02-04T10:00:00",
                "text": ["Satu ", {"type": "b", "text": "dua"}],
            },
        ],
    }
    items = list(read_inputs([write(tmp_path / "result.json", json.dumps(chat))]))
    assert [(item.input_id, item.text, item.source) for item in items] == [
        (1, "", "Kanal Contoh"),
        (2, "Satu dua", "Kanal Contoh"),
    ]


def test_messages_of_several_chats_have_ids_of_their_own(tmp_path):
    chats = [{"name": name, "messages": [{"id": 1, "text": f"{name}."}]} for name in ("A", "B")]
    path = write(tmp_path / "result.json", json.dumps({"chats": {"list": chats}}))
    items = list(read_inputs([path]))
    assert [item.article_id for item in items] == ["1", "chats.list.1.messages/1"]
    assert [item.source for item in items] == ["A", "B"]


def test_ids_are_unique_within_their_file_only(tmp_path):
    for name in ("april.csv", "mei.csv", "juni.jsonl"):
        rows = "id,text\n1,Satu.\n2,Dua.\n" if name.endswith("csv") else '{"id": 1, "text": "A."}\n'
        write(tmp_path / name, rows)
    write(tmp_path / "mei.csv", "id,text\n1,Satu.\n2,Dua.\n2,Tiga.\n")
    items = list(read_inputs([tmp_path]))
    assert [item.article_id for item in items] == [
        "1", "2", "juni.jsonl/1", "mei.csv/1", "mei.csv/2", "mei.csv/2",
    ]  # fmt: skip
    assert [item.input_id for item in items] == ["1", "2", 1, "1", "2", "2"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt", "a.json"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1251", "koi8-r"])
def test_every_kind_of_file_is_read_in_every_encoding(tmp_path, name, encoding):
    text = "Судно вошло в порт утром, сообщил капитан. Экипаж сошел на берег; груз не выгружен."
    content = {
        "a.csv": f'title,text\nПорт,"{text}"\n',
        "a.txt": text,
    }.get(name, json.dumps({"title": "Порт", "text": text}, ensure_ascii=False))
    [record] = read_inputs([write(tmp_path / name, content.encode(encoding))])
    assert record.text == text
    is_old = encoding in ("cp1251", "koi8-r")
    assert [note.kind for note in record.notes] == (["old_encoding"] if is_old else [])


def test_a_page_in_utf16_is_read(tmp_path):
    page = "<html><body><article>" + "<p>Kapal itu berlabuh di dermaga pada Senin pagi.</p>" * 3
    [item] = read_inputs([write(tmp_path / "a.html", page.encode("utf-16"))])
    assert "Kapal itu berlabuh" in read_page(item).text


def test_what_is_known_of_a_page_in_a_record_is_kept(tmp_path):
    page = "<html><body><article>" + "<p>Kapal itu berlabuh di dermaga pada Senin pagi.</p>" * 3
    row = {"id": 5, "title": "Kapal", "html": page, "date": "2025-02-04", "outlet": "Contoh"}
    [item] = read_inputs([write(tmp_path / "a.jsonl", json.dumps(row))])
    record = read_page(item)
    assert (record.title, record.published, record.source) == ("Kapal", "2025-02-04", "Contoh")
    assert (record.article_id, record.input_id, record.is_page) == ("5", 5, True)
    assert record.is_rewritten


def test_a_setting_names_fields_in_every_kind_of_file(tmp_path):
    write(tmp_path / "a.csv", "kop;badan\nKapal;Kapal tiba.\n")
    write(tmp_path / "b.jsonl", '{"kop": "Kapal", "badan": "Kapal tiba."}\n')
    pq.write_table(pa.table({"kop": ["Kapal"], "badan": ["Kapal tiba."]}), tmp_path / "c.parquet")
    items = list(read_inputs([tmp_path], fields={"title": "kop", "text": "badan"}))
    assert [(item.title, item.text) for item in items] == [("Kapal", "Kapal tiba.")] * 3


def test_a_parquet_column_that_holds_an_unread_body_is_named(tmp_path):
    body = "Kapal itu berlabuh pada Senin. Awaknya turun ke dermaga."
    pq.write_table(pa.table({"title": ["Kapal"], "matn": [body]}), tmp_path / "a.parquet")
    [item] = read_inputs([tmp_path])
    assert (item.reason, "sentences in matn" in item.message) == ("unread_body", True)


def test_markup_in_a_text_file_is_taken_out(tmp_path):
    [item] = read_inputs([write(tmp_path / "a.txt", "<p>Satu &amp; dua.</p>")])
    assert (item.text, item.is_rewritten) == ("Satu & dua.", True)


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
