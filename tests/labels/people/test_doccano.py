import io
import json
import os
import socket
import subprocess
import time
import venv
import zipfile
from pathlib import Path

import httpx2
import pytest

from labels.people.answers import check_answers
from labels.people.doccano import label_definitions, read_doccano, write_doccano
from labels.people.items import write_lines
from tests.labels.people.conftest import QUESTIONS, answer


def test_its_own_id_is_not_ours_and_labels_of_nobody_are_refused(tmp_path, items):
    row = {"id": 12, "text": items[0]["text"], "sentence_id": "a#0", "Comments": []}
    labels = ["russia:favor", "russia.holder:Moscow: the city", "urgent", "nato:favor"]
    write_lines(tmp_path / "anna.jsonl", [row | {"label": labels}])
    found = check_answers(read_doccano(tmp_path / "anna.jsonl", QUESTIONS, {}), items, QUESTIONS)
    assert [one["values"] for one in found.answers] == [
        {"russia": "favor", "russia.holder": "Moscow: the city"}
    ]
    assert [one.reject.reason for one in found.refused] == ["unknown_question"] * 2
    assert "found 'urgent'" in found.refused[0].reject.message


def test_two_labels_for_one_question_are_no_answer(tmp_path, items):
    row = {"text": items[0]["text"], "sentence_id": "a#0"}
    labels = ["russia:favor", "russia:against", "oic:neutral"]
    write_lines(tmp_path / "anna.jsonl", [row | {"label": labels}])
    found = check_answers(read_doccano(tmp_path / "anna.jsonl", QUESTIONS, {}), items, QUESTIONS)
    assert [one["values"] for one in found.answers] == [{"oic": "neutral"}]
    assert [one.reject.reason for one in found.refused] == ["several_answers"]
    assert "expected one answer, found 'favor' and 'against'" in found.refused[0].reject.message


VERSION = "1.8.4"  # of doccano
# Imports and exports are done before the answer, so that no second program is needed for them.
SETTINGS = """
from config.settings.production import *
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_STORE_EAGER_RESULT = True
"""


