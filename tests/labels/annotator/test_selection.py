import pytest

from labels.annotator.selection import chosen_rows, select_sentences
from labels.pipeline.errors import DataError
from labels.pipeline.tables import write_table

ALL = ["russia", "gaza_ceasefire"]


def test_sentences_that_name_an_asked_target_are_chosen(world):
    tables = (world / "sentences.parquet", world / "mentions.parquet")
    assert select_sentences(*tables, ALL, None, 1) == {"a0#0", "a2#0", "a3#0", "a4#0"}
    assert select_sentences(*tables, ["gaza_ceasefire"], None, 1) == {"a2#0"}


def test_a_draw_is_of_its_seed_and_of_all_where_there_are_fewer(world):
    sentences = world / "sentences.parquet"
    drawn = [select_sentences(sentences, None, ALL, 2, seed) for seed in range(20)]
    assert {len(ids) for ids in drawn} == {2}
    assert len(set(drawn)) > 3
    assert drawn[0] == select_sentences(sentences, None, ALL, 2, 0)
    assert len(select_sentences(sentences, None, ALL, 99, 0)) == 5


def test_without_mentions_and_draw_every_sentence_is_chosen(world):
    sentences = world / "sentences.parquet"
    assert select_sentences(sentences, None, ALL, None, 0) is None
    assert len(list(chosen_rows(sentences, None))) == 5
    rows = chosen_rows(sentences, frozenset(["a3#0", "a0#0"]))
    assert [row["sentence_id"] for row in rows] == ["a0#0", "a3#0"]


def test_mentions_of_other_sentences_are_told(world):
    path = world / "other.parquet"
    mention = {"sentence_id": "z#0", "target": "russia", "start": 0, "end": 1}
    write_table(path, "mentions", [mention])
    with pytest.raises(DataError, match="found 1 of others; run vote_sentences again"):
        select_sentences(world / "sentences.parquet", path, ALL, None, 0)
