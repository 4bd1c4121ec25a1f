import unicodedata

import pytest

from labels.letters import normalize, unstyle


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("قالت ترکیا إن الاجتماعات انتهت فی القریة", "قالت تركيا إن الاجتماعات انتهت في القرية"),
        (
            "وصل علی متن طائرة وعاد إلی بیته حتی المساء",
            "وصل على متن طائرة وعاد إلى بيته حتى المساء",
        ),
        ("فعلی الوزیر أن یعلی صوته", "فعلى الوزير أن يعلي صوته"),
        ("ہھۀۃےڪٱ", "هههةيكا"),
        ("ذَهَبَ الرَّجُلُ إلى بَيْتِهِ، هٰذا", "ذهب الرجل إلى بيته، هذا"),
        ("طويـــــل", "طويل"),
        ("ﻭﺻﻠﺖ ﺍﻟﻄﺎﺋﺮﺓ ﻻ", "وصلت الطائرة لا"),
        ("بيتﹰ وﱠ", "بيت و"),
        ("پیتزا چای گاز", "پيتزا چاي گاز"),
    ],
)
def test_arabic_letters_are_written_in_one_way(written, expected):
    assert normalize(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("дорога́я Наде́жда, за́мок", "дорогая Надежда, замок"),
        ("ѐлка и ѝ", "елка и и"),
        ("йод, ёлка, Йемен, Ё", "йод, ёлка, Йемен, Ё"),
        ("паро\u00adход", "пароход"),
    ],
)
def test_russian_stress_goes_and_letters_stay(written, expected):
    assert normalize(written) == expected


@pytest.mark.parametrize(
    "text", ["йогурт", "ёжик", "أحمد", "آدم", "مؤتمر", "رئيس", "café", "Zürich"]
)
def test_composed_and_decomposed_letters_are_one(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    assert normalize(decomposed) == normalize(text) == text


@pytest.mark.parametrize(
    "written",
    [
        "Ｏｓｌｏ",
        "𝐎𝐬𝐥𝐨",
        "𝘖𝘴𝘭𝘰",
        "𝕆𝕤𝕝𝕠",
        "𝓞𝓼𝓵𝓸",
        "Ⓞⓢⓛⓞ",
        "Oꜱʟᴏ",
        "O̶s̶l̶o̶",
        "Os\u00adlo",
        "Os\u200blo",
        "\ufeffOs\u2060lo",
    ],
)
def test_styles_and_what_nobody_sees_leave_the_plain_word(written):
    assert normalize(written) == "Oslo"


@pytest.mark.parametrize(
    "text", ["", "Plain, ASCII.", "Вот — «да»!", "قال: «نعم»؟", "Ya…", "١٢ 12"]
)
def test_plain_text_keeps_case_signs_and_digits(text):
    assert normalize(text) == unicodedata.normalize("NFKC", text)


def test_normalizing_twice_changes_nothing_more():
    for code in range(1, 0x30000):
        if not 0xD800 <= code < 0xE000:
            once = normalize(f"a{chr(code)}ب")
            assert normalize(once) == once, hex(code)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ｈｉ！ 𝗬𝗲𝘀． Ｎｏ？", "Hi! Yes. No?"),
        ("🄽🄾 Ⓨⓔⓢ ɴᴏ", "NO Yes no"),
        ("тише… ﻻ ℹ️ № ½", "тише… ﻻ ℹ️ № ½"),
    ],
)
def test_unstyling_keeps_every_character_in_its_place(written, expected):
    assert unstyle(written) == expected
    assert len(unstyle(written)) == len(written)
