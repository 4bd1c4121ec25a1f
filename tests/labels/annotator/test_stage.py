import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table, write_table

KEY = "sk-secret-of-the-test"


@pytest.fixture
def stage(composer, world, overrides, server):
    """Run the stage against the server; return its votes by sentence and task."""

    def run(*more, url=None):
        composer.run("annotate_sentences", *arguments(world, overrides(url or server.url)), *more)
        path = world / "out" / "votes.parquet"
        rows = read_table(path, "votes") if path.exists() else []
        return {(row["sentence_id"], row["task"]): row["label"] for row in rows}

    return run


def arguments(world, shared):
    return [
        *shared,
        f"sentences={world / 'sentences.parquet'}",
        f"mentions={world / 'mentions.parquet'}",
        f"output={world / 'out'}",
    ]


@pytest.fixture
def report(world):
    return lambda: json.loads((world / "out" / "annotation.json").read_text(encoding="utf-8"))


@pytest.fixture
def rejects(world):
    return lambda: {
        row["source"]: row["reason"]
        for row in read_table(world / "out" / "rejects.parquet", "rejects")
    }


def counted(report):
    parts = ("passed_over", "answered", "rejected", "left")
    assert report["sentences"] == sum(report[name] for name in parts)
    return {name: report[name] for name in parts}


def test_answers_become_a_votes_table(stage, report, server):
    votes = stage()
    assert votes["a0#0", "russia"] == "against"
    assert votes["a2#0", "gaza_ceasefire"] == "favor"
    assert votes["a3#0", "russia"] == "against"
    assert votes["a4#0", "russia"] == "neutral"
    assert len(votes) == 16
    assert counted(report()) == {"passed_over": 1, "answered": 4, "rejected": 0, "left": 0}
    assert report()["votes"]["russia"] == {
        "favor": 0,
        "against": 2,
        "neutral": 1,
        "unrelated": 1,
    }
    assert len(server.requests) == 3  # three in English, two at a time, and one in Russian


def test_all_sentences_are_asked_about_where_mentions_do_not_matter(stage, report):
    votes = stage("mentions=null")
    assert votes["a1#0", "sentiment"] == "neutral"
    assert counted(report())["answered"] == 5


def test_a_part_is_drawn(stage, report):
    stage("mentions=null", "most_sentences=2")
    assert counted(report()) == {"passed_over": 3, "answered": 2, "rejected": 0, "left": 0}


def test_a_dry_run_asks_nothing_and_writes_nothing(stage, world, server, capfd):
    stage("dry_run=true", "endpoint.price_input=1000", "endpoint.price_output=0")
    assert server.requests == []
    assert not (world / "out").exists()
    told = capfd.readouterr().err
    assert "sentences to ask about" in told
    assert "cost" in told
    assert "no request having been made" in told


def test_a_second_run_asks_nothing_and_writes_the_same_bytes(stage, world, server):
    stage()
    first = (world / "out" / "votes.parquet").read_bytes()
    told = (world / "out" / "annotation.json").read_bytes()
    asked = len(server.requests)
    stage()
    assert len(server.requests) == asked
    assert (world / "out" / "votes.parquet").read_bytes() == first
    assert (world / "out" / "annotation.json").read_bytes() == told


def test_what_is_answered_already_needs_no_endpoint(stage, report):
    votes = stage()
    assert stage(url="http://127.0.0.1:1/v1") == votes
    assert counted(report())["answered"] == 4


def test_no_sentences_are_no_votes(stage, report, world, server):
    write_table(world / "sentences.parquet", "sentences", [])
    assert stage("mentions=null") == {}
    assert counted(report()) == {"passed_over": 0, "answered": 0, "rejected": 0, "left": 0}
    assert server.requests == []


def test_another_model_prompt_or_text_is_asked_anew(stage, server):
    stage()
    asked = len(server.requests)
    stage("endpoint.model=other")
    assert len(server.requests) == 2 * asked
    stage("prompt.option_order=reversed")
    assert len(server.requests) == 3 * asked


