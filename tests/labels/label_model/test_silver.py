import numpy as np
import pyarrow as pa
import pytest

from labels.annotate.gold import Gold, GoldRow
from labels.label_model.items import build_items
from labels.label_model.silver import TABLE_OF, Labelled, LabelTally, label_columns
from labels.label_model.votes import ABSTAIN
from labels.pipeline.schema import SCHEMES, SENTIMENT_TASK, tasks_for
from labels.pipeline.tables import TABLES

TASKS = tasks_for(["russia", "oic"])[:-1]
GOLD = GoldRow(
    where="gold:1",
    article_ids=("s0",),
    text="x",
    labels={"russia": "favor"},
    holder={"russia": "Norland"},
    voice={"russia": "event"},
    annotator="ada",
)
PROBABILITIES = np.array([[0.1, 0.2, 0.3, 0.4]] * 3 + [[0.5, 0.5, 0.0, 0.0]])


def rows_of(*given):
    return [row for made in label_columns(*given) for row in pa.table(made.columns).to_pylist()]


@pytest.fixture
def rows(index):
    """Make the rows of two sentences and two targets; on s1 nobody votes about Russia."""
    column = np.array([[0, 0], [ABSTAIN, 0]], dtype=np.int8)
    items = build_items(TASKS, index(2), {}, {"criticised": column}, Gold({}, []), ())

    def make(gold, silver_for_gold_sentences=False):
        given = (items, ["s0", "s1"], gold, PROBABILITIES, silver_for_gold_sentences)
        return {(row["sentence_id"], row["target"]): row for row in rows_of(*given)}

    return make


def test_gold_wins_and_what_it_leaves_open_is_masked(rows):
    made = rows(Gold({"s0": GOLD}, []))
    assert list(made) == [("s0", "russia"), ("s1", "oic")]
    assert made["s0", "russia"] == {
        "sentence_id": "s0",
        "target": "russia",
        "p_favor": 1.0,
        "p_against": 0.0,
        "p_neutral": 0.0,
        "p_unrelated": 0.0,
        "label": "favor",
        "origin": "gold",
        "annotator": "ada",
        "holder": "Norland",
        "voice": "event",
    }


def test_what_gold_leaves_open_is_silver_on_demand(rows):
    made = rows(Gold({"s0": GOLD}, []), silver_for_gold_sentences=True)
    silver = made["s0", "oic"]
    assert (silver["label"], silver["origin"], silver["annotator"]) == (
        "unrelated",
        "silver",
        "label_model",
    )
    assert (silver["holder"], silver["voice"]) == (None, None)
    assert silver["p_unrelated"] == pytest.approx(0.4)


def test_where_nobody_votes_there_is_no_row(rows):
    assert list(rows(Gold({}, []))) == [("s0", "russia"), ("s0", "oic"), ("s1", "oic")]


def test_every_scheme_has_a_table_with_its_classes():
    for scheme in SCHEMES:
        columns = TABLES[TABLE_OF[scheme.name]]
        assert [name for name in columns if name.startswith("p_")] == [
            f"p_{name}" for name in scheme.classes
        ]


def test_a_sentiment_row_has_the_columns_of_its_table(index):
    column = np.array([[2]], dtype=np.int8)
    items = build_items([SENTIMENT_TASK], index(1), {}, {"last_word": column}, Gold({}, []), ())
    (row,) = rows_of(items, ["s0"], Gold({}, []), np.array([[0.1, 0.2, 0.7]]), False)
    assert row == {
        "sentence_id": "s0",
        "p_negative": pytest.approx(0.1),
        "p_neutral": pytest.approx(0.2),
        "p_positive": pytest.approx(0.7),
        "label": "positive",
        "origin": "silver",
        "annotator": "label_model",
    }


def test_labels_are_counted_by_task_and_origin_and_the_rest_is_masked():
    tally = LabelTally(TASKS)
    for origin, label in [("gold", "favor"), ("silver", "favor"), ("silver", "against")]:
        columns = {"origin": pa.array([origin]), "label": pa.array([label])}
        tally.count(TASKS, Labelled(columns, np.array([0])))
    assert tally.report(5) == {
        "russia": {"masked": 2, "gold": {"favor": 1}, "silver": {"against": 1, "favor": 1}},
        "oic": {"masked": 5, "gold": {}, "silver": {}},
    }


def test_many_sentences_keep_their_order_and_their_gold(index, monkeypatch):
    monkeypatch.setattr("labels.label_model.silver.ROW_GROUP", 2)
    column = np.zeros((5, 2), dtype=np.int8)
    items = build_items(TASKS, index(5), {}, {"criticised": column}, Gold({}, []), ())
    even = np.full((10, 4), 0.25)
    names = [f"s{number}" for number in range(5)]
    made = rows_of(items, names, Gold({"s3": GOLD}, []), even, False)
    told = [(row["sentence_id"], row["target"], row["origin"]) for row in made]
    assert told == [
        (name, target, "gold" if name == "s3" else "silver")
        for name in names
        for target in ("russia", "oic")
        if (name, target) != ("s3", "oic")
    ]
    assert made[6]["holder"] == "Norland"
