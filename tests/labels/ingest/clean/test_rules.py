import pytest

from labels.ingest.clean.clean import clean
from labels.ingest.clean.lines import Line, bare_forms, read_lines
from labels.ingest.clean.literals import literals_of
from labels.ingest.clean.rules import SECTIONS, Rule, candidates, rules_of
from labels.languages import LANGUAGES

_SEARCHED = ("tails", "end_tails", "inline", "credits")
_AT_START = ("teasers", "labels")
BEFORE = {
    "en": "The bakers of the old town met in the square on Friday and talked for an hour.",
    "id": "Para pembuat roti di kota lama berkumpul di alun-alun pada Jumat selama satu jam.",
    "ru": "Пекари старого города встретились на площади в пятницу и проговорили целый час.",
    "ar": "اجتمع خبازو البلدة القديمة في الساحة يوم الجمعة وتحدثوا مدة ساعة كاملة.",
}
AFTER = {
    "en": "They will meet again next week, and the mayor will bring the flour.",
    "id": "Mereka akan bertemu lagi pekan depan, dan wali kota akan membawa tepung.",
    "ru": "Они встретятся снова на следующей неделе, а мэр привезёт муку.",
    "ar": "وسيجتمعون مجددا في الأسبوع المقبل، وسيحضر العمدة الطحين معه.",
}

RULES = [
    pytest.param(lang, section, rule, id=rule.name)
    for lang in LANGUAGES
    for section in SECTIONS
    for rule in getattr(rules_of(lang), section)
    if rule.name.startswith(f"{lang}.")
]


def matches(section: str, rule: Rule, text: str) -> bool:
    if section in _SEARCHED:
        return rule.pattern.search(text) is not None
    line = plain_of(text)
    if section in _AT_START:
        return rule.pattern.match(text if section == "labels" else line.plain) is not None
    return any(rule.pattern.fullmatch(form) for form in bare_forms(line.plain))


def plain_of(text: str) -> Line:
    (line,) = read_lines(text)
    return line


@pytest.mark.parametrize(("lang", "section", "rule"), RULES)
def test_a_rule_matches_what_it_must_cut(lang, section, rule):
    assert matches(section, rule, rule.cuts)
    held = rules_of(lang).finder.find(rule.cuts).within(0, len(rule.cuts))
    assert rule in candidates([rule], held)
    assert section != "lines" or rule in (
        *rules_of(lang).sentence_rules(held),
        *rules_of(lang).forms,
    )


@pytest.mark.parametrize(("lang", "section", "rule"), RULES)
def test_a_rule_spares_its_near_miss(lang, section, rule):
    if not rule.weak:
        assert not matches(section, rule, rule.keeps)
        return
    text = f"{BEFORE[lang]}\n{rule.keeps}\n{AFTER[lang]}"
    cleaned = clean("Satu judul", text, lang)
    assert rule.keeps in [text[block.start : block.end] for block in cleaned.blocks]


@pytest.mark.parametrize(("lang", "section", "rule"), RULES)
def test_only_rules_for_lines_are_weak(lang, section, rule):
    assert section == "lines" or not rule.weak


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"read (?:also|more)", {"read "}),
        (
            r"[\u0625\u0627]قر[أا] المزيد",
            {"إقرأ المزيد", "إقرا المزيد", "اقرأ المزيد", "اقرا المزيد"},
        ),
        (r".{0,30}\b(?:All|Many) rights reserved", {" rights reserved"}),
        (r"(?:baca|simak) x?", {"baca", "simak"}),
        (r"(?:[Ff]oto|FOTO):", {"foto"}),
        (r".{0,3}of", set()),
        (r"\d{1,2}:\d{2}", set()),
        (r"(?:so \w+|\d+ months)?", set()),
    ],
)
def test_literals_are_what_every_match_holds(pattern, literals):
    assert literals_of(pattern).strings == literals
