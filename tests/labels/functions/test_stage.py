import json

import pytest

from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError
from labels.pipeline.tables import read_table, write_table

FUNCTIONS = "functions={stance: [not_named, criticised], sentiment: [condemning]}"


@pytest.fixture
def vote(composer, tmp_path, sentence_rows):
    """Run the stage on two articles."""
    rows = [
        *sentence_rows("a", "Norland condemned Russia.", "Rain fell on Moscow."),
        *sentence_rows("b", "Es regnet.", lang="de"),
    ]
    write_table(tmp_path / "sentences.parquet", "sentences", rows)

    def run(*overrides):
        composer.run(
            "vote_sentences",
            f"sentences={tmp_path / 'sentences.parquet'}",
            "articles=null",
            f"output={tmp_path / 'votes'}",
            f"target_folder={CONFIGS / 'target'}",
            "targets=[russia]",
            *overrides,
        )
        return tmp_path / "votes"

    return run


def test_who_was_asked_has_a_row_and_an_abstention_is_told_from_a_vote(vote):
    rows = read_table(vote(FUNCTIONS) / "votes.parquet", "votes")
    assert [tuple(row.values()) for row in rows] == [
        ("a#0", "russia", "not_named", None, True),
        ("a#0", "russia", "criticised", "against", False),
        ("a#0", "sentiment", "condemning", "negative", False),
        ("a#1", "russia", "not_named", None, True),
        ("a#1", "russia", "criticised", None, True),
        ("a#1", "sentiment", "condemning", None, True),
        ("b#0", "russia", "not_named", "unrelated", False),  # nobody else knows German
    ]


def test_mentions_are_places_in_the_text(vote):
    rows = read_table(vote() / "mentions.parquet", "mentions")
    assert [tuple(row.values()) for row in rows] == [
        ("a#0", "russia", 18, 24),
        ("a#1", "russia", 13, 19),
    ]


def test_the_definitions_of_the_targets_stand_beside_the_votes(vote):
    (target,) = json.loads((vote() / "targets.json").read_text("utf-8"))
    assert (target["key"], target["name"], target["kind"]) == ("russia", "Russia", "actor")
    assert target["aliases"]["en"][0] == "Russia"
    assert target["context"]["default"] is True


def test_the_report_counts_who_was_asked_and_who_voted(vote):
    report = json.loads((vote(FUNCTIONS) / "votes.json").read_text("utf-8"))
    assert report == {
        "sentences": 3,
        "articles": 2,
        "mentions": {"russia": 2},
        "labellers": {
            "stance": {
                "not_named": {"asked": 3, "votes": 1, "coverage": 0.3333},
                "criticised": {"asked": 2, "votes": 1, "coverage": 0.5},
            },
            "sentiment": {"condemning": {"asked": 2, "votes": 1, "coverage": 0.5}},
        },
    }


def test_every_wrong_choice_is_told_before_work_starts(vote):
    with pytest.raises(ConfigError) as caught:
        vote("functions.stance=[guess]", "targets=[rusia]")
    assert "functions.stance: unknown function 'guess'" in str(caught.value)
    assert f"unknown target 'rusia'; {CONFIGS / 'target'} has" in str(caught.value)


def test_a_lexicon_that_does_not_fit_stops_the_stage(vote, monkeypatch):
    monkeypatch.setattr("labels.functions.stage.load", lambda lang, name: {"prise": ["thank"]})
    with pytest.raises(ConfigError, match="en/stance.yaml: the category 'prise' is read by no"):
        vote()


def test_two_runs_write_the_same_bytes(vote):
    first = {path.name: path.read_bytes() for path in vote().iterdir()}
    assert first == {path.name: path.read_bytes() for path in vote().iterdir()}
    assert sorted(first) == ["mentions.parquet", "targets.json", "votes.json", "votes.parquet"]


@pytest.mark.parametrize("part", [1, 2, 512])
def test_any_number_of_processes_and_any_parts_write_the_same_bytes(vote, monkeypatch, part):
    first = {path.name: path.read_bytes() for path in vote("processes=1").iterdir()}
    monkeypatch.setattr("labels.functions.parts._PART_SENTENCES", part)
    for processes in (1, 2):
        written = vote(f"processes={processes}").iterdir()
        assert first == {path.name: path.read_bytes() for path in written}


def test_a_table_without_sentences_gives_tables_without_rows(vote, tmp_path):
    write_table(tmp_path / "sentences.parquet", "sentences", [])
    assert read_table(vote() / "votes.parquet", "votes") == []
    assert json.loads((tmp_path / "votes" / "votes.json").read_text("utf-8"))["articles"] == 0


@pytest.mark.slow
def test_a_cluster_writes_what_one_process_writes(
    composer, tmp_path, sentence_rows, cluster, monkeypatch
):
    monkeypatch.setattr("labels.functions.parts._PART_SENTENCES", 4)  # so that both nodes work
    texts = ["Norland condemned Russia.", "Rain fell on Moscow.", "Снег шёл в Москве."]
    rows = [row for number in range(20) for row in sentence_rows(f"a{number}", *texts)]
    write_table(tmp_path / "sentences.parquet", "sentences", rows)
    found = []
    for name, asked in (("here", "processes=1"), ("there", f"address={cluster}")):
        output = tmp_path / name
        composer.run(
            "vote_sentences",
            f"sentences={tmp_path / 'sentences.parquet'}",
            "articles=null",
            f"output={output}",
            f"target_folder={CONFIGS / 'target'}",
            asked,
        )
        found.append({path.name: path.read_bytes() for path in output.iterdir()})
    here, there = found
    assert here == there
    assert len(here) == 4
