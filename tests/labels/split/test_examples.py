import pytest

from labels.pipeline.schema import SENTIMENT, STANCE
from labels.split.examples import is_gold, join_examples, labels_of
from tests.labels.split.conftest import article, label, sentence, sentiment_label


@pytest.fixture
def join(split_settings):
    """Join labels to three sentences of one article."""

    def run(labels, sentiments=(), mentions=(), **changes):
        articles = [article("a", "g", source="Gazette", published="2024-03-01", text="long")]
        sentences = [sentence(key, "a", f"Text {key}") for key in ("s1", "s2", "s3")]
        tables = (articles, sentences, labels, sentiments, mentions)
        return join_examples(*tables, split_settings(**changes))

    return run


def test_an_example_is_its_sentence_with_facts_of_its_article(join):
    gold = label("s2", "oic", "against") | {"holder": "Ankara", "voice": "reported"}
    (found,) = join([gold])
    stances, sentiment = found.pop("stances"), found.pop("sentiment")
    assert found == {
        "sentence_id": "s2",
        "article_id": "a",
        "group_id": "g",
        "text": "Text s2",
        "lang": "en",
        "source": "Gazette",
        "published": "2024-03-01",
        "split": "train",
        "mentions": [],
    }
    assert sentiment is None
    # who annotated does not train
    assert stances == [
        {
            "target": "oic",
            "p_favor": 0.0,
            "p_against": 1.0,
            "p_neutral": 0.0,
            "p_unrelated": 0.0,
            "label": "against",
            "origin": "gold",
            "weight": 1.0,
            "holder": "Ankara",
            "voice": "reported",
        }
    ]


def test_an_example_has_the_mentions_of_its_sentence_in_their_order(join):
    places = [("s2", "russia", 3, 9), ("s1", "oic", 0, 3), ("s2", "oic", 0, 3)]
    columns = ("sentence_id", "target", "start", "end")
    rows = [dict(zip(columns, place, strict=True)) for place in places]
    (found,) = join([label("s2", "oic")], mentions=rows)
    assert found["mentions"] == [
        {"target": "russia", "start": 3, "end": 9},
        {"target": "oic", "start": 0, "end": 3},
    ]


def test_examples_come_in_the_order_of_the_sentences_and_stances_in_that_of_the_labels(join):
    found = join([label("s3", "russia"), label("s1", "russia"), label("s3", "oic")])
    assert [row["sentence_id"] for row in found] == ["s1", "s3"]
    assert [stance["target"] for stance in found[1]["stances"]] == ["russia", "oic"]


def test_silver_below_the_confidence_is_left_out_and_the_rest_weighs_less(join):
    found = join(
        [
            label("s1", "oic", origin="silver", probability=0.59),
            label("s1", "russia", origin="silver", probability=0.61),
            label("s2", "oic", origin="silver", probability=0.5),
            label("s3", "oic", probability=0.4),  # gold stays, whatever its probability
        ]
    )
    assert [row["sentence_id"] for row in found] == ["s1", "s3"]
    assert [(row["target"], row["weight"]) for row in found[0]["stances"]] == [("russia", 0.3)]
    assert found[1]["stances"][0]["weight"] == 1.0


def test_silver_sentiments_follow_the_same_rule(join):
    silver = [
        sentiment_label("s1", origin="silver", probability=0.59),
        sentiment_label("s2", "positive", origin="silver", probability=0.6),
    ]
    (found,) = join([], silver, gold_weight=2.0)
    assert found["sentence_id"] == "s2"
    assert found["sentiment"] == {
        "p_negative": pytest.approx(0.2),
        "p_neutral": pytest.approx(0.2),
        "p_positive": 0.6,
        "label": "positive",
        "origin": "silver",
        "weight": 0.3,
    }


def test_no_silver_weight_leaves_all_silver_out(join):
    silver = [label("s1", origin="silver")], [sentiment_label("s2", origin="silver")]
    assert join(*silver, silver_weight=0.0) == []


def test_a_sentence_with_a_sentiment_alone_is_an_example_with_masked_targets(join):
    (found,) = join([], [sentiment_label("s2", "positive")])
    assert (found["sentence_id"], found["stances"]) == ("s2", [])
    assert (found["sentiment"]["label"], found["sentiment"]["p_positive"]) == ("positive", 1.0)


def test_the_labels_of_an_example_come_with_their_tasks(split_row):
    row = split_row("a", "x", stances={"russia": "favor", "oic": "neutral"}, sentiment="positive")
    found = [(task.key, task.scheme, answer["label"]) for task, answer in labels_of(row)]
    assert found == [
        ("russia", STANCE, "favor"),
        ("oic", STANCE, "neutral"),
        ("sentiment", SENTIMENT, "positive"),
    ]
    assert list(labels_of(split_row("b", "x"))) == []


@pytest.mark.parametrize("silver", ["russia", "oic", "sentiment"])
def test_one_silver_label_makes_an_example_silver(split_row, silver):
    row = split_row("a", "x", stances={"russia": "favor", "oic": "neutral"}, sentiment="positive")
    assert is_gold(row)
    for task, answer in labels_of(row):
        answer["origin"] = "silver" if task.key == silver else "gold"
    assert not is_gold(row)
