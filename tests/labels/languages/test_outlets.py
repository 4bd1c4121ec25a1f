import pytest

from labels.languages.outlets import outlet_of, outlet_of_url


@pytest.mark.parametrize(
    ("paragraph", "outlet"),
    [
        ("HARIAN.CO.ID, MEDAN -- Para menteri tiba.", "harian.co.id"),
        ("KORAN.CO,Bandung-Para menteri tiba.", "koran.co"),
        ("MEDAN, KORAN.com – Para menteri tiba.", "koran.com"),
        ("Kabar9.com, Tel Aviv - Para menteri tiba.", "kabar9.com"),
        ("Koran.com - Para menteri tiba.", "koran.com"),
        ("www.koran.id — Para menteri tiba.", "koran.id"),
        ("Medan (Koran.com) - Para menteri tiba.", "koran.com"),
        ("Medan, CNN Indonesia -- Para menteri tiba.", "CNN Indonesia"),
        ("PIKIRAN RAKYAT - Para menteri tiba.", "Pikiran Rakyat"),
        ("Казань. 3 июня. KAZAN-NEWS.RU - Министры прибыли.", "kazan-news.ru"),
        ("КАЗАНЬ, 3 июня 2024, Kazan.info – Министры прибыли.", "kazan.info"),
        ("Казань, РБК – Министры прибыли.", "РБК"),
        ("عمّان: «الشرق الأوسط»", "الشرق الأوسط"),
        ("الجزيرة نت - عمان", "الجزيرة نت"),
        ("عمان - القدس العربي", "القدس العربي"),
        ("دبي - الخبر.نت", "الخبر.نت"),
        ("Arab News, MUSCAT — Ministers arrived.", "Arab News"),
        ("Herald.com, LAGOS – Ministers arrived.", "herald.com"),
        ("LAGOS (Reuters) - Ministers arrived.", None),
        ("LAGOS, June 3 (Xinhua) -- Ministers arrived.", None),
        ("KAZAN, June 3. /TASS/. Ministers arrived.", None),
        ("Medan (ANTARA) - Para menteri tiba.", None),
        ("MEDAN – Para menteri tiba.", None),
        ("КАЗАНЬ, 3 июня – РИА Новости. Министры прибыли.", None),
        ("عمان - واس: وصل الوزراء", None),
        ("سبق أن زار الوزير عمان - وفق بيان", None),
        ("Booking.com, Airbnb and others left the market.", None),
        ("Amazon.com said on Monday - again - that it would stay.", None),
        ("Mr.Lee - a minister - arrived.", None),
        ("", None),
    ],
)
def test_the_outlet_of_a_dateline(paragraph, outlet):
    assert outlet_of(paragraph) == outlet


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.koran.com/2024/a", "koran.com"),
        ("http://m.koran.co.id/a", "koran.co.id"),
        ("https://amp.koran.com/a", "koran.com"),
        ("https://www.m.koran.com/a", "koran.com"),
        ("https://world.koran.com:8080/a", "world.koran.com"),
        ("koran.com/a", "koran.com"),
        ("https://m.com/a", "m.com"),
        ("https://t.me/koran/1", None),
        ("https://news.google.com/rss/articles/1", None),
        ("https://web.archive.org/web/2024/https://koran.com/a", None),
        ("http://127.0.0.1/a", None),
        ("http://localhost/a", None),
        ("http://[::1", None),
        ("urn:uuid:1", None),
        ("", None),
        (None, None),
    ],
)
def test_the_outlet_of_an_address(url, outlet):
    assert outlet_of_url(url) == outlet
