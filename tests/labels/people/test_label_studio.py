import json
import os
import socket
import subprocess
import time
import venv
from pathlib import Path
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest

from labels.people.answers import check_answers
from labels.people.label_studio import config_xml, read_label_studio, write_label_studio
from labels.pipeline.errors import DataError
from tests.labels.people.conftest import QUESTIONS, answer, item


def test_the_config_asks_every_question_and_escapes_what_stands_in_it():
    told = {"russia": 'Russia: <b>"the state"</b> & more'}
    view = ElementTree.fromstring(config_xml(QUESTIONS, told))
    assert [one.get("value") for one in view.findall("Header")][0] == told["russia"]
    choices = {one.get("name"): [c.get("value") for c in one] for one in view.iter("Choices")}
    assert choices["oic"] == ["favor", "against", "neutral", "unrelated"]
    assert choices["sentiment"] == ["negative", "neutral", "positive"]
    assert [one.get("name") for one in view.iter("TextArea")] == ["russia.holder", "oic.holder"]
    hidden = {one.get("whenTagName"): one.get("whenChoiceValue") for one in view.iter("View")}
    assert hidden["oic"] == "favor,against"
    assert {one.get("toName") for one in view.iter("Choices")} == {"text"}


def test_what_is_proposed_is_a_prediction_and_no_answer(tmp_path):
    path = tmp_path / "tasks.json"
    write_label_studio(path, [item("a#0", "Words.", proposed={"oic": "favor"})], QUESTIONS)
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    (result,) = task["predictions"][0]["result"]
    assert result == {
        "id": "oic",
        "from_name": "oic",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["favor"]},
    }
    assert list(read_label_studio(path, QUESTIONS, {})) == []


def exported(*annotations, **data):
    return [{"id": 31, "data": {"sentence_id": "a#0"} | data, "annotations": list(annotations)}]


def annotation(label, **fields):
    value = {"choices": [label]}
    result = {"from_name": "russia", "to_name": "text", "type": "choices", "value": value}
    return {"id": 5, "result": [result], "was_cancelled": False} | fields


def read(tmp_path, items, content, names=None):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    rows = read_label_studio(path, QUESTIONS, names or {})
    return check_answers(rows, items, QUESTIONS)


def test_who_has_answered_is_a_number_an_address_or_a_name(tmp_path, items):
    people = [
        annotation("favor", completed_by=1),
        annotation("neutral", completed_by={"id": 2, "email": "boris@example.org"}),
        annotation("against", completed_by=3),
    ]
    found = read(tmp_path, items, exported(*people), {"1": "anna"})
    assert [one["annotator"] for one in found.answers] == ["3", "anna", "boris@example.org"]


def test_a_skipped_sentence_and_one_without_an_id_are_refused_and_an_empty_one_counted(
    tmp_path, items
):
    content = exported(annotation("favor", completed_by=1, was_cancelled=True))
    content += [{"id": 32, "data": {"text": "x"}, "annotations": []}]
    content += exported({"result": [], "completed_by": 2})
    found = read(tmp_path, items, content)
    assert [one.reject.reason for one in found.refused] == ["skipped_answer", "no_id"]
    assert (found.answers, found.asked) == ([], {"2": 1})


def test_the_short_kind_of_export_is_read_too(tmp_path, items):
    rows = [
        {"sentence_id": "a#0", "russia": "favor", "russia.holder": ["Moscow"], "annotator": 1},
        {"sentence_id": "a#1", "oic": {"choices": ["favor", "neutral"]}, "annotator": 1},
    ]
    found = read(tmp_path, items, rows, {"1": "anna"})
    assert [one["values"] for one in found.answers] == [
        {"russia": "favor", "russia.holder": "Moscow"}
    ]
    assert [one.reject.reason for one in found.refused] == ["several_answers"]


@pytest.mark.parametrize("content", ["[", '{"a": 1}', "[1]"])
def test_what_is_no_export_is_told(tmp_path, content):
    path = tmp_path / "export.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="expected an export of Label Studio"):
        list(read_label_studio(path, QUESTIONS, {}))


