import pytest

from labels.split.overlap import OverlapIndex, word_ngrams

# 7 words, so three 5-grams: 1-5, 2-6, 3-7
SEVEN = "one two three four five six seven"


def test_ngrams_are_runs_of_words_with_case_and_marks_folded():
    assert word_ngrams("One, two: THREE!", 2) == {("one", "two"), ("two", "three")}


def test_compatibility_forms_and_scripts_are_words_too():
    assert word_ngrams("ﬁve ①", 2) == {("five", "1")}
    assert word_ngrams("وقف إطلاق النار", 2) == {("وقف", "إطلاق"), ("إطلاق", "النار")}


def test_ways_to_write_a_letter_make_no_other_word():
    assert word_ngrams("وَقَفَ علی الطری\u00adق", 3) == word_ngrams("وقف على الطريق", 3)


def test_a_text_shorter_than_an_ngram_is_one_ngram():
    assert word_ngrams("Just three words", 5) == {("just", "three", "words")}


@pytest.mark.parametrize("text", ["", " \n", "—!…"])
def test_a_text_without_words_has_no_ngrams_and_overlaps_with_nothing(text):
    assert word_ngrams(text, 5) == frozenset()
    assert OverlapIndex([text, "a b c d e"], 5).matches(text, 0.5) == []


def test_sentences_overlap_from_the_fraction_on():
    index = OverlapIndex([SEVEN], 5)
    # shares 1-5 alone of its own three
    assert index.matches("one two three four five SIX? no", 0.5) == [0]  # 1-5 and 2-6: 2 of 3
    assert index.matches("one two three four five and then", 0.5) == []  # 1 of 3
    assert index.matches("one two three four five and then", 1 / 3) == [0]


def test_a_sentence_hidden_in_a_longer_one_overlaps_both_ways():
    longer = f"He said at noon on that grey Monday: {SEVEN}, and nobody in the hall answered."
    assert OverlapIndex([longer], 5).matches(SEVEN, 0.5) == [0]
    assert OverlapIndex([SEVEN], 5).matches(longer, 0.5) == [0]


def test_short_sentences_overlap_when_they_are_the_same_words():
    index = OverlapIndex(["Rain fell.", "Rain fell today."], 5)
    assert index.matches("RAIN FELL", 0.5) == [0]
    assert index.matches("Snow fell", 0.5) == []


def test_all_overlapping_sentences_are_found_in_order():
    assert OverlapIndex([SEVEN, "other", SEVEN.upper()], 5).matches(SEVEN, 0.5) == [0, 2]
