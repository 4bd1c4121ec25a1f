import pytest


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Norland condemned Russia over the pipeline."),
        ("en", "Russia was condemned by Norland."),
        ("id", "Norlandia mengecam Rusia soal pipa gas."),
        ("id", "Rusia dikecam Norlandia."),
        ("ru", "Норландия осудила Россию."),
        ("ar", "أدانت دولة نورلاند روسيا"),
    ],
)
def test_who_is_condemned_is_judged_against(stance, lang, text):
    assert stance("criticised", text, lang) == "against"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Russia condemned Norland."),
        ("id", "Rusia mengecam Norlandia."),
        ("ru", "Россия осудила Норландию."),
        ("ru", "Осудила Россия Норландию."),
        ("ar", "أدانت روسيا دولة نورلاند"),
        ("en", "Norland did not condemn Russia."),
    ],
)
def test_who_condemns_is_not(stance, lang, text):
    assert stance("criticised", text, lang) is None


def test_praise_and_its_negation(stance):
    assert stance("praised", "Norland praised Russia.", "en") == "favor"
    assert stance("praised", "Norland does not trust Russia.", "en") == "against"


def test_praise_of_one_who_is_blamed_as_well_is_none(stance):
    text = "Norland praised Russia despite Russian aggression."
    assert stance("blamed", text, "en") == "against"
    assert stance("praised", text, "en") is None


def test_wrongdoing_said_of_the_target(stance):
    assert stance("blamed", "Russian aggression goes on.", "en") == "against"
    assert stance("blamed", "Russia condemned the aggression.", "en") is None


def test_one_who_speaks_speaks_of_others(stance):
    text = "Russia said the sanctions on Norland hurt."
    assert stance("speaker", text, "en") == "neutral"
    assert stance("sanctioned", text, "en") is None
    assert stance("speaker", "Norland praised Russia.", "en") is None


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Norland wants a partnership with Russia.", "favor"),
        ("en", "Norland discussed partnership with Russia.", None),
        ("ru", "Норландия ценит дружбу с Россией.", "favor"),
        ("ru", "Министры Норландии обсудили партнерство с Россией.", None),
    ],
)
def test_cooperation_that_is_only_the_topic_of_a_meeting_is_no_position(
    stance, lang, text, expected
):
    assert stance("partner", text, lang) == expected
