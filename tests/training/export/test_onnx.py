from pathlib import Path

import numpy as np
import pytest
import torch

from labels.pipeline.schema import SENTIMENT, STANCE
from training.data.attribution import LONGEST
from training.data.marks import Mark
from training.export.artifact import INPUTS, inputs_of, open_session
from training.export.onnx import measure_parity, write_onnx
from training.model.store import load_model

SENTENCES = [
    "Russia rejected the ceasefire.",
    "OKI menyambut baik gencatan senjata itu.",
    "رحبت المنظمة بالهدنة",
    "Россия поддержала перемирие.",
    "x",
    "Rain " * 40,
]


@pytest.fixture
def examples(split_row):
    """Sentences, of which the first and the longest name targets."""
    rows = [split_row(str(i), text) for i, text in enumerate(SENTENCES)]
    rows[0]["mentions"] = [{"target": "russia", "start": 0, "end": 6}]
    rows[-1]["mentions"] = [{"target": "oic", "start": 5, "end": 25}]
    return rows


def test_onnx_gives_the_logits_of_torch(export_tiny, each_classifier, examples):
    model_folder, export = export_tiny(each_classifier.KIND)
    model = load_model(model_folder)
    assert measure_parity(model, export / "model.onnx", examples) < 1e-4
    session = open_session(export / "model.onnx", 1)
    names = [STANCE.name, SENTIMENT.name]
    ids = model.tokenizer.encode(SENTENCES[0]).ids
    found = {}
    for marks in ((), (Mark(2, 0), Mark(3, 2))):
        inputs = inputs_of([ids], [marks], model.pad_id, 3)
        stance, sentiment = session.run(names, inputs)
        with torch.no_grad():
            expected = model.classifier(*(torch.from_numpy(inputs[name]) for name in INPUTS))
        assert (stance.shape, sentiment.shape) == ((1, 3, 4), (1, 1, 3))
        np.testing.assert_allclose(stance, expected["stance"].numpy(), atol=1e-4)
        np.testing.assert_allclose(sentiment, expected["sentiment"].numpy(), atol=1e-4)
        found[bool(marks)] = stance
    largest = float(np.abs(found[True] - found[False]).max())
    assert largest > 5e-5  # more than ONNX and torch differ


def test_onnx_gives_holders_and_voices_of_a_padded_batch_as_torch_does(
    export_tiny, each_classifier
):
    model_folder, export = export_tiny(each_classifier.KIND)
    model = load_model(model_folder)
    session = open_session(export / "model.onnx", 1)
    rows = [model.tokenizer.encode(text).ids for text in SENTENCES]
    inputs = inputs_of(rows, [[]] * len(rows), model.pad_id, 3)
    with torch.no_grad():
        expected = model.classifier(*(torch.from_numpy(inputs[name]) for name in INPUTS))
    holder, voice = session.run(["holder", "voice"], inputs)
    assert holder.shape == (len(rows), 3, max(map(len, rows)), LONGEST)
    np.testing.assert_allclose(holder, expected["holder"].numpy(), atol=1e-4)
    np.testing.assert_allclose(voice, expected["voice"].numpy(), atol=1e-4)


def test_parity_sees_weights_that_differ(tiny_export, examples):
    model = load_model(tiny_export[0])
    with torch.no_grad():
        model.classifier.heads["sentiment"][-1].bias += 0.01
    found = measure_parity(model, tiny_export[1] / "model.onnx", examples)
    assert found == pytest.approx(0.01, rel=0.05)


def test_the_same_model_gives_the_same_bytes_and_no_path_of_the_machine(tiny_export, tmp_path):
    write_onnx(load_model(tiny_export[0]), tmp_path / "model.onnx", 20)
    for name in ("model.onnx", "model.onnx.data"):
        written = (tmp_path / name).read_bytes()
        assert written == (tiny_export[1] / name).read_bytes()
        assert b".py" not in written
        assert str(Path(__file__).parents[3]).encode() not in written
