import json

import pytest

from labels.annotate.gold import match_gold, read_gold
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Field, Sentence, SentenceKind

TARGETS = ("russia", "oic")


def write(tmp_path, *rows):
    path = tmp_path / "gold.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def sentence(number, text, article="a", kind=SentenceKind.body):
    return Sentence(
        sentence_id=f"{article}#{number}",
        article_id=article,
        index=number,
        kind=kind,
        field=Field.text,
        start=0,
        end=len(text),
        text=text,
        lang="en",
    )


def test_the_sample_format_is_read(tmp_path):
    path = write(
        tmp_path,
        {
            "article_id": "a",
            "text": "Norland thanked Russia.",
            "russia": "favor",
            "oic": "unrelated",
            "sentiment": "positive",
            "holder": {"russia": "Norland"},
            "voice": {"russia": "event"},
            "annotator": "person",
        },
    )
    (row,), rejects = read_gold(path, TARGETS, ())
    assert rejects == []
    assert row.labels == {"russia": "favor", "oic": "unrelated", "sentiment": "positive"}
    assert (row.annotator, row.where) == ("person", f"{path}:1")
    assert (row.holder, row.voice) == ({"russia": "Norland"}, {"russia": "event"})


def test_in_the_sentence_format_the_id_is_the_article_and_a_missing_target_is_masked(tmp_path):
    path = write(
        tmp_path, {"id": 7, "article_id": "s", "text": "x", "russia": "against", "holder": "N"}
    )
    (row,), _ = read_gold(path, TARGETS, ())
    assert row.article_ids == ("7", "s")
    assert row.labels == {"russia": "against"}
    assert row.holder == {"russia": "N"}
    found = match_gold([row], [sentence(0, "x", "7")])
    assert list(found.by_sentence) == ["7#0"]


@pytest.mark.parametrize(
    ("row", "reason", "part"),
    [
        ('{"text": "cut', "broken_json", "expected one JSON object"),
        ({"article_id": "a", "text": "x", "nato": "favor"}, "unknown_target", "'nato'"),
        ({"article_id": "a", "text": "x", "russia": "pro"}, "unknown_label", "found 'pro'"),
        ({"article_id": "a", "text": "x", "sentiment": "sad"}, "unknown_label", "found 'sad'"),
        ({"article_id": "a", "text": "x", "holder": {"eu": "N"}}, "unknown_target", "'eu'"),
        ({"article_id": "a", "text": " "}, "no_text", "`text`"),
        ({"text": "x"}, "no_article_id", "`article_id`"),
        ("[1]", "broken_json", "found list"),
        ({"article_id": "a", "text": "x", "holder": 3}, "bad_field", "found int"),
        ({"article_id": "a", "text": "x", "voice": {"oic": "poet"}}, "unknown_label", "'poet'"),
        ({"article_id": "a", "text": "x", "holder": {"sentiment": "N"}}, "unknown_target", "oic"),
    ],
)
def test_a_bad_line_is_a_reject_that_names_file_and_line(tmp_path, row, reason, part):
    path = write(tmp_path, {"article_id": "a", "text": "fine", "oic": "neutral"}, row)
    rows, (reject,) = read_gold(path, TARGETS, ())
    assert len(rows) == 1
    assert reject.reason == reason
    assert reject.source == f"{path}:2"
    assert reject.message.startswith(f"{path}:2: ")
    assert part in reject.message


def test_a_known_target_that_is_not_in_use_is_left_out(tmp_path):
    path = write(tmp_path, {"article_id": "a", "text": "x", "russia": "favor", "nato": "favor"})
    (row,), rejects = read_gold(path, TARGETS, ("nato",))
    assert (rejects, row.labels) == ([], {"russia": "favor"})


def test_what_a_row_leaves_empty_is_masked(tmp_path):
    empty = {"russia": None, "oic": "", "sentiment": "", "holder": "", "voice": None}
    path = write(tmp_path, {"article_id": "a", "text": "x"} | empty)
    (row,), rejects = read_gold(path, TARGETS, ())
    assert (rejects, row.labels, row.holder, row.voice) == ([], {}, {}, {})


@pytest.mark.parametrize("blank", [None, "", "  ", "NaN", float("nan"), "null", "N/A"])
def test_a_blank_is_a_masked_label_wherever_it_stands(tmp_path, blank):
    given = {"article_id": "a", "text": "x", "oic": "favor"}
    blanks = {"id": blank, "russia": blank, "sentiment": blank, "annotator": blank}
    attributed = {"holder": {"oic": blank}, "voice": {"oic": blank}}
    (row,), rejects = read_gold(write(tmp_path, given | blanks | attributed), TARGETS, ())
    assert (rejects, row.labels, row.article_ids) == ([], {"oic": "favor"}, ("a",))
    assert (row.holder, row.voice, row.annotator) == ({}, {}, "unknown")


def test_case_and_spaces_around_labels_and_column_names_do_not_matter(tmp_path):
    values = {"article_id": "a", "text": "x", "Russia ": "AGAINST ", " OIC": " Neutral"}
    path = write(tmp_path, values | {"Sentiment": "Negative", "voice": " Event "})
    (row,), rejects = read_gold(path, TARGETS, ())
    assert rejects == []
    assert row.labels == {"russia": "against", "oic": "neutral", "sentiment": "negative"}
    assert row.voice == {"russia": "event"}


