import numpy as np
import pytest

from labels.annotate.gold import Gold, GoldRow
from labels.label_model.estimate import estimate, estimate_held_out
from labels.label_model.items import build_items
from labels.label_model.kind import LabelModelKind
from labels.pipeline.schema import SENTIMENT_TASK

NEGATIVE, POSITIVE = 0, 2


def gold_row(number):
    return GoldRow(
        where=f"gold:{number}",
        article_ids=(f"s{number}",),
        text="x",
        labels={"sentiment": "positive"},
        holder={},
        voice={},
        annotator="ada",
    )


@pytest.fixture
def items(index):
    """40 sentences on which the labeller says negative and gold, which may teach, positive."""
    columns = {"first_word": np.full((40, 1), NEGATIVE, dtype=np.int8)}
    gold = Gold({f"s{number}": gold_row(number) for number in range(40)}, [])
    teaching = {row.where for row in gold.by_sentence.values()}
    return build_items([SENTIMENT_TASK], index(40), {}, columns, gold, teaching)


@pytest.fixture
def model(settings):
    return settings().label_model


def test_the_kind_chooses_the_label_model(items, model):
    model.kind = LabelModelKind.majority
    assert estimate(items, model)[0] == pytest.approx([1, 0, 0])
    model.kind = LabelModelKind.confusion
    assert estimate(items, model)[0] == pytest.approx([0, 0, 1])


def test_other_anchors_may_be_given(items, model):
    without = np.full(40, -1)
    assert estimate(items, model, anchors=without)[0].argmax() == NEGATIVE


def test_held_out_items_are_judged_by_what_the_others_taught(items, model):
    held_out = estimate_held_out(items, model, n_folds=4)
    assert (held_out.argmax(axis=1) == POSITIVE).all()
    assert (held_out[:, POSITIVE] < 1).all()  # taught, not told
