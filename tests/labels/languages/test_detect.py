import pytest

from labels.languages.detect import detect, main_script, normalize


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Menteri luar negeri tiba di Moskow pada hari Senin.", "id"),
        ("Menteri luar akan bertemu dengan rakan sejawatannya esok kerana perjanjian itu.", "id"),
        ("قال الوزير إن المحادثات كانت مفيدة.", "ar"),
        ("Министр заявил, что переговоры были полезными.", "ru"),
        ("The minister said that the talks had been useful.", "en"),
        ("Президент заявив, що її країна хоче миру і спокою.", "uk"),
        ("وزیر خارجه گفت که گفتگوها مفید بوده است و پیش می‌رود.", "fa"),
        ("Der Minister sagte am Montag, dass die Gespräche nützlich gewesen seien.", "de"),
        ("12 345", None),
        ("", None),
    ],
)
def test_detect(text, lang):
    assert detect(text) == lang


@pytest.mark.parametrize(
    ("declared", "lang"),
    [("ID", "id"), ("id-ID", "id"), ("ms", "id"), ("Indonesian", "id"), ("en_US", "en")]
    + [("ara", "ar"), ("fr", "fr"), ("", None), (None, None)],
)
def test_normalize(declared, lang):
    assert normalize(declared) == lang


def test_links_do_not_decide_the_script():
    assert main_script("خبر https://example.org/a/very/long/address") == "arabic"
