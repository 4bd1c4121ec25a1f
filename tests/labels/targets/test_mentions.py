import pytest

from labels.languages.morphology import tokens
from labels.pipeline.command import CONFIGS
from labels.targets import Matcher, load_targets

FOLDER = CONFIGS / "target"


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_targets(FOLDER, ["russia", "oic", "gaza_ceasefire"]))


def named(matcher, text, **options):
    words = tokens(text)
    found = matcher.find(words, **options)
    return {key: [text[slice(*hit.span(words))] for hit in hits] for key, hits in found.items()}


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Moscow’s envoy spoke first.", ["Moscow"]),
        ("id", "Menurut Kremlin, Rusialah tuan rumahnya.", ["Kremlin", "Rusialah"]),
        ("ru", "С Россией говорили российские послы.", ["Россией", "российские"]),
        ("ar", "وبروسيا التقى الوزير نظيره للكرملين", ["وبروسيا", "للكرملين"]),
    ],
)
def test_inflected_names_are_found_at_their_places(matcher, lang, text, expected):
    assert named(matcher, text)["russia"] == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Borussia won again, Russia Today reported."),
        ("ru", "Телеканал «Россия 1» показал кино."),
        ("ar", "وفق قناة روسيا اليوم"),
    ],
)
def test_other_names_are_no_mention_of_the_state(matcher, lang, text):
    assert "russia" not in named(matcher, text)


def test_a_dateline_can_be_left_out(matcher):
    text = "MOSKOW - Hujan turun sejak pagi."
    assert "russia" not in named(matcher, text, start=9)
    assert named(matcher, text)["russia"] == ["MOSKOW"]


def test_oki_the_body_is_found_and_oki_the_regency_is_not(matcher):
    assert named(matcher, "KTT OKI dibuka di Jeddah.")["oic"] == ["KTT OKI"]
    assert "oic" not in named(matcher, "Bupati OKI meninjau jalan rusak.")
    assert "oic" not in named(matcher, "Banjir di OKI meluas ke Palembang.")
    assert "oic" not in named(matcher, "Mas Oki pulang kampung.")


def test_a_regency_named_earlier_settles_a_bare_oki(matcher):
    around = ["Hujan deras mengguyur Sumatera Selatan."]
    assert "oic" not in named(matcher, "Warga di OKI mengungsi.", around=around)
    assert "oic" in named(matcher, "Sidang di OKI ditunda.", around=["Sidang di Jeddah."])


def test_an_abbreviation_inside_a_word_is_none(matcher):
    assert "oic" not in named(matcher, "ПОИСК продолжается")
    assert named(matcher, "Генсек ОИС прилетел")["oic"] == ["ОИС"]


def test_russian_long_names_in_every_case(matcher):
    text = "Он выступил перед Организацией исламского сотрудничества."
    assert named(matcher, text)["oic"] == ["Организацией исламского сотрудничества"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Mediators want a cease-fire in Gaza.", ["cease-fire"]),
        ("id", "Gencatan senjata di Gaza berlaku pagi ini.", ["Gencatan senjata"]),
        ("ru", "О прекращении огня в Газе говорили долго.", ["прекращении огня"]),
        ("ar", "مفاوضات وقف فوري لإطلاق النار في غزة", ["وقف فوري لإطلاق النار"]),
    ],
)
def test_a_truce_in_gaza_is_the_target(matcher, lang, text, expected):
    assert named(matcher, text)["gaza_ceasefire"] == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A truce in Lebanon was signed by Israel."),
        ("ru", "Перемирие на Украине обсудили в Женеве."),
        ("ar", "اتفاق هدنة جديد في اليمن"),
        ("id", "Gencatan senjata di Sudan gagal."),
        ("en", "They agreed on a truce."),
    ],
)
def test_a_truce_elsewhere_or_nowhere_is_not(matcher, lang, text):
    assert "gaza_ceasefire" not in named(matcher, text)


def test_the_article_settles_a_truce_without_a_place(matcher):
    text = "They agreed on a truce."
    assert "gaza_ceasefire" in named(matcher, text, around=["Rain fell.", "Hamas waited."])
    assert "gaza_ceasefire" not in named(matcher, text, around=["Sudan waited.", "Gaza."])


def test_five_megabytes_in_one_line_end(matcher):
    assert named(matcher, "а" * 5_000_000) == {}


def test_two_ambiguous_names_of_a_sentence_are_settled_by_the_same_neighbours(matcher):
    around = ["Bupati meninjau kebakaran lahan di Kayuagung, Sumatera Selatan."]
    text = "Warga meminta OKI dan Dinas OKI turun tangan."
    assert "oic" not in named(matcher, text, around=around)
    around = ["Hamas and Israel traded fire in Gaza."]
    text = "One truce failed, the next truce held."
    assert named(matcher, text, around=around)["gaza_ceasefire"] == ["truce", "truce"]
