import json
import re
import subprocess
import threading
from importlib import resources

import pytest
import uvicorn
from lxml import html
from starlette.responses import Response

from tests.chromium import CHROMIUM, NEEDS_CHROMIUM
from tests.training.annotation_page.conftest import ARABIC, HOSTILE, ITEMS, QUESTIONS, TITLES
from training.annotation_page.app import FILES, build_app
from training.annotation_page.store import Store
from training.serve.server import listen

ANSWER = {"annotator": "anna", "id": "a#1", "values": {"oic": "favor"}}


def error_of(response):
    error = response.json()["error"]
    return response.status_code, error["code"], error["message"]


def test_the_round_and_an_annotator_s_answers_are_given(client):
    found = client.get("/v1/round").json()
    assert found["items"] == ITEMS
    assert [one["key"] for one in found["questions"]] == [one.key for one in QUESTIONS]
    assert found["questions"][0]["polar"] == ["favor", "against"]
    assert (found["titles"], found["annotators"]) == (TITLES, [])
    assert client.put("/v1/answers", json=ANSWER).json() == {"done": 1}
    assert client.get("/v1/answers?annotator=anna").json() == {"answers": {"a#1": {"oic": "favor"}}}
    assert client.get("/v1/answers?annotator=boris").json() == {"answers": {}}
    assert client.get("/v1/round").json()["annotators"] == ["anna"]


def test_every_answer_has_headers_that_keep_others_out(client):
    for path in ("/", "/annotate.js", "/v1/round", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"


def test_another_site_cannot_ask_or_answer(client, serving):
    wrong = error_of(client.get("/v1/round", headers={"host": "evil.example"}))
    assert wrong[:2] == (400, "wrong_host")
    form = client.put(
        "/v1/answers", content=json.dumps(ANSWER), headers={"content-type": "text/plain"}
    )
    assert error_of(form)[:2] == (415, "wrong_type")


def test_a_secret_is_asked_for_where_there_is_one(serving):
    with serving(secret=b"sixteen letters!") as client:
        assert error_of(client.get("/v1/round"))[:2] == (401, "wrong_token")
        assert client.get("/").status_code == 200
        headers = {"authorization": "Bearer sixteen letters!"}
        assert client.get("/v1/round", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (400, "broken_json", "body: expected JSON")),
        (b"\xff", (400, "broken_json", "body: expected JSON")),
        (b"[]", (422, "wrong_value", "body: Input should be")),
        (b'{"annotator": 1}', (422, "wrong_value", "annotator: Input should be a valid string")),
        (json.dumps(ANSWER | {"more": 1}).encode(), (422, "wrong_value", "more: Extra inputs")),
        (json.dumps(ANSWER | {"id": "z"}).encode(), (422, "unknown_id", "id: expected a sentence")),
        (json.dumps(ANSWER | {"values": {"oic": "x" * 200_000}}).encode(), (413, "too_large", "")),
    ],
)
def test_what_is_no_answer_is_told(client, body, expected):
    headers = {"content-type": "application/json"}
    status, code, message = error_of(client.put("/v1/answers", content=body, headers=headers))
    assert (status, code) == expected[:2]
    assert message.startswith(expected[2])


def test_a_path_that_is_none_and_a_disk_that_is_full_are_told(client, monkeypatch):
    assert error_of(client.get("/nothing"))[:2] == (404, "no_route")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    status, code, message = error_of(client.put("/v1/answers", json=ANSWER))
    assert (status, code) == (507, "not_written")
    assert "No space left on device" in message


def test_guidelines_are_shown_and_nothing_in_them_runs(client):
    document = html.fromstring(client.get("/").text)
    assert [one.get("src") for one in document.iter("script")] == ["annotate.js"]
    (region,) = document.xpath("//*[@aria-label='Guidelines']")
    assert region.xpath("h1/text()") == ["Rules"]
    assert "<script>alert(1)</script>" in region.text_content()
    assert not document.xpath("//a[starts-with(@href, 'javascript')]")


def test_the_page_loads_nothing_from_elsewhere_and_writes_no_markup():
    for path, (package, name, _) in FILES.items():
        text = (resources.files(package) / "page" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[^\s\"'`<>]+", text)) <= {"http://www.w3.org/2000/svg"}, (
            path
        )
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text), (
            path
        )


