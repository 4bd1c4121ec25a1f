"""What is taken from the fields of a record, and what is said of the rest."""

from datetime import date

import pytest

from labels.ingest.read.fields import check_mapping
from labels.ingest.read.record import Note, PageFile, RawRecord, record_from
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import Reject, Unit

BODY = (
    "The mediators met in Doha on Tuesday and spoke of an exchange of prisoners. A second round is"
    " planned for Friday, two diplomats said. Neither side gave details of the map."
)
LEAD = "The mediators met in Doha on Tuesday."


def read(fields, unit=Unit.article, **mapping):
    return record_from(fields, "f:1", "f:1", unit, check_mapping(mapping))


def notes(record):
    return {(note.kind, note.detail) for note in record.notes}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (  # NewsAPI
            {
                "source": {"id": "example", "name": "The Example"},
                "author": "A. Writer",
                "title": "Talks in Doha",
                "description": LEAD,
                "url": "https://example.org/a",
                "publishedAt": "2025-02-04T10:00:00Z",
                "content": BODY,
            },
            {"published": "2025-02-04T10:00:00Z", "source": "The Example"},
        ),
        (  # Media Cloud
            {
                "stories_id": 77,
                "media_name": "The Example",
                "title": "Talks in Doha",
                "publish_date": "2025-02-04",
                "indexed_date": "2025-02-09",
                "language": "en",
                "text": BODY,
            },
            {"input_id": 77, "published": "2025-02-04", "source": "The Example", "lang": "en"},
        ),
        (  # WordPress REST
            {
                "id": 9,
                "date": "2025-02-04T10:00:00",
                "modified": "2025-02-05T10:00:00",
                "guid": {"rendered": "https://example.org/?p=9"},
                "link": "https://example.org/a",
                "title": {"rendered": "Talks in Doha"},
                "content": {"rendered": BODY, "protected": False},
                "excerpt": {"rendered": LEAD, "protected": False},
            },
            {"input_id": 9, "published": "2025-02-04T10:00:00", "url": "https://example.org/a"},
        ),
        (  # newspaper3k
            {
                "title": "Talks in Doha",
                "text": BODY,
                "publish_date": "2025-02-04 10:00:00",
                "source_url": "https://example.org",
                "meta_lang": "en",
                "keywords": ["talks", "doha"],
                "summary": LEAD,
            },
            {"published": "2025-02-04 10:00:00", "lang": "en"},
        ),
        (  # trafilatura: `source` is the address
            {
                "title": "Talks in Doha",
                "hostname": "example.org",
                "sitename": "The Example",
                "date": "2025-02-04",
                "raw_text": BODY.replace(". ", " "),
                "text": BODY,
                "source": "https://example.org/a",
                "language": "en",
                "excerpt": LEAD,
            },
            {"url": "https://example.org/a", "source": "The Example", "published": "2025-02-04"},
        ),
        (  # news-please
            {
                "date_download": "2025-03-01 00:00:00",
                "date_publish": "2025-02-04 10:00:00",
                "maintext": BODY,
                "title": "Talks in Doha",
                "title_page": "Talks in Doha - The Example",
                "source_domain": "example.org",
                "language": "en",
            },
            {"published": "2025-02-04 10:00:00", "source": "example.org"},
        ),
        (  # The Guardian
            {
                "id": "world/2025/feb/04/talks",
                "webPublicationDate": "2025-02-04T10:00:00Z",
                "webTitle": "Talks in Doha",
                "webUrl": "https://example.org/a",
                "fields": {"bodyText": BODY, "trailText": LEAD},
            },
            {"published": "2025-02-04T10:00:00Z", "url": "https://example.org/a"},
        ),
        (  # schema.org
            {
                "@type": "NewsArticle",
                "headline": "Talks in Doha",
                "articleBody": BODY,
                "datePublished": "2025-02-04",
                "inLanguage": "en",
                "publisher": {"@type": "Organization", "name": "The Example"},
            },
            {"published": "2025-02-04", "lang": "en", "source": "The Example"},
        ),
        (  # Event Registry
            {
                "uri": "123-en",
                "lang": "eng",
                "title": "Talks in Doha",
                "body": BODY,
                "dateTimePub": "2025-02-04T10:00:00Z",
                "source": {"uri": "example.org", "title": "The Example"},
            },
            {"source": "The Example", "published": "2025-02-04T10:00:00Z", "lang": "eng"},
        ),
        (  # MongoDB's extended JSON
            {
                "_id": {"$oid": "65a1"},
                "headline": "Talks in Doha",
                "body": BODY,
                "published_date": {"$date": "2025-02-04T10:00:00Z"},
            },
            {"input_id": "65a1", "published": "2025-02-04T10:00:00Z"},
        ),
        (  # a scraper of one's own
            {
                "articleTitle": "Talks in Doha",
                "article_text": BODY,
                "Article Date": date(2025, 2, 4),
                "outlet": "The Example",
                "scraped_at": "2025-06-01",
            },
            {"published": "2025-02-04", "source": "The Example"},
        ),
        (  # JSON Feed
            {
                "id": "a",
                "title": "Talks in Doha",
                "content_text": BODY,
                "date_published": "2025-02-04T10:00:00Z",
                "url": "https://example.org/a",
            },
            {"url": "https://example.org/a", "published": "2025-02-04T10:00:00Z"},
        ),
        (  # Webz.io
            {
                "thread": {"site": "example.org"},
                "uuid": "u1",
                "title": "Talks in Doha",
                "text": BODY,
                "published": "2025-02-04T10:00:00.000+02:00",
                "language": "english",
            },
            {"input_id": "u1", "source": "example.org", "lang": "english"},
        ),
    ],
)
def test_exports_of_crawlers_and_news_services_are_read(fields, expected):
    record = read(fields)
    assert (record.title, record.text) == ("Talks in Doha", BODY)
    assert {name: getattr(record, name) for name in expected} == expected
    assert notes(record) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"judul": "Judul", "isi": "Isi berita ini.", "tanggal": "4 Feb 2025", "sumber": "Contoh"},
        {"Judul Berita": "Judul", "Isi_Berita": "Isi berita ini.", "tgl_terbit": "4 Feb 2025"},
        {"judul_artikel": "Judul", "isiArtikel": "Isi berita ini.", "Tanggal Terbit": "4 Feb 2025"},
        {"tajuk": "Judul", "kandungan": "Isi berita ini.", "tarikh": "4 Feb 2025"},
        {"Заголовок": "Judul", "Текст": "Isi berita ini.", "Дата публикации": "4 Feb 2025"},
        {"заголовок_статьи": "Judul", "полный_текст": "Isi berita ini.", "дата": "4 Feb 2025"},
        {"Название": "Judul", "Содержание": "Isi berita ini.", "опубликовано": "4 Feb 2025"},
        {"العنوان": "Judul", "النص": "Isi berita ini.", "التاريخ": "4 Feb 2025"},
        {"عنوان الخبر": "Judul", "نص الخبر": "Isi berita ini.", "تاريخ النشر": "4 Feb 2025"},
        {"عنوان_المقال": "Judul", "المحتوى": "Isi berita ini.", "تاريخ": "4 Feb 2025"},
        {"TITLE": "Judul", "FULL_TEXT": "Isi berita ini.", "PubDate": "4 Feb 2025"},
        {"News Headline": "Judul", "news-body": "Isi berita ini.", "posted on": "4 Feb 2025"},
        {"post_title": "Judul", "post_content": "Isi berita ini.", "post_date": "4 Feb 2025"},
        {"title": "Judul", "cleaned_text": "Isi berita ini.", "Created At": "4 Feb 2025"},
        {"data": {"title": "Judul", "story": "Isi berita ini.", "date": "4 Feb 2025"}},
    ],
)
def test_names_of_our_languages_and_of_scrapers_are_read(fields):
    record = read(fields)
    assert (record.title, record.text) == ("Judul", "Isi berita ini.")
    assert record.published == "4 Feb 2025"


