import numpy as np
import pytest

from labels.metrics.f1 import ids_of, score
from labels.pipeline.schema import STANCE
from training.compare.measures import HEADLINE, MEASURES, Slice, questions

BY_NAME = {measure.name: measure for measure in MEASURES}


def of_all(measure, pairs):
    taken = [pair for pair in pairs if measure.takes(pair)]
    groups = np.arange(len(taken)) % 7
    return [float(measure.value(counts.sum(0))) for counts in measure.counts(taken, groups)]


def test_scores_are_those_of_the_report(draw_alike):
    pairs = draw_alike(np.random.default_rng(1))
    stances = [pair for pair in pairs if pair.task != "sentiment"]
    for side, name in enumerate("ab"):
        rows = [{"gold": pair.gold, "label": getattr(pair, name)} for pair in stances]
        expected = score(STANCE, *ids_of(rows, STANCE))
        assert of_all(BY_NAME["f_polar"], pairs)[side] == pytest.approx(expected["f_polar"])
        assert of_all(BY_NAME["macro_f1"], pairs)[side] == pytest.approx(expected["macro_f1"])
        right = np.mean([row["gold"] == row["label"] for row in rows])
        assert of_all(BY_NAME["accuracy"], pairs)[side] == pytest.approx(right)


def test_scores_of_many_draws_at_once_are_those_of_each(draw_alike):
    pairs = [pair for pair in draw_alike(np.random.default_rng(2)) if HEADLINE.takes(pair)]
    counts, _ = HEADLINE.counts(pairs, np.arange(len(pairs)))
    both = np.stack([counts[:40].sum(0), counts[40:].sum(0)])
    assert HEADLINE.value(both).tolist() == [float(HEADLINE.value(one)) for one in both]


def test_holders_are_compared_where_both_have_one(pair):
    pairs = [
        pair("favor", "favor", "against", a_holder=True, b_holder=False),
        pair("favor", "neutral", "favor", a_holder=True, b_holder=True),
        pair("favor", "favor", "favor", a_holder=None, b_holder=True),
        pair("neutral", "favor", "favor"),
    ]
    assert of_all(BY_NAME["holder_right"], pairs) == [1.0, 0.5]


def test_slices_are_all_rows_targets_languages_both_and_voices(pair):
    pairs = [
        pair("favor", "favor", "favor", "oic", lang="ar", gold_voice="event"),
        pair("neutral", "favor", "favor", "russia", lang="id"),
        pair("positive", "neutral", "positive", "sentiment", lang="id"),
    ]
    asked = questions(pairs)
    assert (asked[0][0], asked[0][1]) == (HEADLINE, Slice())
    parts = {(measure.name, part): rows for measure, part, rows in asked}
    assert len(parts) == len(asked)
    assert parts["accuracy", Slice()] == pairs[:2]
    assert parts["accuracy", Slice(target="oic")] == pairs[:1]
    assert parts["accuracy", Slice(lang="id")] == pairs[1:2]
    assert parts["accuracy", Slice(target="oic", lang="id")] == []
    assert parts["accuracy", Slice(voice="event")] == pairs[:1]
    assert ("f_polar", Slice(voice="event")) not in parts
    assert parts["sentiment_macro_f1", Slice(lang="id")] == pairs[2:]
    assert ("sentiment_macro_f1", Slice(lang="ar")) not in parts
