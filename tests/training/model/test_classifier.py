import pytest
import torch

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SENTIMENT, STANCE
from tests.conftest import speak_up
from training.model.backbone import load_backbone
from training.model.base import Question
from training.model.classifier import CLASSIFIERS, build_classifier
from training.model.settings import CrossEncoderSettings

DESCRIPTIONS = ["The Russian state", "The OIC", "A ceasefire in Gaza, or any truce there"]
SENTENCE = "Moscow hailed the truce."


@pytest.fixture
def build(tiny_settings, each_classifier):
    """Build a classifier for some descriptions; equal weights every time."""

    def make(descriptions):
        backbone = load_backbone(tiny_settings)
        torch.manual_seed(3)
        model = build_classifier(each_classifier, backbone, descriptions, "q: ").eval()
        speak_up(model)
        return model

    return make


@pytest.fixture
def encode(tiny_backbone):
    """Turn sentences into ids and mask, padded to a length, and marks of ``{sentence: marks}``."""

    def make(*texts, length=40, n_targets=3, marks=()):
        rows = [encoding.ids for encoding in tiny_backbone.tokenizer.encode_batch(list(texts))]
        ids = torch.full((len(rows), length), tiny_backbone.pad_id)
        mask = torch.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = torch.tensor(row), 1
        mentions = torch.zeros(*ids.shape, n_targets, dtype=torch.bool)
        for sentence, token, target in marks:
            mentions[sentence, token, target] = True
        return ids, mask, mentions

    return make


def run(model, inputs):
    with torch.no_grad():
        logits = model(*inputs)
    return logits["stance"], logits["sentiment"]


def close(found, expected):
    return torch.allclose(found, expected, atol=1e-5)


def test_there_are_four_logits_for_each_target_and_three_for_the_sentiment(build, encode):
    stance, sentiment = run(build(DESCRIPTIONS), encode("Rain.", SENTENCE))
    assert stance.shape == (2, 3, 4)
    assert sentiment.shape == (2, 1, 3)


def test_padding_does_not_change_the_logits(build, encode):
    model = build(DESCRIPTIONS)
    alone = run(model, encode(SENTENCE, length=len("q: ") + len(SENTENCE)))
    padded = run(model, encode(SENTENCE, "A longer neighbour in the same batch", length=60))
    for found, expected in zip(padded, alone, strict=True):
        assert close(found[0], expected[0])


def test_a_mark_changes_what_is_said_of_its_target_and_of_its_sentence_alone(build, encode):
    model = build(DESCRIPTIONS)
    texts = (SENTENCE, "Rain.")
    without = run(model, encode(*texts))[0]
    marked = run(model, encode(*texts, marks=[(0, 1, 1), (0, 2, 1)]))[0]
    assert not close(marked[0, 1], without[0, 1])
    assert close(marked[1], without[1])
    other = run(model, encode(*texts, marks=[(0, 7, 1), (0, 8, 1)]))[0]
    assert not close(other[0, 1], marked[0, 1])  # the place matters


def test_padding_does_not_change_the_logits_of_a_marked_sentence(build, encode):
    model = build(DESCRIPTIONS)
    marks = [(0, 1, 2), (0, 5, 0)]
    alone = run(model, encode(SENTENCE, length=len("q: ") + len(SENTENCE), marks=marks))
    padded = run(model, encode(SENTENCE, "A longer neighbour", length=60, marks=marks))
    for found, expected in zip(padded, alone, strict=True):
        assert close(found[0], expected[0])


@pytest.mark.parametrize("each_classifier", [CrossEncoderSettings.KIND], indirect=True)
def test_the_cross_encoder_marks_what_a_question_is_about_and_nothing_else(build, encode):
    model = build(DESCRIPTIONS)
    without, tone = run(model, encode(SENTENCE))
    marked, same = run(model, encode(SENTENCE, marks=[(0, 3, 1)]))
    assert close(marked[:, [0, 2]], without[:, [0, 2]])
    assert not close(marked[:, 1], without[:, 1])
    assert close(tone, same)


