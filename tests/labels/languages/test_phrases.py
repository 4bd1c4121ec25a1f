import pytest

from labels.languages.morphology import tokens
from labels.languages.phrases import PhraseIndex
from labels.pipeline.errors import ConfigError


def found(phrases, text, lang="en"):
    words = tokens(text)
    hits = PhraseIndex({"label": {lang: phrases}}).find(words)
    return [text[slice(*hit.span(words))] for hit in hits]


def test_a_phrase_is_found_in_all_its_forms():
    assert found(["condemn"], "They condemned what he condemns.") == ["condemned", "condemns"]
    assert found(["=condemn"], "They condemned, as we condemn.") == ["condemn"]


def test_either_word_and_a_gap_of_up_to_three():
    assert found(["end|stop .. war"], "End the long cold war.") == ["End the long cold war"]
    assert found(["end|stop .. war"], "Stop war.") == ["Stop war"]
    assert found(["end .. war"], "End the very long cold war.") == []


def test_no_phrase_goes_over_the_end_of_a_clause():
    assert found(["cease fire"], "They cease. Fire burns.") == []


def test_capitals_match_capitals_only():
    assert found(["OKI"], "OKI dan Oki", "id") == ["OKI"]


def test_an_exclamation_mark_keeps_the_capitals_as_they_are():
    assert found(["!Oki"], "OKI, Oki, oki", "id") == ["Oki"]


def test_a_whole_word_keeps_its_clitics():
    assert found(["هدنة"], "بالهدنة", "ar") == ["بالهدنة"]
    assert found(["^هدنة"], "بالهدنة", "ar") == []


def test_hits_come_in_text_order_with_their_places():
    words = tokens("war and peace")
    index = PhraseIndex({"bad": {"en": ["war"]}, "good": {"en": ["peace"]}})
    assert [(hit.label, list(hit.places)) for hit in index.find(words)] == [
        ("bad", [0]),
        ("good", [2]),
    ]


def test_the_words_that_phrases_of_a_label_begin_with_are_known():
    index = PhraseIndex({"bad": {"en": ["war|=feud crime"]}, "good": {"en": ["=peace"]}})
    assert index.first_keys(["good"]) == {"peace"}
    assert {"war", "wars", "feud"} <= index.first_keys(["bad", "other"])
    assert "crime" not in index.first_keys(["bad"])


@pytest.mark.parametrize("phrase", ["", ".. war", "war .."])
def test_a_phrase_of_no_words_is_refused(phrase):
    with pytest.raises(ConfigError, match="label.en: expected a phrase of words"):
        PhraseIndex({"label": {"en": [phrase]}})
