import pytest
import torch

from training.data.batches import batches
from training.fit.auxiliary.examples import read_auxiliary
from training.fit.auxiliary.heads import AuxiliaryHeads, LearningTogether
from training.fit.auxiliary.settings import AuxiliarySettings
from training.model.classifier import build_classifier

DESCRIPTIONS = ["The Russian state", "The OIC"]


@pytest.fixture
def together(sets, tiny_backbone, each_classifier):
    """Build a classifier of each kind with the heads of both sets; give it and the sets."""
    chosen = [AuxiliarySettings(suite=key, share=1.0, weight=1.0) for key in ("news", "tone")]
    found = {one.key: one for one in read_auxiliary(chosen, sets, [])}
    torch.manual_seed(3)
    classifier = build_classifier(each_classifier, tiny_backbone, DESCRIPTIONS, "q: ")
    heads = {
        key: AuxiliaryHeads(one, classifier, each_classifier, tiny_backbone, "q: ")
        for key, one in found.items()
    }
    return LearningTogether(classifier, heads).eval(), found


def first_batch(own, backbone):
    (batch,) = batches(own.examples(backbone.tokenizer, "q: "), [[0, 1, 2, 3]], backbone.pad_id)
    return batch.input_ids, batch.attention_mask, batch.mentions


def test_each_set_has_logits_of_its_own_classes_and_no_others(together, tiny_backbone):
    model, sets = together
    found = {key: model(*first_batch(own, tiny_backbone), suite=key) for key, own in sets.items()}
    shapes = {
        key: {name: tuple(one.shape) for name, one in own.items()} for key, own in found.items()
    }
    assert shapes == {"news": {"stance": (4, 1, 3)}, "tone": {"sentiment": (4, 1, 2)}}


def test_without_a_set_the_classifier_answers(together, tiny_backbone):
    model, sets = together
    ids, mask, mentions = first_batch(sets["tone"], tiny_backbone)
    none = mentions.new_zeros(*ids.shape, len(DESCRIPTIONS))
    assert torch.equal(
        model(ids, mask, none)["stance"], model.classifier(ids, mask, none)["stance"]
    )


def test_what_is_learned_of_a_set_reaches_what_reads_for_the_classifier(together, tiny_backbone):
    model, sets = together
    model(*first_batch(sets["news"], tiny_backbone), suite="news")[
        "stance"
    ].square().sum().backward()
    moved = {name for name, one in model.learning().items() if one.grad is not None}
    reads = {
        "encoder.encoder.layer.1.output.dense.weight",
        "encoder.encoder.layer.0.output.dense.weight",
    }
    assert reads | {"auxiliary.news.heads.stance.1.weight"} <= moved
    assert any(name.startswith("mark") for name in moved)
    kept = ("heads.", "attribution.", "auxiliary.tone.")
    assert not [name for name in moved if name.startswith(kept)]


def test_the_classifier_s_weights_keep_their_names_and_come_first(together):
    model, _ = together
    names = list(model.learning())
    own = [name for name, one in model.classifier.named_parameters() if one.requires_grad]
    assert names[: len(own)] == own
    assert all(name.startswith("auxiliary.") for name in names[len(own) :])
    assert len(names) == len(own) + 8  # two heads of two layers
