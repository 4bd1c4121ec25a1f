import pytest

from labels.pipeline.errors import DataError
from tests.training.shares.conftest import TARGET, record, write_lines
from training.shares.audit import read_audit
from training.shares.corpus import read_corpus


@pytest.fixture
def audit(tmp_path):
    def read(rows, gold, name="gold.jsonl"):
        corpus = read_corpus([write_lines(tmp_path / "stance.jsonl", rows)])
        return read_audit(write_lines(tmp_path / name, gold), corpus)

    return read


def test_gold_is_found_by_its_text_however_it_is_written(audit):
    found = audit(
        [record(1, text="Caf\u00e9  talks"), record(2, text="Other")],
        [{"id": "g", "text": "Cafe\u0301 talks ", TARGET: " Favor "}],
    )
    assert found.places.tolist() == [0]
    assert found.gold[TARGET].tolist() == [0]


def test_of_several_with_the_same_text_the_one_of_the_article_is_taken(audit):
    rows = [record(1, text="Same", article="x"), record(2, text="Same", article="y")]
    gold = [{"article_id": "y", "text": "Same", TARGET: "favor"}]
    assert audit(rows, gold).places.tolist() == [1]
    assert audit(rows, [gold[0] | {"article_id": "z"}]).places.tolist() == [0]


def test_rows_of_an_article_are_one_cluster(audit):
    gold = [
        {"id": f"{i}", "article_id": name, "text": f"Sentence {i} of the talks.", TARGET: "favor"}
        for i, name in enumerate("aab")
    ]
    found = audit([record(i) for i in range(3)], gold)
    assert found.clusters.tolist() == [0, 0, 1]


def test_every_row_is_used_or_counted(audit):
    gold = [
        {"id": "1", "text": "Sentence 1 of the talks.", TARGET: "favor"},
        {"id": "2", "text": "Sentence 1 of the talks.", TARGET: "favor"},
        {"id": "3", "text": "Sentence 1 of the talks.", TARGET: "against"},
        {"id": "4", "text": "Unknown.", TARGET: "favor"},
        {"id": "5", "text": "Sentence 2 of the talks.", TARGET: "pro"},
        {"id": "6", "text": " ", TARGET: "favor"},
        {"id": "7", "text": "Sentence 2 of the talks.", TARGET: ""},
        "broken",
    ]
    found = audit([record(1), record(2)], gold)
    assert (found.rows, len(found), found.unmatched, len(found.rejects)) == (8, 1, 1, 6)
    assert sorted(reject.reason for reject in found.rejects) == [
        "broken_json",
        "contradicting_gold",
        "duplicate_gold",
        "no_label",
        "no_text",
        "unknown_label",
    ]


def test_a_table_is_read_too(audit):
    gold = [f"id,text,{TARGET}", "1,Sentence 1 of the talks.,against"]
    found = audit([record(1)], gold, "gold.csv")
    assert found.gold[TARGET].tolist() == [1]


def test_gold_of_other_sentences_is_an_error_that_says_what_to_do(audit):
    with pytest.raises(DataError, match="found none in 1 rows; label the gold sample first"):
        audit([record(1)], [{"id": "1", "text": "Unknown.", TARGET: "favor"}])
    with pytest.raises(DataError, match="the first problem: .*expected a label for one of gaza"):
        audit([record(1)], [{"id": "1", "text": "Sentence 1 of the talks.", "nato": "favor"}])
