import json
import math
from collections import Counter

import pytest

from labels.pipeline.tables import write_table
from training.drift.features import Named
from training.drift.read import Line, Text
from training.inference.written import WrittenAnswer
from training.selection.candidates import (
    NAMED,
    candidates_of,
    read_divided,
    read_labelled,
    unsure_by,
)
from training.selection.settings import Unsureness


def said(label, *probabilities):
    return WrittenAnswer(label=label, probabilities=probabilities, holder=None)


def article(*lines, lang="en"):
    texts = [
        Line(sentence_id=f"a#{i}", kind="body", text=text, answers=answers)
        for i, (text, _, answers) in enumerate(lines)
    ]
    whole = Text(article_id="a", group="a", lang=lang, source=None, published=None, lines=texts)
    return Named(whole, [targets for _, targets, _ in lines])


def found(articles, votes=None, done=(), named_only=True, kind=Unsureness.margin):
    given = candidates_of(
        articles, ["russia", "oic"], votes or {}, set(done), kind, named_only, least_words=3
    )
    return list(given)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Unsureness.least_confident, 0.5),
        (Unsureness.margin, 0.75),
        (Unsureness.entropy, (0.5 * math.log(2) + 2 * 0.25 * math.log(4)) / math.log(4)),
    ],
)
def test_unsure_is_what_the_setting_says(kind, value):
    assert unsure_by(kind, said("favor", 0.5, 0.25, 0.25, 0.0)) == pytest.approx(value)
    assert unsure_by(kind, said("favor", 1.0, 0.0, 0.0, 0.0)) == 0


def test_short_ones_doubles_labelled_ones_and_those_without_a_target_are_left_out():
    lines = [
        ("Moscow said.", {"russia"}, {}),
        ("Moscow said nothing new.", {"russia"}, {}),
        ("MOSCOW said nothing new!", {"russia"}, {}),
        ("It rained all day.", set(), {}),
        ("Nato said nothing new.", {"nato"}, {}),
        ("The OIC said nothing new.", {"oic"}, {}),
    ]
    kept = found([article(*lines)], done={"the oic said nothing new"})
    assert [one.sentence_id for one in kept] == ["a#1"]
    assert kept[0].cells == (("en", "russia", NAMED),)
    assert kept[0].unsureness is None
    assert len(found([article(*lines)], named_only=False)) == 4


def test_the_least_sure_target_and_the_predicted_cells_count():
    answers = {
        "russia": said("favor", 0.5, 0.3, 0.2, 0.0),
        "oic": said("unrelated", 0.0, 0.0, 0.0, 1.0),
        "sentiment": said("neutral", 0.3, 0.4, 0.3),
    }
    votes = {"a#0": {"russia": 0.5, "oic": 0.9}}
    (one,) = found([article(("Moscow said nothing new.", {"russia"}, answers))], votes)
    assert (one.unsureness, one.unsure_of) == (pytest.approx(0.8), "russia")
    assert one.cells == (("en", "russia", "favor"),)
    assert (one.disagreement, one.divided_on) == (0.9, "oic")
    assert one.labels == {"russia": "favor", "oic": "unrelated", "sentiment": "neutral"}


def test_labellers_are_divided_where_their_votes_differ(tmp_path):
    def vote(sentence, labeller, label, task="russia"):
        row = {"sentence_id": sentence, "task": task, "labeller": labeller, "label": label}
        return row | {"abstained": label is None}

    rows = [
        vote("a#0", "one", "favor"),
        vote("a#0", "two", "against"),
        vote("a#0", "three", None),
        vote("a#1", "one", "favor"),
        vote("a#1", "two", "favor"),
        vote("a#2", "one", "negative", "sentiment"),
        vote("a#2", "two", "positive", "sentiment"),
    ]
    write_table(tmp_path / "votes.parquet", "votes", rows)
    divided = read_divided([tmp_path / "votes.parquet"], ["russia", "oic"])
    assert divided == {"a#0": {"russia": pytest.approx(0.5)}}  # two of four classes, evenly


def test_gold_is_counted_by_cell_and_tasks_handed_out_are_done(tmp_path):
    gold = {
        "id": "1",
        "lang": "ar",
        "text": "Gold words here",
        "russia": "against",
        "oic": "unrelated",
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "tasks.jsonl").write_text(json.dumps({"text": "Handed out, before"}), "utf-8")
    cells, texts = read_labelled(
        [tmp_path / "gold.jsonl"], [tmp_path / "tasks.jsonl"], ["russia", "oic"], ["russia", "oic"]
    )
    assert cells == Counter({("ar", "russia", "against"): 1, ("ar", "russia", NAMED): 1})
    assert texts == {"gold words here", "handed out before"}
