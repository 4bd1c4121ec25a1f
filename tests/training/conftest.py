"""Predictions and their scores; a pool of a tiny network and rules."""

import json
import shutil

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


POOL_TEXTS = [  # text, russia, gaza_ceasefire, sentiment
    ("{} condemned Russia over the pipeline.", "against", "unrelated", "negative"),
    ("{} praised Russia.", "favor", "unrelated", "positive"),
    ("{} calls for a ceasefire in Gaza.", "unrelated", "favor", "neutral"),
    ("{} rejected a ceasefire in Gaza.", "unrelated", "against", "negative"),
    ("{} met Russia.", "neutral", "unrelated", "neutral"),
]


@pytest.fixture(scope="session")
def pool_gold(tmp_path_factory):
    """Write gold of four articles."""
    path = tmp_path_factory.mktemp("pool_gold") / "gold.jsonl"
    rows = [
        {
            "id": f"{name}{number}",
            "article_id": name,
            "lang": "en",
            "text": text.format(name),
            "russia": russia,
            "oic": "unrelated",
            "gaza_ceasefire": gaza,
            "sentiment": tone,
        }
        for name in ("Norland", "Ostland", "Westland", "Sudland")
        for number, (text, russia, gaza, tone) in enumerate(POOL_TEXTS)
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def export_pool(composer, tiny_export, rules_export, pool_gold, tmp_path_factory):
    """Export a pool, changed by overrides; return the folder."""

    def export(*overrides):
        output = tmp_path_factory.mktemp("pool") / "pool"
        composer.run(
            "export_pool",
            f"model={tiny_export[1]}",
            f"rules={rules_export}",
            f"gold=[{pool_gold}]",
            f"output={output}",
            "folds=4",
            "threads=1",
            *overrides,
        )
        return output

    return export


@pytest.fixture(scope="session")
def pool_export(export_pool):
    """Export a pool with the settings of the config."""
    return export_pool()


@pytest.fixture
def pool_copy(pool_export, tmp_path):
    """Copy the pool, to be changed."""
    return shutil.copytree(pool_export, tmp_path / "pool")
