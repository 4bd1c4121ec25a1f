import pytest


@pytest.mark.parametrize(
    ("name", "lang", "text", "expected"),
    [
        ("one_sided", "en", "A peaceful celebration.", "positive"),
        ("one_sided", "ru", "Погибли раненые.", "negative"),
        ("no_sentiment_word", "id", "Sidang dimulai pukul tujuh.", "neutral"),
        ("no_sentiment_word", "en", "A peaceful celebration.", None),
        ("one_sided", "en", "It is not a success.", "negative"),
        ("first_word", "en", "A success after a tragedy.", "positive"),
        ("last_word", "en", "A success after a tragedy.", "negative"),
        ("stronger_side", "en", "A success after a tragedy.", "neutral"),
        ("one_sided", "en", "A success after a tragedy.", None),
        ("condemning", "en", "Norland condemned Eastland.", "negative"),
        ("approving", "en", "Norland praised Eastland.", "positive"),
        ("approving", "en", "Norland praised Eastland and condemned Westland.", None),
    ],
)
def test_words_of_good_and_bad(sentiment, name, lang, text, expected):
    assert sentiment(name, text, lang) == expected
