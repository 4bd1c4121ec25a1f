import json

import pytest

from labels.corpus.read import read_corpus
from labels.corpus.rules import RULES
from labels.pipeline.errors import DataError
from tests.labels.corpus.conftest import FIRST, GOLD, MANIFEST, THIRD, write_lines


def problems(settings):
    corpus = read_corpus(settings.corpus, settings.targets)
    found = [*corpus.problems]
    for rule in RULES:
        found += rule(corpus, settings)
    return [str(problem) for problem in found]


def told(settings, *parts):
    """Tell whether one problem's text has all the parts."""
    return any(all(part in problem for part in parts) for problem in problems(settings))


def with_gold(folder, number, **changes):
    rows = [row | changes if i == number else row for i, row in enumerate(GOLD)]
    write_lines(folder / "gold.jsonl", rows)
    write_lines(folder / "second_reading.jsonl", rows)


def with_manifest(folder, number, **changes):
    rows = [row | changes if i == number else row for i, row in enumerate(MANIFEST)]
    write_lines(folder / "manifest.jsonl", rows)


def test_the_corpus_breaks_no_rule(limits):
    assert problems(limits) == []


def test_a_missing_file_is_named(limits, folder):
    (folder / "manifest.jsonl").unlink()
    with pytest.raises(DataError, match=r"manifest\.jsonl: no such file"):
        problems(limits)


def test_a_line_that_is_no_json_is_told_once_with_its_number(limits, folder):
    with (folder / "gold.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    (only,) = problems(limits)
    assert "gold.jsonl:4: expected one JSON object" in only


def test_a_gold_row_without_its_sentence_is_told_with_the_nearest(limits, folder):
    with_gold(folder, 0, text=FIRST.replace("wheat", "barley"))
    found = "\n".join(problems(limits))
    assert "gold.jsonl:1: article 'a.txt' has no sentence" in found
    assert f"the nearest is '{FIRST}'" in found
    assert "manifest.jsonl:1: expected a gold row for" in found  # so it is not labelled whole


def test_an_unknown_label_is_told_with_what_was_expected(limits, folder):
    with_gold(folder, 1, oic="pro")
    assert told(limits, "gold.jsonl:2: oic: expected favor|against|neutral|unrelated, found 'pro'")


def test_a_missing_field_is_told(limits, folder):
    with_gold(folder, 1, annotator="")
    assert told(limits, "gold.jsonl:2: annotator: expected a value")


def test_an_unknown_case_is_told(limits, folder):
    with_gold(folder, 1, cases=["sarcasm"])
    assert told(limits, "cases: expected one of metonym, found 'sarcasm'")


def test_a_polar_stance_needs_holder_and_voice_and_a_neutral_one_has_none(limits, folder):
    with_gold(folder, 0, voice={})
    assert told(limits, "voice: expected ['russia'], found []")
    with_gold(folder, 1, holder={"oic": "author"})
    assert told(limits, "holder: expected [], found ['oic']")


def test_a_holder_stands_in_the_sentence(limits, folder):
    with_gold(folder, 0, holder={"russia": "Sudland"})
    assert told(limits, "holder of russia: 'Sudland' not in the text")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fiction": False}, "manifest.jsonl:1: fiction: expected true, found False"),
        ({"url": "https://news.com/a"}, "url: expected an example domain, found 'news.com'"),
        ({"url": "https://badexample.org/"}, "url: expected an example domain"),
        ({"published": "2021-12-31"}, "published: expected a date of 2022 to 2025"),
        ({"published": "May"}, "published: expected a date of 2022 to 2025, found 'May'"),
        ({"outlet": " "}, "outlet: expected a value, found none"),
        ({"article_id": "z"}, "article_id: no article 'z'"),
        ({"article_id": "z"}, "expected a line for article 'a.txt', found none"),
        ({"labelled": False}, "labelled: expected True, found False"),
    ],
)
def test_the_manifest_says_of_every_article_what_it_is(limits, folder, changes, message):
    with_manifest(folder, 0, **changes)
    assert told(limits, message)


