import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from labels.errors import DataError
from labels.files import sha256_of
from training.config import ExportConfig, Precision, RuntimeConfig
from training.export import export_model, measure_parity
from training.inference import open_session
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
    model_folder, export = export_tiny(each_classifier.kind)
    model = load_model(model_folder)
    assert measure_parity(model, export / "model.onnx", SENTENCES) < 1e-4
    ids = model.tokenizer.encode(SENTENCES[0]).ids
    mask = np.ones((1, len(ids)), np.int64)
    found = open_session(export / "model.onnx", 1).run(
        None, {"input_ids": np.array([ids]), "attention_mask": mask}
    )
    with torch.no_grad():
        expected = model.classifier(torch.tensor([ids]), torch.from_numpy(mask))
    np.testing.assert_allclose(found[0], expected[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(found[1], expected[1].numpy(), atol=1e-4)


def test_onnx_holds_no_path_of_the_machine_that_wrote_it(tiny_export):
    written = (tiny_export[1] / "model.onnx").read_bytes()
    assert b".py" not in written
    assert str(Path(__file__).parents[2]).encode() not in written


def test_parity_sees_weights_that_differ(tiny_export):
    model = load_model(tiny_export[0])
    with torch.no_grad():
        model.classifier.stance[-1].bias += 0.01
    found = measure_parity(model, tiny_export[1] / "model.onnx", SENTENCES)
    assert found == pytest.approx(0.01, rel=0.05)


def test_export_names_everything_that_scoring_needs(tiny_export):
    export = tiny_export[1]
    description = json.loads((export / "export.json").read_text(encoding="utf-8"))
    assert description["targets"] == ["russia", "oic", "gaza_ceasefire"]
    assert description["stances"] == ["favor", "against", "neutral", "unrelated"]
    assert description["sentiments"] == ["negative", "neutral", "positive"]
    assert (description["prefix"], description["max_tokens"], description["pad_id"]) == (
        "q: ",
        64,
        1,
    )
    files = {path.name for path in export.iterdir()} - {"export.json"}
    assert {
        "model.onnx",
        "model.safetensors",
        "tokenizer.json",
        "targets.json",
        "README.md",
    } <= files
    assert description["sha256"] == {name: sha256_of(export / name) for name in files}


def test_a_difference_above_the_tolerance_fails_and_leaves_the_old_export(
    tiny_export, tmp_path, monkeypatch
):
    model_folder, export = tiny_export
    monkeypatch.setattr(
        "training.export.write_onnx",
        lambda model, path, opset: shutil.copyfile(export / "model.onnx", path),
    )
    output = tmp_path / "export"
    output.mkdir()
    (output / "old").write_text("kept", encoding="utf-8")
    config = ExportConfig(
        model=str(model_folder),
        splits=str(export.parent / "splits.parquet"),
        metrics=str(export.parent / "metrics.json"),
        output=str(output),
        opset=18,
        parity_sentences=2,
        parity_tolerance=-1.0,  # no difference is below it
        runtime=RuntimeConfig(precision=Precision.fp32, threads=1),
    )
    with pytest.raises(DataError, match=r"logits differ by .* on 2 sentences, expected at most"):
        export_model(config)
    assert [path.name for path in tmp_path.iterdir()] == ["export"]
    assert (output / "old").read_text(encoding="utf-8") == "kept"


def test_the_notice_names_only_the_backbone_that_was_used(tiny_export):
    # the notice is of the embedded weights, and the tiny backbone is not made from them
    assert not (tiny_export[1] / "NOTICE").exists()


def test_a_folder_without_a_model_names_the_stage_that_writes_one(tmp_path):
    with pytest.raises(DataError, match=r"expected a model folder .* run train_model first"):
        load_model(tmp_path)


def test_a_saved_model_gives_the_same_logits_again(save_tiny_model, each_classifier, tmp_path):
    kept = save_tiny_model(tmp_path / "model", each_classifier)
    loaded = load_model(tmp_path / "model")
    ids = torch.tensor([[0, 7, 9, 2], [0, 8, 2, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    with torch.no_grad():
        for one, other in zip(kept(ids, mask), loaded.classifier(ids, mask), strict=True):
            assert torch.equal(one, other)
    assert list(loaded.targets) == ["russia", "oic", "gaza_ceasefire"]
