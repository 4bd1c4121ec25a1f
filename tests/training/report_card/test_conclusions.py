import pytest

from training.report_card.conclusions import (
    Setting,
    in_words,
    may_conclude,
    may_not_conclude,
)
from training.report_card.intervals import Figure
from training.report_card.slices import Slice

NAMES = {"oic": "OIC", "ar": "Arabic"}
NEEDED = (
    "f_polar called found related sure ratio_favor ratio_against false_polar holder voice".split()
)


def known(value, width=0.02, n=1200):
    return Figure(n, value, value - width, value + width)


@pytest.fixture
def slices():
    """Make the slice of all rows with some figures, and a small one."""

    def make(**figures):
        found = {name: known(0.8) for name in NEEDED} | {"sure": known(0.01)} | figures
        few = {"f_polar": Figure(12, shortage="1 against in 1 article")}
        return [Slice("all", "all", 1200, 300, found), Slice("oic", "ar", 12, 9, few)]

    return make


@pytest.fixture
def setting():
    def make(split="dev", **annotators):
        return Setting(split, "letters to the editor", annotators or {"person": 3}, NAMES)

    return make


def texts(conclusions):
    return [one.text for one in conclusions]


def test_a_share_is_said_with_what_it_rests_on():
    assert in_words(known(0.79, 0.03)) == "79 in 100 [76, 82], n 1,200"
    assert in_words(Figure(3, shortage="3 favor in 2 articles")) == (
        "too few to say (3 favor in 2 articles)"
    )


def test_mentions_may_be_counted_only_where_the_low_end_is_high_enough(slices, setting):
    claim = "Count how often a target is spoken of."
    good, poor = slices(related=known(0.95)), slices(related=known(0.91))
    assert claim in texts(may_conclude(good, setting()))
    assert claim not in texts(may_not_conclude(good, setting()))
    assert claim not in texts(may_conclude(poor, setting()))
    assert claim in texts(may_not_conclude(poor, setting()))


def test_probabilities_may_be_taken_at_their_word_only_where_they_are_right(slices, setting):
    claim = "Take the probabilities for what they say, all answers together."
    assert claim in texts(may_conclude(slices(), setting()))
    assert claim not in texts(may_conclude(slices(sure=known(0.06)), setting()))


def test_where_nothing_is_known_nothing_is_allowed(slices, setting):
    nothing = Figure(0, shortage="0 rows in 0 articles")
    found = slices(**dict.fromkeys(NEEDED, nothing))
    assert may_conclude(found, setting()) == []
    assert "too few to say" in may_not_conclude(found, setting())[0].grounds


def test_slices_with_too_little_gold_are_named_with_what_there_is(slices, setting):
    found = may_not_conclude(slices(), setting())
    (few,) = [one for one in found if one.text.startswith("Say how well")]
    assert few.grounds == "OIC in Arabic (1 against in 1 article)."


def test_what_was_scored_is_said(slices, setting):
    chosen = "Take them for figures of texts that had no part in training."
    assert chosen in texts(may_not_conclude(slices(), setting("dev")))
    assert chosen not in texts(may_not_conclude(slices(), setting("test")))
    assert any(
        "letters to the editor" in text for text in texts(may_not_conclude(slices(), setting()))
    )


def test_labels_of_a_model_are_no_labels_of_people(slices, setting):
    claim = "Say how far it agrees with people."
    assert claim not in texts(may_not_conclude(slices(), setting()))
    mixed = Setting("dev", "letters", {"person": 30, "model:reader": 70}, NAMES)
    (said,) = [one for one in may_not_conclude(slices(), mixed) if one.text == claim]
    assert "70% (n 100)" in said.grounds
    assert "model:reader" in said.grounds
