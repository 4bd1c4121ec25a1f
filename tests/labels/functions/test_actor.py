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


@pytest.mark.parametrize(
    ("name", "lang", "text"),
    [
        ("criticised", "en", "Norland will hold Russia accountable for the raid."),
        ("criticised", "en", "Norland means to call Russia out at the summit."),
        ("sanctioned", "ru", "Норландия выслала 70 российских дипломатов."),
        ("called_to_stop", "ru", "Норландия призвала Россию прекратить огонь у моста."),
    ],
)
def test_a_predicate_may_enclose_its_object(stance, name, lang, text):
    assert stance(name, text, lang) == "against"


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


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ar", "قال بوتين إن الأمر معقد"),
        ("ar", "أعلن وزير الخارجية الروسي سفره"),
        ("ar", "أكد المتحدث باسم الكرملين ذلك"),
        ("ru", "«Это ложь», — заявил Лавров."),
    ],
)
def test_a_name_or_office_after_a_verb_of_saying_speaks(stance, lang, text):
    assert stance("speaker", text, lang) == "neutral"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ar", "قال رئيس دولة نورلاند إن روسيا قوية"),
        ("ar", "وقال الرئيس النورلاندي إن روسيا قوية"),
        ("ru", "Министр считает, что Россия сильна."),
    ],
)
def test_who_is_named_in_what_another_says_does_not_speak(stance, lang, text):
    assert stance("speaker", text, lang) is None


def test_an_arabic_verb_before_another_presidents_name_has_the_target_as_object(stance):
    assert stance("criticised", "واتهم الرئيس النورلاندي روسيا بالكذب", "ar") == "against"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The plan was praised by Russia."),
        ("ru", "Проект поддержали в российской Думе."),
        ("id", "Rencana itu dipuji oleh Rusia."),
    ],
)
def test_who_praises_or_where_is_not_praised(stance, lang, text):
    assert stance("praised", text, lang) is None


def test_a_deed_that_only_says_when_blames_nobody(stance):
    assert stance("blamed", "Цены выросли после вторжения России.", "ru") is None
    assert stance("blamed", "Вторжение России продолжается.", "ru") == "against"


def test_a_russian_name_in_another_case_does_nothing(stance):
    assert (
        stance("wrongdoer", "Обозреватель после беседы с Лавровым игнорирует факты.", "ru") is None
    )
    assert stance("wrongdoer", "Лавров игнорирует факты.", "ru") == "against"
