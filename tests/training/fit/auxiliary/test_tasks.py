import math

import pytest
import torch

from training.fit.auxiliary.examples import read_auxiliary
from training.fit.auxiliary.settings import AuxiliarySettings
from training.fit.auxiliary.tasks import AuxiliaryTask


@pytest.fixture
def make(sets, tiny_backbone, composer):
    """Take a set into a training with batches of 4."""

    def task(suite, share=1.0, scored=()):
        entry = AuxiliarySettings(suite=suite, share=share, weight=0.5)
        (own,) = read_auxiliary([entry], sets, scored)
        settings = composer.settings("train_model", "batch_size=4", "class_weight_power=1")
        examples = own.examples(tiny_backbone.tokenizer, "")
        return AuxiliaryTask(own, examples, settings, torch.device("cpu"))

    return task


def test_what_is_learned_and_what_is_not_is_said(make):
    assert make("news", share=0.25, scored=["Reed ffff 0"]).describe() == (
        "auxiliary news: 8 sentences, in a share of 0.25 of the steps, weight 0.5; "
        "1 left out, their text is in dev or test"
    )
    assert make("tone").describe() == (
        "auxiliary tone: 5 sentences, in a share of 1 of the steps, weight 0.5"
    )
    assert make("tone").facts == {"suite": "tone", "share": 1.0, "weight": 0.5, "sentences": 5}


def test_a_step_has_a_batch_or_none_and_processes_have_slices_of_the_same_ones(make):
    task = make("news", share=0.5)
    whole = list(task.beside(1, 6, 1, 0, 1))
    slices = [list(task.beside(1, 6, 1, process, 2)) for process in (0, 1)]
    assert [batch is None for batch in whole].count(True) == 3
    for step, batch in enumerate(whole):
        parts = [own[step] for own in slices]
        if batch is None:
            assert parts == [None, None]
        else:
            counts = [int((part.weights["stance"] > 0).sum()) for part in parts]
            assert sum(counts) == len(batch.input_ids)


def test_the_loss_is_the_mean_over_sentences_weighed_by_class(make):
    # 3 of 5 are negative: by inverse frequency classes weigh 5/6 and 5/4
    task = make("tone")
    assert torch.allclose(task.class_weights["sentiment"], torch.tensor([5 / 6, 5 / 4]))
    (batch, _) = task.beside(1, 2, 1, 0, 1)
    right = batch.labels["sentiment"]
    # the right class has three times the probability of the other one
    logits = {"sentiment": right * math.log(3)}
    loss = task.loss(logits, batch, lambda totals: totals)
    assert loss.item() == pytest.approx(math.log(4 / 3))
    assert task.loss(logits, batch, lambda totals: 2 * totals).item() == pytest.approx(
        math.log(4 / 3) / 2
    )
