import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SENTIMENT, STANCE
from tests.conftest import speak_up
from training.data.attribution import LONGEST, best_spans, span_number
from training.model.attribution import AttributionHead
from training.model.backbone import load_backbone
from training.model.base import Question
from training.model.classifier import CLASSIFIERS, build_classifier
from training.model.cross_encoder import CrossEncoder
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


def attributed(model, inputs):
    with torch.no_grad():
        logits = model(*inputs)
    return logits["holder"], logits["voice"]


def test_holders_are_scored_by_span_and_target_and_voices_by_target(build, encode):
    holder, voice = attributed(build(DESCRIPTIONS), encode("Rain.", SENTENCE, length=50))
    assert (holder.shape, voice.shape) == ((2, 3, 50, LONGEST), (2, 3, 3))
    assert not close(holder[..., 0], holder[..., 1])
    assert not close(holder[:, 0], holder[:, 1])


def test_neither_padding_nor_other_targets_change_a_holder(build, encode):
    length = len("q: ") + len(SENTENCE)
    holder, voice = attributed(build(DESCRIPTIONS), encode(SENTENCE, length=length))
    padded = attributed(build(DESCRIPTIONS), encode(SENTENCE, "A longer neighbour", length=60))
    for steps in range(LONGEST):  # spans that end in the sentence
        inside = slice(0, length - steps)
        assert close(padded[0][0, :, inside, steps], holder[0, :, inside, steps])
    assert close(padded[1][0], voice[0])
    alone = attributed(build(DESCRIPTIONS[2:]), encode(SENTENCE, length=length, n_targets=1))
    assert close(alone[0][:, 0], holder[:, 2])


def test_a_span_is_scored_by_its_first_token_its_last_one_and_both(encode_once):
    torch.manual_seed(4)
    head = AttributionHead(6, 32, encode_once).eval()
    features, states = torch.randn(2, 3, 6), torch.randn(2, 1, 20, 32)
    with torch.no_grad():
        mask = torch.ones(2, 20)
        holder = head(features, states, mask)["holder"]
        states = head._reread(states, mask)
        ask_first, ask_last = head.asked(features).chunk(2, dim=-1)
        for first, steps in ((0, 0), (4, 0), (4, 3), (19 - LONGEST, LONGEST - 1)):
            begin, end = states[:, 0, first], states[:, 0, first + steps]
            expected = (ask_first @ head.offered(begin)[:, :, None])[..., 0] / 32**0.5
            expected += (ask_last @ head.offered(end)[:, :, None])[..., 0] / 32**0.5
            expected += (head.first(begin) * head.last(end)).sum(-1)[:, None] / 64**0.5
            assert close(holder[:, :, first, steps], expected)


def test_the_head_learns_the_holder_and_the_voice_of_each_target(encode_once):
    """Spans that no part of the score tells alone: by target, of one token to the longest."""
    torch.manual_seed(4)
    head = AttributionHead(6, 32, encode_once)
    features, states, mask = torch.randn(1, 4, 6), torch.randn(1, 1, 20, 32), torch.ones(1, 20)
    spans = [(0, 0), (2, 2), (2, 9), (5, 4 + LONGEST)]
    holders = torch.tensor([span_number(*span) for span in spans])
    voices = torch.tensor([0, 1, 2, 1])
    optimizer = torch.optim.Adam(head.parameters(), lr=0.01)
    for _ in range(100):
        found = head(features, states, mask)
        loss = cross_entropy(found["holder"].flatten(2)[0], holders)
        loss = loss + cross_entropy(found["voice"][0], voices)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        found = head.eval()(features, states, mask)
    inside = np.ones((1, 20), bool)
    assert best_spans(found["holder"].numpy(), inside)[0].tolist() == [list(span) for span in spans]
    assert found["voice"][0].argmax(-1).tolist() == voices.tolist()


def test_the_head_reads_no_padding(encode_once):
    torch.manual_seed(4)
    head = AttributionHead(6, 32, encode_once).eval()
    features, states = torch.randn(2, 3, 6), torch.randn(2, 1, 20, 32)
    mask = (torch.arange(20) < torch.tensor([[20], [5]])).long()
    changed = states.clone()
    changed[1, :, 5:] = 9.0
    with torch.no_grad():
        first, second = head(features, states, mask), head(features, changed, mask)
    assert close(first["holder"][0], second["holder"][0])
    assert close(first["holder"][1, :, 0, :5], second["holder"][1, :, 0, :5])
    assert not close(first["holder"][1, :, 0, 5:], second["holder"][1, :, 0, 5:])


def test_the_tokens_of_a_holder_are_those_of_the_sentence_in_their_order(build, encode):
    model = build(DESCRIPTIONS)
    read, offered = [], []
    model.encoder.register_forward_hook(lambda _, __, output: read.append(output[0]))
    model.attribution.register_forward_pre_hook(lambda _, args: offered.append(args[1]))
    attributed(model, encode("Rain.", length=8))
    (states,), (own,) = read, offered
    if not isinstance(model, CrossEncoder):
        assert close(own[:, 0], states)
        return
    for target, length in enumerate(model.prefix_mask.sum(1).tolist()[:3]):
        expected = [states[target, 0], *states[target, length : length + 6]]
        assert close(own[0, target, :7], torch.stack(expected))


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
        "holder": (2, 1, 4, LONGEST),
        "voice": (2, 1, 3),
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