PROBE = """
const wait = (n) => new Promise((done) => setTimeout(done, n));
const event = (key) => new KeyboardEvent("keydown", { key, bubbles: true });
const press = (key) => document.body.dispatchEvent(event(key));
const look = () => ({
  title: document.title,
  text: document.getElementById("sentence").textContent,
  dir: getComputedStyle(document.getElementById("sentence")).direction,
  questions: [...document.querySelectorAll("fieldset")].map((node) => node.dataset.key),
  current: document.querySelector(".is-current")?.dataset.key,
  checked: [...document.querySelectorAll("[aria-checked=true]")].map((node) => node.dataset.label),
  place: document.getElementById("place").textContent,
  given: [...document.querySelectorAll(".given li")].map((node) => node.textContent),
  images: document.querySelectorAll("#work img").length,
  width: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  saved: document.getElementById("saved").textContent,
});
addEventListener("load", async () => {
  const found = [];
  while (document.getElementById("work").hidden) await wait(20);
  found.push(look());
  press("1");
  found.push(look());
  press("2");
  const range = document.createRange();
  const words = document.getElementById("sentence").firstChild;
  range.setStart(words, words.length - 17);
  range.setEnd(words, words.length - 11);
  document.getSelection().addRange(range);
  press("ArrowUp");
  press("h");
  press("ArrowDown");
  press("3");
  press("2");
  found.push(look());
  press("u");
  found.push(look());
  press("1");
  press("ArrowUp");
  press("0");
  press("4");
  await wait(600);
  found.push(look());
  document.body.replaceChildren(JSON.stringify(found));
});
"""


class Probed:
    """The page with a script more, which presses keys and tells what it sees."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope.get("path") == "/probe.js":
            await Response(PROBE, media_type="text/javascript")(scope, receive, send)
        elif scope.get("path") == "/":
            parts = []

            async def keep(message):
                parts.append(message)

            await self._app(scope, receive, keep)
            body = parts[1]["body"].replace(b"</head>", b"<script src=probe.js></script></head>")
            headers = {
                k.decode(): v.decode() for k, v in parts[0]["headers"] if k != b"content-length"
            }
            await Response(body, headers=headers)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@pytest.fixture
def browse(tmp_path):
    """Open the page in Chromium, let the probe work, return what it saw."""

    def run(*flags):
        store = Store(tmp_path / "answers", ITEMS, QUESTIONS)
        app = build_app(store, ITEMS, QUESTIONS, TITLES, "# Rules", (), None)
        with store.opened(), listen("127.0.0.1", 0) as listener:
            server = uvicorn.Server(uvicorn.Config(Probed(app), log_config=None))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                done = subprocess.run(
                    [
                        CHROMIUM,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        f"--user-data-dir={tmp_path / 'profile'}",
                        "--virtual-time-budget=8000",
                        *flags,
                        "--dump-dom",
                        f"http://127.0.0.1:{listener.getsockname()[1]}/?annotator=anna",
                    ],
                    capture_output=True,
                    text=True,
                    timeout=300,
                    check=True,
                )
            finally:
                server.should_exit = True
                thread.join()
        return json.loads(html.fromstring(done.stdout).find("body").text_content())

    return run


@NEEDS_CHROMIUM
@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [1300, 500])
def test_in_a_browser_a_round_is_labelled_with_the_keys_alone(browse, tmp_path, width):
    first, polar, done, next_one, last = browse(f"--window-size={width},900")
    assert first["title"] == "sikap: label sentences"  # not what the sentence says
    assert (first["text"], first["images"]) == (HOSTILE, 0)
    assert first["questions"] == ["russia", "oic", "sentiment"]
    assert (first["checked"], first["place"]) == ([], "1 of 3 · 0 done")
    assert polar["questions"] == ["russia", "russia.voice", "russia.holder", "oic", "sentiment"]
    assert (polar["checked"], polar["current"]) == (["favor"], "russia.voice")
    assert done["checked"] == ["favor", "reported", "neutral", "neutral"]
    assert done["place"] == "1 of 3 · 1 done"
    assert (next_one["text"], next_one["dir"]) == (ARABIC, "rtl")
    assert next_one["questions"] == ["oic"]
    assert next_one["given"] == ["<u>anna</u>: favor", "boris: neutral"]
    assert (last["checked"], last["saved"]) == (["unrelated"], "Saved")
    assert {one["width"] for one in (first, polar, done, next_one, last)} == {0}
    kept = (tmp_path / "answers" / "anna.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["values"] for line in kept] == [
        {
            "russia": "favor",
            "russia.holder": "Moscow",
            "russia.voice": "reported",
            "oic": "neutral",
            "sentiment": "neutral",
        },
        {"oic": "unrelated"},
    ]
