"""Predictions of a sentence about several targets."""

import pytest


@pytest.fixture
def answers(prediction):
    """Make the stance rows of a sentence: target=(gold, label)."""

    def make(sentence, group, **targets):
        return [
            prediction(task, gold, label, sentence, group)
            for task, (gold, label) in targets.items()
        ]

    return make
