import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from labels.people.items import write_lines
from tests.training.annotation_page.conftest import ITEMS

ROOT = Path(__file__).parents[3]


class Page:
    """The program, in a process of its own."""

    def __init__(self, folder):
        script = ROOT / "scripts" / "serve_annotation.py"
        settings = [f"tasks={folder / 'tasks.jsonl'}", f"answers={folder / 'answers'}", "port=0"]
        self.process = subprocess.Popen(
            [sys.executable, script, *settings, "targets=[russia,oic]"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.address = re.search(r"http://\S+/", self.process.stderr.readline())[0]

    def answer(self, **values):
        content = json.dumps({"annotator": "anna", "id": "a#1", "values": values}).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.address}v1/answers", content, headers, method="PUT")
        with urlopen(request, timeout=60) as response:
            return json.load(response)

    def answers(self):
        with urlopen(f"{self.address}v1/answers?annotator=anna", timeout=60) as response:
            return json.load(response)["answers"]

    def stop(self, number):
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=60)
        return self.process.returncode, rest


def test_a_page_that_is_killed_has_kept_every_answer_and_goes_on(tmp_path):
    write_lines(tmp_path / "tasks.jsonl", ITEMS)
    page = Page(tmp_path)
    assert page.address.startswith("http://127.0.0.1:")
    assert page.answer(oic="favor") == {"done": 1}
    page.stop(signal.SIGKILL)
    again = Page(tmp_path)
    assert again.answers() == {"a#1": {"oic": "favor"}}
    status, rest = again.stop(signal.SIGTERM)
    assert status == 0
    assert "read_annotations reads them" in rest
    names = sorted(path.name for path in (tmp_path / "answers").iterdir())
    assert names == [".lock", "anna.jsonl"]