def test_sentences_without_a_valid_answer_are_rejected_with_the_reason(
    stage, report, rejects, server, act
):
    def wrong(texts):
        answers = [{"n": n, "russia": "hostile"} for n, _ in enumerate(texts, start=1)]
        return json.dumps({"answers": answers})

    server.always = act(content=wrong)
    votes = stage()
    assert votes == {}
    assert rejects() == dict.fromkeys(["a0#0", "a2#0", "a3#0", "a4#0"], "wrong_label")
    assert counted(report()) == {"passed_over": 1, "answered": 0, "rejected": 4, "left": 0}
    assert report()["rejects"] == {"wrong_label": 4}
    server.always = None
    stage()  # rejects are asked about again
    assert counted(report())["answered"] == 4


def test_rate_limits_errors_cut_answers_and_refusals_are_got_over(stage, report, server, act):
    server.script = [
        act(status=429, headers={"Retry-After": "0.1"}),
        act(content='{"answers": [{"n": 1, "russia": "favor"', finish="length"),
        act(status=500, headers={"Retry-After": "0.1"}),
        act(refusal="I cannot help with that."),
    ]
    stage("attempts=3", "endpoint.concurrency=1")
    assert counted(report()) == {"passed_over": 1, "answered": 4, "rejected": 0, "left": 0}


def test_an_endpoint_that_is_down_is_told_and_nothing_is_written(stage, world):
    message = "expected answers from http://127.0.0.1:1/v1, found Connection error.*nothing was"
    with pytest.raises(DataError, match=message):
        stage("endpoint.retries=0", url="http://127.0.0.1:1/v1")
    assert not (world / "out").exists()


def test_an_endpoint_that_refuses_is_a_wrong_setting(stage, server, act):
    server.always = act(status=401)
    with pytest.raises(ConfigError, match="HTTP 401.*look at base_url, model, api_key_variable"):
        stage()


def test_an_endpoint_that_dies_half_way_loses_nothing(stage, report, server, world, chat_server):
    server.dies_after = 1
    once = ["endpoint.retries=0", "endpoint.concurrency=1", "endpoint.most_failures=2"]
    with pytest.raises(DataError, match="the answers of 1 requests are kept; run it again"):
        stage(*once)
    assert not (world / "out").exists()
    again = chat_server()
    stage(*once, url=again.url)
    assert counted(report())["answered"] == 4
    answered = set(server.requests[0].texts)
    assert answered
    assert not answered & {text for request in again.requests for text in request.texts}


def test_a_failing_request_among_others_is_a_reject(stage, rejects, report, server, act):
    server.script = [act(), act(status=400), act(status=400)]
    stage("endpoint.concurrency=1", "prompt.batch=1", "attempts=2", "endpoint.retries=0")
    assert list(rejects().values()) == ["request_failed"]
    assert counted(report())["answered"] == 3


def test_a_sentence_that_always_fails_does_not_stop_later_runs(
    stage, rejects, report, server, act, world
):
    once = ["endpoint.concurrency=1", "prompt.batch=1", "endpoint.retries=0"]
    server.script = [act(), act(status=400), act(status=400)]
    stage(*once)
    votes = (world / "out" / "votes.parquet").read_bytes()
    server.always = act(status=400)  # for what is left, the sentence that failed
    stage(*once)
    assert list(rejects().values()) == ["request_failed"]
    assert (world / "out" / "votes.parquet").read_bytes() == votes
    server.always = act(status=401)
    with pytest.raises(ConfigError, match="HTTP 401"):
        stage(*once)
    with pytest.raises(DataError, match="Connection error"):
        stage(*once, url="http://127.0.0.1:1/v1")
    server.always = None
    stage(*once)
    assert counted(report())["answered"] == 4


def test_a_budget_stops_cleanly_and_a_further_run_goes_on(stage, report, server, capfd):
    server.tokens = (1000, 10)
    limits = ["endpoint.concurrency=1", "prompt.batch=1", "endpoint.answer_tokens=16"]
    stage(*limits, "budget_tokens=2500")
    first = counted(report())
    assert first == {"passed_over": 1, "answered": 2, "rejected": 0, "left": 2}
    assert 1010 * len(server.requests) <= 2500
    assert "the budget is spent" in capfd.readouterr().err
    stage(*limits)
    assert counted(report())["answered"] == 4
    texts = [text for request in server.requests for text in request.texts]
    assert len(texts) == len(set(texts)) == 4


