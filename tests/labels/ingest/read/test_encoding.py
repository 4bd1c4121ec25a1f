"""Text that was decoded with a wrong code page."""

import pytest

from labels.ingest.read.encoding import mend

RUSSIAN = "Судно вошло в порт утром, сообщил капитан. Экипаж сошёл на берег; груз ещё не выгружен."
ARABIC = "دخلت السفينة الميناء صباحا، كما قال القبطان. ونزل الطاقم إلى الرصيف قبل تفريغ الحمولة."
SLOPPY = {
    "cp1252": "sloppy-windows-1252",
    "cp1251": "sloppy-windows-1251",
    "cp1256": "sloppy-windows-1256",
}


def garble(text, was, taken_for):
    import ftfy.bad_codecs  # noqa: F401 - registers code pages without holes

    return text.encode(was).decode(SLOPPY.get(taken_for, taken_for))


@pytest.mark.parametrize(
    ("text", "was", "taken_for"),
    [
        (text, was, taken_for)
        for text, pages in (
            (RUSSIAN, ("utf-8", "cp1251", "koi8-r", "cp866", "iso8859-5")),
            (ARABIC, ("utf-8", "cp1256", "iso8859-6")),
        )
        for was in pages
        for taken_for in ("cp1252", "latin-1", "cp1251", "koi8-r", "cp866", "cp1256")
        if was != taken_for
    ],
)
def test_text_that_was_taken_for_another_code_page_is_mended(text, was, taken_for):
    assert mend(garble(text, was, taken_for)) == text


@pytest.mark.parametrize(
    "text", ["Порт Мурманск открыт", "ПОРТ ОТКРЫТ ДЛЯ СУДОВ", "الميناء مفتوح للسفن"]
)
def test_headlines_are_mended(text):
    was = "cp1251" if text.startswith(("П", "п")) else "cp1256"
    assert mend(garble(text, was, "cp1252")) == text
    assert mend(garble(text, "utf-8", "cp1252")) == text


def test_text_that_was_decoded_wrongly_twice_is_mended():
    once = garble(RUSSIAN, "utf-8", "latin-1")
    assert mend(garble(once, "utf-8", "cp1252")) == RUSSIAN
    assert mend(garble(garble(ARABIC, "cp1256", "cp1252"), "utf-8", "cp1252")) == ARABIC


def test_one_wrong_line_among_good_ones_is_mended():
    text = f"{RUSSIAN}\n{garble(RUSSIAN, 'utf-8', 'cp1252')}\n{RUSSIAN}"
    assert mend(text) == f"{RUSSIAN}\n{RUSSIAN}\n{RUSSIAN}"


def test_quotation_marks_and_accents_of_latin_text_are_mended():
    assert mend("The shipâ€™s captain in AsunciÃ³n") == "The ship’s captain in Asunción"


@pytest.mark.parametrize(
    "text",
    [
        RUSSIAN,
        ARABIC,
        "Plain text.",
        "“It’s open” — naïve café, São Paulo, Erdoğan, 5 €",
        "ВОЗ, МИД РФ и ЧВК",
        "Ещё «один» №5…",
        "мгц вгтрк цкад",
        "Ղեկավար ծառայություն",
        "Президент України зустрівся з міністром",
        "Қазақстан Республикасының үкіметі",
        "روسیه و ایران دربارهٔ آتش‌بس گفتگو کردند",
        "Der Präsident äußerte sich über größere Übungen",
        "Cumhurbaşkanı görüşmeyi değerlendirdi, İstanbul’da",
        "نَزَلَ الطَّاقِمُ إِلَى الرَّصِيفِ",
        "ﺍﻟﺴﻔﻴﻨﺔ ﻓﻲ ﺍﻟﻤﻴﻨﺎﺀ",
        "🔴 Порт открыт ⚓️",
        "𝐏𝐨𝐫𝐭 open",
        "ספינה נכנסה לנמל",
        "",
    ],
)
def test_whole_text_is_left_as_it_is(text):
    assert mend(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd\ufffd порт \ufffd\ufffd\ufffd",
        "╠╬▓ ▒▒ÏÄ┼ ╣╩▀▄ ██▌▐ ╔╦╠═",
        "СÑдно вошло в порт, Ñообщил капитан",
        "".join(
            mark for mark in garble(RUSSIAN, "utf-8", "cp1252") if not 0x80 <= ord(mark) < 0xA0
        ),
    ],
)
def test_garbage_that_cannot_be_mended_is_none(text):
    assert mend(text) is None
