import numpy as np
import pytest

from labels.corpus.read import Piece
from labels.corpus.realism import (
    both_sides_share,
    contraction_share,
    figure_names,
    leader_share,
    measure_realism,
    names_once_share,
    phrases,
    places_of,
    polar_shares,
    targets_named,
    unrelated_shares,
    without_names,
)
from labels.targets import Matcher
from labels.targets.read import load_targets
from tests.labels.corpus.conftest import ROOT

KEYS = ["russia", "oic", "gaza_ceasefire"]


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_targets(ROOT / "configs" / "target", KEYS))


def row(text, codes, **values):
    """Make a labelled sentence; ``codes`` has the first letter of the stance to each target."""
    stances = {"f": "favor", "a": "against", "n": "neutral", "u": "unrelated"}
    labels = {key: stances[code] for key, code in zip(KEYS, codes, strict=True)}
    return {"text": text, "article_id": "a"} | labels | values


def test_polar_shares_leave_out_what_does_not_concern_the_target(matcher):
    gold = [row("A.", "fnu"), row("B.", "anu"), row("C.", "nuu"), row("D.", "uuu")]
    assert polar_shares(gold, matcher.targets) == {
        "polar among mentions of russia": pytest.approx(2 / 3),
        "polar among mentions of oic": 0.0,
        "polar among mentions of gaza_ceasefire": None,
    }


def test_a_truce_word_counts_whatever_truce_is_meant(matcher):
    gold = [
        row("A truce in Gaza began.", "uun"),
        row("The ceasefire in Sudan failed.", "uuu"),
        row("Both armies agreed to a cessation of hostilities.", "uuu"),
        row("Rain fell in Gaza.", "uuu"),
    ]
    shares = unrelated_shares(gold, matcher.targets)
    assert shares == {"gaza_ceasefire named but unrelated": pytest.approx(2 / 3)}


def test_holders_are_leaders_by_title_or_name_whether_told_by_target_or_once(matcher):
    gold = [
        row("A.", "fau", holder={"russia": "President Aminata Sow", "oic": "author"}),
        row("B.", "fuu", holder="Lavrov"),
        row("C.", "fuu", holder="Foreign Ministry"),
        row("D.", "fuu"),
    ]
    assert leader_share(gold, matcher.targets, "en") == 2 / 4


@pytest.mark.parametrize(
    ("lang", "name", "text", "has"),
    [
        ("en", "continuation", "He added that the talks go on.", True),
        ("en", "continuation", "\u201cHe added nothing,\u201d a clerk said.", True),
        ("en", "continuation", "The clerk says he also came.", False),
        ("ru", "continuation", "По его словам, переговоры продолжаются.", True),
        ("ru", "titles", "премьера Словакии", True),
        ("ru", "titles", "экс-глава района", False),
        ("ar", "continuation", "وأضافت أن المحادثات مستمرة.", True),
        ("ar", "sources", "نقلت رويترز عن مصدر", True),
        ("id", "continuation", '"Kami setuju," ujarnya.', True),
        ("id", "sources", "Dikutip dari Reuters, pasar dibuka.", True),
        ("id", "sources", "Pasar dibuka pagi ini.", False),
    ],
)
def test_phrases_are_whole_words_and_some_only_begin_a_sentence(lang, name, text, has):
    assert phrases(lang, name)(text) is has


def test_contractions_are_told_from_possessives_and_only_where_there_are_any():
    texts = ["We don’t know.", "It's late.", "Norland's king left.", "Nobody came."]
    assert contraction_share(texts, "en") == 2 / 4
    assert contraction_share(texts, "ru") is None


def test_both_sides_are_asked_of_articles_with_five_labelled_sentences(matcher):
    mixed = [row("A.", codes, article_id="m") for codes in ("fuu", "auu", "nuu", "uuu", "uuu")]
    one_sided = [row("A.", codes, article_id="o") for codes in ("fuu", "uau", "nuu", "uuu", "uuu")]
    short = [row("A.", codes, article_id="s") for codes in ("fuu", "auu")]
    assert both_sides_share([*mixed, *one_sided, *short], matcher.targets) == 1 / 2
    assert both_sides_share(short, matcher.targets) is None


def test_names_are_two_capitals_inside_a_sentence():
    texts = [
        "Yesterday Ann Lee met Bob Ray.",
        "Then Ann Lee left.",
        "Каждый день Иван Петров ждал.",
    ]
    assert names_once_share(texts, "en") == pytest.approx(2 / 3)  # Bob Ray and Иван Петров
    assert names_once_share(["It rained."], "en") is None
    assert names_once_share(texts, "ar") is None


def test_names_of_targets_and_of_the_place_of_a_truce_are_marked(matcher):
    places = places_of(matcher.targets)
    text = "Moscow told Hamas that in Gaza the truce holds."
    assert without_names(text, matcher, places) == "▪ told ▪ that in ▪ the ▪ holds."
    assert without_names("Hamas met in Cairo.", matcher, places) is None
    assert targets_named(Piece("a", (text, "The OIC met.")), matcher) == set(KEYS)


def test_every_figure_has_a_form_and_a_value_or_none(matcher):
    article = ("Moscow met the OIC.", 'He added: "Yes."', *["It rained for an hour."] * 3)
    long = " ".join(["word"] * 36)
    gold = [row(long, "fuu", holder={"russia": "Putin"}), row("Short.", "fuu"), row("C.", "uuu")]
    rng = np.random.default_rng(1)
    pieces = [Piece("a", article), Piece("b", article), Piece("c", ("Moscow.",))]
    found = measure_realism("en", pieces, gold, matcher, sample=9, rng=rng)
    assert found.keys() == figure_names(matcher.targets).keys()
    assert found["polar sentences over 30 words"] == 1 / 2
    assert found["gold sentences over 35 words"] == 1 / 3
    assert found["gold sentences that name a leader"] == 0.0
    assert found["sentences that go on"] == 2 / 11
    assert found["sentences with quotation marks"] == 2 / 11
    assert found["words of a whole article, median"] == 22  # 4 + 3 + 3 x 5, twice
    assert found["articles that name all targets"] == 0.0
