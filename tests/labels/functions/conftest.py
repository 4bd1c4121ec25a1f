"""Shared by the tests of labelling functions: the built-in targets, and one question at a time."""

import pytest

from labels.functions import FUNCTIONS
from labels.functions.evidence import gather
from labels.pipeline.command import CONFIGS
from labels.targets import Matcher
from labels.targets.read import load_targets


@pytest.fixture(scope="session")
def matcher():
    return Matcher(load_targets(CONFIGS / "target", ["russia", "oic", "gaza_ceasefire"]))


@pytest.fixture(scope="session")
def question(matcher):
    """Gather the evidence of a text about a target, or about itself."""
    targets = {target.key: target for target in matcher.targets}

    def make(text, lang, target="russia"):
        return gather(text, lang, matcher).about(targets.get(target))

    return make


@pytest.fixture(scope="session")
def stance(question):
    """Ask a stance function; None where it abstains."""

    def ask(name, text, lang, target="russia"):
        return FUNCTIONS["stance"][name].vote(question(text, lang, target))

    return ask


@pytest.fixture(scope="session")
def sentiment(question):
    """Ask a sentiment function; None where it abstains."""

    def ask(name, text, lang):
        return FUNCTIONS["sentiment"][name].vote(question(text, lang, None))

    return ask


@pytest.fixture(scope="session")
def sentence_rows():
    """Make the rows of the table ``sentences`` for the sentences of one article."""

    def make(article_id, *texts, lang="en", title=False):
        return [
            {
                "sentence_id": f"{article_id}#{index}",
                "article_id": article_id,
                "index": index,
                "kind": "title" if title and index == 0 else "body",
                "field": "text",
                "start": 0,
                "end": len(text),
                "text": text,
                "lang": lang,
            }
            for index, text in enumerate(texts)
        ]

    return make


@pytest.fixture(scope="session")
def article_rows():
    """Make the rows of the table ``articles``, given the date of each id."""

    def make(**published):
        return [
            {
                "article_id": article_id,
                "title": None,
                "text": "",
                "lang": "en",
                "published": day,
                "url": None,
                "source": "outlet",
                "group_id": article_id,
                "blocks": [],
            }
            for article_id, day in published.items()
        ]

    return make
