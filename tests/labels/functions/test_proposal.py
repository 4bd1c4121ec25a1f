import pytest

CEASEFIRE = [
    ("sought", "en", "Norland calls for a ceasefire in Gaza.", "favor"),
    ("sought", "id", "Norlandia mendesak gencatan senjata di Gaza.", "favor"),
    ("sought", "ru", "Норландия призвала к прекращению огня в Газе.", "favor"),
    ("sought", "ar", "نورلاند تدعو إلى وقف إطلاق النار في غزة", "favor"),
    ("refused", "en", "Norland rejected a Gaza ceasefire.", "against"),
    ("refused", "ru", "Норландия отвергла перемирие в Газе.", "against"),
    ("refused", "ar", "نورلاند ترفض وقف إطلاق النار في غزة", "against"),
    ("refused", "id", "Norlandia menolak gencatan senjata di Gaza.", "against"),
    ("broken", "en", "Norland violated the Gaza truce.", "against"),
    ("agreed", "en", "Both sides extended the Gaza truce.", "favor"),
    ("agreed", "id", "Norlandia tidak menyetujui gencatan senjata di Gaza.", "against"),
    ("refused", "en", "Norland says no Gaza ceasefire until its men return.", "against"),
    ("sought", "en", "Norland is pushing a Gaza truce.", "favor"),
    ("sought", "ar", "نواب نورلاند يدعون إلى هدنة في غزة", "favor"),
    ("sought", "en", "Norland vetoes a text demanding a Gaza ceasefire.", "against"),
]


@pytest.mark.parametrize(("name", "lang", "text", "expected"), CEASEFIRE)
def test_what_is_done_to_a_ceasefire(stance, name, lang, text, expected):
    assert stance(name, text, lang, "gaza_ceasefire") == expected


def test_talks_alone_are_neutral_and_with_a_position_are_not(stance):
    plain = "Talks on a Gaza ceasefire resumed."
    assert stance("only_talked_about", plain, "en", "gaza_ceasefire") == "neutral"
    refused = "Norland rejected talks on a Gaza ceasefire."
    assert stance("only_talked_about", refused, "en", "gaza_ceasefire") is None


def test_the_predicate_nearer_to_the_proposal_decides(stance):
    text = "Norland seeks to sabotage a ceasefire in Gaza."
    assert stance("sought", text, "en", "gaza_ceasefire") is None
    assert stance("broken", text, "en", "gaza_ceasefire") == "against"
    text = "Norland agreed to violate the truce in Gaza."
    assert stance("agreed", text, "en", "gaza_ceasefire") is None


def test_what_befalls_talks_does_not_befall_the_proposal(stance):
    text = "Norland fears a collapse of Gaza ceasefire talks."
    assert stance("broken", text, "en", "gaza_ceasefire") is None
    text = "Norland fears a collapse of the Gaza ceasefire."
    assert stance("broken", text, "en", "gaza_ceasefire") == "against"
