from pathlib import Path

import pytest

from labels.alias_audit.read import mentions_now
from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import DataError
from labels.pipeline.tables import write_table
from labels.targets import Matcher
from labels.targets.read import load_targets

TEXT = "Старовойт посетил новый мост."


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_targets(CONFIGS / "target", ["russia"]))


@pytest.fixture
def tables(tmp_path):
    """Write one sentence that names a minister, and its article of a date."""

    def write(published):
        row = {
            **{"sentence_id": "a#0", "article_id": "a", "index": 0, "kind": "body"},
            **{"field": "text", "start": 0, "end": len(TEXT), "text": TEXT, "lang": "ru"},
        }
        article = {
            **{"article_id": "a", "title": None, "text": TEXT, "lang": "ru", "url": None},
            **{"published": published, "source": None, "group_id": "a"},
            "blocks": [{"start": 0, "end": len(TEXT), "kind": "body"}],
        }
        sentences, articles = tmp_path / "sentences.parquet", tmp_path / "articles.parquet"
        write_table(sentences, "sentences", [row])
        write_table(articles, "articles", [article])
        judged = {key: row[key] for key in row if key not in ("index", "kind", "text")}
        return [judged | {"found": True, "weight": 1.0, "named": []}], sentences, articles

    return write


@pytest.mark.parametrize(
    ("published", "is_named"), [("2024-03-02", True), ("2012-03-02", False), (None, True)]
)
def test_who_was_not_in_office_then_is_not_named(tables, matcher, published, is_named):
    ((_, _, found),) = mentions_now(*tables(published), matcher)
    assert [one.target for one in found] == ["russia"] * is_named


def test_without_articles_terms_are_not_read(tables, matcher):
    judged, sentences, _ = tables("2012-03-02")
    ((_, _, found),) = mentions_now(judged, sentences, None, matcher)
    assert [one.target for one in found] == ["russia"]


def test_a_sentence_that_stands_elsewhere_is_told(tables, matcher):
    judged, sentences, articles = tables(None)
    moved = [judged[0] | {"start": 5}]
    with pytest.raises(DataError, match="1 do not stand there, such as 'a#0'"):
        list(mentions_now(moved, sentences, Path(articles), matcher))
