import json

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import SENTIMENTS, STANCES
from labels.pipeline.tables import write_table
from training.compare.answers import pair, read_both


@pytest.fixture
def folder(tmp_path, prediction):
    """Write predictions, records and gold of two sentences of one article."""
    held = {"gold_holder": "author", "holder": "author", "holder_right": True}
    held |= {"gold_voice": "event", "voice": "event"}
    rows = [
        prediction("oic", "favor", "favor", "1#0", "copies", attribution=held),
        prediction("sentiment", "neutral", "positive", "1#0", "copies"),
        prediction("oic", "neutral", "against", "2#0", "copies"),
    ]
    write_table(tmp_path / "a.parquet", "predictions", rows)
    texts = ["The OIC hailed it, said Ankara.", "The OIC met."]
    write_lines(
        tmp_path / "gold.jsonl",
        [
            {"id": "1", "article_id": "news", "text": texts[0], "oic": "favor"}
            | {"sentiment": "neutral", "holder": "Ankara"},
            {"id": 2, "article_id": "news", "text": texts[1], "oic": "neutral", "holder": "x"},
            {"id": "3", "article_id": "more", "text": "Rain.", "oic": "unrelated"},
        ],
    )
    spans = [{"start": 24, "end": 30, "text": "Ankara"}, {"author": True}]
    records = [
        record(number, text, "favor", holder)
        for number, (text, holder) in enumerate(zip(texts, spans, strict=True), start=1)
    ]
    write_lines(tmp_path / "b.jsonl", records)
    return tmp_path


def record(number, text, label, holder):
    answer = {"label": label, "probabilities": dict.fromkeys(STANCES, 0.25), "holder": holder}
    tone = {"label": "neutral", "probabilities": dict.fromkeys(SENTIMENTS, 0.3)}
    place = {"kind": "body", "field": "text", "start": 0, "end": len(text), "text": text}
    return {"id": number, "sentence_id": f"{number}#0", **place, "lang": "en"} | {
        "stance": {"oic": answer},
        "sentiment": tone,
    }


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def read(folder, a="a.parquet", b="b.jsonl", gold="gold.jsonl", groups=None, split=None):
    file = None if gold is None else folder / gold
    return read_both(folder / a, folder / b, file, split, groups or {})


def test_records_are_set_beside_their_gold(folder):
    _, b, rejects = read(folder)
    assert set(b.rows) == {("1#0", "oic"), ("1#0", "sentiment"), ("2#0", "oic")}
    first = b.rows["1#0", "oic"]
    assert (first.gold, first.label, first.holder_right, first.group) == (
        "favor",
        "favor",
        True,
        "news",
    )
    assert b.rows["2#0", "oic"].holder_right is None  # gold is no position
    assert (b.gold_rejects, rejects.total()) == (1, 0)


def test_a_holder_that_is_another_or_missing_is_wrong(folder):
    text = "The OIC hailed it, said Ankara."
    for holder in ({"author": True}, {"start": 0, "end": 7}, {}):
        write_lines(folder / "b.jsonl", [record(1, text, "unrelated", holder)])
        assert read(folder)[1].rows["1#0", "oic"].holder_right is False


def test_sides_of_both_forms_meet_and_holders_are_left_out(folder):
    a, b, _ = read(folder)
    for first, second in ((a, b), (b, a)):
        found = pair(first, second, {})
        assert [(one.sentence_id, one.task) for one in found.pairs] == list(first.rows)
        assert {one.group for one in found.pairs} == {"copies"}  # wire copies, which gold lacks
        assert {one.a_holder for one in found.pairs} == {None}
        assert found.holders_reason is not None
        assert (found.only_a, found.only_b) == (0, 0)
    assert found.pairs[0].text == "The OIC hailed it, said Ankara."


def test_two_tables_need_no_gold_and_take_texts_from_elsewhere(folder):
    a, b, _ = read(folder, b="a.parquet", gold=None)
    found = pair(a, b, {"1#0": "Hail."})
    assert [one.text for one in found.pairs] == ["Hail.", "Hail.", None]
    assert found.pairs[0].a_holder is True
    assert found.pairs[0].gold_voice == "event"
    assert found.holders_reason is None
    with pytest.raises(ConfigError, match="gold: expected null"):
        read(folder, b="a.parquet")


def test_groups_of_articles_can_be_given(folder):
    a, b, _ = read(folder, groups={"news": "n", "copies": "c"})
    assert {one.group for one in a.rows.values()} == {"c"}
    assert {one.group for one in b.rows.values()} == {"n"}


def test_records_without_a_gold_file_are_refused(folder):
    with pytest.raises(ConfigError, match=r"gold: expected a file .*b\.jsonl holds none"):
        read(folder, gold=None)


def test_answers_about_other_sentences_are_told(folder, prediction):
    write_table(folder / "c.parquet", "predictions", [prediction("oic", "favor", "favor", "x#0")])
    a, b, _ = read(folder, b="c.parquet", gold=None)
    with pytest.raises(DataError, match="same sentences, found '1#0' .* here, 'x#0' there"):
        pair(a, b, {})
    write_lines(folder / "b.jsonl", [record(9, "Rain fell.", "neutral", {})])
    with pytest.raises(DataError, match=r"that gold labels, found none; .*no article has the id"):
        read(folder)


def test_another_gold_is_told(folder, prediction):
    write_table(folder / "c.parquet", "predictions", [prediction("oic", "against", "x", "1#0")])
    a, b, _ = read(folder, b="c.parquet", gold=None)
    with pytest.raises(DataError, match="in 1 rows: 1#0 oic: favor and against"):
        pair(a, b, {})


def test_a_sentence_that_stands_twice_is_told(folder):
    text = "The OIC met."
    write_lines(folder / "b.jsonl", [record(2, text, "neutral", {})] * 2)
    with pytest.raises(DataError, match="each sentence once, found 2#0 more than once"):
        read(folder)


def test_a_split_that_was_not_scored_and_a_gold_file_without_labels_are_told(folder):
    with pytest.raises(DataError, match=r"a\.parquet: expected answers of test, found none"):
        read(folder, b="a.parquet", gold=None, split="test")
    write_lines(folder / "gold.jsonl", [{"id": "1", "text": "x", "nato": "favor"}])
    with pytest.raises(DataError, match=r"expected gold labels, found none; .*'nato'"):
        read(folder)
