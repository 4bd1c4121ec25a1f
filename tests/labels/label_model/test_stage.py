import json

import pytest

from labels.label_model.stage import label_sentences
from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table, write_table


@pytest.fixture
def stage(composer, settings, sentences_table, tmp_path):
    """Let the functions vote on the four sentences, then label them; return the stances."""

    def run(*overrides, gold=()):
        composer.run(
            "vote_sentences",
            f"sentences={sentences_table}",
            "articles=null",
            f"target_folder={CONFIGS / 'target'}",
            f"output={tmp_path / 'votes'}",
        )
        label_sentences(settings(*overrides, gold=gold))
        rows = read_table(tmp_path / "labels" / "labels.parquet", "labels")
        return {(row["sentence_id"], row["target"]): row for row in rows}

    return run


@pytest.fixture
def report(tmp_path):
    return lambda: json.loads((tmp_path / "labels" / "labels.json").read_text(encoding="utf-8"))


def test_silver_is_written_for_every_sentence_and_task(stage, tmp_path, report):
    labels = stage()
    assert len(labels) == 12
    assert labels["a1#0", "russia"]["label"] == "unrelated"
    assert labels["a0#0", "russia"]["label"] == "against"
    assert labels["a2#0", "gaza_ceasefire"]["label"] == "favor"
    assert {row["origin"] for row in labels.values()} == {"silver"}
    assert len(read_table(tmp_path / "labels" / "sentiments.parquet", "sentiments")) == 4
    assert report()["sentences"] == report()["articles"] == 4
    assert report()["labels"]["gaza_ceasefire"]["silver"] == {
        "against": 1,
        "favor": 1,
        "unrelated": 2,
    }
    assert report()["labels"]["sentiment"]["masked"] == 0


def test_gold_wins_and_what_it_leaves_open_is_masked(stage, texts):
    row = {"id": "a0", "text": texts["a0"], "russia": "favor", "annotator": "person"}
    labels = stage(gold=[row | {"holder": "Norland"}])
    gold = labels["a0#0", "russia"]
    assert (gold["label"], gold["origin"], gold["annotator"]) == ("favor", "gold", "person")
    assert (gold["p_favor"], gold["holder"]) == (1.0, "Norland")
    assert ("a0#0", "oic") not in labels
    assert labels["a1#0", "oic"]["origin"] == "silver"


def test_what_gold_leaves_open_is_silver_on_demand(stage, texts):
    row = {"id": "a0", "text": texts["a0"], "russia": "favor"}
    labels = stage("silver_for_gold_sentences=true", gold=[row])
    assert labels["a0#0", "oic"]["origin"] == "silver"


def test_the_votes_of_a_person_are_one_more_table(stage, votes_table, tmp_path, report):
    person = votes_table("ada", *(("a1#0", "russia", f"ada {n}", "favor") for n in range(5)))
    functions = tmp_path / "votes" / "votes.parquet"
    labels = stage(f"votes=[{functions},{person}]")
    assert stage()["a1#0", "russia"]["label"] == "unrelated"
    assert labels["a1#0", "russia"]["label"] == "favor"
    assert labels["a0#0", "russia"]["label"] == "against"
    stage(f"votes=[{person},{functions}]")
    assert report()["labellers"]["stance"]["ada 0"]["all"]["votes"] == 1


def test_a_labeller_in_two_tables_stops_the_stage(stage, votes_table, tmp_path):
    again = votes_table("again", ("a0#0", "russia", "criticised", "favor"))
    functions = tmp_path / "votes" / "votes.parquet"
    with pytest.raises(DataError, match=f"{functions} and {again} both have votes of 'criticised'"):
        stage(f"votes=[{functions},{again}]")


def test_a_table_given_twice_is_a_wrong_setting(stage, tmp_path):
    functions = tmp_path / "votes" / "votes.parquet"
    with pytest.raises(ConfigError, match="label_sentences.votes: expected each table once"):
        stage(f"votes=[{functions},{functions}]")


def test_unusable_gold_and_votes_are_counted_by_reason(stage, votes_table, tmp_path, report, texts):
    odd = votes_table("odd", ("a9#0", "russia", "ada", "favor"), ("a0#0", "eu", "ada", None))
    stage(
        f"votes=[{tmp_path / 'votes' / 'votes.parquet'},{odd}]",
        gold=[
            {"id": "a0", "text": "Something else.", "oic": "neutral"},
            {"id": "a1", "text": "x", "eu": "favor"},
            {"id": "a2", "text": texts["a2"], "russia": "unrelated", "lead_time": 3},
        ],
    )
    rejects = read_table(tmp_path / "labels" / "label_rejects.parquet", "rejects")
    assert [row["reason"] for row in rejects] == [
        "unknown_target",
        "gold_without_sentence",
        "unknown_sentence",
        "unknown_task",
    ]
    assert report()["gold_rejects"] == {"gold_without_sentence": 1, "unknown_target": 1}
    assert report()["gold_columns_passed_over"] == {"lead_time": 1}
    assert report()["vote_rejects"] == {"unknown_sentence": 1, "unknown_task": 1}
    all_languages = report()["silver_against_gold"]["stance"]["all"]
    assert all_languages["f_polar"] is None
    assert all_languages["f_polar_reason"].startswith("no gold")


def test_anchors_judge_and_are_held_out(stage, texts, tmp_path, report):
    gold = [
        {"id": "a0", "text": texts["a0"], "russia": "against"},
        {"id": "a2", "text": texts["a2"], "russia": "unrelated"},
    ]
    stage(f"anchors={tmp_path / 'gold.jsonl'}", gold=gold)
    assert report()["silver_against_gold"]["stance"]["all"]["n"] == 2
    assert report()["labellers"]["stance"]["criticised"]["en"]["accuracy"] == 1.0


def test_mentions_of_other_sentences_stop_the_stage(stage, settings, tmp_path, sentences_table):
    stage()
    rows = read_table(sentences_table, "sentences")[1:]
    write_table(sentences_table, "sentences", rows)
    with pytest.raises(DataError, match="mentions and sentences belong together"):
        label_sentences(settings())


def test_two_runs_write_the_same_labels(stage):
    assert stage() == stage()


def test_gold_of_which_no_row_can_be_used_is_an_error_that_names_the_first_reason(stage):
    gold = [
        {"id": "a0", "text": "Not there.", "russia": "favor"},
        {"id": "a1", "text": "x", "russia": "pro"},
    ]
    with pytest.raises(DataError) as caught:
        stage(gold=gold)
    message = str(caught.value)
    assert "gold.jsonl: expected gold that can be used, found none in 2 rows" in message
    assert "gold_without_sentence" in message
    assert "'Not there.'" in message


def test_rows_that_contradict_are_counted_apart_from_copies(stage, texts, report):
    row = {"id": "a0", "text": texts["a0"], "russia": "against", "annotator": "ada"}
    stage(gold=[row, row | {"annotator": "bo"}, row | {"russia": "favor", "annotator": "cy"}])
    assert report()["gold_rejects"] == {"contradicting_gold": 1, "duplicate_gold": 1}
