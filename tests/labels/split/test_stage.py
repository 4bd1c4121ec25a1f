import json

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table, write_table
from labels.split.leaks import Kept
from labels.split.settings import FixedSplits, SplitKind
from labels.split.stage import split_examples, summarize
from tests.labels.split.conftest import article, label, sentence, sentiment_label


@pytest.fixture
def stage(tmp_path, split_settings):
    """Run the stage on articles given as (article, group, sentences); all gold."""

    def run(articles, labels=None, **changes):
        sentences = [
            sentence(f"{key}#{i}", key, text)
            for key, _, texts in articles
            for i, text in enumerate(texts)
        ]
        if labels is None:
            labels = [label(row["sentence_id"]) for row in sentences]
        write_table(tmp_path / "a", "articles", [article(key, group) for key, group, _ in articles])
        write_table(tmp_path / "s", "sentences", sentences)
        write_table(tmp_path / "labels.parquet", "labels", labels)
        sentiments = [sentiment_label(row["sentence_id"]) for row in sentences[:1]]
        write_table(tmp_path / "sentiments.parquet", "sentiments", sentiments)
        mentions = [
            {"sentence_id": row["sentence_id"], "target": "oic", "start": 0, "end": 1}
            for row in sentences[:1]
        ]
        write_table(tmp_path / "m", "mentions", mentions)
        paths = {"articles": "a", "sentences": "s", "mentions": "m", "labels": "", "output": "out"}
        places = {name: tmp_path / value for name, value in paths.items()}
        split_examples(split_settings(**places | changes))
        rows = read_table(tmp_path / "out" / "splits.parquet", "splits")
        report = json.loads((tmp_path / "out" / "split.json").read_text(encoding="utf-8"))
        return rows, report

    return run


def test_near_duplicates_stay_on_one_side(stage):
    articles = [
        (f"a{i}", f"g{i // 2}", [f"alpha{i} beta{i}", f"gamma{i} delta{i}"]) for i in range(20)
    ]
    rows, report = stage(articles)
    sides = {}
    for row in rows:
        sides.setdefault(row["group_id"], set()).add(row["split"])
    assert all(len(found) == 1 for found in sides.values())
    assert len(sides) == 10
    assert report["groups_in_two_splits"] == 0
    assert {name: counts["groups"] for name, counts in report["splits"].items()} == {
        "train": 6,
        "dev": 2,
        "test": 2,
    }
    assert report["splits"]["dev"]["labels"] == {"oic favor": 8}


def test_labels_and_sentiments_are_joined_from_their_tables(stage):
    rows, _ = stage([("x", "g", ["One", "Two"]), ("y", "h", ["Three"]), ("z", "i", ["Four"])])
    assert [row["sentence_id"] for row in rows] == ["x#0", "x#1", "y#0", "z#0"]
    assert all(row["stances"][0]["label"] == "favor" for row in rows)
    assert rows[0]["sentiment"]["label"] == "neutral"
    assert [row["sentiment"] for row in rows[1:]] == [None, None, None]


def test_a_fixed_split_follows_the_files_and_the_rest_trains(stage, tmp_path):
    articles = [("x", "g", ["Xenon"]), ("y", "g", ["Yttrium"]), ("z", "h", ["Zinc"])]
    fixed = FixedSplits(train=[tmp_path / "train.jsonl"], dev=[tmp_path / "dev.jsonl"], test=[])
    fixed.train[0].write_text('{"id": "x"}\n', encoding="utf-8")
    fixed.dev[0].write_text('{"id": "y"}\n', encoding="utf-8")
    rows, report = stage(articles, kind=SplitKind.fixed, fixed=fixed)
    assert {row["article_id"]: row["split"] for row in rows} == {
        "x": "train",
        "y": "dev",
        "z": "train",
    }
    assert report["groups_in_two_splits"] == 1  # the files divide group g; the report says so


def test_no_gold_for_dev_is_an_error_with_the_count(stage, tmp_path):
    silver = [label("x#1", origin="silver"), label("y#0", origin="silver")]
    no_dev = {"train": 1.0, "dev": 0.0, "test": 0.0}
    with pytest.raises(DataError, match=r"no example for dev \(of 3 labelled sentences"):
        stage([("x", "g", ["One", "Two"]), ("y", "h", ["Three"])], silver, sizes=no_dev)
    assert not (tmp_path / "out").exists()


def test_an_unseen_target_is_scored_and_not_learned(stage):
    articles = [(f"a{i}", f"g{i}", [f"alpha{i} beta{i}"]) for i in range(10)]
    labels = [label(f"a{i}#0", target) for i in range(10) for target in ("oic", "russia")]
    rows, _ = stage(articles, labels, unseen_targets=["oic"])
    targets = {row["split"]: {s["target"] for s in row["stances"]} for row in rows}
    assert targets == {
        "train": {"russia"},
        "dev": {"oic", "russia"},
        "test": {"oic", "russia"},
    }


def test_an_unseen_target_that_nothing_labels_is_refused(stage):
    expected = r"unseen_targets: expected keys among oic, got nato"
    with pytest.raises(ConfigError, match=expected):
        stage([("x", "g", ["One", "Two"]), ("y", "h", ["Three"])], unseen_targets=["nato"])


def test_an_unseen_language_that_nothing_is_in_is_refused(stage):
    expected = r"unseen_languages: expected keys among en, got tlh"
    with pytest.raises(ConfigError, match=expected):
        stage([("x", "g", ["One", "Two"]), ("y", "h", ["Three"])], unseen_languages=["tlh"])


def test_a_split_by_time_without_a_date_is_an_error(stage):
    articles = [(f"a{i}", f"g{i}", [f"alpha{i} beta{i}"]) for i in range(10)]
    with pytest.raises(DataError, match=r"no example for train, dev \(of 10 labelled"):
        stage(articles, kind=SplitKind.time)


def test_the_report_counts_sentences_groups_and_stances(example):
    rows = [
        example("a", "g1", "train", oic="favor", russia="neutral"),
        example("b", "g1", "train", origin="silver", oic="favor") | {"lang": "ar"},
        example("c", "g2", "dev"),
        example("d", "g1", "dev"),
    ]
    report = summarize(Kept(rows))
    assert report["dropped"] == {}
    assert report["groups_in_two_splits"] == 1
    assert report["splits"]["train"] == {
        "sentences": 2,
        "groups": 1,
        "gold_sentences": 1,
        "languages": {"ar": 1, "en": 1},
        "labels": {"oic favor": 2, "russia neutral": 1},
    }
    assert report["splits"]["dev"]["groups"] == 2
    assert report["splits"]["test"] == {
        "sentences": 0,
        "groups": 0,
        "gold_sentences": 0,
        "languages": {},
        "labels": {},
    }
