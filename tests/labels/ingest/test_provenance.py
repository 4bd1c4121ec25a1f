import pytest

from labels.ingest.clean.clean import Cleaned, Removed, clean
from labels.ingest.dates import parse_date
from labels.ingest.provenance import complete
from labels.ingest.read.record import RawRecord
from labels.pipeline.schema import Block

BODY = {
    "id": "Para menteri membahas jalur bantuan dalam sidang yang digelar di Muskat pada Senin.",
    "ru": "Министры обсудили поставки помощи на встрече, которая прошла в Маскате в понедельник.",
    "ar": "بحث الوزراء إيصال المساعدات خلال اجتماع عقد في العاصمة مسقط يوم الاثنين الماضي.",
    "en": "The ministers discussed how aid could be delivered when they met in Muscat on Monday.",
}
TITLE = {
    "id": "Menteri Bahas Bantuan",
    "ru": "Министры обсудили помощь",
    "ar": "الوزراء يبحثون المساعدات",
    "en": "Ministers discuss aid",
}


def record(text="", **fields):
    return RawRecord(article_id="1", where="in.txt", title=None, text=text, **fields)


def from_file(lang, *above, opening=""):
    text = "\n\n".join((TITLE[lang], *above, opening + BODY[lang]))
    return complete(record(text, is_file=True), clean(None, text, lang, find_title=True))


@pytest.mark.parametrize(
    ("lang", "above", "day"),
    [
        ("id", ["Selasa 07 Mei 2024 09:15 WIB"], "2024-05-07"),
        ("id", ["Dikemas kini: 7 Ogos 2024 jam 9.15 pagi"], "2024-08-07"),
        ("id", ["3 jam yang lalu"], None),
        ("ru", ["Опубликовано: 7 мая 2024 г., 09:15"], "2024-05-07"),
        ("ru", ["Анна Белова", "07.05.24 09:15"], "2024-05-07"),
        ("ar", ["آخر تحديث: 7 مايو 2024 - 09:15"], "2024-05-07"),
        ("ar", ["الثلاثاء ٧ أيار ٢٠٢٤"], "2024-05-07"),
        ("en", ["Published 7 May 2024, 09:15 GMT"], "2024-05-07"),
        ("en", ["Updated 8 May 2024", "Published 7 May 2024"], "2024-05-07"),
        ("en", ["By Ann White | May 7, 2024"], "2024-05-07"),
        ("en", ["2 hours ago"], None),
        ("en", [], None),
    ],
)
def test_a_date_line_above_the_article_says_when_it_was_published(lang, above, day):
    assert parse_date(from_file(lang, *above).published) == day


@pytest.mark.parametrize(
    ("lang", "opening", "source"),
    [
        ("id", "HARIAN.CO.ID, MUSKAT -- ", "harian.co.id"),
        ("id", "MUSKAT, KORAN.com – ", "koran.com"),
        ("en", "MUSCAT (Reuters) - ", None),
        ("ar", "مسقط - القدس العربي - ", "القدس العربي"),
        ("ru", "Маскат. 7 мая. NEWS-RU.COM - ", "news-ru.com"),
        ("en", "", None),
    ],
)
def test_the_dateline_names_the_outlet(lang, opening, source):
    assert from_file(lang, opening=opening).source == source


@pytest.mark.parametrize(
    ("fields", "outlet", "source"),
    [
        ({"source": "Own", "url": "https://www.koran.com/a"}, "Setting", "Own"),
        ({"url": "https://www.koran.com/a"}, "Setting", "Setting"),
        ({"url": "https://www.koran.com/a"}, None, "koran.com"),
        ({"url": "https://t.me/koran/1"}, None, "harian.com"),
    ],
)
def test_the_record_comes_before_the_setting_the_address_and_the_dateline(fields, outlet, source):
    text = "Harian.com, Muskat - " + BODY["id"]
    cleaned = Cleaned(blocks=[Block(start=0, end=len(text))])
    assert complete(record(text, **fields), cleaned, outlet).source == source


@pytest.mark.parametrize(
    ("published", "url", "expected"),
    [
        ("3 days ago", "https://koran.com/2024/05/07/a", "3 days ago"),
        (None, "https://koran.com/2024/05/07/a", "2024/05/07"),
        (None, "https://koran.com/world/2024/may/07/a", "2024/may/07"),
        (None, "https://koran.com/2024/05/a", None),
        (None, "https://koran.com/a-2024", None),
        (None, None, None),
    ],
)
def test_an_address_may_hold_the_day(published, url, expected):
    completed = complete(record(BODY["en"], published=published, url=url), Cleaned())
    assert completed.published == expected


def test_a_date_in_what_was_removed_below_or_as_a_picture_is_none_of_publication():
    text = f"Photo of 1 May 2020\n{BODY['en']}\n7 May 2024"
    start = text.index(BODY["en"])
    end = start + len(BODY["en"])
    removed = [
        Removed(kind="photo_credit", start=0, end=start - 1, rule="r"),
        Removed(kind="time", start=end + 1, end=len(text), rule="r"),
    ]
    cleaned = Cleaned(blocks=[Block(start=start, end=end)], removed=removed)
    assert complete(record(text), cleaned).published is None
