import pytest

from labels.targets import Matcher, Mention, find_mentions, places
from labels.targets.read import load_targets
from tests.labels.targets.test_read import FOLDER


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_targets(FOLDER, ["russia", "oic", "gaza_ceasefire"]))


TEXTS = {
    "en": ("Moscow told the OIC that a truce in Gaza was near.", ["Moscow", "OIC", "truce"]),
    "id": (
        "Moskow dan OKI mendukung gencatan senjata di Gaza.",
        ["Moskow", "OKI", "gencatan senjata"],
    ),
    "ru": ("Москва и ОИС за перемирие в Газе.", ["Москва", "ОИС", "перемирие"]),
    "ar": (
        "رحبت موسكو ومنظمة التعاون الإسلامي بالهدنة في غزة.",
        ["موسكو", "ومنظمة التعاون الإسلامي", "بالهدنة"],
    ),
}


@pytest.mark.parametrize("lang", TEXTS)
def test_mentions_are_places_of_the_text_by_target(matcher, lang):
    text, names = TEXTS[lang]
    found = find_mentions(text, matcher)
    assert [mention.target for mention in found] == ["russia", "oic", "gaza_ceasefire"]
    assert [text[start:end] for _, start, end in found] == names


def test_a_text_that_names_nothing_has_no_mention(matcher):
    assert find_mentions("It rained.", matcher) == []
    assert find_mentions("", matcher) == []


def test_the_article_settles_an_ambiguous_name(matcher):
    texts = ["Hamas waited in Gaza.", "They agreed on a truce."]
    first, second = places(texts, ["body", "body"], ["en", "en"])
    assert find_mentions(texts[1], matcher) == []
    assert find_mentions(texts[1], matcher, second) == [Mention("gaza_ceasefire", 17, 22)]
    assert (first.around, second.around) == ([texts[1]], [texts[0]])


def test_a_dateline_names_no_target(matcher):
    text = "MOSCOW (AP) — Russia agreed."
    (place,) = places([text], ["body"], ["en"])
    assert [text[start:end] for _, start, end in find_mentions(text, matcher, place)] == ["Russia"]


def test_nearer_sentences_come_first_and_the_title_before_what_follows():
    texts = ["Title", "one", "two", "three"]
    found = list(places(texts, ["title", "body", "body", "body"], ["en"] * 4))
    assert found[2].around == ["one", "Title", "Title", "three"]
    assert found[0].around == ["one", "two", "three"]


def test_an_article_without_sentences_has_no_places():
    assert list(places([], [], [])) == []
