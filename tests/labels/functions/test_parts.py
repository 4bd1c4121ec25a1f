import pytest

from labels.functions.parts import ask_part, describe_panel, panel_of, parts_of
from labels.pipeline.errors import DataError
from labels.pipeline.tables import write_table


@pytest.fixture
def sentences(tmp_path, sentence_rows):
    """Write three articles, of which the second is the longest."""
    rows = [
        *sentence_rows("a", "Norland condemned Russia.", "Rain fell on Moscow."),
        *sentence_rows("b", *["Snow fell."] * 5),
        *sentence_rows("c", "Russia, Russia."),
    ]
    write_table(tmp_path / "sentences.parquet", "sentences", rows)
    return tmp_path / "sentences.parquet"


@pytest.mark.parametrize(("least", "sizes"), [(1, [[2], [5], [1]]), (3, [[2, 5], [1]])])
def test_parts_are_whole_articles(sentences, monkeypatch, least, sizes):
    monkeypatch.setattr("labels.functions.parts._PART_SENTENCES", least)
    parts = list(parts_of(sentences))
    assert [part.sizes for part in parts] == sizes
    assert [name for part in parts for name in part.sentence_ids] == [
        *("a#0", "a#1"),
        *(f"b#{number}" for number in range(5)),
        "c#0",
    ]


def test_an_article_may_reach_over_row_groups(sentences, monkeypatch):
    monkeypatch.setattr("labels.pipeline.tables.ROW_GROUP", 3)
    (part,) = parts_of(sentences)
    assert part.sizes == [2, 5, 1]


def test_what_is_found_of_a_part_is_told_in_numbers(sentences, matcher):
    targets = {target.key: target for target in matcher.targets}
    described = describe_panel(targets, {"stance": ["not_named"]})
    (part,) = parts_of(sentences)
    found = ask_part(described, part)
    _, panel = panel_of(described)
    assert (found.n_articles, found.sentence_ids) == (3, part.sentence_ids)
    assert found.naming == [3, 0, 0]
    assert list(found.n_votes) == [3] * 8
    labels = [panel.votes[number].label for number in found.votes]
    assert labels[:3] == [None, "unrelated", "unrelated"]
    assert labels[6:9] == ["unrelated"] * 3
    mentions = zip(
        found.mention_places,
        found.mention_targets,
        found.mention_starts,
        found.mention_ends,
        strict=True,
    )
    assert list(mentions) == [(0, 0, 18, 24), (1, 0, 13, 19), (7, 0, 0, 6), (7, 0, 8, 14)]


def test_articles_bring_their_dates_along(tmp_path, sentences, article_rows):
    path = tmp_path / "articles.parquet"
    write_table(path, "articles", article_rows(a="2024-05-12", none="2020-01-01", b=None, c="2025"))
    (part,) = parts_of(sentences, path)
    assert part.published == ["2024-05-12", None, "2025"]
    write_table(path, "articles", article_rows(a="2024-05-12", c="2025"))
    with pytest.raises(DataError, match="expected the article 'b', in the order of the sentences"):
        list(parts_of(sentences, path))
