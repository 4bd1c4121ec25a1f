import json
import random
import re
import threading
import time
from importlib import resources

import pytest

from tests.training.serve.conftest import error_of, post
from training.inference import Article, open_model
from training.serve.app import OPEN_PATHS, PAGE

SENTENCE = "The OIC welcomed the ceasefire in Gaza."
TEXT = "The council met on Monday. Moscow hailed the truce.\nRead also: Rain fell."


def test_the_records_are_those_of_the_program(client, tmp_path, composer, tiny_export):
    page = "<html lang=en><h1>Talks</h1><article>" + "".join(
        f"<p>Moscow hailed the truce. It was said on day {i} of the talks.</p>" for i in range(5)
    )
    articles = [
        {"id": 7, "title": "Council", "text": TEXT, "source": "Gazette", "lang": "en"},
        {"id": "page", "text": page},
        {"id": 7, "text": "<p>Дождь шёл &amp; шёл.</p><p>Москва приветствовала перемирие.</p>"},
        {"id": "empty", "text": " "},
        {"id": "unknown", "text": "的的的的的的", "published": "1 March 2024"},
    ]
    lines = "".join(json.dumps(article) + "\n" for article in articles)
    (tmp_path / "in.jsonl").write_text(lines, encoding="utf-8")
    composer.run(
        "predict_stance",
        f"input={tmp_path / 'in.jsonl'}",
        f"output={tmp_path / 'out.jsonl'}",
        f"model={tiny_export[1]}",
        "source=Herald",
        "abstain_risk=0.1",
        "variant=fp32",
    )
    body = {"articles": articles, "source": "Herald", "abstain_risk": 0.1}
    found = client.post("/v1/predict", json=body).json()

    def written(ending):
        text = (tmp_path / f"out.jsonl{ending}").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    rounded = json.loads(json.dumps(written("")), parse_float=lambda text: round(float(text), 4))
    own = json.loads(json.dumps(found["records"]), parse_float=lambda text: round(float(text), 4))
    assert len(own) > 10
    assert own == rounded
    assert found["texts"] == written(".texts.jsonl")
    rejects = [(one["source"].partition("[")[2], one["reason"]) for one in found["rejects"]]
    assert rejects == [("3]", "no_text"), ("4]", "unknown_language")]
    assert [one["reason"] for one in written(".rejects.jsonl")] == ["no_text", "unknown_language"]


def test_sentences_are_taken_as_they_are_and_come_first(client, tiny_model):
    body = {"articles": [{"text": TEXT, "title": "Council"}], "sentences": [TEXT, "Rain fell."]}
    found = client.post("/v1/predict", json=body).json()
    texts = [record["text"] for record in found["records"]]
    assert texts[:2] == [TEXT, "Rain fell."]
    own = tiny_model.predict([Article(title="Council", text=TEXT)])
    assert texts[2:] == [record["text"] for record in own]
    ids = [record["sentence_id"] for record in found["records"]]
    assert ids[:3] == ["sentences:0#0", "sentences:1#0", "articles:0#0"]
    assert found["model"]["export_hash"] == tiny_model.export_hash


def test_the_targets_are_those_of_the_export(client, tiny_model):
    found = client.get("/v1/targets").json()
    assert [target["key"] for target in found["targets"]] == tiny_model.targets
    assert all(set(one) == {"key", "name", "description"} for one in found["targets"])


def test_the_words_that_carry_a_stance_are_told(client, tiny_model):
    body = {"sentence": SENTENCE, "target": "oic", "lang": "en"}
    found = client.post("/v1/explain", json=body).json()
    own = tiny_model.explain(SENTENCE, "oic", "en")
    assert (found["target"], found["label"]) == ("oic", own.label)
    assert found["probability"] == pytest.approx(own.probability, abs=1e-4)
    assert [word["text"] for word in found["words"]] == SENTENCE.split()
    for word, expected in zip(found["words"], own.words, strict=True):
        assert SENTENCE[word["start"] : word["end"]] == word["text"]
        assert word["weight"] == pytest.approx(expected.weight, abs=1e-4)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"sentence": "Rain."}, (422, "wrong_value", "target: expected a value, found none")),
        (
            {"sentence": "Rain.", "target": "nato"},
            (
                422,
                "wrong_value",
                "target: expected one of russia, oic, gaza_ceasefire, found 'nato'",
            ),
        ),
        (
            {"sentence": " ", "target": "oic"},
            (422, "wrong_value", "sentence: expected a word, found none in ' '"),
        ),
        (
            {"sentence": "a" * 601, "target": "oic"},
            (413, "too_large", "sentence: expected at most 600 characters, found 601"),
        ),
        (
            {"sentence": "Rain.", "target": "oic", "text": 1},
            (
                422,
                "wrong_value",
                "text: expected one of sentence, target, lang, found an unknown field",
            ),
        ),
        ([], (422, "wrong_value", "body: expected an object, found an array of 0")),
    ],
)
def test_what_cannot_be_explained_is_told(client, body, expected):
    assert error_of(client.post("/v1/explain", json=body)) == expected


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_declared_json_is_read(client, kind):
    response = post(client, b'{"sentences": ["a"]}', **{"content-type": kind})
    assert error_of(response)[:2] == (415, "wrong_type")


