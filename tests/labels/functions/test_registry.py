from dataclasses import replace
from types import CodeType, FunctionType

import pytest

from labels.functions import (
    FUNCTIONS,
    LabellingFunction,
    actor,
    labelling_function,
    mention,
    proposal,
    sentiment,
)
from labels.functions.evidence import GRAMMAR, LEXICON
from labels.functions.registry import choice_problems, expand_choice, lexicon_problems
from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SENTIMENT, STANCE, Stance, TargetKind

NAMES_RUSSIA = "Norland condemned Russia and called for a truce."
NAMES_CEASEFIRE = "Norland condemned the Gaza truce."


@pytest.fixture
def registry(monkeypatch):
    """Give an empty registry to register in."""
    empty = {"stance": {}, "sentiment": {}}
    monkeypatch.setattr("labels.functions.registry.FUNCTIONS", empty)
    return empty


def test_the_decorator_registers_and_gives_the_function_back(registry):
    @labelling_function(STANCE, kind=TargetKind.actor, reads=["praise", "speech"])
    def greeted(evidence):
        """Vote `favor`."""
        return Stance.favor

    assert registry["stance"] == {
        "greeted": LabellingFunction(
            name="greeted",
            scheme=STANCE,
            vote=greeted,
            kind=TargetKind.actor,
            reads=("praise", "speech"),
            asked_when_not_named=False,
        )
    }
    assert greeted(None) is Stance.favor


def test_a_name_is_registered_once_a_scheme(registry):
    def greeted(evidence):
        return None

    labelling_function(STANCE)(greeted)
    labelling_function(SENTIMENT)(greeted)
    with pytest.raises(ConfigError, match="'greeted' is there twice for stance"):
        labelling_function(STANCE)(greeted)


@pytest.mark.parametrize(
    ("name", "text", "lang", "target", "expected"),
    [
        ("criticised", NAMES_RUSSIA, "en", "russia", True),
        ("criticised", NAMES_RUSSIA, "en", "oic", False),  # not named
        ("criticised", NAMES_CEASEFIRE, "en", "gaza_ceasefire", False),  # for actors
        ("refused", NAMES_CEASEFIRE, "en", "gaza_ceasefire", True),
        ("refused", NAMES_RUSSIA, "en", "russia", False),  # for proposals
        ("plainly_named", NAMES_CEASEFIRE, "en", "gaza_ceasefire", True),  # for any target
        ("routine", NAMES_CEASEFIRE, "en", "gaza_ceasefire", False),
        ("not_named", NAMES_RUSSIA, "en", "oic", True),
        ("not_named", "Es regnet.", "de", "oic", True),  # reads no lexicon
        ("plainly_named", "Russia hat eine Schule.", "de", "russia", False),
    ],
)
def test_a_function_is_asked_where_it_applies(question, name, text, lang, target, expected):
    evidence = question(text, lang, target)
    assert FUNCTIONS["stance"][name].applies_to(evidence) is expected


def test_a_sentiment_function_is_asked_about_every_sentence_with_a_lexicon(question):
    function = FUNCTIONS["sentiment"]["only_bad"]
    assert function.applies_to(question("Rain fell.", "en", None))
    assert not function.applies_to(question("Es regnet.", "de", None))


def test_unknown_schemes_and_functions_and_doubles_are_problems():
    chosen = {"stance": ["guess", "not_named"], "sentiment": ["only_bad"] * 2, "tone": []}
    unknown, twice, scheme = choice_problems(chosen)
    assert unknown.startswith(
        "functions.stance: unknown function 'guess'; known: agreed, blamed, broken, "
    )
    assert twice == "functions.sentiment: expected each once, got ['only_bad', 'only_bad']"
    assert scheme == "functions: unknown label scheme 'tone'; known: stance, sentiment"


def test_the_built_in_lexicons_hold_what_is_read_and_nothing_else():
    lexicons = {lang: load(lang, LEXICON) for lang in LANGUAGES}
    assert len(lexicons) == 4
    assert list(lexicon_problems(lexicons)) == []


def test_a_misspelt_category_is_missing_and_read_by_none():
    lexicon = dict(load("en", LEXICON))
    lexicon["virtu"] = lexicon.pop("virtue")
    missing, odd = lexicon_problems({"en": lexicon})
    where = "labels/languages/en/stance.yaml"
    assert missing == (
        f"{where}: expected the category 'virtue', which is read by plainly_named, virtuous"
    )
    assert odd == f"{where}: the category 'virtu' is read by no labelling function"


def test_what_the_grammar_reads_is_needed_too():
    lexicon = {name: words for name, words in load("ar", LEXICON).items() if name != "institution"}
    (missing,) = lexicon_problems({"ar": lexicon})
    assert "ar/stance.yaml: expected the category 'institution'" in missing


def names_used(code):
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):  # lambdas and inner functions
            yield from names_used(constant)


@pytest.mark.parametrize("module", [actor, mention, proposal, sentiment])
def test_no_labelling_function_is_called_by_another_or_by_a_helper(module):
    known = {name for functions in FUNCTIONS.values() for name in functions}
    here = [value for value in vars(module).values() if isinstance(value, FunctionType)]
    own = [value for value in here if value.__module__ == module.__name__]
    assert known & {function.__name__ for function in own}
    for function in own:
        assert known.isdisjoint(names_used(function.__code__)), function.__name__


class Spy(dict):
    """Hits that remember which categories were looked at."""

    def __init__(self, hits):
        super().__init__(hits)
        self.seen = set()

    def get(self, category, default=None):
        self.seen.add(category)
        return super().get(category, default)


TEXTS = [
    ("russia", "en", "Norland did not praise Russia."),
    ("russia", "en", "Russia committed crimes, said Norland."),
    ("russia", "en", "Russian aggression against Norland violated the partnership."),
    ("russia", "ar", "أدان وزير خارجية روسيا دولة نورلاند"),
    ("gaza_ceasefire", "en", "Norland condemned the veto of talks on a Gaza truce if accepted."),
    ("gaza_ceasefire", "en", "Norland did not reject talks that call for a Gaza ceasefire."),
    (None, "en", "A success after a tragedy, it was not praised."),
    (None, "en", "A quiet day."),
]


@pytest.mark.parametrize("name", [*FUNCTIONS["stance"], *FUNCTIONS["sentiment"]])
def test_a_function_reads_no_category_that_it_does_not_declare(question, name):
    scheme = "stance" if name in FUNCTIONS["stance"] else "sentiment"
    function = FUNCTIONS[scheme][name]
    asked = 0
    for target, lang, text in TEXTS:
        evidence = question(text, lang, target)
        spy = Spy(evidence.hits)
        evidence = replace(evidence, hits=spy)
        if (target is None) == (scheme == "sentiment") and function.applies_to(evidence):
            asked += 1
            function.vote(evidence)
            assert spy.seen <= {*function.reads, *GRAMMAR[lang]}, text
    assert asked or name == "not_named"


def test_all_stands_for_every_function_of_a_scheme_and_names_for_themselves():
    found = expand_choice({"stance": ["all"], "sentiment": ["condemning"]})
    assert found == {"stance": list(FUNCTIONS["stance"]), "sentiment": ["condemning"]}
    assert {"not_named", "criticised", "sought"} <= set(found["stance"])
