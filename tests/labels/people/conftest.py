"""Sentences to label, in three scripts, and answers to them."""

import pytest

from labels.people.items import questions_of, version_of
from labels.pipeline.schema import tasks_for

TARGETS = ["russia", "oic"]
TASKS = tasks_for(TARGETS)
QUESTIONS = questions_of(TASKS)
TEXTS = {
    "a#0": ("en", "Moscow hailed the treaty."),
    "a#1": ("en", "The OIC met; nothing was said."),
    "b#0": ("ar", "رحبت المنظمة بالقرار."),
    "c#0": ("ru", "Москва осудила решение."),
}


def item(key, text, lang="en", **changes):
    return {
        "id": key,
        "article_id": key.partition("#")[0],
        "lang": lang,
        "text": text,
        "version": version_of(text),
        "ask": [task.key for task in TASKS],
        "proposed": {},
        "why": "drawn at random",
    } | changes


def answer(key, annotator, **values):
    return {
        "id": key,
        "version": version_of(TEXTS[key][1]),
        "annotator": annotator,
        "values": {name.replace("__", "."): value for name, value in values.items()},
    }


@pytest.fixture
def items():
    return [item(key, text, lang) for key, (lang, text) in TEXTS.items()]
