"""Predictions whose confidence is off by a known temperature."""

import numpy as np
import pytest

from labels.pipeline.schema import STANCE
from training.calibrate.answers import Answers


@pytest.fixture
def too_sure():
    """Draw answers: those in English are ``en`` times too sure, those in Russian ``ru`` times."""

    def draw(en=2.0, ru=0.5, n=2000, seed=1):
        rng = np.random.default_rng(seed)
        honest = rng.normal(size=(n, 4)) * 2
        shares = np.exp(honest) / np.exp(honest).sum(1, keepdims=True)
        gold = (shares.cumsum(1) < rng.random((n, 1))).sum(1)
        langs = np.array(["en", "ru"])[rng.integers(2, size=n)]
        factor = np.where(langs == "en", en, ru)
        return Answers(
            scheme=STANCE,
            logits=honest * factor[:, None],
            gold=gold,
            tasks=np.full(n, "oic"),
            langs=langs,
            groups=np.array([f"g{i // 2}" for i in range(n)]),
        )

    return draw


def rows_of(answers):
    """Turn answers into rows of the table ``predictions``."""
    shares = np.exp(answers.logits) / np.exp(answers.logits).sum(1, keepdims=True)
    for i in range(len(answers)):
        yield {
            "sentence_id": f"s{i}",
            "article_id": answers.groups[i],
            "group_id": answers.groups[i],
            "lang": answers.langs[i],
            "split": "dev",
            "task": answers.tasks[i],
            "gold": STANCE.classes[answers.gold[i]],
            "label": STANCE.classes[int(shares[i].argmax())],
            "probabilities": shares[i].tolist(),
        }
