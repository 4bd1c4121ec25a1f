import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from labels.pipeline.errors import ConfigError

ROOT = Path(__file__).parents[3]


class Server:
    """The program, in a process of its own."""

    def __init__(self, export, *settings):
        script = ROOT / "scripts" / "serve_model.py"
        self.process = subprocess.Popen(
            [sys.executable, script, f"model={export}", "port=0", "threads=1", *settings],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.first = json.loads(self.process.stderr.readline())

    def ask(self, body):
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.first['url']}v1/predict", content, headers)
        with urlopen(request, timeout=60) as response:
            return json.load(response)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in rest.splitlines()]


def test_what_was_taken_is_answered_before_the_end_and_no_text_is_logged(tiny_export):
    server = Server(tiny_export[1])
    server.ask({"sentences": ["Moscow hailed the truce."]})
    text = "Moscow hailed the secret truce. " * 3_000
    answers = []
    asking = threading.Thread(target=lambda: answers.append(server.ask({"sentences": [text]})))
    asking.start()
    time.sleep(0.2)  # it is being read or labelled
    status, lines = server.stop()
    asking.join()
    assert status == 0
    assert answers[0]["records"][0]["text"] == text
    assert [line["event"] for line in lines] == ["request", "request", "stopped"]
    assert lines[1]["status"] == 200
    assert "secret" not in json.dumps(lines)


def test_a_client_that_hangs_up_is_no_failure(tiny_export):
    server = Server(tiny_export[1])
    host, port = server.first["url"].removeprefix("http://").strip("/").split(":")
    content = json.dumps({"sentences": ["Moscow hailed the truce. " * 3_000]}).encode()
    head = f"POST /v1/predict HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    for sent in (content, content[:100], b""):  # while it waits, while it sends, before it does
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + sent)
            time.sleep(0.2)
    server.ask({"sentences": ["Moscow hailed the truce."]})
    status, lines = server.stop(signal.SIGINT)
    assert status == 0
    found = [line["status"] for line in lines if line["event"] == "request"]
    assert sorted(found) == [200, 499, 499, 499]
    assert {line["level"] for line in lines} == {"info"}


def test_a_body_that_does_not_come_is_given_up(tiny_export):
    server = Server(tiny_export[1], "timeout_seconds=0.5")
    host, port = server.first["url"].removeprefix("http://").strip("/").split(":")
    head = f"POST /v1/predict HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(f"{head}Content-Length: 9\r\n\r\n{{".encode())
        with connection.makefile("rb") as answer:
            content = answer.read()  # to the end: the connection is closed
    assert content.startswith(b"HTTP/1.1 408 ")
    assert b'"slow_body"' in content
    assert server.stop()[0] == 0


def test_a_port_that_is_taken_is_told_in_a_line(tiny_export, composer):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match="[Aa]ddress already in use"):
            composer.run("serve_model", f"model={tiny_export[1]}", f"port={port}")


def test_a_folder_that_is_no_export_is_told_before_anything_listens(tmp_path, composer):
    with pytest.raises(ConfigError, match="expected an export folder"):
        composer.run("serve_model", f"model={tmp_path}", "port=0")
