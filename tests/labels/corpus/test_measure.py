import pytest

from labels.corpus.measure import class_shares, measure_texts, openings, type_token_ratio


def test_the_ratio_is_the_mean_over_every_window():
    # windows of 3: aba 2/3, bab 2/3, abc 1
    assert type_token_ratio(["a", "b", "a", "b", "c"], 3) == pytest.approx(7 / 9)


def test_a_text_shorter_than_the_window_is_one_window():
    assert type_token_ratio(["a", "a", "b"], 1000) == pytest.approx(2 / 3)
    assert type_token_ratio([], 1000) == 0.0


def test_openings_fold_case_and_skip_shorter_sentences():
    counted = openings(["The court said no.", "THE COURT SAID: yes", "Two words"])
    assert counted == {"the court said": 2}


def test_lengths_are_counted_in_words_of_any_script():
    measures = measure_texts(
        ["وقف إطلاق النار", "Дождь идёт весь день.", "One two three four five."], seed=1
    )
    assert measures.words_mean == 4.0
    assert measures.words_median == 4.0
    assert measures.sentences == 3
    assert measures.top_opening_share == pytest.approx(1 / 3)


def test_class_shares_are_of_all_rows():
    rows = [
        {"russia": "favor", "sentiment": "positive"},
        {"russia": "unrelated", "sentiment": "negative"},
        {"russia": "unrelated", "sentiment": "negative"},
        {"russia": "unrelated", "sentiment": "neutral"},
    ]
    shares = class_shares(rows, ["russia"])
    assert shares["russia"] == {"favor": 0.25, "against": 0, "neutral": 0, "unrelated": 0.75}
    assert shares["sentiment"] == {"negative": 0.5, "neutral": 0.25, "positive": 0.25}
