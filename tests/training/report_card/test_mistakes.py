import pytest

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import STANCES
from tests.training.report_card.conftest import shares
from training.inference import StanceModel
from training.report_card.mistakes import (
    LONGEST,
    add_articles,
    add_sentences,
    choose_mistakes,
    explain_mistakes,
)
from training.report_card.scored import read_scored


class Silent:
    """Is told how far it is."""

    def __init__(self):
        self.n = 0

    def advance(self, n=1):
        self.n += n


@pytest.fixture
def chosen(small):
    predictions = read_scored(iter(small.predictions), "dev")
    return choose_mistakes(predictions, predictions.stances, 2)


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


def test_the_surest_wrong_answers_of_each_target_and_language_are_taken(chosen):
    # every third article is wrong, and the later the surer
    assert [(one.target, one.lang, one.sentence_id) for one in chosen] == [
        (target, lang, f"{lang}{i}")
        for target in ("russia", "oic")
        for lang in ("ar", "en")
        for i in (23, 20)
    ]
    first = chosen[0]
    assert first.gold != first.label
    assert first.probabilities[first.label] == pytest.approx(0.83)


def test_near_copies_are_shown_once(small):
    for row in small.predictions:
        if row["sentence_id"] == "en20":
            row["group_id"] = "group en23"
    predictions = read_scored(iter(small.predictions), "dev")
    found = choose_mistakes(predictions, predictions.stances, 2)
    english = [one.sentence_id for one in found if (one.target, one.lang) == ("oic", "en")]
    assert english == ["en23", "en17"]


def test_each_kind_of_error_comes_before_a_second_one_of_any(small):
    for row in small.predictions:
        if row["task"] == "oic" and row["lang"] == "en":
            is_other = row["sentence_id"] == "en3"
            row["gold"], row["label"] = ("favor", "neutral") if is_other else ("against", "favor")
            top = 0.5 if is_other else 0.6 + int(row["sentence_id"][2:]) / 100
            row["probabilities"] = shares(STANCES, row["label"], top)
    predictions = read_scored(iter(small.predictions), "dev")
    found = choose_mistakes(predictions, predictions.stances, 3)
    english = [one.sentence_id for one in found if (one.target, one.lang) == ("oic", "en")]
    assert english == ["en23", "en3", "en22"]  # the least sure of all comes second


def test_nothing_is_chosen_where_nothing_is_wrong_or_none_is_asked_for(small):
    predictions = read_scored(iter(small.predictions), "dev")
    assert choose_mistakes(predictions, predictions.stances, 0) == []
    right = predictions.stances[predictions.stances.right]
    assert choose_mistakes(predictions, right, 3) == []


def test_a_mistake_has_its_sentence_its_title_and_what_gold_says(chosen, small):
    add_sentences(chosen, {row["sentence_id"]: row for row in small.splits})
    add_articles(chosen, small.articles)
    one = next(one for one in chosen if one.sentence_id == "en20" and one.target == "russia")
    assert one.text == "Moscow hailed the pact of day 20, <i>it said</i>."
    assert (one.gold, one.gold_holder, one.gold_voice) == ("favor", "Moscow", "event")
    assert (one.source, one.published) == ("<Gazette>", "2024-03-01")
    assert one.title == small.articles[20]["title"]


def test_words_carry_the_answer_of_the_export(chosen, small, model):
    add_sentences(chosen, {row["sentence_id"]: row for row in small.splits})
    chosen[0].text = "x" * (LONGEST + 1)
    shown = Silent()
    explain_mistakes(chosen, model, shown)
    assert shown.n == len(chosen)
    assert chosen[0].explained is None
    for one in chosen[1:]:
        assert "".join(piece.text for piece in one.explained.pieces) == one.text
        strengths = [piece.strength for piece in one.explained.pieces if piece.strength]
        assert strengths == [] or max(strengths) == 1
        weights = [word.weight for word in one.explained.words]
        assert weights == sorted(weights, reverse=True)
        assert all(weight >= 0.02 for weight in weights)
        assert one.explained.label == model([one.text])[0]["stance"][one.target]["label"]


def test_an_export_of_other_targets_is_refused(chosen, model):
    chosen[0].target = "nato"
    with pytest.raises(ConfigError, match="expected a model of nato, found one of russia"):
        explain_mistakes(chosen, model, Silent())