def test_the_key_is_taken_from_the_environment_and_written_nowhere(
    stage, world, server, monkeypatch, capfd, act
):
    monkeypatch.setenv("TEST_KEY", KEY)
    server.script = [act(), act(status=400)]  # the error repeats the key
    stage("endpoint.api_key_variable=TEST_KEY", "attempts=1", "endpoint.concurrency=1")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    shown = capfd.readouterr()
    assert KEY not in shown.out + shown.err
    written = [path for path in world.rglob("*") if path.is_file()]
    assert any(path.name.startswith("answers.sqlite") for path in written)
    assert [path for path in written if KEY.encode() in path.read_bytes()] == []
    (reject,) = read_table(world / "out" / "rejects.parquet", "rejects")[:1]
    assert "Bearer ***" in reject["message"]


def test_a_key_that_is_not_there_is_a_wrong_setting(stage, server, monkeypatch):
    monkeypatch.delenv("TEST_KEY", raising=False)
    with pytest.raises(ConfigError, match="environment variable TEST_KEY, which is not set"):
        stage("endpoint.api_key_variable=TEST_KEY")
    assert server.requests == []


def test_a_sentence_that_gives_orders_is_a_string_of_the_document(stage, server):
    stage("prompt.batch=1")
    by_text = {request.texts[0]: request.body["messages"] for request in server.requests}
    orders = next(text for text in by_text if text.startswith("Ignore your instructions"))
    other = next(text for text in by_text if text.startswith("Norland calls"))
    assert by_text[orders][:-1] == by_text[other][:-1]
    last = by_text[orders][-1]
    assert last["role"] == "user"
    assert json.loads(last["content"]) == {"texts": [{"n": 1, "text": orders}]}
    assert "<|" not in last["content"]
    assert "[/INST]" not in last["content"]


def test_a_killed_run_goes_on_where_it_was(stage, report, world, overrides, server):
    texts = [f"Norland condemned Russia, time {number}." for number in range(40)]
    rows = [
        {"sentence_id": f"b{number}#0", "article_id": f"b{number}", "index": 0, "kind": "body"}
        | {"field": "text", "start": 0, "end": len(text), "text": text, "lang": "en"}
        for number, text in enumerate(texts)
    ]
    write_table(world / "sentences.parquet", "sentences", rows)
    server.pace = 0.05
    one_each = ["mentions=null", "prompt.batch=1"]
    command = [
        sys.executable,
        str(CONFIGS.parent / "scripts" / "annotate_sentences.py"),
        *arguments(world, overrides(server.url)),
        *one_each,
    ]
    environment = os.environ | {"PYTHONPATH": str(CONFIGS.parent)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 60
    while len(server.requests) < 10 and time.monotonic() < limit:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (world / "out").exists()
    with sqlite3.connect(world / "answers.sqlite") as connection:
        (kept,) = connection.execute("SELECT COUNT(*) FROM answers").fetchone()
    assert 5 <= kept < 40
    server.pace = 0.0
    before = len(server.requests)
    stage(*one_each)
    assert counted(report()) == {"passed_over": 0, "answered": 40, "rejected": 0, "left": 0}
    assert len(server.requests) - before == 40 - kept


def test_label_sentences_takes_the_votes_beside_those_of_functions(composer, stage, world):
    votes = stage("labeller=model:tiny")
    sentences = f"sentences={world / 'sentences.parquet'}"
    folder = f"target_folder={CONFIGS / 'target'}"
    output = f"output={world / 'votes'}"
    composer.run("vote_sentences", sentences, "articles=null", folder, output)
    (world / "no_gold.jsonl").write_text("", encoding="utf-8")
    tables = f"{world / 'votes' / 'votes.parquet'},{world / 'out' / 'votes.parquet'}"
    composer.run(
        "label_sentences",
        sentences,
        folder,
        f"targets={world / 'votes' / 'targets.json'}",
        f"mentions={world / 'votes' / 'mentions.parquet'}",
        f"votes=[{tables}]",
        f"gold={world / 'no_gold.jsonl'}",
        f"output={world / 'labels'}",
    )
    labelled = json.loads((world / "labels" / "labels.json").read_text(encoding="utf-8"))
    model = labelled["labellers"]["stance"]["model:tiny"]["all"]
    assert model["votes"] == 12
    assert model["coverage"] == 1.0
    assert labelled["vote_rejects"] == {}
    rows = read_table(world / "labels" / "labels.parquet", "labels")
    found = {(row["sentence_id"], row["target"]): row["label"] for row in rows}
    assert found["a3#0", "russia"] == votes["a3#0", "russia"] == "against"
