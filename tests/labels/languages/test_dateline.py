import pytest

from labels.languages import LANGUAGES, dateline
from labels.languages.dateline import dateline_end, dateline_of
from labels.pipeline.errors import ConfigError


@pytest.mark.parametrize(
    ("lang", "text", "dateline"),
    [
        ("id", "JAKARTA, KORAN.com - Menteri itu tiba.", "JAKARTA, KORAN.com - "),
        ("id", "RUSIA – Menteri itu tiba.", "RUSIA – "),
        ("ru", "МОСКВА, 4 марта – РИА. Министр прибыл.", "МОСКВА, 4 марта – РИА. "),
        ("ar", "موسكو - قال الوزير إنه وصل.", "موسكو - "),
        ("en", "WASHINGTON – The minister arrived.", "WASHINGTON – "),
        ("en", "GAZA CITY (AP) — The minister arrived.", "GAZA CITY (AP) — "),
        ("en", "The minister arrived - late.", ""),
        ("ru", "Москва ответила на предложение.", ""),
        ("ar", "قال الوزير إن بلاده - وهي عضو - ستشارك.", ""),
    ],
)
def test_dateline_end(lang, text, dateline):
    assert text[: dateline_end(text, lang)] == dateline


def test_a_paragraph_that_is_nothing_but_a_dateline_has_no_report_after_it():
    text = "МОСКВА, 4 марта. РИА Новости."
    assert dateline_of(text, "ru") == text
    assert dateline_end(text, "ru") == 0


def test_an_unknown_language_has_the_datelines_of_english():
    assert dateline_of("PARIS (AFP) – Le ministre est arrivé.", "fr") == "PARIS (AFP) – "


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dateline_is_looked_for_at_the_beginning_of_a_long_line_only(lang):
    assert dateline_of("A" * 1_000_000 + " – The minister arrived.", lang) == ""


def test_a_rule_that_is_no_regular_expression_is_named(monkeypatch):
    monkeypatch.setattr(dateline, "load", lambda *_: {"datelines": ["("]})
    dateline._pattern.cache_clear()
    try:
        with pytest.raises(ConfigError, match=r"languages/id/cleaning.yaml: datelines: "):
            dateline_of("JAKARTA – Menteri tiba.", "id")
    finally:
        dateline._pattern.cache_clear()