def test_other_columns_are_passed_over_unless_they_hold_stances(tmp_path):
    given = {"article_id": "a", "text": "x", "oic": "favor"}
    more = {"task_id": 4, "seconds": 2.5, "checked": True, "remark": "unsure", "eu": ""}
    path = write(tmp_path, given | more, given | {"eu": " Favor"})
    (row,), (reject,) = read_gold(path, TARGETS, ())
    assert row.passed_over == ("task_id", "seconds", "checked", "remark", "eu")
    assert (reject.reason, reject.source) == ("unknown_target", f"{path}:2")


def test_a_plain_holder_holds_every_polar_stance_and_no_other(tmp_path):
    labels = {"russia": "favor", "oic": "neutral", "sentiment": "negative"}
    path = write(tmp_path, {"article_id": "a", "text": "x", "holder": "N"} | labels)
    (row,), _ = read_gold(path, TARGETS, ())
    assert row.holder == {"russia": "N"}


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(DataError, match="none.jsonl: expected a JSON-lines file"):
        read_gold(tmp_path / "none.jsonl", TARGETS, ())


def read(tmp_path, *texts):
    rows = [{"article_id": "a", "text": text, "oic": "neutral"} for text in texts]
    return read_gold(write(tmp_path, *rows), TARGETS, ())[0]


def test_a_repeated_text_is_matched_in_reading_order(tmp_path):
    sentences = [sentence(0, "Same."), sentence(1, "Other."), sentence(2, "Same.")]
    found = match_gold(read(tmp_path, "Same.", "Other.", "Same."), sentences)
    lines = {key: row.where.rsplit(":", 1)[1] for key, row in found.by_sentence.items()}
    assert lines == {"a#0": "1", "a#1": "2", "a#2": "3"}


def test_a_repeated_text_after_another_row_is_the_later_one(tmp_path):
    sentences = [sentence(0, "Same."), sentence(1, "Other."), sentence(2, "Same.")]
    found = match_gold(read(tmp_path, "Other.", "Same."), sentences)
    assert sorted(found.by_sentence) == ["a#1", "a#2"]


def test_white_space_may_differ(tmp_path):
    found = match_gold(read(tmp_path, "Two  words."), [sentence(0, "Two\u00a0words.")])
    assert found.rejects == []


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("The cafe\u0301 closed.", "The café closed."),
        ("И\u0306огурт и е\u0308лка.", "Йогурт и ёлка."),
        ("ا\u0653مال وا\u0654حمد", "آمال وأحمد"),
        ("سافر علی إلى ترکیا", "سافر على إلى تركيا"),
        ("ذَهَبَ الوفدُ", "ذهب الوفد"),
        ("The co\u00adast\u200b is ﬁne.", "The coast is fine."),
    ],
)
def test_ways_to_write_a_letter_may_differ(tmp_path, written, text):
    assert match_gold(read(tmp_path, written), [sentence(0, text)]).rejects == []
    assert match_gold(read(tmp_path, text), [sentence(0, written)]).rejects == []


def test_gold_without_a_sentence_is_a_reject_that_shows_the_nearest(tmp_path):
    found = match_gold(
        read(tmp_path, "The envoys met on Tuesday."),
        [
            sentence(0, "Rain fell."),
            sentence(1, "The envoys met on Tuesday night."),
        ],
    )
    (reject,) = found.rejects
    assert reject.reason == "gold_without_sentence"
    assert (
        "gold.jsonl:1: article 'a' has no sentence 'The envoys met on Tuesday.'" in reject.message
    )
    assert "the nearest is 'The envoys met on Tuesday night.'" in reject.message


def test_gold_of_an_unknown_article_is_a_reject(tmp_path):
    (reject,) = match_gold(read(tmp_path, "x"), [sentence(0, "x", "b")]).rejects
    assert "no article has the id 'a'" in reject.message


def test_a_sentence_labelled_twice_keeps_the_first(tmp_path):
    found = match_gold(read(tmp_path, "Once.", "Once."), [sentence(0, "Once.")])
    assert [reject.reason for reject in found.rejects] == ["duplicate_gold"]
    assert "gold.jsonl:1" in found.rejects[0].message


def test_a_row_that_contradicts_an_earlier_one_says_how(tmp_path):
    rows = [
        {"article_id": "a", "text": "Once.", "oic": "neutral", "russia": "favor"},
        {"article_id": "a", "text": "Once.", "oic": "against", "russia": "favor"},
        {"article_id": "a", "text": "Once.", "russia": "favor", "sentiment": "positive"},
    ]
    rows, _ = read_gold(write(tmp_path, *rows), TARGETS, ())
    contradicting, copy = match_gold(rows, [sentence(0, "Once.")]).rejects
    assert contradicting.reason == "contradicting_gold"
    assert "gold.jsonl:1: oic: 'against' here, 'neutral' there" in contradicting.message
    assert copy.reason == "duplicate_gold"


def test_a_row_is_a_copy_where_it_agrees_with_one_of_the_sentences_of_its_text(tmp_path):
    rows = [
        {"article_id": "a", "text": "Twice.", "oic": label}
        for label in ("neutral", "favor", "favor", "against")
    ]
    rows, _ = read_gold(write(tmp_path, *rows), TARGETS, ())
    rejects = match_gold(rows, [sentence(0, "Twice."), sentence(1, "Twice.")]).rejects
    assert [reject.reason for reject in rejects] == ["duplicate_gold", "contradicting_gold"]
