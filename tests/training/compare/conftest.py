"""Answers of two models to the same questions."""

import numpy as np
import pytest

from labels.pipeline.schema import SENTIMENTS, STANCES
from training.compare.answers import Pair


@pytest.fixture(scope="session")
def pair():
    """Make a pair: a gold class, what a and what b say."""

    def make(gold, a, b, task="russia", sentence="s", group="g", lang="en", **changes):
        known = dict.fromkeys(("a_holder", "b_holder", "gold_voice", "text"))
        return Pair(
            sentence_id=sentence,
            group=group,
            lang=lang,
            task=task,
            gold=gold,
            a=a,
            b=b,
            **{**known, **changes},
        )

    return make


@pytest.fixture(scope="session")
def draw_alike(pair):
    """Draw the answers of two models that are alike and fail in whole articles."""

    def draw(rng: np.random.Generator, n_groups: int = 60, b_gain: float = 0.0):
        pairs = []
        for group in range(n_groups):
            lang = ("en", "ru")[group % 2]
            error = np.where(rng.random(2) < 0.3, 0.7, 0.1) - np.array([0, b_gain])
            for sentence in range(rng.integers(1, 5)):
                for task in ("russia", "oic", "sentiment"):
                    classes = SENTIMENTS if task == "sentiment" else STANCES
                    gold = str(rng.choice(classes))
                    others = [name for name in classes if name != gold]
                    a, b = (
                        str(rng.choice(others)) if wrong else gold
                        for wrong in rng.random(2) < error
                    )
                    key = f"{group}#{sentence}"
                    pairs.append(pair(gold, a, b, task, key, str(group), lang))
        return pairs

    return draw


@pytest.fixture(scope="session")
def settings(composer):
    """Compose the settings, with fewer draws."""

    def make(**changes):
        given = {"a": "a", "b": "b", "output": "out", "permutations": 200, "bootstrap_draws": 100}
        words = [f"{name}={value}" for name, value in {**given, **changes}.items()]
        return composer.settings("compare_models", *words)

    return make