@pytest.fixture(scope="session")
def program():
    """Install doccano in an environment of its own, which is kept; return its Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "sikap" / f"doccano-{VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "bin" / "doccano").exists():
        venv.create(folder, with_pip=True, clear=True)
        # its own pins let newer ones in, which it does not run with
        wanted = [f"doccano=={VERSION}", "marshmallow<4", "numpy<2"]
        install = [python, "-m", "pip", "install", "--quiet", *wanted]
        subprocess.run(install, check=True, timeout=1_800)
    return python


class Server:
    """A doccano server with one user, and its API."""

    def __init__(self, python, folder):
        self.folder = folder
        (folder / "eager.py").write_text(SETTINGS, encoding="utf-8")
        (site,) = python.parents[1].glob("lib/python*/site-packages/backend")
        self.environment = os.environ | {
            "PYTHONPATH": f"{site}{os.pathsep}{folder}",
            "DJANGO_SETTINGS_MODULE": "eager",
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "MEDIA_ROOT": str(folder / "media"),
            "STANDALONE": "True",
        }
        self.command = [python, "-m", "django"]
        self.manage("migrate", "--verbosity=0")
        self.manage("create_roles")
        self.manage(
            "create_admin",
            "--noinput",
            "--username=anna",
            "--password=long enough",
            "--email=anna@example.org",
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.log = (folder / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*self.command, "runserver", "--noreload", f"127.0.0.1:{port}"],
            env=self.environment,
            cwd=folder,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}/v1/", timeout=120)

    def manage(self, *words):
        # elsewhere, as doccano has a package `labels`, too
        subprocess.run(
            [*self.command, *words],
            env=self.environment,
            cwd=self.folder,
            check=True,
            timeout=600,
        )

    def ask(self, method, path, **content):
        response = self.client.request(method, path, **content)
        assert response.is_success, f"{path}: {response.status_code} {response.text}"
        return response

    def log_in(self):
        for _ in range(300):
            assert self.process.poll() is None, Path(self.log.name).read_text(encoding="utf-8")
            try:
                user = {"username": "anna", "password": "long enough"}
                key = self.ask("POST", "auth/login/", json=user).json()["key"]
                break
            except httpx2.TransportError:
                time.sleep(1)
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Token {key}"

    def project(self, name, lines):
        """Make a project with our labels and the lines of a file that we wrote."""
        values = {
            "name": name,
            "description": "a round",
            "project_type": "DocumentClassification",
            "resourcetype": "TextClassificationProject",
            "single_class_classification": False,
        }
        project = self.ask("POST", "projects", json=values).json()["id"]
        labels = json.dumps(label_definitions(QUESTIONS)).encode()
        self.ask(
            "POST",
            f"projects/{project}/category-type-upload",
            files={"file": ("labels.json", labels, "application/json")},
        )
        upload = self.ask(
            "POST", "fp/process/", files={"filepond": ("doccano.jsonl", lines, "text/plain")}
        )
        values = {"format": "JSONL", "task": "DocumentClassification", "uploadIds": [upload.text]}
        columns = {"column_data": "text", "column_label": "label", "encoding": "utf_8"}
        task = self.ask("POST", f"projects/{project}/upload", json=values | columns).json()
        state = self.ask("GET", f"tasks/status/{task['task_id']}").json()
        assert state["ready"], state
        assert not state["error"], state
        return project

    def export(self, project, folder):
        """Export a project; return the file of its only user."""
        values = {"format": "JSONL", "exportApproved": False}
        task = self.ask("POST", f"projects/{project}/download", json=values).json()["task_id"]
        found = self.ask("GET", f"projects/{project}/download", params={"taskId": task})
        with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
            archive.extractall(folder)
        return sorted(folder.glob("*.jsonl"))


@pytest.fixture(scope="module")
def server(program, tmp_path_factory):
    found = Server(program, tmp_path_factory.mktemp("doccano"))
    try:
        found.log_in()
        yield found
    finally:
        found.client.close()
        found.process.terminate()
        found.process.wait(60)
        found.log.close()


def returned(paths, items):
    return check_answers(
        (row for path in paths for row in read_doccano(path, QUESTIONS, {})), items, QUESTIONS
    )


@pytest.mark.doccano
def test_a_round_goes_through_a_real_server_and_back(server, tmp_path, items):
    answers = [
        answer("a#0", "anna", russia="favor"),
        answer("a#0", "Борис", russia="neutral", sentiment="neutral"),
        answer("b#0", "anna", oic="favor", sentiment="positive"),
    ]
    out = tmp_path / "out.jsonl"
    write_doccano(out, items, QUESTIONS, answers)
    first = server.project("first", out.read_bytes())
    rows = server.ask("GET", f"projects/{first}/examples", params={"limit": 50}).json()["results"]
    assert {row["meta"]["sentence_id"] for row in rows} == {item["id"] for item in items}
    labels = server.ask("GET", f"projects/{first}/category-types").json()
    kinds = {label["text"]: label["id"] for label in labels}
    assert {f"{one.key}:{name}" for one in QUESTIONS for name in one.classes} == set(kinds)
    (new,) = (row["id"] for row in rows if row["meta"]["sentence_id"] == "a#1")
    server.ask(
        "POST",
        f"projects/{first}/examples/{new}/categories",
        json={"label": kinds["oic:neutral"]},
    )
    back = returned(server.export(first, tmp_path / "first"), items)
    assert back.refused == []
    expected = [*answers, answer("a#1", "anna", oic="neutral")]
    assert back.answers == sorted(expected, key=lambda one: (one["id"], one["annotator"]))
    # what was exported is imported again, and comes out the same
    write_doccano(out, items, QUESTIONS, back.answers)
    again = server.project("again", out.read_bytes())
    found = returned(server.export(again, tmp_path / "again"), items)
    assert (found.answers, found.refused) == (back.answers, [])
