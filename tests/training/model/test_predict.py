import pytest
import torch

from labels.pipeline.schema import tasks_for
from tests.conftest import TARGETS
from training.data.attribution import best_spans, pad_offsets
from training.data.examples import tokenize_examples
from training.data.marks import mark_matrix
from training.model.backbone import load_backbone
from training.model.classifier import build_classifier
from training.model.predict import predict
from training.model.settings import Precision

TEXTS = ["Rain.", "Moscow was praised for the treaty.", "قبل الطرفان الهدنة", "Дождь", "a b c d"]


@pytest.fixture
def model(tiny_settings, each_classifier):
    torch.manual_seed(2)
    backbone = load_backbone(tiny_settings)
    return build_classifier(each_classifier, backbone, list(TARGETS.values()), "q: ")


@pytest.fixture
def examples(split_row, tiny_backbone):
    rows = [split_row(str(i), text, "dev") for i, text in enumerate(TEXTS)]
    rows[1]["mentions"] = [{"target": "russia", "start": 0, "end": 6}]
    return tokenize_examples(rows, tasks_for(list(TARGETS)), tiny_backbone.tokenizer, "q: ")


def test_logits_come_in_the_order_of_the_rows_whatever_the_batches(model, examples):
    model.eval()
    for batch_size in (1, 2, 5, 100):
        logits, holders, voices = predict(model, examples, 1, batch_size, Precision.fp32)
        assert logits["stance"].shape == (5, 3, 4)
        assert logits["sentiment"].shape == (5, 1, 3)
        assert (holders.shape, voices.shape) == ((5, 3, 2), (5, 3, 3))
        for i, ids in enumerate(examples.input_ids):
            with torch.no_grad():
                mentions = mark_matrix([examples.mentions[i]], len(ids), 3)
                mask = torch.ones(1, len(ids), dtype=torch.long)
                expected = model(torch.tensor([ids]), mask, torch.from_numpy(mentions))
            for name, values in logits.items():
                assert values[i] == pytest.approx(expected[name][0].numpy(), abs=1e-5)
            assert voices[i] == pytest.approx(expected["voice"][0].numpy(), abs=1e-5)
            inside = pad_offsets([examples.offsets[i]], len(ids))
            spans = best_spans(expected["holder"].numpy(), inside)[0]
            assert holders[i].tolist() == spans.tolist()


def test_dropout_is_off_though_the_model_was_in_training(model, examples):
    model.train()
    first = predict(model, examples, 1, 2, Precision.fp32)
    model.train()
    second = predict(model, examples, 1, 2, Precision.fp32)
    assert not model.training
    assert (first.logits["stance"] == second.logits["stance"]).all()


def test_half_precision_is_near_but_not_the_same(model, examples):
    full = predict(model, examples, 1, 2, Precision.fp32).logits["stance"]
    half = predict(model, examples, 1, 2, Precision.bf16).logits["stance"]
    assert full.dtype == half.dtype == "float32"
    assert 0 < abs(full - half).max() < 0.5


def test_progress_sees_every_batch(model, examples):
    seen = []

    def progress(order):
        for indices in order:
            seen.append(indices)
            yield indices

    predict(model, examples, 1, 2, Precision.fp32, progress)
    # the frame, ▁q:▁, and a token for each character
    assert examples.lengths == [6 + len(text) for text in TEXTS] == [11, 40, 24, 11, 13]
    assert seen == [[1, 2], [4, 0], [3]]