def test_marks_are_silent_before_they_have_learned(tiny_settings, each_classifier, encode):
    backbone = load_backbone(tiny_settings)
    model = build_classifier(each_classifier, backbone, DESCRIPTIONS, "q: ").eval()
    states = []
    model.encoder.register_forward_hook(lambda _, __, output: states.append(output[0]))
    run(model, encode(SENTENCE))
    run(model, encode(SENTENCE, marks=[(0, 3, 1)]))
    assert close(*states)


def test_a_layer_that_the_backbone_lacks_is_named(tiny_backbone, each_classifier):
    each_classifier.mention_layer = 2
    with pytest.raises(ConfigError, match=r"classifier\.mention_layer: expected at most 1, got 2"):
        build_classifier(each_classifier, tiny_backbone, DESCRIPTIONS, "q: ")


def test_logits_follow_the_order_of_the_targets(build, encode):
    stance, sentiment = run(build(DESCRIPTIONS), encode(SENTENCE))
    turned, same = run(build(DESCRIPTIONS[::-1]), encode(SENTENCE))
    assert close(stance.flip(1), turned)
    assert close(sentiment, same)
    assert not close(stance, turned)  # else the targets would not matter


def test_logits_of_a_target_do_not_depend_on_the_other_targets(build, encode):
    stance, sentiment = run(build(DESCRIPTIONS), encode(SENTENCE))
    for i, description in enumerate(DESCRIPTIONS):
        alone, same = run(build([description]), encode(SENTENCE, n_targets=1))
        assert close(stance[:, [i]], alone)
        assert close(sentiment, same)


def test_logits_depend_on_the_sentence(build, encode):
    model = build(DESCRIPTIONS)
    hailed, broke = (run(model, encode(text))[0] for text in (SENTENCE, "Moscow broke the truce."))
    assert not close(hailed, broke)


def test_every_trained_weight_gets_a_gradient(build, encode):
    model = build(DESCRIPTIONS)
    inputs = encode(SENTENCE, marks=[(0, 1, 0)])
    sum(logits.square().sum() for logits in model(*inputs).values()).backward()
    lacking = [name for name, parameter in model.named_parameters() if parameter.grad is None]
    assert lacking == []


def test_the_questions_of_a_scheme_share_a_head(tiny_backbone, each_classifier):
    # two questions about the tone instead of one: another scheme of several tasks
    questions = [
        Question("The OIC", STANCE),
        Question("Tone", SENTIMENT),
        Question("Mood", SENTIMENT),
    ]
    kind = CLASSIFIERS[each_classifier.KIND]
    model = kind.build(each_classifier, tiny_backbone, questions, "").eval()
    ids = torch.tensor([[0, 9, 8, 2], [0, 9, 2, 1]])
    logits = model(ids, (ids != 1).long(), torch.zeros(2, 4, 1, dtype=torch.bool))
    assert {name: tuple(values.shape) for name, values in logits.items()} == {
        "stance": (2, 1, 4),
        "sentiment": (2, 2, 3),
    }
    assert list(model.heads) == ["stance", "sentiment"]
    assert not close(logits["sentiment"][:, 0], logits["sentiment"][:, 1])


@pytest.mark.parametrize("each_classifier", [CrossEncoderSettings.KIND], indirect=True)
def test_the_cross_encoder_reads_target_separator_sentence(build, encode, tiny_backbone):
    model = build(DESCRIPTIONS)
    seen = {}
    model.encoder.register_forward_pre_hook(
        lambda _, args, kwargs: seen.update(kwargs), with_kwargs=True
    )
    run(model, encode("Rain.", length=8))
    tokenizer = tiny_backbone.tokenizer
    for row, mask, question in zip(
        seen["input_ids"], seen["attention_mask"], [*DESCRIPTIONS, "The tone"], strict=True
    ):
        expected = tokenizer.encode(f"q: {question}").ids + [2] + tokenizer.encode("Rain.").ids[1:]
        assert row[: len(expected)].tolist() == expected
        assert mask.tolist() == [1] * len(expected) + [0] * (len(mask) - len(expected))
