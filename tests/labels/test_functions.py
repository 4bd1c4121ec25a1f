from pathlib import Path

import pytest

from labels.functions import SENTIMENT_FUNCTIONS, STANCE_FUNCTIONS
from labels.functions.evidence import gather
from labels.targets import Matcher, load_targets

FOLDER = Path(__file__).parents[2] / "configs" / "target"


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_targets(FOLDER, ["russia", "oic", "gaza_ceasefire"]))


def vote(matcher, name, text, lang, target="russia"):
    result = STANCE_FUNCTIONS[name](gather(text, lang, matcher), target)
    return None if result is None else result.value


def test_a_target_that_is_not_named_is_unrelated(matcher):
    assert vote(matcher, "not_named", "Rain fell on Oslo.", "en") == "unrelated"
    assert vote(matcher, "not_named", "Russia opened a school.", "en") is None


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Norland condemned Russia over the pipeline."),
        ("en", "Russia was condemned by Norland."),
        ("id", "Norlandia mengecam Rusia soal pipa gas."),
        ("id", "Rusia dikecam Norlandia."),
        ("ru", "Норландия осудила Россию."),
        ("ar", "أدانت دولة نورلاند روسيا"),
    ],
)
def test_who_is_condemned_is_judged_against(matcher, lang, text):
    assert vote(matcher, "criticised", text, lang) == "against"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Russia condemned Norland."),
        ("id", "Rusia mengecam Norlandia."),
        ("ru", "Россия осудила Норландию."),
        ("ru", "Осудила Россия Норландию."),
        ("ar", "أدانت روسيا دولة نورلاند"),
        ("en", "Norland did not condemn Russia."),
    ],
)
def test_who_condemns_is_not(matcher, lang, text):
    assert vote(matcher, "criticised", text, lang) is None


def test_praise_and_its_negation(matcher):
    assert vote(matcher, "praised", "Norland praised Russia.", "en") == "favor"
    assert vote(matcher, "praised", "Norland does not trust Russia.", "en") == "against"


def test_wrongdoing_said_of_the_target(matcher):
    assert vote(matcher, "blamed", "Russian aggression goes on.", "en") == "against"
    assert vote(matcher, "blamed", "Russia condemned the aggression.", "en") is None


CEASEFIRE = [
    ("sought", "en", "Norland calls for a ceasefire in Gaza.", "favor"),
    ("sought", "id", "Norlandia mendesak gencatan senjata di Gaza.", "favor"),
    ("sought", "ru", "Норландия призвала к прекращению огня в Газе.", "favor"),
    ("sought", "ar", "نورلاند تدعو إلى وقف إطلاق النار في غزة", "favor"),
    ("refused", "en", "Norland rejected a Gaza ceasefire.", "against"),
    ("refused", "ru", "Норландия отвергла перемирие в Газе.", "against"),
    ("refused", "ar", "نورلاند ترفض وقف إطلاق النار في غزة", "against"),
    ("refused", "id", "Norlandia menolak gencatan senjata di Gaza.", "against"),
    ("broken", "en", "Norland violated the Gaza truce.", "against"),
    ("agreed", "en", "Both sides extended the Gaza truce.", "favor"),
    ("agreed", "id", "Norlandia tidak menyetujui gencatan senjata di Gaza.", "against"),
    ("sought", "en", "Norland vetoes a text demanding a Gaza ceasefire.", "against"),
]


@pytest.mark.parametrize(("name", "lang", "text", "expected"), CEASEFIRE)
def test_what_is_done_to_a_ceasefire(matcher, name, lang, text, expected):
    assert vote(matcher, name, text, lang, "gaza_ceasefire") == expected


def test_functions_for_actors_say_nothing_of_proposals(matcher):
    text = "Norland condemned the Gaza truce."
    assert vote(matcher, "criticised", text, "en", "gaza_ceasefire") is None


def test_a_language_without_a_lexicon_gets_no_lexical_vote(matcher):
    assert vote(matcher, "plainly_named", "Russia hat eine Schule eröffnet.", "de") is None


@pytest.mark.parametrize(
    ("name", "lang", "text", "expected"),
    [
        ("one_tone", "en", "A peaceful celebration.", "positive"),
        ("one_tone", "ru", "Погибли раненые.", "negative"),
        ("no_tone", "id", "Sidang dimulai pukul tujuh.", "neutral"),
        ("one_tone", "en", "It is not a success.", "negative"),
    ],
)
def test_tone(matcher, name, lang, text, expected):
    result = SENTIMENT_FUNCTIONS[name](gather(text, lang, matcher))
    assert result is not None
    assert result.value == expected
