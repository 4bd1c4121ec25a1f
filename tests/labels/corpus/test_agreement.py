import pytest

from labels.corpus.agreement import agreements, field_names, kinds_of_field, same_holder
from labels.corpus.read import read_corpus
from tests.labels.corpus.conftest import GOLD, gold_row, write_lines


def test_a_reading_has_a_class_for_every_task_and_holder_and_voice_for_every_target():
    assert field_names(["russia", "oic"]) == (
        "russia",
        "oic",
        "sentiment",
        "holder:russia",
        "holder:oic",
        "voice:russia",
        "voice:oic",
    )
    assert kinds_of_field(["russia", "oic"]) == ("russia", "oic", "sentiment", "holder", "voice")


def test_one_holder_inside_the_other_is_the_same():
    assert same_holder("the minister", "The minister of trade")
    assert not same_holder("the minister", "the opposition")
    assert not same_holder("author", "the author of the letter")


def test_alpha_is_the_one_worked_out_by_hand(limits, folder):
    rows = [
        gold_row(f"en-{i}", "x", f"t{i}", sentiment=sentiment)
        for i, sentiment in enumerate(["positive", "positive", "negative", "negative"])
    ]
    write_lines(folder / "gold.jsonl", rows)
    write_lines(folder / "second_reading.jsonl", [*rows[:3], rows[3] | {"sentiment": "positive"}])
    found = agreements(read_corpus(limits.corpus, limits.targets))["en", "sentiment"]
    # coincidences: 2 of 8 values disagree; 5 positive and 3 negative: alpha = 1 - 7 * 2 / (2 * 15)
    assert found.alpha == pytest.approx(1 - 7 * 2 / 30)
    assert (found.n, found.equal) == (4, 0.75)


def test_a_field_with_one_value_has_no_alpha(limits, folder):
    rows = [gold_row(f"en-{i}", "x", f"t{i}") for i in range(3)]
    write_lines(folder / "gold.jsonl", rows)
    write_lines(folder / "second_reading.jsonl", rows)
    found = agreements(read_corpus(limits.corpus, limits.targets))
    assert found["en", "russia"].alpha is None
    assert ("en", "holder") not in found


def test_the_first_reading_is_taken_from_a_settled_difference(limits, folder):
    second = [GOLD[0] | {"russia": "neutral", "holder": {}, "voice": {}}, *GOLD[1:]]
    write_lines(folder / "second_reading.jsonl", second)
    changed = [GOLD[0] | {"russia": "neutral", "holder": {}, "voice": {}}, *GOLD[1:]]
    write_lines(folder / "gold.jsonl", changed)
    difference = {"id": "en-1", "field": "russia", "first": "favor", "second": "neutral"}
    difference |= {"settled": "neutral", "reason": "a purchase"}
    write_lines(folder / "disagreements.jsonl", [difference])
    found = agreements(read_corpus(limits.corpus, limits.targets))["en", "russia"]
    assert found.equal == pytest.approx(2 / 3)
