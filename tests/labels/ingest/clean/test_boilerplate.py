import pytest

from labels.ingest.clean.boilerplate import Boilerplate, Piece, key_of_piece, source_key
from labels.ingest.read.record import RawRecord
from labels.pipeline.errors import DataError


def record(where="in/news.jsonl:3", **fields):
    return RawRecord(article_id="x", where=where, title=None, text="", **fields)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Read by 1,204 people", "read by 17 people!"),
        ("Subscribe [here](https://a.example/x1)", "Subscribe [here](https://a.example/y2)"),
        ("** 20:25 ت م **", "7:05 تم"),
        ("تابعـــونا عَلى", "تابعونا علی"),
        ("Чита\u0438\u0306те нас", "Читайте\u00a0нас"),
    ],
)
def test_numbers_case_signs_and_addresses_do_not_tell_pieces_apart(first, second):
    assert key_of_piece(first) == key_of_piece(second)


def test_other_letters_do():
    assert key_of_piece("Read by 12 people") != key_of_piece("Read by 12 persons")
    assert key_of_piece("https://a.example/news") != key_of_piece("https://b.example/news")


@pytest.mark.parametrize(
    ("given", "source"),
    [
        (record(source="Harian Senja", url="https://senja.example/1"), "Harian Senja"),
        (record(url="https://www.senja.example/1"), "senja.example"),
        (record(url="https://[senja"), "news.jsonl"),
        (record(), "news.jsonl"),
        (record("in/news.parquet#3"), "news.parquet"),
        (record("in/senja/a.txt", is_file=True), "senja"),
        (record("in/senja/a.html", is_page=True), "senja"),
    ],
)
def test_a_source_is_the_outlet_or_the_site_or_the_file(given, source):
    assert source_key(given) == source


def test_an_outlet_by_setting_comes_after_the_records_own():
    assert source_key(record(url="https://senja.example/1"), "Senja") == "Senja"
    assert source_key(record(source="Pagi"), "Senja") == "Pagi"


def test_what_is_written_is_read_again(tmp_path):
    piece = Piece(text="Читайте нас 3 раза в день", articles=7, share=0.35)
    path = tmp_path / "boilerplate.json"
    Boilerplate({"Газета": [piece]}).write(path)
    known = Boilerplate.read(path)
    assert known.sources == {"Газета": [piece]}
    assert known.holds("Газета", "читайте нас 12 раз в день") is False
    assert known.holds("Газета", "ЧИТАЙТЕ НАС 12 РАЗА В ДЕНЬ.")
    assert not known.holds("Другая", piece.text)
    assert not known.holds(None, piece.text)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "expected boilerplate.json of ingest_articles"),
        ("[]", "found other data"),
        ('{"version": 1, "sources": {"a": [{"text": "b"}]}}', "found other data"),
        ('{"version": 9, "sources": {}}', "expected boilerplate of version 1, found 9"),
        ("{", "found other data"),
    ],
)
def test_a_file_that_is_no_boilerplate_is_named(tmp_path, content, message):
    path = tmp_path / "b.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=f"b.json: .*{message}"):
        Boilerplate.read(path)
