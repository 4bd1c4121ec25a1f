import json

import pytest

from labels.languages import morphology
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Sentence, SentenceKind
from training.inference.mentions import MentionFinder, finder_of

RUSSIA = {"key": "russia", "aliases": {"en": ["Moscow"], "ru": ["Россия"]}}
TEXT = "MOSCOW, March 5 (AP) - The minister left Moscow."


@pytest.fixture
def finder(monkeypatch):
    def refuse():
        raise AssertionError("the analyser was asked")

    monkeypatch.setattr(morphology, "_morph", refuse)
    return finder_of(json.dumps([[RUSSIA], {"россия": "россией россия"}]))


def places(found):
    return [(start, end) for _, start, end in found]


def test_a_dateline_names_nothing_where_the_language_is_known(finder):
    assert places(finder.in_sentence(TEXT)) == [(0, 6), (41, 47)]
    assert places(finder.in_sentence(TEXT, "en")) == [(41, 47)]
    assert finder.in_sentence("MOSCOW, March 5 (AP) -", "en") != []  # nothing but a dateline


def test_the_forms_of_russian_names_are_those_that_the_export_carries(finder):
    assert places(finder.in_sentence("Они с Россией.", "ru")) == [(6, 13)]
    assert finder.in_sentence("Они в России.", "ru") == []  # of which the table has no form


def test_a_name_without_forms_is_told():
    with pytest.raises(DataError, match="russian_forms: expected the forms of 'россия', which is"):
        MentionFinder([RUSSIA], {})


def test_who_was_in_office_is_told_by_the_date_of_the_article():
    lund = {"key": "norland", "aliases": {"en": ["Lund @2018..2020"]}}
    finder = finder_of(json.dumps([[lund], {}]))
    sentence = Sentence(
        sentence_id="a#0",
        article_id="a",
        index=0,
        kind=SentenceKind.body,
        field="text",
        start=0,
        end=10,
        text="Lund left.",
        lang="en",
    )
    found = [finder.in_article([sentence], day) for day in ("2019-05-01", "2021-05-01", None)]
    assert [len(mentions) for (mentions,) in found] == [1, 0, 1]
