from datetime import date

import pytest

from labels.languages.morphology import tokens
from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError
from labels.targets import Matcher
from labels.targets.read import load_targets
from labels.targets.terms import Term, counts, cut_term, day_of, terms_of, without_terms


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        ("2018..2025-07", date(2018, 1, 1), date(2025, 7, 31)),
        ("2018-09..2024", date(2018, 9, 1), date(2024, 12, 31)),
        ("2018-09-30..2018-09-30", date(2018, 9, 30), date(2018, 9, 30)),
        ("2021..", date(2021, 1, 1), date.max),
        ("..2024-02", date.min, date(2024, 2, 29)),
    ],
)
def test_both_ends_belong_to_a_term_and_either_may_be_left_out(written, since, until):
    assert cut_term(f"Ada|Eda .. Lund @{written}") == ("Ada|Eda .. Lund", (Term(since, until),))


def test_a_name_without_a_term_is_left_as_it_is():
    assert cut_term("Ada Lund") == ("Ada Lund", ())
    assert cut_term("=ada@lund") == ("=ada@lund", ())


def test_several_terms_stand_with_commas():
    name, terms = cut_term("Lund @2000..2008, 2012..")
    assert name == "Lund"
    assert [counts(terms, date(year, 6, 1)) for year in (1999, 2008, 2010, 2020)] == [
        *(False, True),
        *(False, True),
    ]


@pytest.mark.parametrize(
    "written",
    ["2018", "..", "", "2018..17", "2025..2018", "2018-13..", "2018-02-30..", "May..June"],
)
def test_what_is_no_term_is_said_with_the_name(written):
    with pytest.raises(ConfigError, match=r"'Lund @.*expected a term as @2018..2025-07"):
        cut_term(f"Lund @{written}")


def test_a_name_that_stands_once_without_a_term_counts_always():
    term = Term(date(2018, 1, 1), date(2018, 12, 31))
    assert terms_of(["Lund @2018..2018", "Moe"]) == {"Lund": (term,)}
    assert terms_of(["Lund @2018..2018", "Lund"]) == terms_of(["Lund", "Lund @2018..2018"]) == {}
    twice = terms_of(["Lund @2018..2018", "Lund @2020..2020"])["Lund"]
    assert [counts(twice, date(year, 1, 1)) for year in (2018, 2019, 2020)] == [True, False, True]


def test_a_day_that_is_not_known_tells_nothing():
    assert counts((Term(date(2018, 1, 1), date(2018, 12, 31)),), None)


def test_the_day_of_an_article():
    assert day_of("2024-05-12") == day_of("2024-05-12T08:00:00Z") == date(2024, 5, 12)
    assert day_of(None) is day_of("May 2024") is None


def test_names_alone():
    assert without_terms({"en": ["Lund @2018..", "Moe"]}) == {"en": ["Lund", "Moe"]}


@pytest.mark.parametrize(
    ("text", "target", "within", "outside"),
    [
        ("Министр Старовойт приехал.", "russia", "2025-07-01", "2025-09-01"),
        ("Iyad Madani spoke for all members.", "oic", "2015-03-01", "2020-03-01"),
        ("وقال يوسف العثيمين ذلك", "oic", "2018-03-01", "2022-03-01"),
    ],
)
def test_a_person_is_the_target_while_in_office(text, target, within, outside):
    matcher = Matcher(load_targets(CONFIGS / "target", [target]))
    words = tokens(text)
    assert target in matcher.find(words, day=date.fromisoformat(within))
    assert target not in matcher.find(words, day=date.fromisoformat(outside))
    assert target in matcher.find(words)
