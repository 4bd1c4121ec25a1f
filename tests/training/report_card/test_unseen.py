import pytest

from training.report_card.intervals import Rule
from training.report_card.scored import read_scored
from training.report_card.slices import Measuring
from training.report_card.unseen import (
    LATER,
    OTHER_OUTLETS,
    SAME_OUTLETS,
    read_unseen,
    unseen_section,
)


@pytest.fixture
def rows(split_row):
    """Give two days and outlets of train, and four sentences of dev."""

    def make(key, split, day, outlet):
        return split_row(key, f"Rain {key}.", split, published=day, source=outlet)

    return [
        make("late", "dev", "2024-03-02", "Gazette"),
        make("new", "dev", "2024-02-01", "Herald"),
        make("t1", "train", "2024-03-01", "Gazette"),
        make("t2", "train", None, None),
        make("same", "dev", "2024-03-01", "Gazette"),
        make("bare", "dev", None, None),
        make("other", "test", "2024-04-01", "Herald"),
    ]


def test_what_is_new_is_later_than_all_that_trained_or_of_another_outlet(rows):
    assert read_unseen(iter(rows), "dev") == {
        LATER: {"late"},
        OTHER_OUTLETS: {"new"},
        SAME_OUTLETS: {"late", "same"},
    }


def test_nothing_is_later_than_days_that_nobody_knows(rows):
    for row in rows:
        if row["split"] == "train":
            row["published"] = None
    assert read_unseen(iter(rows), "dev")[LATER] == set()


def test_the_figures_are_of_the_new_sentences_alone(small):
    predictions = read_scored(iter(small.predictions), "dev")
    # of i in 0..23 every third is wrong; of these 12 sentences none is
    right = {f"{lang}{i}" for lang in ("en", "ar") for i in range(9) if i % 3 != 2}
    measuring = Measuring(rule=Rule(rows=2, groups=2), n_draws=20, seed=1)
    section = unseen_section(
        predictions, predictions.stances, {LATER: right, OTHER_OUTLETS: set()}, measuring
    )
    later, other = section["unseen_rows"]
    assert (later.head, later.cells[:2]) == (LATER, ["12", "12"])
    assert [cell.figure.value for cell in later.cells[2:]] == [1.0, 1.0, 1.0, 1.0]
    assert other.cells[:2] == ["0", "0"]
    assert other.cells[2].figure.value is None
    assert "0 favor in 0 articles" in other.cells[2].figure.shortage