def test_packed_json_is_refused(client):
    response = post(client, b"x", **{"content-encoding": "gzip"})
    assert error_of(response)[:2] == (415, "wrong_type")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/nothing", (404, "no_route")),
        ("GET", "/docs", (404, "no_route")),
        ("GET", "/page/../settings.py", (404, "no_route")),
        ("GET", "/health/", (404, "no_route")),
        ("GET", "/v1/predict", (405, "wrong_method")),
        ("DELETE", "/", (405, "wrong_method")),
        ("OPTIONS", "/v1/predict", (405, "wrong_method")),
    ],
)
def test_an_unknown_route_or_method_is_told_in_json(client, method, path, expected):
    response = client.request(method, path, headers={"origin": "https://elsewhere.example"})
    assert error_of(response)[:2] == expected
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "Moscow\0 hailed the truce.", "a\u202eb", "😀" * 50, "؟"]
)
def test_odd_characters_are_labelled_or_rejected(client, text):
    body = {"sentences": [text], "articles": [{"text": text}]}
    response = post(client, json.dumps(body).encode("ascii"))
    found = response.json()
    assert response.status_code == 200
    assert len(found["records"]) + len(found["rejects"]) == 2


def test_a_sentence_of_ten_thousand_words_is_scored_in_parts(serving):
    with serving("max_characters=200000") as client:
        text = "Moscow hailed the truce and " * 2_000
        (record,) = client.post("/v1/predict", json={"sentences": [text]}).json()["records"]
    assert record["parts"] > 100
    assert record["text"] == text


def test_a_request_that_calls_the_service_by_another_name_is_refused(serving):
    with serving("allowed_hosts=[Stance.example]") as client:

        def status(host):
            return client.get("/health", headers={"host": host}).status_code

        for host in ("localhost:8000", "127.0.0.2", "[::1]:80", "stance.example:443"):
            assert status(host) == 200, host
        for host in (
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            "[::1",
        ):
            assert status(host) == 400, host
        response = client.get("/", headers={"host": "evil.example"})
        assert error_of(response)[:2] == (400, "wrong_host")
        assert "'evil.example'" in error_of(response)[2]


def test_without_the_secret_only_the_page_can_be_had(serving):
    secret = "a-secret-of-letters"
    with serving(secret=secret.encode()) as client:
        for path in OPEN_PATHS:
            assert client.get(path).status_code == 200, path
        for path in ("/v1/targets", "/v1/predict", "/metrics", "/v1/nothing"):
            assert error_of(client.get(path))[:2] == (401, "wrong_token")
        for given in ("", "Bearer", "Bearer a-secret", f"Basic {secret}", "Bearer ключ".encode()):
            response = client.get("/v1/targets", headers={"authorization": given})
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == "Bearer"
        right = {"authorization": f"Bearer {secret}"}
        assert client.get("/v1/targets", headers=right).status_code == 200


class SlowModel:
    """A model that waits to be let go."""

    def __init__(self, model):
        self._model = model
        self.go = threading.Event()
        self.go.set()
        self.description, self.export_hash = model.description, model.export_hash
        self.targets, self.variant = model.targets, model.variant

    def __call__(self, sentences, **options):
        self.go.wait(10)
        if "fail" in sentences[0]:
            raise RuntimeError(sentences[0])
        return self._model(sentences, **options)


def test_who_comes_when_all_places_are_taken_is_told_to_come_again(serving, tiny_model):
    model = SlowModel(tiny_model)
    with serving("max_waiting=1", model=model) as client:
        model.go.clear()
        answers = []
        body = {"sentences": [SENTENCE]}
        first = threading.Thread(
            target=lambda: answers.append(client.post("/v1/predict", json=body))
        )
        first.start()
        for _ in range(1000):
            if "sikap_waiting_requests 1.0" in client.get("/metrics").text:
                break
            time.sleep(0.01)
        response = client.post("/v1/predict", json=body)
        assert error_of(response)[:2] == (429, "busy")
        assert response.headers["retry-after"] == "1"
        assert client.get("/health").status_code == 200
        model.go.set()
        first.join()
        assert answers[0].status_code == 200
        assert client.post("/v1/predict", json=body).status_code == 200


def test_what_takes_too_long_is_given_up(serving, tiny_model):
    model = SlowModel(tiny_model)
    with serving("timeout_seconds=0.3", model=model) as client:
        model.go.clear()
        response = client.post("/v1/predict", json={"sentences": [SENTENCE]})
        assert error_of(response)[:2] == (504, "too_late")
        model.go.set()
        assert client.post("/v1/predict", json={"sentences": [SENTENCE]}).status_code == 200


