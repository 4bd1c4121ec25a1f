import json

import pytest

from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table, write_table
from training.labelling_speed.stage import copy_sentences


def sentence(number):
    return {
        "sentence_id": f"a{number}#0",
        "article_id": f"a{number}",
        "index": 0,
        "kind": "body",
        "field": "text",
        "start": 0,
        "end": 25,
        "text": "Norland condemned Russia.",
        "lang": "en",
    }


@pytest.fixture
def sentences(tmp_path):
    path = tmp_path / "sentences.parquet"
    write_table(path, "sentences", map(sentence, range(5)))
    return path


def test_rates_and_memory_of_each_number_of_sentences_stand_on_a_page(composer, sentences):
    work, page = sentences.with_name("work"), sentences.with_name("page.md")
    given = [f"sentences={sentences}", "counts=[4,12]", f"work={work}", f"page={page}"]
    composer.run("benchmark_labelling", *given, "processes=1")
    rates = json.loads((work / "labelling_speed.json").read_text(encoding="utf-8"))
    assert [rate["sentences"] for rate in rates] == [4, 12]
    for rate in rates:
        both = 1 / rate["voting_per_second"] + 1 / rate["label_model_per_second"]
        assert rate["sentences_per_second"] == pytest.approx(1 / both, rel=0.2)
        assert min(rate["voting_mib"], rate["label_model_mib"], rate["processor_ms"]) > 1
    votes = read_table(work / "12" / "votes" / "votes.parquet", "votes")
    assert len({row["sentence_id"] for row in votes}) == 12
    assert len(read_table(work / "4" / "labels" / "sentiments.parquet", "sentiments")) == 4
    text = page.read_text(encoding="utf-8")
    assert "| 12 | " in text
    assert "so they came again" in text
    assert str(CONFIGS.parent) not in text


def test_sentences_that_come_again_have_ids_of_their_own(sentences, tmp_path):
    copy_sentences(sentences, tmp_path / "copy.parquet", 12)
    rows = read_table(tmp_path / "copy.parquet", "sentences")
    assert len(rows) == len({row["sentence_id"] for row in rows}) == 12
    assert rows[0] == sentence(0) | {"sentence_id": "0/a0#0", "article_id": "0/a0"}
    assert (rows[5]["sentence_id"], rows[11]["article_id"]) == ("1/a0#0", "2/a1")


def test_there_must_be_sentences(composer, tmp_path):
    write_table(tmp_path / "none.parquet", "sentences", [])
    with pytest.raises(DataError, match="expected at least one sentence, found none"):
        copy_sentences(tmp_path / "none.parquet", tmp_path / "copy.parquet", 1)
    with pytest.raises(ConfigError, match="counts: expected at least 1, got 0"):
        composer.settings("benchmark_labelling", "counts=[0]")