SOLD = "Norland sold wheat and barley to the south"  # eight words, four n-grams of five
STOCK = "The talks were held behind closed doors"  # three n-grams


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{SOLD}.", f"{SOLD} of Vesland."),  # four of six n-grams
        (f"{STOCK}.", f"{STOCK} and brought no result at all, said an official on Monday."),
        ("Rain fell.", "Rain fell."),
    ],
)
def test_a_copy_in_another_article_is_told_with_both_places(limits, folder, first, second):
    write_lines(folder / "articles" / "more.jsonl", articles(b=f"{THIRD} {first}", c=second))
    assert told(limits, "near copy of", second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Three of nine and of eight n-grams: the stock phrase is shared, the sentences are not.
        (f"{STOCK} and brought no result at all.", f"{STOCK}, and nobody spoke to reporters."),
        ("Norland denied it all again.", "Norland denied it all again on Monday in the evening."),
    ],
)
def test_a_stock_phrase_in_two_articles_is_no_copy(limits, folder, first, second):
    write_lines(folder / "articles" / "more.jsonl", articles(b=f"{THIRD} {first}", c=second))
    assert not told(limits, "near copy of", first)


def test_sentences_of_one_article_may_be_near_copies(limits, folder):
    text = f"{THIRD} {SOLD}. {SOLD} of Vesland."
    write_lines(folder / "articles" / "more.jsonl", articles(b=text, c="Rain fell."))
    assert not told(limits, "near copy of", SOLD)


def articles(**texts):
    return [{"id": key, "lang": "en", "text": text} for key, text in texts.items()]


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("min_articles", 4, "en: expected at least 4 articles of 1 to 14 sentences, found 3"),
        ("min_gold", 4, "en: expected 4 gold sentences, found 3"),
        ("min_class", 2, "en: expected at least 2 sentences with russia favor, found 1"),
        ("min_contrasts", 2, "en: expected at least 2 sentences whose stances differ, found 1"),
        ("min_opposites", 2, "en: expected at least 2 sentences with favor beside against"),
        ("min_cases", 2, "en: expected at least 2 sentences of the case metonym, found 1"),
        ("min_held_out", 2, "en dev: expected at least 2 with russia favor, found 1"),
        ("max_opening", 0.1, "en: expected at most 10% of the sentences to open alike"),
        ("max_ratio_difference", 0.01, "en: type-token ratio: expected 0.80"),
        ("max_length_factor", 1.0, "en: median words of a sentence"),
    ],
)
def test_a_count_that_falls_short_is_told(changed, limit, value, message):
    assert told(changed(**{limit: value}), message)


def test_the_other_languages_fall_short_too(changed):
    assert told(changed(min_gold=1), "ru: expected 1 gold")


def test_a_row_that_was_read_once_is_told(limits, folder):
    write_lines(folder / "second_reading.jsonl", GOLD[1:])
    assert told(limits, "gold.jsonl:1: expected a second reading of 'en-1'")


def test_a_difference_needs_a_reason_and_the_gold_value(limits, folder):
    second = [GOLD[0] | {"sentiment": "positive"}, *GOLD[1:]]
    write_lines(folder / "second_reading.jsonl", second)
    assert told(limits, "sentiment: 'neutral' here, 'positive' at")
    difference = {
        "id": "en-1",
        "field": "sentiment",
        "first": "neutral",
        "second": "positive",
        "settled": "neutral",
        "reason": "thanks alone",
    }
    write_lines(folder / "disagreements.jsonl", [difference])
    assert problems(limits) == []
    write_lines(folder / "disagreements.jsonl", [difference | {"reason": " "}])
    assert told(limits, "reason: expected why")
    write_lines(folder / "disagreements.jsonl", [difference | {"settled": "positive"}])
    assert told(limits, "settled: expected the gold value 'neutral'")


def test_an_article_with_an_id_of_its_own_twice_is_told(limits, folder):
    path = folder / "articles" / "more.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + json.dumps({"id": "c", "text": "Sun."}))
    assert told(limits, "c: expected a new id")


def test_a_language_without_figures_of_real_news_is_told(limits):
    limits.reference_figures.write_text('{"languages": {}}', encoding="utf-8")
    assert problems(limits) == ["en: expected figures of real news to compare with, found none"]


@pytest.mark.parametrize("text", ["{}", "not json", '{"languages": {"en": {"articles": 3}}}', "[]"])
def test_figures_of_real_news_that_are_none_are_an_error(limits, text):
    limits.reference_figures.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"reference\.json: expected figures of real news"):
        problems(limits)
