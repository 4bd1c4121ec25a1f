import numpy as np
import pytest

from labels.pipeline.errors import DataError
from training.report_card.scored import read_scored


def test_rows_become_columns_and_other_splits_are_left_out(small):
    rows = small.predictions
    rows[0]["split"] = "test"
    found = read_scored(iter(rows), "dev")
    assert len(found.stances) == 2 * 48 - 1
    assert len(found.sentiments) == 48
    assert found.targets == ["oic", "russia"]  # the first row, of russia, is of another split
    assert found.langs == ["ar", "en"]
    assert found.sentence_ids[0] == "en0"
    assert found.stances.probabilities.shape == (95, 4)
    # labels and probabilities belong together, and groups are numbered in sorted order
    assert (found.stances.probabilities.argmax(1) == found.stances.labels).all()
    names = np.array([row["group_id"] for row in rows if row["task"] == "oic"])
    numbers = found.stances.groups[found.stances.tasks == "oic"]
    assert [names[i] for i in np.argsort(numbers, kind="stable")] == sorted(names)


def test_some_rows_can_be_taken(small):
    found = read_scored(iter(small.predictions), "dev").stances
    arabic = found[found.langs == "ar"]
    assert len(arabic) == 48
    assert set(arabic.local_groups.tolist()) == set(range(24))
    assert arabic.right.sum() == (~(np.arange(24) % 3 == 2)).sum() * 2
    assert arabic.confidences.min() == pytest.approx(0.6)


def test_a_split_that_was_not_scored_is_named(small):
    with pytest.raises(DataError, match=r"no prediction of test; .*scored=\[test\]"):
        read_scored(iter(small.predictions), "test")


def test_a_split_without_sentiments_is_read(small):
    rows = [row for row in small.predictions if row["task"] != "sentiment"]
    assert len(read_scored(iter(rows), "dev").sentiments) == 0
