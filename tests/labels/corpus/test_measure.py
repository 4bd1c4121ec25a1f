import pytest

from labels.corpus.measure import (
    class_fractions,
    measure_language,
    measure_texts,
    openings,
    rounded,
    type_token_ratio,
)


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
    assert measures.top_opening_fraction == pytest.approx(1 / 3)


def test_class_fractions_are_of_all_rows():
    rows = [
        {"russia": "favor", "sentiment": "positive"},
        {"russia": "unrelated", "sentiment": "negative"},
        {"russia": "unrelated", "sentiment": "negative"},
        {"russia": "unrelated", "sentiment": "neutral"},
    ]
    found = class_fractions(rows, ["russia"])
    assert found["russia"] == {"favor": 0.25, "against": 0, "neutral": 0, "unrelated": 0.75}
    assert found["sentiment"] == {"negative": 0.5, "neutral": 0.25, "positive": 0.25}


def test_figures_are_kept_with_four_decimals_and_fractions_of_classes_whole():
    gold = [{"oic": "favor", "sentiment": "positive"}] * 2 + [{"oic": "against"}]
    texts = ["Rain fell on the coast.", "Rain fell.", "Rain fell on the hills."]
    kept = rounded(measure_language(texts, 2, gold, ["oic"], seed=1))
    # 12 words, of which rain, fell, on, the, coast, hills are different; "rain fell on" opens two
    assert kept["type_token_ratio"] == 0.5
    assert kept["words_mean"] == 4.0
    assert (kept["top_opening"], kept["top_opening_fraction"]) == ("rain fell on", 0.6667)
    assert (kept["articles"], kept["sentences"], kept["gold_sentences"]) == (2, 3, 3)
    assert kept["classes"]["oic"] == {
        "favor": 2 / 3,
        "against": 1 / 3,
        "neutral": 0.0,
        "unrelated": 0.0,
    }
