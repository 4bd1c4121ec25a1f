import numpy as np
import pytest

from labels.split.leaks import Kept
from labels.split.silver import drop_silver


@pytest.fixture
def drop():
    def run(rows, named=True, most=None, seed=13):
        kept = drop_silver(Kept(list(rows)), named, most, np.random.default_rng(seed))
        return [row["sentence_id"] for row in kept.rows], kept.dropped

    return run


@pytest.fixture
def silver(example):
    """Make a silver example that names some targets."""

    def make(key, *named, split="train", origin="silver", **stances):
        mentions = [{"target": target, "start": 0, "end": 4} for target in named]
        return example(key, key, split, origin=origin, **stances) | {"mentions": mentions}

    return make


def test_a_sentence_that_names_what_it_is_about_trains(drop, silver):
    rows = [
        silver("about", "oic", oic="neutral"),
        silver("for", "russia", oic="unrelated", russia="favor"),
        silver("names another", "russia", oic="neutral"),
        silver("a namesake", "oic", oic="unrelated"),
        silver("names none", oic="favor"),
    ]
    assert drop(rows) == (["about", "for"], {"silver_names_no_target": 3})
    assert drop(rows, named=False) == ([row["sentence_id"] for row in rows], {})


def test_gold_stays_whatever_it_names(drop, silver, example):
    half = silver("half", oic="neutral", russia="neutral")
    half["stances"][0]["origin"] = "gold"
    rows = [silver("gold", origin="gold"), half, silver("dev", split="dev", origin="gold")]
    assert drop(rows, most=0) == (["gold", "half", "dev"], {})


def test_no_more_stay_than_asked_for_in_their_order(drop, silver):
    rows = [silver(f"{i:02}", "oic", oic="neutral") for i in range(50)]
    rows.insert(20, silver("gold", origin="gold"))
    rows.append(silver("none", oic="neutral"))
    kept, dropped = drop(rows, most=10)
    assert dropped == {"silver_names_no_target": 1, "silver_beyond_most": 40}
    assert len(kept) == 11
    assert "gold" in kept
    assert [key for key in kept if key != "gold"] == sorted({*kept} - {"gold"})
    assert kept == drop(rows, most=10)[0]
    assert kept != drop(rows, most=10, seed=14)[0]


@pytest.mark.parametrize("most", [50, 51, None])
def test_what_is_not_too_much_stays(drop, silver, most):
    rows = [silver(str(i), "oic", oic="neutral") for i in range(50)]
    assert drop(rows, most=most) == ([str(i) for i in range(50)], {})