def test_a_setting_says_where_the_text_stands():
    fields = {"kop": "Judul", "badan": "Isi berita ini.", "text": "Iklan."}
    record = read(fields, body="Badan", title="kop")
    assert (record.title, record.text) == ("Judul", "Isi berita ini.")
    absent = read({"text": "Isi."}, body="badan")
    assert (absent.text, notes(absent)) == ("Isi.", {("no_such_field", "badan")})


@pytest.mark.parametrize("mapping", [{"colour": "a"}, {"comments": "a"}, {"text": ""}])
def test_a_setting_for_what_is_no_field_is_an_error(mapping):
    with pytest.raises(ConfigError, match="fields"):
        check_mapping(mapping)


@pytest.mark.parametrize("name", ["berkas", "payload_3", "corps", "matn", "zzz"])
def test_a_record_whose_body_stands_in_an_unknown_field_is_a_reject_that_names_it(name):
    for fields in ({"title": "Talks in Doha", name: BODY}, {"id": 1, name: BODY}):
        found = read(fields)
        assert isinstance(found, Reject)
        assert found.reason == "unread_body"
        assert f"sentences in {name}" in found.message
        assert "fields={text: NAME}" in found.message


def test_sentences_in_lists_and_objects_are_seen_too():
    assert read({"title": "T", "strophes": BODY.split(". ")}).reason == "unread_body"
    assert read({"title": "T", "corps": {"un": BODY}}).message.count("corps.un") == 1


