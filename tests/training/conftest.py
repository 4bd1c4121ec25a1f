"""Predictions and their scores."""

import pytest

from training.report.attribution import NO_ATTRIBUTION
from training.report.scores import headline, summarize


@pytest.fixture(scope="session")
def prediction():
    """Make a row of the table ``predictions``."""

    def make(task, gold, label, sentence="s", group="g", lang="en", attribution=None):
        return (
            {
                "sentence_id": sentence,
                "article_id": group,
                "group_id": group,
                "lang": lang,
                "split": "dev",
                "task": task,
                "gold": gold,
                "label": label,
                "probabilities": [],
            }
            | NO_ATTRIBUTION
            | (attribution or {})
        )

    return make


def held_by(holder):
    """Say that the author takes a position, and who does so for the model."""
    return {"gold_holder": "author", "holder": holder, "holder_right": holder == "author"}


@pytest.fixture(scope="session")
def small_scores(prediction):
    """Scores of two sentences in two languages, worked out beside each test that uses them."""
    split = summarize(
        [
            prediction("russia", "favor", "favor", "s1", "a", "en", held_by("author")),
            prediction("oic", "against", "favor", "s1", "a", "en", held_by("Ankara")),
            prediction("sentiment", "neutral", "neutral", "s1", "a", "en"),
            prediction("russia", "neutral", "neutral", "s2", "b", "ru"),
        ],
        # of the first sentence, whose targets had one answer, nothing is counted
        [prediction("russia", "favor", "against", "s1", "a", "en")],
        seed=1,
        n_draws=20,
    )
    facts = {"backbone": "tiny", "classifier": "x", "best_epoch": 1, "train_sentences": 7}
    return {"model": facts, "splits": {"dev": split, "test": None}}, headline(split)
