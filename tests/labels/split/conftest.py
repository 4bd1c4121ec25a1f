"""Rows of the tables that a split is made of, and settings with a large dev and test."""

from dataclasses import replace

import pytest

from labels.pipeline.schema import SENTIMENTS, STANCES

SIZES = {"train": 0.6, "dev": 0.2, "test": 0.2}


def label(sentence, target="oic", stance="favor", origin="gold", probability=1.0):
    return probabilities(STANCES, stance, probability) | {
        "sentence_id": sentence,
        "target": target,
        "label": stance,
        "origin": origin,
        "annotator": "person",
        "holder": None,
        "voice": None,
    }


def sentiment_label(sentence, sentiment="neutral", origin="gold", probability=1.0):
    return probabilities(SENTIMENTS, sentiment, probability) | {
        "sentence_id": sentence,
        "label": sentiment,
        "origin": origin,
        "annotator": "person",
    }


def probabilities(classes, label, probability):
    """Give one class a probability and the others the rest in equal parts."""
    rest = (1 - probability) / (len(classes) - 1)
    return {f"p_{name}": probability if name == label else rest for name in classes}


def article(key, group, **changes):
    empty = dict.fromkeys(("title", "published", "url", "source"))
    row = {"article_id": key, "text": "", "lang": "en", "group_id": group, "blocks": []}
    return row | empty | changes


def sentence(key, article_id, text):
    place = {"index": 0, "kind": "body", "field": "text", "start": 0, "end": len(text)}
    return {"sentence_id": key, "article_id": article_id, "text": text, "lang": "en"} | place


@pytest.fixture(scope="session")
def split_settings(composer):
    """Give the settings of the stage, 60% of the gold to train; some of them changed."""
    composed = composer.settings("split_examples", "sizes={train: 0.6, dev: 0.2, test: 0.2}")
    return lambda **changes: replace(composed, **changes)


@pytest.fixture
def example(split_row):
    """Make an example of a group; by default one gold label, oic neutral."""

    def make(key, group, split="train", text=None, origin="gold", **stances):
        row = split_row(key, text or f"word{key} " * 3, split, stances or {"oic": "neutral"})
        for stance in row["stances"]:
            stance["origin"] = origin
        return row | {"group_id": group}

    return make
