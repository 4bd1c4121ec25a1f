import pytest


@pytest.mark.parametrize(
    ("name", "lang", "text", "expected"),
    [
        ("plainly_good", "en", "A peaceful success.", "positive"),
        ("plainly_good", "en", "A success.", None),
        ("plainly_good", "en", "Norland calls for a peaceful success.", None),
        ("no_strong_word", "en", "A success.", "neutral"),
        ("no_strong_word", "en", "A peaceful success.", None),
        ("no_strong_word", "en", "Norland praised the success.", None),
        ("only_bad", "ru", "Погибли раненые.", "negative"),
        ("no_sentiment_word", "id", "Sidang dimulai pukul tujuh.", "neutral"),
        ("no_sentiment_word", "en", "A peaceful celebration.", None),
        ("only_bad", "en", "It is not a success.", "negative"),
        ("only_bad", "en", "A success after a tragedy.", None),
        ("mostly_bad", "en", "A success after a tragedy.", None),
        ("mostly_bad", "en", "A success after a tragedy and a massacre.", "negative"),
        ("mostly_bad", "en", "A tragedy and a massacre.", None),
        ("condemning", "en", "Norland condemned Eastland.", "negative"),
        ("approving", "en", "Norland praised Eastland.", "positive"),
        ("approving", "en", "Norland praised Eastland and condemned Westland.", None),
    ],
)
def test_words_of_good_and_bad(sentiment, name, lang, text, expected):
    assert sentiment(name, text, lang) == expected
