from dataclasses import replace

import pytest

from labels.pipeline.schema import rejected
from training.benchmark.examples import (
    HIDDEN,
    ExampleMaker,
    group_of,
    place_of,
    without_copies,
)
from training.benchmark.layouts import Record
from training.fit.auxiliary.records import BETWEEN

RECORD = Record("f:1", "Reed met Reed's aunt", "Reed", (9, 13), "favor", None)


def stances(row):
    return [(stance["target"], stance["label"]) for stance in row["stances"]]


def marked(row):
    return [
        (mention["target"], row["text"][mention["start"] : mention["end"]])
        for mention in row["mentions"]
    ]


@pytest.mark.parametrize(
    ("span", "target", "place"),
    [
        ((9, 13), "Reed", (9, 13)),
        ((8, 12), "Reed", (9, 13)),  # off by one: the nearest
        ((1, 5), "Reed", (0, 4)),
        (None, "Reed", (0, 4)),
        ((5, 8), None, (5, 8)),
        ((5, 8), "Ann", (5, 8)),  # written otherwise there
        ((5, 80), "Ann", None),
        (None, None, None),
    ],
)
def test_a_target_is_where_the_file_says_or_nearest_to_there(span, target, place):
    assert place_of(replace(RECORD, span=span, target=target)) == place


def test_a_marked_target_is_a_row_of_its_own(suite):
    maker = ExampleMaker(suite("newsmtsc"), target_blind=False)
    rows, rejects = maker.make("train", [RECORD, replace(RECORD, span=(0, 4), stance="against")])
    assert rejects == []
    assert [stances(row) for row in rows] == [[("entity", "favor")], [("entity", "against")]]
    assert [row["mentions"][0]["start"] for row in rows] == [9, 0]
    assert {row["split"] for row in rows} == {"train"}


def test_targets_of_one_text_are_asked_together(suite):
    text = "Kyiv answers Moscow"
    maker = ExampleMaker(suite("ruw"), target_blind=False)
    records = [Record("f:1", text, name, None, "neutral", None) for name in ("Russia", "ukraine")]
    (row, again), rejects = maker.make("dev", [*records, records[0]])
    assert rejects == []
    assert stances(row) == [("russia", "neutral"), ("ukraine", "neutral")]
    assert stances(again) == [("russia", "neutral")]  # asked twice: neither answer is lost
    assert marked(row) == [("russia", "Moscow"), ("ukraine", "Kyiv")]


def test_a_target_that_is_no_target_of_the_set_is_a_reject(suite):
    maker = ExampleMaker(suite("ruw"), target_blind=False)
    _, (reject,) = maker.make("dev", [Record("f:9", "x", "Belgium", None, "favor", None)])
    assert reject.reason == "target"
    assert reject.message == "f:9: expected russia|ukraine, found 'Belgium'"


def test_a_text_as_target_stands_before_the_sentence_and_is_marked(suite):
    maker = ExampleMaker(suite("ans"), target_blind=False)
    (row,), _ = maker.make("dev", [Record("f:1", "انخفض", "ارتفع", None, "against", None)])
    assert row["text"] == "ارتفع" + BETWEEN + "انخفض"
    assert marked(row) == [("claim", "ارتفع")]


@pytest.mark.parametrize(("key", "target"), [("ruw", "Russia"), ("newsmtsc", "Reed"), ("ans", "A")])
def test_a_hidden_target_is_neither_named_nor_marked(suite, key, target):
    maker = ExampleMaker(suite(key), target_blind=True)
    (row,), _ = maker.make("dev", [replace(RECORD, target=target)])
    assert (row["text"], row["mentions"]) == (RECORD.text, [])
    assert stances(row) == [(HIDDEN["key"], "favor")]


def test_rejects_of_reading_are_kept(suite):
    reject = rejected("f:3", "label", "expected another")
    rows, rejects = ExampleMaker(suite("smsa"), target_blind=False).make("dev", [reject])
    assert (rows, rejects) == ([], [reject])


def test_copies_of_another_parts_texts_are_left_out():
    rows = [{"group_id": group_of(text)} for text in ("A  b", "c")]
    assert without_copies(rows, [{"group_id": group_of("a b")}]) == rows[1:]
