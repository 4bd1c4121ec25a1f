import json

import numpy as np
import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.tables import write_table
from tests.training.compare.test_answers import record
from training.drift.read import count_by, read_side


def read(path, most=100):
    return read_side(path, most, np.random.default_rng(1))


@pytest.fixture
def articles(tmp_path):
    rows = [
        {
            "article_id": f"a{i}",
            "title": "Talks in Jeddah",
            "text": "The OIC met. It rained.",
            "lang": "en",
            "published": "2024-03-01" if i else None,
            "url": None,
            "source": "Gazette",
            "group_id": "a0",
            "blocks": [{"start": 0, "end": 23, "kind": "body"}],
        }
        for i in range(5)
    ]
    path = tmp_path / "articles.parquet"
    write_table(path, "articles", rows)
    return path


def test_articles_are_cut_into_sentences(articles):
    side = read(articles)
    assert (side.form, side.of, len(side.texts), side.is_whole) == ("articles", 5, 5, True)
    first = side.texts[0]
    assert [line.text for line in first.lines] == ["Talks in Jeddah", "The OIC met.", "It rained."]
    assert [line.kind for line in first.lines] == ["title", "body", "body"]
    assert (first.group, first.source, first.published) == ("a0", "Gazette", None)
    assert side.texts[1].published == "2024-03-01"


def test_of_many_articles_a_random_part_is_kept_in_order(articles):
    kept = [
        [text.article_id for text in read_side(articles, 3, np.random.default_rng(i)).texts]
        for i in range(200)
    ]
    assert all(ids == sorted(ids) and len(ids) == 3 for ids in kept)
    shares = count_by(name for ids in kept for name in ids)
    assert all(90 <= n <= 150 for n in shares.values())  # 120 of 200, each as likely
    assert len(shares) == 5
    assert read(articles, 3).of == 5


def test_sentences_and_what_trains_of_splits_are_read(tmp_path, split_row):
    rows = [
        {"sentence_id": f"a#{i}", "article_id": "a", "index": i, "kind": "title", "field": "text"}
        | {"start": 0, "end": 5, "text": "Rain.", "lang": "en"}
        for i in range(2)
    ]
    write_table(tmp_path / "s.parquet", "sentences", rows)
    side = read(tmp_path / "s.parquet")
    assert (side.form, side.texts[0].group, side.texts[0].source) == ("sentences", "a", None)
    assert [line.kind for line in side.texts[0].lines] == ["title", "title"]
    rows = [split_row("1", "Sun."), split_row("2", "Fog.", "dev")]
    write_table(tmp_path / "x.parquet", "splits", rows)
    side = read(tmp_path / "x.parquet")
    assert (side.form, side.is_whole, side.of) == ("splits", False, 1)
    assert side.texts[0].group == "group 1"
    write_table(tmp_path / "x.parquet", "splits", rows[1:])
    with pytest.raises(DataError, match="at least one article of train, found none"):
        read(tmp_path / "x.parquet")


def test_records_bring_their_answers(tmp_path):
    path = tmp_path / "o.jsonl"
    records = [record(1, "Rain fell.", "favor", {}), record(2, "The sun.", "neutral", {})]
    records[0]["published"] = "1 March 2024"
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    side = read(path)
    assert [text.article_id for text in side.texts] == ["1", "2"]
    assert side.texts[0].lines[0].answers["oic"].label == "favor"
    assert side.texts[0].published is None  # not in the form of a day


def test_what_is_no_side_is_told(tmp_path, prediction):
    with pytest.raises(DataError, match="expected a file, found a folder"):
        read(tmp_path)
    write_table(tmp_path / "p.parquet", "predictions", [prediction("oic", "favor", "favor")])
    with pytest.raises(DataError, match="expected a table articles, .* found the columns sentence"):
        read(tmp_path / "p.parquet")
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="at least one article, found none"):
        read(tmp_path / "empty.jsonl")
