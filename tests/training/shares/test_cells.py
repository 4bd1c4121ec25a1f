import numpy as np
import pytest
from rich.console import Console

from labels.ingest.settings import NearDuplicateSettings
from labels.pipeline.progress import meter
from tests.training.shares.conftest import TARGET, record, words, write_lines
from training.shares.cells import (
    NO_OUTLET,
    Cell,
    View,
    describe_articles,
    period_of,
    places_by_cell,
)
from training.shares.corpus import read_corpus
from training.shares.settings import Among, Counting, Period

NEAR = NearDuplicateSettings(shingle_words=3, permutations=128, threshold=0.6, seed=1)


@pytest.fixture
def described(tmp_path):
    def describe(*rows, period=Period.month):
        corpus = read_corpus([write_lines(tmp_path / "stance.jsonl", rows)])
        with meter(Console(quiet=True), "x", "y") as shown:
            return corpus, describe_articles(corpus, period, NEAR, shown)

    return describe


def test_dates_are_read_as_their_outlet_writes_them(described):
    _, articles = described(
        record(1, source="a", published="3/25/2024"),
        record(2, source="a", published="4/5/2024"),
        record(3, source="b", published="25/3/2024"),
        record(4, source="b", published="5/4/2024"),
        record(5, source="c", published="2024"),
        record(6),
    )
    assert articles.days == ["2024-03-25", "2024-04-05", "2024-03-25", "2024-04-05", None, None]
    assert articles.periods[:2] == ["2024-03", "2024-04"]
    assert articles.outlets[4:] == ["c", NO_OUTLET]


def test_weeks_are_those_of_iso_8601():
    assert period_of("2024-12-30", Period.week) == "2025-W01"
    assert period_of("2021-01-03", Period.week) == "2020-W53"


def test_wire_copy_counts_once_in_an_outlet_and_once_among_all(described):
    rng = np.random.default_rng(1)
    wire = [words(rng, 20) for _ in range(3)]
    rows = []
    for article, source, day in (
        ("late", "a", "2024-03-09"),
        ("first", "a", "2024-03-01"),
        ("other", "b", "2024-03-05"),
        ("undated", "b", None),
    ):
        about = {"source": source} | ({"published": day} if day else {})
        about["article"] = article
        rows += [record(f"{article}{i}", text=text, **about) for i, text in enumerate(wire)]
    rows.append(record("own", text=words(rng, 20), source="a", published="2024-03-02"))
    corpus, articles = described(*rows)
    assert len(set(articles.events.tolist())) == 2
    inside = np.ones(len(corpus), np.bool_)
    sizes = {
        (counting, outlet): len(places)
        for counting in Counting
        for (_, outlet, period), places in places_by_cell(
            articles, corpus.article_of, inside, counting
        )
        if period is None
    }
    assert sizes == {
        (Counting.articles, "a"): 7,
        (Counting.articles, "b"): 6,
        (Counting.articles, None): 13,
        (Counting.events, "a"): 4,
        (Counting.events, "b"): 3,
        (Counting.events, None): 4,
    }
    assert articles.first_in_outlet.tolist() == [False, True, True, False, True]


def test_an_article_without_a_date_is_in_the_whole_time_alone(described):
    corpus, articles = described(record(1, published="2024-03-01"), record(2))
    found = dict(
        places_by_cell(articles, corpus.article_of, np.ones(2, np.bool_), Counting.articles)
    )
    assert found["en", None, None].tolist() == [0, 1]
    assert found["en", None, "2024-03"].tolist() == [0]


def test_only_what_the_model_says_decides_which_sentences_count(described):
    corpus, _ = described(
        record(1, "favor", voice="author"), record(2, "neutral"), record(3, "unrelated")
    )
    answers = corpus.answers[TARGET]
    related = View(Among.related, 0.0)
    assert related.within(answers, None).tolist() == [True, True, False]
    assert related.within(answers, "author").tolist() == [True, False, False]
    assert View(Among.all, 0.0).within(answers, None).all()
    assert not View(Among.related, 0.95).within(answers, None).any()


def test_neutral_and_unrelated_are_one_class_among_related_sentences(described):
    corpus, _ = described(record(1, "favor"), record(2, "neutral"), record(3, "unrelated"))
    places, clusters = np.arange(3), np.arange(3)
    found = View(Among.related, 0.0).sample(corpus.answers[TARGET], places, clusters)
    assert found.predicted.tolist() == [0, 2, 2]
    assert found.scores[1] == pytest.approx([0.02, 0.02, 0.96], abs=1e-6)
    found = View(Among.all, 0.0).sample(corpus.answers[TARGET], places, clusters)
    assert found.predicted.tolist() == [0, 2, 3]


def test_the_key_of_a_cell_tells_all_outlets_from_one_called_so():
    cells = [
        Cell("t", "en", outlet, voice, None)
        for outlet in (None, "", "None", "a")
        for voice in (None, "a")
    ]
    assert len({cell.key for cell in cells}) == len(cells)
