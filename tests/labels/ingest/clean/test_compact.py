from labels.ingest.clean.clean import clean
from labels.ingest.clean.compact import compact
from labels.pipeline.schema import SentenceKind

BODY = "Menteri itu tiba di ibu kota pada Selasa pagi dan langsung bertemu tuan rumah."


def test_offsets_hold_with_nul_and_bidi_marks_and_compact_leaves_them_out():
    text = "Judul\n\u202bSatu\x00 paragraf pendek.\u202c\r\n\r\nDua paragraf\u200f pendek."
    cleaned = clean("Judul", text, "id")
    assert [text[block.start : block.end] for block in cleaned.blocks] == [
        "Satu\x00 paragraf pendek.",
        "Dua paragraf\u200f pendek.",
    ]
    title, stored, blocks = compact("Judul", text, cleaned)
    assert (title, stored) == ("Judul", "Satu paragraf pendek.\nDua paragraf pendek.")
    assert [stored[block.start : block.end] for block in blocks] == stored.split("\n")


def test_compact_makes_the_title_found_in_the_text_the_title():
    text = f"Menteri Tiba\n{BODY}"
    title, stored, blocks = compact(None, text, clean(None, text, "id", find_title=True))
    assert (title, stored) == ("Menteri Tiba", BODY)
    assert [block.kind for block in blocks] == [SentenceKind.body]


def test_joiners_stay_inside_words_and_emoji_and_nowhere_else():
    text = "Hujan lagi 😮\u200d💨 di kota\u200d, kata warga \u200dlama."
    _, stored, _ = compact("Judul", text, clean("Judul", text, "id"))
    assert stored == "Hujan lagi 😮\u200d💨 di kota, kata warga lama."
