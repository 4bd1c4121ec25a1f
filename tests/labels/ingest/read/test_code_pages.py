"""Bytes of text files."""

import pytest

from labels.ingest.read.code_pages import Decoded, decode, wide_encoding
from labels.pipeline.schema import Reject

RUSSIAN = "Судно вошло в порт утром, сообщил капитан. Экипаж сошёл на берег, груз не выгружен."
ARABIC = "دخلت السفينة الميناء صباحا، كما قال القبطان. ونزل الطاقم إلى الرصيف قبل تفريغ الحمولة."
ENGLISH = "The captain said the ship’s crew – all of them – were “safe” in the harbour on Monday."
INDONESIAN = "Kapal itu berlabuh pada Senin pagi dan awaknya turun ke dermaga."


@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, ENGLISH, INDONESIAN])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_is_read_with_and_without_its_mark(text, encoding):
    assert decode(text.encode(encoding), "f") == Decoded(text)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp866", "cp866"),
        (RUSSIAN, "iso8859-5", "iso-8859-5"),
        (ARABIC, "cp1256", "windows-1256"),
        (ARABIC, "iso8859-6", "iso-8859-6"),
        (ENGLISH, "cp1252", "windows-1252"),
        (f"id;text\n1;{RUSSIAN}\n", "cp1251", "windows-1251"),
    ],
)
def test_an_old_code_page_is_read_and_named(text, encoding, name):
    assert decode(text.encode(encoding), "f") == Decoded(text, name)


@pytest.mark.parametrize(
    "data",
    [
        "Порт".encode("cp1251"),
        "Το πλοίο μπήκε στο λιμάνι το πρωί, είπε ο καπετάνιος.".encode("cp1253"),
        "הספינה נכנסה לנמל בבוקר, אמר רב החובל לעיתונאים.".encode("cp1255"),
        "Loď vplula do přístavu ráno, řekl kapitán; posádka vystoupila na břeh.".encode("cp1250"),
        "船は朝、港に入ったと船長は語った。".encode("shift_jis"),
        "Le capitaine a déclaré que l’équipage était arrivé à bon port après la tempête.".encode(
            "cp1252"
        ),
    ],
)
def test_where_there_is_doubt_the_reject_says_how_to_convert(data):
    reject = decode(data, "f.txt")
    assert isinstance(reject, Reject)
    assert reject.reason == "unknown_encoding"
    assert "f.txt: expected UTF-8, found byte 0x" in reject.message
    assert "iconv -f NAME -t utf-8" in reject.message


def test_damaged_utf8_is_told_from_another_encoding():
    data = RUSSIAN.encode()
    assert decode(data[:20] + b"\xff" + data[20:], "f").reason == "broken_utf8"
    assert decode(data[:-1] + b"\xd0", "f").reason == "broken_utf8"


def test_binary_data_is_no_wide_text():
    assert wide_encoding(bytes(range(256)) * 4) is None
    assert wide_encoding(b"\x00\x01" * 40) is None
    assert decode(b"%PDF-1.7\x00\x01\x02\x03" * 20, "f").reason == "binary_file"


def test_a_wide_file_that_ends_in_half_a_character_is_a_reject():
    assert decode(RUSSIAN.encode("utf-16")[:-1], "f").reason == "broken_utf16"
