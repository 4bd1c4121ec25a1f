import pytest

from labels.languages.morphology import tokens
from labels.targets.abbreviations import expansions, is_of_another_name


def meanings(text, letters):
    words = tokens(text)
    place = next(number for number, word in enumerate(words) if word.key == letters)
    return [
        text[words[meaning[0]].start : words[meaning[-1]].end]
        for meaning in expansions(words, place)
    ]


@pytest.mark.parametrize(
    ("text", "letters", "expected"),
    [
        ("The Guild of Old Bakers (GOB) met.", "gob", ["Guild of Old Bakers"]),
        ("The Guild of Bakers [GB] met.", "gb", ["Guild of Bakers"]),
        ("The Guild of Bakers (hereinafter the GB) met.", "gb", ["Guild of Bakers"]),
        ("Основы системы (далее — ОС)", "ос", ["Основы системы"]),
        ("Guild-of-Bakers, or GB, met.", "gb", ["Guild-of-Bakers"]),
        ("GB (Guild of Bakers) met.", "gb", ["Guild of Bakers"]),
        ("GB — Guild of Bakers — met.", "gb", ["Guild of Bakers"]),
        ("GB is short and stands for guild of bakers.", "gb", []),
        ("GB stands for guild of bakers.", "gb", ["guild of bakers"]),
        ("Союз и общество (СО)", "со", ["Союз и общество"]),
        ("Dinas Air untuk Kota (DAK)", "dak", []),  # the skipped word is no small one
        ("Dinas Air dan Kota (DAK)", "dak", ["Dinas Air dan Kota"]),
        ("Bakers met. The guild (GB) voted.", "gb", []),
        ("On that day GB met.", "gb", []),
        ("GB", "gb", []),
    ],
)
def test_initials_before_or_after_spell_an_abbreviation(text, letters, expected):
    assert meanings(text, letters) == expected


def test_a_small_word_may_give_a_letter_or_none():
    assert meanings("Officer in Charge (OIC)", "oic") == ["Officer in Charge"]
    assert meanings("Officer of Internal Charges (OIC)", "oic") == ["of Internal Charges"]


@pytest.mark.parametrize(
    ("text", "ours", "expected"),
    [
        ("وصل الضابط المسؤول (GB) أمس", (), True),
        ("the baker on duty (GB) left", (), True),
        ("the baker on duty (GB)", (), True),
        ("the baker on duty (GB)", (1,), False),
        ("bodies such as these (GB, EU) met", (), False),
        ("the GB met", (), False),
        ("bakers (GB)", (), False),
    ],
)
def test_a_bracket_after_another_name_repeats_that_name(text, ours, expected):
    words = tokens(text)
    place = next(number for number, word in enumerate(words) if word.key == "gb")
    assert is_of_another_name(words, place, ours) is expected
