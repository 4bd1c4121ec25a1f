import json

import pytest

from labels.annotate.gold import read_gold
from labels.people.items import write_lines
from labels.pipeline.errors import DataError
from tests.labels.people.conftest import TARGETS, answer


@pytest.fixture
def read(tmp_path, items, composer):
    """Read answers with the stage; return what it has written."""
    write_lines(tmp_path / "tasks.jsonl", items)

    def run(*overrides, **files):
        for name, rows in files.items():
            write_lines(tmp_path / f"{name}.jsonl", rows)
        given = ",".join(str(tmp_path / f"{name}.jsonl") for name in files if name != "settled")
        composer.run(
            "read_annotations",
            f"tasks={tmp_path / 'tasks.jsonl'}",
            f"input=[{given}]",
            f"output={tmp_path / 'out'}",
            f"targets=[{','.join(TARGETS)}]",
            "bootstrap_draws=20",
            *overrides,
        )
        found = {
            path.name: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            for path in (tmp_path / "out").glob("*.jsonl")
        }
        report = json.loads((tmp_path / "out" / "agreement.json").read_text(encoding="utf-8"))
        return found, report

    return run


ANNA = [
    answer("a#0", "anna", russia="favor"),
    answer("a#1", "anna", oic="neutral"),
    answer("b#0", "anna", oic="favor"),
]
BORIS = [answer("a#0", "boris", russia="neutral"), answer("a#1", "boris", oic="neutral")]


def test_a_round_gives_agreement_gold_and_what_is_to_be_settled(read, tmp_path, capsys):
    found, report = read(anna=ANNA, boris=BORIS)
    assert found["answers.jsonl"] == [ANNA[0], BORIS[0], ANNA[1], BORIS[1], ANNA[2]]
    assert [one["id"] for one in found["adjudicate.jsonl"]] == ["a#0"]
    assert [one["id"] for one in found["gold.jsonl"]] == ["a#1", "b#0"]
    assert found["rejects.jsonl"] == []
    assert (report["asked"], report["answered"], report["gold"]) == (4, 3, 2)
    assert {(one["task"], one["lang"]) for one in report["agreement"]} == {
        ("russia", None),
        ("russia", "en"),
        ("oic", None),
        ("oic", "en"),
    }
    shown = capsys.readouterr().err
    assert "anna: 3 of 3 rows answered" in shown
    rows, rejects = read_gold(tmp_path / "out" / "gold.jsonl", TARGETS, TARGETS)
    assert [row.labels for row in rows] == [{"oic": "neutral"}, {"oic": "favor"}]
    assert rejects == []


def test_what_was_settled_becomes_gold(read, tmp_path):
    settled = [answer("a#0", "clara", russia="favor")]
    write_lines(tmp_path / "settled.jsonl", settled)
    adjudicated = f"adjudicated={tmp_path / 'settled.jsonl'}"
    found, report = read(adjudicated, anna=ANNA, boris=BORIS)
    assert found["gold.jsonl"][0] | {"text": ""} == {
        "id": "a#0",
        "article_id": "a",
        "lang": "en",
        "text": "",
        "russia": "favor",
        "holder": {},
        "voice": {},
        "annotator": "clara",
    }
    assert (report["adjudicated"], report["disagreements"]) == (1, 0)


def test_who_labelled_nothing_is_named_and_what_is_wrong_is_kept(read, capsys):
    idle = [answer("a#0", "dora")]
    odd = [answer("a#0", "eve", russia="favor") | {"id": "z#0"}]
    found, report = read(anna=ANNA, idle=idle, odd=odd)
    assert {"annotator": "dora", "rows": 1, "answered": 0} in report["annotators"]
    assert "dora: 0 of 1 rows answered; nothing of them is used" in capsys.readouterr().err
    assert report["rejects"] == {"unknown_id": 1}
    assert found["rejects.jsonl"][0]["row"] == odd[0]


def test_answers_to_another_corpus_are_told_and_kept(read, tmp_path):
    old = [one | {"version": "0123456789ab"} for one in ANNA]
    with pytest.raises(DataError, match="found none") as caught:
        read(anna=old)
    assert "3 other_version: " in str(caught.value)
    kept = (tmp_path / "out" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["row"] for line in kept] == old


def test_the_same_answers_give_the_same_bytes(read, tmp_path):
    read(anna=ANNA, boris=BORIS)
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    read(boris=BORIS, anna=ANNA)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
