import pytest

from labels.ingest.language import language_of
from labels.ingest.read.record import RawRecord
from labels.pipeline.schema import Reject

FRENCH = (
    "Le ministre a déclaré mardi que son pays soutiendrait la trêve, et que les négociations"
    " reprendraient dimanche dans la capitale égyptienne."
)
ENGLISH = (
    "The minister said on Tuesday that his country would back the truce, and that talks would"
    " resume on Sunday in the Egyptian capital."
)
INDONESIAN = (
    "Menteri itu mengatakan pada Selasa bahwa negaranya akan mendukung gencatan senjata dan"
    " perundingan akan dilanjutkan pada Minggu di ibu kota Mesir."
)
RUSSIAN = "Министр заявил во вторник, что его страна поддержит перемирие в секторе."


def language(text, declared=None, title=None):
    return language_of(
        RawRecord(article_id="1", where="in.jsonl:1", title=title, text=text, lang=declared), title
    )


@pytest.mark.parametrize(
    ("declared", "text", "lang"),
    [
        (None, ENGLISH, "en"),
        ("und", ENGLISH, "en"),
        ("en-US", ENGLISH, "en"),
        ("id", ENGLISH, "en"),
        ("zh", ENGLISH, "en"),
        ("fr", ENGLISH, "en"),
        ("en", INDONESIAN, "id"),
        ("ms", INDONESIAN, "id"),
        ("ar", RUSSIAN, "ru"),
        ("uk", RUSSIAN, "ru"),
        ("en", "Gaza: Doha", "en"),
        ("id", "Gaza: Doha", "id"),
        ("id", INDONESIAN + ' "We will back the truce," he said.', "id"),
        ("ru", "Ministr zayavil vo vtornik chto ego strana podderzhit peremirie", "ru"),
        ("ru", "12.05.2025", "ru"),
    ],
)
def test_a_declared_language_holds_unless_the_text_clearly_shows_another(declared, text, lang):
    assert language(text, declared) == lang


@pytest.mark.parametrize(
    ("declared", "text", "found"),
    [
        (None, FRENCH, "detected fr"),
        ("en", FRENCH, "declared en, detected fr"),
        ("ru", FRENCH, "declared ru, detected fr"),
        ("fr", FRENCH, "declared fr, detected fr"),
        ("de", "Gaza: Doha", "declared de"),
        (None, "12.05.2025", "too few letters"),
    ],
)
def test_another_language_is_a_reject_that_names_it(declared, text, found):
    rejected = language(text, declared)
    assert isinstance(rejected, Reject)
    assert rejected.reason == "unknown_language"
    assert found in rejected.message


def test_the_title_is_looked_at_first():
    assert language("", title=ENGLISH) == "en"
