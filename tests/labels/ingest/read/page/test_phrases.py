import pytest

from labels.ingest.read.page.phrases import SECTIONS, phrases_of
from labels.languages import LANGUAGES, load

RULES = [
    pytest.param(rule, id=f"{lang}.{section}.{number}")
    for lang in LANGUAGES
    for section, rules in load(lang, "pages").items()
    for number, rule in enumerate(rules, start=1)
]


def test_every_language_has_every_section():
    for lang in LANGUAGES:
        assert set(load(lang, "pages")) == SECTIONS
        assert all(load(lang, "pages").values())


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_matches_its_example_and_not_its_near_miss(rule):
    pattern = next(
        pattern
        for section in SECTIONS
        for pattern in phrases_of(section)
        if pattern.pattern == rule["rule"]
    )
    assert pattern.search(rule["cuts"])
    assert not pattern.search(rule["keeps"])
