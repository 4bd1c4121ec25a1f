import pytest

from labels.ingest.clean.clean import clean
from labels.ingest.clean.spelling import respelt, spelt

BEFORE = {
    "en": "The ferry owners met on the island on Tuesday and talked for an hour.",
    "id": "Para pemilik feri bertemu di pulau itu pada Selasa selama satu jam.",
    "ru": "Владельцы паромов собрались на острове во вторник и проговорили час.",
    "ar": "اجتمع أصحاب العبّارات في الجزيرة يوم الثلاثاء وتحدثوا مدة ساعة.",
}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("شارِك الخَبَر", "شارك الخبر"),
        ("إعـــلان", "إعلان"),
        ("المحتوی متاح للمشترکین", "المحتوي متاح للمشتركين"),
        ("Чита\u0438\u0306те е\u0308лку", "Читайте ёлку"),
        ("Чита\u0301йте", "Читайте"),
        ("18\u00a0мая\u202f2025", "18 мая 2025"),
        ("cafe\u0301", "café"),
        ("\u064babc", "abc"),
        ("Read also", "Read also"),
        ("Читайте ёлку", "Читайте ёлку"),
    ],
)
def test_a_text_is_spelt_as_rules_are(written, plain):
    assert respelt(written) == plain


@pytest.mark.parametrize("text", ["Read also", "Читайте ёлку «дома»", "اقرأ أيضا", ""])
def test_a_plain_text_is_left_alone(text):
    assert spelt(text) is None


def test_places_are_told_in_the_original_with_the_signs_on_the_letter_before():
    written = "قَالَ: إعـــلان!"
    spelling = spelt(written)
    assert spelling.text == "قال: إعلان!"
    words = [(0, 3), (5, 10), (10, 11)]
    found = [written[spelling.original(start) : spelling.original(end)] for start, end in words]
    assert found == ["قَالَ", "إعـــلان", "!"]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ar", "تابِعُونا على تلغرام"),
        ("ar", "اقـــرأ أيضا: أسعار العبّارات ترتفع"),
        ("ar", "هذا المحتوی متاح للمشترکین فقط"),
        ("ar", "جميع\u00a0الحقوق\u00a0محفوظة"),
        ("ru", "Чита\u0438\u0306те также: Цены на паром выросли"),
        ("ru", "Подпишитесь\u00a0на\u00a0наш канал в Telegram"),
        ("ru", "Подели\u0301ться"),
        ("id", "Baca\u00a0juga: Tarif Feri Naik Lagi"),
        ("id", "Bagikan\u202fartikel ini"),
        ("en", "Read\u00a0also: Ferry fares to rise"),
        ("en", "All\u00a0rights\u00a0reserved"),
    ],
)
def test_clutter_in_another_spelling_goes_whole(lang, line):
    text = f"{BEFORE[lang]}\n{line}\n{BEFORE[lang][:-1]} вновь."
    cleaned = clean("Feri", text, lang)
    assert [text[span.start : span.end] for span in cleaned.removed] == [line]
    assert [text[block.start : block.end] for block in cleaned.blocks] == [
        BEFORE[lang],
        f"{BEFORE[lang][:-1]} вновь.",
    ]


def test_captions_titles_and_times_are_known_in_any_spelling():
    caption, time = "عبّارة في المِيناء", "قبل\u00a0ساعة واحدة"
    text = f"لقـاء\n{caption}\n{time}\n{BEFORE['ar']}"
    cleaned = clean("لقاء", text, "ar", captions=frozenset({caption}), times=frozenset({time}))
    assert [(span.kind, text[span.start : span.end]) for span in cleaned.removed] == [
        ("doubled_title", "لقـاء"),
        ("post_time", time),
    ]
    assert [text[block.start : block.end] for block in cleaned.blocks] == [caption, BEFORE["ar"]]