def test_a_short_unknown_sentence_beside_a_headline_is_noted():
    record = read({"title": "Talks in Doha", "remark": "This was found in the archive on Monday."})
    assert notes(record) == {("unread_field", "remark")}


@pytest.mark.parametrize(
    "value",
    [
        "https://example.org/" + "a" * 300,
        "talks, doha, qatar, mediators, prisoners, exchange, map, round, friday, diplomats" * 3,
        '{"a": "' + BODY + '"}',
        "Q29udGVudA" * 40,
        ["a", "b"],
        {"like": 3},
    ],
)
def test_what_is_no_prose_is_no_body(value):
    assert isinstance(read({"title": "Talks in Doha", "extra": value}), RawRecord)


def test_other_prose_beside_a_body_is_noted_unless_the_body_has_it():
    long = "A reader wrote that the map was wrong. " * 8
    assert notes(read({"text": BODY, "letters": long})) == {("unread_field", "letters")}
    assert notes(read({"text": BODY, "description": BODY})) == set()
    assert notes(read({"title": "T", "comments": long})) == {("unread_field", "comments")}


def test_a_summary_is_the_text_only_where_there_is_no_body():
    record = read({"title": "Talks", "description": LEAD})
    assert (record.text, notes(record)) == (LEAD, {("summary_as_text", "description")})
    assert read({"title": "Talks", "lead": LEAD, "body": BODY}).text == BODY


def test_a_longer_field_that_goes_on_where_another_is_cut_is_taken():
    assert read({"text": BODY[:90], "full_content": BODY}).text == BODY


@pytest.mark.parametrize(
    "value",
    "NaN nan None NULL null N/A #N/A <NA> \\N - — n/a undefined [Removed] нет لا_يوجد".split(),
)
def test_a_missing_value_is_none(value):
    value = value.replace("_", " ")
    headline = read({"title": "Talks in Doha", "text": value})
    assert (headline.text, notes(headline)) == ("", {("missing_value", "text")})
    body = read({"title": value, "text": BODY, "id": value, "source": value})
    assert (body.title, body.article_id, body.source) == (None, "f:1", None)
    assert ("missing_value", "title") in notes(body)
    assert read({"text": value, "body": BODY}).text == BODY
    assert read({"text": float("nan"), "body": BODY}).text == BODY


@pytest.mark.parametrize(
    ("given", "key", "kept"),
    [(7, "7", 7), (7.0, "7", 7), ("7.0", "7", "7.0"), ("v7.1", "v7.1", "v7.1"), ("07", "07", "07")],
)
def test_an_id_that_a_table_wrote_as_a_fraction_is_a_whole_number(given, key, kept):
    record = read({"id": given, "text": "A."})
    assert (record.article_id, record.input_id) == (key, kept)
    assert type(record.input_id) is type(kept)


@pytest.mark.parametrize("fields", [{"text": 4}, {"title": "T", "body": True}, {"id": 1.5}])
def test_a_field_of_a_wrong_type_is_a_reject(fields):
    assert read(fields).reason == "wrong_type"


def test_a_name_that_may_be_a_number_is_passed_over():
    assert read({"title": "T", "post": 123}).text == ""


def test_half_of_a_pair_is_found_in_every_field():
    assert "title: expected text" in read({"title": "a \ud83d", "text": "b"}).message


