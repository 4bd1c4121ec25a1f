import pytest

from labels.languages import LANGUAGES
from labels.languages.profile import (
    letters_by_script,
    only_script,
    profile_of,
    without_accented_names,
    without_international,
    words_of,
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_both_of_a_language_and_of_its_neighbours(lang):
    profile = profile_of(lang)
    assert profile.words
    assert profile.words.isdisjoint(profile.neighbours)
    assert all(word == word.lower() for word in profile.words | profile.neighbours)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_the_letters_of_its_words(lang):
    assert profile_of(lang).strangers(sorted(profile_of(lang).words)) == 0


def test_words_of_neighbours_count_against_a_language():
    profile = profile_of("id")
    assert profile.balance(["menteri", "yang", "tiba"]) == 3
    assert profile.balance(["wong", "ora", "menyang", "di"]) == -2


def test_words_with_letters_that_a_language_lacks_are_counted():
    assert profile_of("ru").strangers(["міністр", "заявил"]) == 1
    assert profile_of("en").strangers(["it's", "détente"]) == 1


def test_letters_are_counted_by_script():
    assert letters_by_script("Gaza غزة Газа 12") == {"arabic": 3, "cyrillic": 4, "latin": 4}


def test_words_of_other_scripts_are_left_out():
    assert only_script("The Times: Кремль готов", "cyrillic").split() == [":", "Кремль", "готов"]


def test_names_that_all_languages_write_alike_are_left_out_if_words_remain():
    assert without_international(["Putin", "rejects", "truce"], "latin") == ["rejects", "truce"]
    assert without_international(["Putin", "y", "Trump"], "latin") == ["Putin", "y", "Trump"]


def test_names_with_accents_are_left_out_only_beside_words_of_ours():
    english = words_of("Erdoğan says that talks will resume")
    assert without_accented_names(english) == ["says", "that", "talks", "will", "resume"]
    french = words_of("L'Élysée condamne Téhéran")
    assert without_accented_names(french) == french
