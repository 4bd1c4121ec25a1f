"""Shared by the tests of the label model: four sentences, votes tables and settings."""

import json

import numpy as np
import pytest

from labels.label_model.read import SentenceIndex
from labels.label_model.votes import VoteMatrix
from labels.pipeline.command import CONFIGS
from labels.pipeline.tables import write_table

TEXTS = {
    "a0": "Norland condemned Russia over the pipeline.",
    "a1": "Rain fell on Oslo.",
    "a2": "Norland calls for a ceasefire in Gaza.",
    "a3": "Norland rejected a ceasefire in Gaza.",
}


@pytest.fixture(scope="session")
def texts():
    return TEXTS


@pytest.fixture
def sentences_table(tmp_path):
    """Write the sentences, each an article of its own with the id of its sentence less ``#0``."""
    path = tmp_path / "sentences.parquet"
    rows = [
        {"sentence_id": f"{key}#0", "article_id": key, "index": 0, "kind": "body"}
        | {"field": "text", "start": 0, "end": len(text), "text": text, "lang": "en"}
        for key, text in TEXTS.items()
    ]
    write_table(path, "sentences", rows)
    return path


@pytest.fixture
def votes_table(tmp_path):
    """Write a votes table; a vote of None abstains."""

    def write(name, *votes):
        path = tmp_path / f"{name}.parquet"
        rows = [
            {"sentence_id": sentence_id, "task": task, "labeller": labeller}
            | {"label": label, "abstained": label is None}
            for sentence_id, task, labeller, label in votes
        ]
        write_table(path, "votes", rows)
        return path

    return write


@pytest.fixture
def settings(composer, tmp_path, sentences_table):
    """Compose the settings of the stage with gold rows and overrides."""

    def compose(*overrides, gold=()):
        path = tmp_path / "gold.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in gold), encoding="utf-8")
        return composer.settings(
            "label_sentences",
            f"sentences={sentences_table}",
            f"target_folder={CONFIGS / 'target'}",
            f"targets={tmp_path / 'votes' / 'targets.json'}",
            f"mentions={tmp_path / 'votes' / 'mentions.parquet'}",
            f"votes={tmp_path / 'votes' / 'votes.parquet'}",
            f"output={tmp_path / 'labels'}",
            f"gold={path}",
            "quality_folds=2",
            *overrides,
        )

    return compose


@pytest.fixture(scope="session")
def index():
    """Number sentences ``s0``, ``s1``, ... of one language, each an article."""

    def make(n):
        return SentenceIndex(
            places={f"s{number}": number for number in range(n)},
            groups=np.zeros(n, dtype=np.int64),
            articles=np.arange(n),
        )

    return make


@pytest.fixture(scope="session")
def matrix():
    """Make a vote matrix of one stratum from rows of class numbers."""

    def make(rows, n_classes=2, groups=None):
        votes = np.array(rows, dtype=np.int8)
        zeros = np.zeros(len(votes), dtype=np.int64)
        own = zeros if groups is None else np.array(groups, dtype=np.int64)
        labellers = tuple(f"f{number}" for number in range(votes.shape[1]))
        return VoteMatrix(votes, own, zeros, n_classes, labellers)

    return make
