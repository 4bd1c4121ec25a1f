import json
import shutil
import subprocess
import sys
from math import log

import numpy as np
import pytest

from labels.errors import ConfigError, DataError
from labels.files import sha256_of
from training.inference import StanceModel, softmax

SENTENCES = ["Moscow hailed the truce.", "Rain.", "رحبت المنظمة بالهدنة", "Россия против."]


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


def test_every_sentence_gets_a_label_for_each_target_and_a_sentiment(model):
    for record in model(SENTENCES):
        assert list(record["stance"]) == ["russia", "oic", "gaza_ceasefire"]
        for found in [*record["stance"].values(), record["sentiment"]]:
            shares = found["probabilities"]
            assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
            assert found["label"] == max(shares, key=shares.get)
        assert list(record["stance"]["oic"]["probabilities"]) == [
            "favor",
            "against",
            "neutral",
            "unrelated",
        ]
        assert list(record["sentiment"]["probabilities"]) == ["negative", "neutral", "positive"]


def probabilities(record):
    return [
        share
        for found in [*record["stance"].values(), record["sentiment"]]
        for share in found["probabilities"].values()
    ]


def test_batches_change_nothing_and_the_order_is_kept(model):
    alone = [model([text])[0] for text in SENTENCES]
    for size in (1, 2, 32):
        for one, other in zip(alone, model(SENTENCES, batch_size=size), strict=True):
            assert probabilities(one) == pytest.approx(probabilities(other), abs=1e-5)
    assert probabilities(alone[0]) != pytest.approx(probabilities(alone[1]), abs=1e-3)


def test_no_sentence_gives_no_record(model):
    assert model([]) == []


def test_an_empty_and_a_very_long_sentence_are_scored(model):
    assert len(model(["", "word " * 5000])) == 2


def test_softmax_by_hand():
    # e^0 : e^ln3 = 1 : 3, however large both are
    found = softmax(np.array([[1000.0, 1000.0 + log(3)]], np.float32))
    assert found[0].tolist() == pytest.approx([0.25, 0.75], abs=1e-4)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_named_with_both_hashes(tiny_export, tmp_path, name):
    export = tmp_path / "export"
    shutil.copytree(tiny_export[1], export)
    with (export / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(DataError) as caught:
        StanceModel(export)
    message = str(caught.value)
    assert str(export / name) in message
    assert sha256_of(export / name) in message
    assert sha256_of(tiny_export[1] / name) in message


def test_a_missing_file_of_the_export_is_named(tiny_export, tmp_path):
    export = tmp_path / "export"
    shutil.copytree(tiny_export[1], export)
    (export / "model.onnx").unlink()
    with pytest.raises((DataError, FileNotFoundError), match=r"model\.onnx"):
        StanceModel(export)


def test_another_schema_version_is_an_error(tiny_export, tmp_path):
    export = tmp_path / "export"
    shutil.copytree(tiny_export[1], export)
    description = json.loads((export / "export.json").read_text(encoding="utf-8"))
    (export / "export.json").write_text(
        json.dumps(description | {"schema_version": 99}), encoding="utf-8"
    )
    with pytest.raises(DataError, match="expected schema version 1, found 99"):
        StanceModel(export)


def test_a_model_folder_gives_an_error_that_names_export_model(tiny_export):
    with pytest.raises(ConfigError, match=r"found a model folder.*export_model\.py"):
        StanceModel(tiny_export[0])


def test_a_folder_that_is_no_export_or_is_not_there_says_what_to_run(tmp_path):
    with pytest.raises(ConfigError, match=r"export\.json; export_model writes one"):
        StanceModel(tmp_path)
    with pytest.raises(ConfigError, match="expected an export folder, found none"):
        StanceModel(tmp_path / "none")


def test_scoring_needs_no_torch():
    # prediction imports all that predict_stance does
    code = "import sys, training.prediction; print([m for m in sys.modules if m == 'torch'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