VERSION = "1.23.2"  # of Label Studio
TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="session")
def program():
    """Install Label Studio in an environment of its own, which is kept; return the program."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "sikap" / f"label_studio-{VERSION}"
    found = folder / "bin" / "label-studio"
    if not found.exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [folder / "bin" / "pip", "install", "--quiet", f"label-studio=={VERSION}"]
        subprocess.run(install, check=True, timeout=1_800)
    return found


class Server:
    """A Label Studio server with one user, and its API."""

    def __init__(self, program, folder):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        user = [
            "--username",
            "anna@example.org",
            "--password",
            "long enough",
            "--user-token",
            TOKEN,
        ]
        command = [program, "start", "--no-browser", "--data-dir", folder, "--port", str(self.port)]
        self.log = (folder / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*command, *user, "--enable-legacy-api-token", "--internal-host", "127.0.0.1"],
            env={**os.environ, "COLLECT_ANALYTICS": "false", "PYTHONPATH": ""},
            cwd=folder,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def ask(self, path, body=None):
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        address = f"http://127.0.0.1:{self.port}/api/{path}"
        with urlopen(Request(address, content, headers), timeout=120) as response:
            return json.load(response)

    def wait(self):
        for _ in range(300):
            assert self.process.poll() is None, Path(self.log.name).read_text(encoding="utf-8")
            try:
                return self.ask("version")
            except OSError:
                time.sleep(1)
        raise AssertionError("Label Studio did not answer within five minutes")

    def project(self, title, config, tasks):
        project = self.ask("projects", {"title": title, "label_config": config})["id"]
        self.ask(f"projects/{project}/import?return_task_ids=true", tasks)
        return project

    def export(self, project, path):
        rows = self.ask(f"projects/{project}/export?exportType=JSON&download_all_tasks=true")
        path.write_text(json.dumps(rows), encoding="utf-8")
        return rows


@pytest.fixture(scope="module")
def server(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("label_studio")
    found = Server(program, folder)
    try:
        found.wait()
        yield found
    finally:
        found.process.terminate()
        found.process.wait(60)
        found.log.close()


@pytest.mark.label_studio
def test_a_round_goes_through_a_real_server_and_back(server, tmp_path, items):
    items[0]["proposed"] = {"russia": "favor", "sentiment": "positive"}
    items[1]["given"] = [{"annotator": "boris", "values": {"oic": "favor"}}]
    answers = [
        answer("a#0", "anna", russia="favor", russia__holder="Moscow", russia__voice="event"),
        answer("a#0", "Борис", russia="neutral", sentiment="neutral"),
        answer("b#0", "anna", oic="favor", oic__holder="المنظمة", sentiment="positive"),
    ]
    config = config_xml(QUESTIONS, {"russia": 'Russia: "the state" & more'}, is_to_settle=True)
    out = tmp_path / "out.json"
    write_label_studio(out, items, QUESTIONS, answers)
    first = server.project("first", config, json.loads(out.read_text(encoding="utf-8")))
    rows = server.export(first, tmp_path / "first.json")
    assert {row["data"]["sentence_id"] for row in rows} == {item["id"] for item in items}
    proposed = [row["predictions"] for row in rows if row["data"]["sentence_id"] == "a#0"]
    assert len(proposed[0]) == 1
    task = next(row["id"] for row in rows if row["data"]["sentence_id"] == "a#1")
    value = {"from_name": "oic", "to_name": "text", "type": "choices"}
    server.ask(
        f"tasks/{task}/annotations", {"result": [value | {"value": {"choices": ["neutral"]}}]}
    )
    server.export(first, tmp_path / "back.json")
    back = check_answers(
        read_label_studio(tmp_path / "back.json", QUESTIONS, {"1": "the user"}), items, QUESTIONS
    )
    assert back.refused == []
    new = answer("a#1", "the user", oic="neutral")
    assert back.answers == sorted([*answers, new], key=lambda one: (one["id"], one["annotator"]))
    # what was exported is imported again, and comes out the same
    write_label_studio(out, items, QUESTIONS, back.answers)
    again = server.project("again", config, json.loads(out.read_text(encoding="utf-8")))
    server.export(again, tmp_path / "again.json")
    found = check_answers(
        read_label_studio(tmp_path / "again.json", QUESTIONS, {}), items, QUESTIONS
    )
    assert (found.answers, found.refused) == (back.answers, [])


@pytest.mark.label_studio
def test_a_real_server_knows_every_question_of_the_config(server):
    config = config_xml(QUESTIONS, {})
    project = server.ask("projects", {"title": "odd", "label_config": config})["id"]
    summary = server.ask(f"projects/{project}")
    controls = set(summary["control_weights"])
    assert {"russia", "russia.voice", "oic", "oic.voice", "sentiment"} <= controls