def test_a_page_in_a_field_waits_for_its_extraction():
    page = "<!DOCTYPE html><html><body><p>Halo.</p></body></html>"
    found = read({"id": 3, "url": "https://example.org/a", "html": page})
    assert isinstance(found, PageFile)
    assert (found.name, found.data) == ("3", page.encode())
    assert found.record.url == "https://example.org/a"
    assert read({"text": BODY, "html": page}).text == BODY


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["Satu.", "Dua."], "Satu.\nDua."),
        (["Satu ", "dua."], "Satu dua."),
        ([{"type": "bold", "text": "Satu"}, " dua."], "Satu dua."),
        (
            ["Lihat ", {"type": "link", "text": "t.me/contoh"}, "\n\nSelesai."],
            "Lihat t.me/contoh\n\nSelesai.",
        ),
        ([{"type": "plain", "text": "Satu "}, {"type": "italic", "text": "dua."}], "Satu dua."),
        ([{"type": "text", "text": "Satu."}, {"type": "text", "text": "Dua."}], "Satu.\nDua."),
        (
            {
                "blocks": [
                    {"type": "paragraph", "data": {"text": "Satu."}},
                    {"data": {"text": "Dua."}},
                ]
            },
            "Satu.\nDua.",
        ),
        (
            [{"type": "paragraph", "children": [{"text": "Satu "}, {"text": "dua."}]}],
            "Satu dua.",
        ),
        (
            {"sections": [{"headline": "Satu", "paragraphs": ["Dua.", "Tiga."]}]},
            "Satu\nDua.\nTiga.",
        ),
        ([{"type": "image", "url": "x"}, {"type": "paragraph", "text": "Dua."}], "Dua."),
        (
            {
                "type": "doc",
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "A."}]}],
            },
            "A.",
        ),
        (["<p>Satu.</p>", "<p>Dua &amp; tiga.</p>"], "Satu.\nDua & tiga."),
        ({"ops": [{"insert": "Satu "}, {"insert": "dua."}]}, "Satu dua."),
        ([{"name": "core/paragraph", "attributes": {"content": "<p>Satu.</p>"}}], "Satu."),
    ],
)
def test_text_in_parts_is_one_text(parts, text):
    record = read({"id": 1, "text": parts})
    assert record.text == text
    assert record.is_rewritten


def test_a_caption_among_the_parts_is_known_as_one():
    parts = [{"type": "image", "caption": "Foto: dermaga"}, {"type": "paragraph", "text": "Isi."}]
    record = read({"content": parts})
    assert (record.text, record.captions) == ("Foto: dermaga\nIsi.", {"Foto: dermaga"})


def test_markup_is_taken_out_and_said():
    record = read(
        {"title": "Kapal &#8211; dan <em>pelabuhan</em>", "text": "<p>Satu.</p><p>Dua.</p>"}
    )
    assert (record.title, record.text) == ("Kapal – dan pelabuhan", "Satu.\nDua.")
    assert record.is_rewritten
    assert notes(record) == {("markup", "title"), ("markup", "text")}
    assert not read({"text": "3 < 4 <3"}).is_rewritten


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.org/a">Talks in Doha</a>',
        '<p><a href="u">Talks in Doha</a> <span>The Example</span></p>',
        "<ol><li><a href='u'>Talks in Doha</a></li><li><a href='v'>Map of talks</a></li></ol>",
        "https://example.org/a?b=c",
    ],
)
def test_a_link_is_no_body(text):
    record = read({"title": "Talks in Doha", "description": text})
    assert (record.title, record.text) == ("Talks in Doha", "")
    assert ("link_only", "description") in notes(record)


def test_a_sentence_is_kept_byte_for_byte():
    text = " <b>Satu</b> &amp; dua… [+12 chars] "
    record = read({"text": text}, Unit.sentence)
    assert (record.text, record.notes, record.is_rewritten) == (text, (), False)
    assert read({"text": ["Satu."]}, Unit.sentence).reason == "wrong_type"


def test_a_cut_text_ends_before_the_mark():
    record = read({"text": "The talks went on. The map was… [+801 chars]"})
    assert record.text == "The talks went on. The map was…"
    assert record.notes == (Note("cut_marker", "length"),)
