"""A round of three sentences, one of them hostile, one to be settled."""

from contextlib import contextmanager

import pytest

pytest.importorskip("fastapi", reason="needs the extra service")

from starlette.testclient import TestClient

from labels.people.items import questions_of, version_of
from labels.pipeline.schema import tasks_for
from training.annotation_page.app import build_app
from training.annotation_page.store import Store

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)> Moscow hailed it."
ARABIC = "رحبت المنظمة بالقرار."
TASKS = tasks_for(["russia", "oic"])
QUESTIONS = questions_of(TASKS)
GUIDELINES = "# Rules\n\n<script>alert(1)</script>\n\n[link](javascript:alert(1)) | *favor*\n"
TITLES = {"russia": "Russia <b>", "oic": "OIC", "sentiment": "Sentiment"}


def item(key, text, lang, **changes):
    return {
        "id": key,
        "article_id": "a",
        "lang": lang,
        "text": text,
        "version": version_of(text),
        "ask": ["russia", "oic", "sentiment"],
        "proposed": {"russia": "favor"},
        "why": "drawn <i>at random</i>",
    } | changes


GIVEN = [
    {"annotator": "<u>anna</u>", "values": {"oic": "favor"}},
    {"annotator": "boris", "values": {"oic": "neutral"}},
]
ITEMS = [
    item("a#0", HOSTILE, "en"),
    item("a#1", ARABIC, "ar", ask=["oic"], given=GIVEN),
    item("a#2", "Москва осудила решение.", "ru"),
]


@pytest.fixture
def serving(tmp_path):
    """Ask the page's routes; answers are kept in a folder of the test."""

    @contextmanager
    def run(secret=None, hosts=()):
        store = Store(tmp_path / "answers", ITEMS, QUESTIONS)
        with store.opened():
            app = build_app(store, ITEMS, QUESTIONS, TITLES, GUIDELINES, hosts, secret)
            yield TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)

    return run


@pytest.fixture
def client(serving):
    with serving() as found:
        yield found
