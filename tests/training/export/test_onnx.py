from pathlib import Path

import numpy as np
import pytest
import torch

from labels.pipeline.schema import SENTIMENT, STANCE
from training.export.artifact import open_session, pad
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


def test_onnx_gives_the_logits_of_torch(export_tiny, each_classifier):
    model_folder, export = export_tiny(each_classifier.KIND)
    model = load_model(model_folder)
    assert measure_parity(model, export / "model.onnx", SENTENCES) < 1e-4
    ids, mask = pad([model.tokenizer.encode(SENTENCES[0]).ids], model.pad_id)
    session = open_session(export / "model.onnx", 1)
    names = [STANCE.name, SENTIMENT.name]
    stance, sentiment = session.run(names, {"input_ids": ids, "attention_mask": mask})
    with torch.no_grad():
        expected = model.classifier(torch.from_numpy(ids), torch.from_numpy(mask))
    assert (stance.shape, sentiment.shape) == ((1, 3, 4), (1, 1, 3))
    np.testing.assert_allclose(stance, expected["stance"].numpy(), atol=1e-4)
    np.testing.assert_allclose(sentiment, expected["sentiment"].numpy(), atol=1e-4)


def test_parity_sees_weights_that_differ(tiny_export):
    model = load_model(tiny_export[0])
    with torch.no_grad():
        model.classifier.heads["sentiment"][-1].bias += 0.01
    found = measure_parity(model, tiny_export[1] / "model.onnx", SENTENCES)
    assert found == pytest.approx(0.01, rel=0.05)


def test_the_same_model_gives_the_same_bytes_and_no_path_of_the_machine(tiny_export, tmp_path):
    write_onnx(load_model(tiny_export[0]), tmp_path / "model.onnx", 18)
    for name in ("model.onnx", "model.onnx.data"):
        written = (tmp_path / name).read_bytes()
        assert written == (tiny_export[1] / name).read_bytes()
        assert b".py" not in written
        assert str(Path(__file__).parents[3]).encode() not in written
