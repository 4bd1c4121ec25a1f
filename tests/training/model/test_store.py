import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from labels.pipeline.errors import DataError
from tests.conftest import TARGETS
from training.model.store import MODEL_VERSION, load_model, read_manifest


@pytest.fixture
def folder(tmp_path, save_tiny_model, encode_once):
    save_tiny_model(tmp_path / "model", encode_once)
    return tmp_path / "model"


def test_a_loaded_model_gives_the_logits_of_the_saved_one(
    tmp_path, save_tiny_model, each_classifier
):
    saved = save_tiny_model(tmp_path / "model", each_classifier)
    loaded = load_model(tmp_path / "model")
    ids = torch.tensor([loaded.tokenizer.encode("q: Rain.").ids])
    mentions = torch.zeros(*ids.shape, len(TARGETS), dtype=torch.bool)
    mentions[0, 4, 1] = True
    with torch.no_grad():
        expected = saved(ids, torch.ones_like(ids), mentions)
        found = loaded.classifier(ids, torch.ones_like(ids), mentions)
    assert type(loaded.classifier) is type(saved)
    assert not loaded.classifier.training
    assert set(found) == {"stance", "sentiment", "holder", "voice"}
    for name, logits in found.items():
        assert torch.equal(logits, expected[name])


def test_the_manifest_says_once_what_was_trained_and_how(folder, tiny_folder):
    manifest = read_manifest(folder)
    assert manifest["version"] == MODEL_VERSION
    assert manifest["backbone"] == {
        "kind": "hub",
        "name": str(tiny_folder),
        "max_tokens": 64,
        "prefix": "q: ",
        "revision": None,
        "scripts": [],
    }
    assert manifest["classifier"] == {
        "kind": "encode_once",
        "sentiment_question": "The tone",
        "head_width": 16,
        "dropout": 0.1,
        "mention_layer": 1,
        "attention_heads": 2,
    }
    assert [target["key"] for target in manifest["targets"]] == list(TARGETS)
    assert manifest["training"]["seed"] == 1


def test_a_loaded_model_knows_how_it_is_fed(folder):
    model = load_model(folder)
    assert (model.prefix, model.max_tokens, model.pad_id) == ("q: ", 64, 1)
    assert [task.key for task in model.tasks] == [*TARGETS, "sentiment"]
    assert [target["description"] for target in model.targets] == list(TARGETS.values())


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(DataError, match=r"expected a model folder with model\.json; run train"):
        load_model(tmp_path)


def test_a_model_of_another_version_is_named_with_both(folder):
    path = folder / "model.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for changed, found in (({"version": 1}, "1"), ({}, "None")):
        old = {name: value for name, value in manifest.items() if name != "version"} | changed
        path.write_text(json.dumps(old), encoding="utf-8")
        with pytest.raises(DataError, match=rf"model\.json: .* version 4, found {found}; train"):
            load_model(folder)


def test_damaged_weights_are_told(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"model\.safetensors: expected the weights .* damaged"):
        load_model(folder)
    path.unlink()
    with pytest.raises(DataError, match="found none or a damaged file"):
        load_model(folder)


def test_weights_of_another_classifier_are_told(folder):
    path = folder / "model.safetensors"
    weights = load_file(path)
    weights["absent"] = weights.pop("mark.weight")
    save_file(weights, path)
    with pytest.raises(DataError, match=r"that model\.json describes, found others"):
        load_model(folder)
