"""Where the records of a JSON document are."""

import json

import pytest

from labels.ingest.read.json_records import parse_json, records_of
from labels.pipeline.schema import Reject

A, B = {"title": "A", "text": "Aa."}, {"title": "B", "text": "Bb."}
LISTED = {"title": "A", "url": "https://example.org/a", "description": "Aa."}


def found(value):
    return [record.values for record in records_of(value)]


@pytest.mark.parametrize(
    "document",
    [
        [A, B],
        {"articles": [A, B]},
        {"status": "ok", "totalResults": 2, "articles": [A, B]},
        {"data": {"items": [A, B]}},
        {"response": {"docs": [A, B]}},
        {"response": {"status": "ok", "results": [A, B]}},
        {"articles": {"results": [A, B], "totalResults": 2}},
        {"hits": {"total": 2, "hits": [{"_source": A}, {"_source": B}]}},
        {"title": "Feed", "home_page_url": "https://example.org", "items": [A, B]},
        {"rss": {"channel": {"title": "Feed", "link": "https://example.org", "item": [A, B]}}},
        {"2025-01": [A], "2025-02": [B]},
        {"chats": {"list": [{"name": "c", "messages": [A]}, {"name": "d", "messages": [B]}]}},
        {"a1": A, "b2": B},
        {"title": {"0": "A", "1": "B"}, "text": {"0": "Aa.", "1": "Bb."}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["A", "Aa."], ["B", "Bb."]]},
        [["title", "text"], ["A", "Aa."], ["B", "Bb."]],
        {"schema": {"fields": []}, "data": [A, B]},
        {"berita": [A, B], "jumlah": 2},
    ],
)
def test_records_are_found_in_any_wrapper(document):
    assert found(document) == [A, B]


@pytest.mark.parametrize(
    "document",
    [
        A,
        {"title": "A", "content": {"blocks": [{"type": "paragraph", "text": "Aa."}]}},
        {"headline": "A", "body": "Aa.", "authors": [{"name": "x"}], "related": [{"title": "z"}]},
        {"title": "A", "published": "2025", "images": [{"title": "Foto", "url": "u"}]},
        {"title": "A", "sections": [{"title": "I", "text": "Aa."}, {"title": "II", "text": "Bb."}]},
        {"article": A},
        {"maksud": "x"},
    ],
)
def test_one_object_is_one_record(document):
    assert found(document) == [document]


def test_an_item_without_an_array_around_it_is_found():
    assert found({"rss": {"channel": {"title": "Feed", "item": A}}}) == [A]


def test_a_page_of_listed_articles_is_no_text_in_parts():
    assert found({"content": [LISTED, LISTED], "totalPages": 1}) == [LISTED, LISTED]


def test_a_list_of_texts_is_a_record_each():
    assert found(["Satu.", "Dua."]) == [{"text": "Satu."}, {"text": "Dua."}]


def test_the_outlet_is_that_of_the_feed_or_chat():
    telegram = {"name": "Kanal", "type": "public_channel", "messages": [A]}
    assert [record.outlet for record in records_of(telegram)] == ["Kanal"]
    feed = {"feed": {"title": "Koran"}, "entries": [A]}
    assert [record.outlet for record in records_of(feed)] == ["Koran"]
    assert [record.outlet for record in records_of({"articles": [A]})] == [None]


def test_documents_one_after_the_other_are_all_read():
    text = json.dumps(A, indent=1) + "\n" + json.dumps(B, indent=1)
    assert parse_json(text, "f") == [A, B]


@pytest.mark.parametrize("text", ['{"a": ', "[1,", "x", "[" * 100_000, "[1] x"])
def test_what_is_no_json_is_a_reject(text):
    reject = parse_json(text, "f.json")
    assert isinstance(reject, Reject)
    assert reject.reason == "broken_json"
    assert reject.message.startswith("f.json: expected JSON")