def test_a_failure_is_told_without_what_it_says_and_others_go_on(serving, tiny_model, caplog):
    with serving(model=SlowModel(tiny_model)) as client:
        response = client.post("/v1/predict", json={"sentences": ["They fail to agree."]})
        assert error_of(response) == (500, "failed", "service: failed; its log says where")
        assert client.post("/v1/predict", json={"sentences": [SENTENCE]}).status_code == 200


def test_a_service_that_has_ended_says_so(serving):
    with serving() as client:
        pass
    assert error_of(client.get("/health"))[:2] == (503, "closing")
    response = client.post("/v1/predict", json={"sentences": [SENTENCE]})
    assert error_of(response)[:2] == (503, "closing")


def test_requests_are_counted_by_known_routes_alone(client):
    for path in ("/v1/targets", "/v1/a", "/v1/b"):
        client.get(path)
    text = client.get("/metrics").text
    routes = set(re.findall(r'sikap_requests_total\{route="([^"]+)"', text))
    assert {"/v1/targets", "other"} <= routes
    assert not {"/v1/a", "/v1/b"} & routes
    assert "sikap_batch_sentences_count" in text


def test_the_page_asks_nobody_else_and_holds_no_code(client):
    response = client.get("/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?! src=)|\son\w+=|style=|https?://", response.text)
    for name in re.findall(r'(?:src|href)="([^"#]+)"', response.text):
        assert client.get(f"/{name}").status_code == 200, name


def test_every_file_of_the_page_is_served_and_puts_no_text_in_as_markup(client):
    folder = resources.files("training.serve") / "page"
    assert {name for name, _ in PAGE.values()} == {file.name for file in folder.iterdir()}
    for path in PAGE:
        content = client.get(path).text
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", content)
        assert not re.search(r"(?:src|url\(|import)[ =\"'(]+https?:", content)


# What a client may get wrong, to be put together.
VALUES = [
    None,
    True,
    -1,
    0.5,
    1e308,
    10**30,
    "",
    "Rain fell.",
    "\0",
    "نص",
    [],
    {},
    [[]],
    "a" * 9000,
]
VALUES += [{"text": "Rain fell."}, {"text": None}, {"id": 2**63}, ["Rain fell."], [{"text": "x"}]]
NAMES = [
    "sentences",
    "articles",
    "abstain_risk",
    "source",
    "text",
    "id",
    "lang",
    "url",
    "__class__",
    "sentence",
    "target",
]
PIECES = [
    b"{",
    b"}",
    b"[",
    b'"',
    b"\\ud83d",
    b"\\u0000",
    b"NaN",
    b"\xff",
    b"1e999",
    b",",
    b":",
    b"-",
]
PATHS = (
    ["/v1/predict"] * 20
    + ["/v1/explain"] * 8
    + ["/", "/v1/targets", "/v1/%00", "/metrics", "//", "/%2e%2e/x"]
)
TYPES = ["application/json"] * 20 + ["text/plain", "application/json; charset=utf-16", "é".encode()]


def wrong_requests(rng, count):
    """Make requests with every kind of mistake: method, path, content, headers."""
    for _ in range(count):
        body = {
            rng.choice(NAMES): rng.choice(VALUES)
            if rng.random() < 0.5
            else [rng.choice(VALUES) for _ in range(rng.randrange(4))]
            for _ in range(rng.randrange(4))
        }
        if rng.random() < 0.3:
            body = {"sentences": rng.choices([one for one in VALUES if isinstance(one, str)], k=3)}
        if rng.random() < 0.2:
            body = {"sentence": rng.choice(VALUES), "target": rng.choice(["oic", *VALUES])}
        if rng.random() < 0.3:
            keys = rng.sample(NAMES, 3)
            body["articles"] = [{key: rng.choice(VALUES) for key in keys}]
        content = json.dumps(body).encode()
        if rng.random() < 0.3:
            at = rng.randrange(len(content) + 1)
            content = content[:at] + rng.choice(PIECES) + content[at + rng.randrange(3) :]
        method = rng.choice(["POST"] * 20 + ["GET", "PUT", "HEAD", "OPTIONS", "BREW"])
        yield method, rng.choice(PATHS), content, {"content-type": rng.choice(TYPES)}


def test_no_mistake_of_a_client_is_a_failure_of_the_service(client):
    statuses = set()
    for method, path, content, headers in wrong_requests(random.Random(3), 300):
        response = client.request(method, path, content=content, headers=headers)
        statuses.add(response.status_code)
        assert response.status_code < 500, (method, path, content)
    assert {200, 400, 404, 405, 413, 415, 422} <= statuses


def test_rules_answer_like_a_model(serving, rules_export):
    with serving(model=open_model(rules_export)) as client:
        body = {"sentences": ["Eastland condemned Russia."]}
        answer = client.post("/v1/predict", json=body).json()
        stance = answer["records"][0]["stance"]["russia"]
        assert stance["label"] == "against"
        assert "holder" not in stance
        asked = {"sentence": "Eastland condemned Russia.", "target": "russia"}
        words = client.post("/v1/explain", json=asked).json()["words"]
        assert [word["text"] for word in words] == ["Eastland", "condemned", "Russia."]
        assert client.get("/openapi.json").status_code == 200
