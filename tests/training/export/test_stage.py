import json
import shutil

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from labels.pipeline.tables import write_table
from tests.conftest import CALIBRATION
from training.export.artifact import Variant
from training.export.settings import ExportSettings
from training.export.stage import export_model
from training.inference.model import StanceModel
from training.model.settings import EmbeddedSettings


@pytest.fixture
def settings(tiny_export, composer, tmp_path) -> ExportSettings:
    """Settings that would export the tiny model again, to another folder."""
    model_folder, export = tiny_export
    return composer.settings(
        "export_model",
        f"model={model_folder}",
        f"splits={export.parent / 'splits.parquet'}",
        f"scores={export.parent / 'scores.json'}",
        f"calibration={export.parent / 'calibration.json'}",
        f"output={tmp_path / 'export'}",
        "parity_sentences=2",
        "frequent_words=20",
        "runtime.threads=1",
        "runtime.precision=fp32",
    )


@pytest.fixture
def ready_onnx(tiny_export, monkeypatch):
    """Take the graph that lies there instead of writing it anew, which takes seconds."""

    def write(model, path, opset):
        for name in ("model.onnx", "model.onnx.data"):
            shutil.copyfile(tiny_export[1] / name, path.parent / name)

    monkeypatch.setattr("training.export.stage.write_onnx", write)


def read_description(export):
    return json.loads((export / "export.json").read_text(encoding="utf-8"))


def test_export_names_everything_that_scoring_needs(tiny_export):
    export = tiny_export[1]
    description = read_description(export)
    assert description["version"] == 7
    assert description["voices"] == ["author", "reported", "event"]
    assert [target["key"] for target in description["targets"]] == [
        "russia",
        "oic",
        "gaza_ceasefire",
    ]
    assert description["targets"][0]["description"] == "The Russian state"
    assert description["schemes"] == {
        "stance": ["favor", "against", "neutral", "unrelated"],
        "sentiment": ["negative", "neutral", "positive"],
    }
    found = (description["prefix"], description["max_tokens"], description["pad_id"])
    assert found == ("q: ", 64, 1)
    assert {path.name for path in export.iterdir()} - {"export.json"} == {
        "model.onnx",
        "model.onnx.data",
        "model.int8.onnx",
        "model.small.onnx",
        "tokenizer.json",
        "tokenizer.small.json",
        "README.md",
        "record.schema.json",
        "sikap_runtime",
        "stance.py",
    }
    files = {path.relative_to(export).as_posix() for path in export.rglob("*") if path.is_file()}
    covered = files - {"export.json"}
    assert description["sha256"] == {name: sha256_of(export / name) for name in covered}


def test_what_was_fitted_travels_and_what_was_measured_does_not(tiny_export):
    found = read_description(tiny_export[1])["calibration"]
    kept = ("split", "sentences", "delta", "temperatures", "thresholds")
    assert found == {name: CALIBRATION[name] for name in kept}


def change_calibration(settings, tmp_path, **changes):
    settings.calibration = tmp_path / "calibration.json"
    settings.calibration.write_text(json.dumps(CALIBRATION | changes), encoding="utf-8")


def test_a_task_without_gold_is_not_calibrated_and_named(settings, ready_onnx, tmp_path, capsys):
    own = dict(CALIBRATION["temperatures"])
    del own["sentiment"]
    change_calibration(settings, tmp_path, temperatures=own)
    export_model(settings)
    found = read_description(settings.output)["calibration"]["temperatures"]
    assert found["sentiment"] == {"pooled": 1.0}
    assert "not calibrated, for want of gold: sentiment" in capsys.readouterr().err


def test_the_calibration_of_another_model_is_an_error(settings, ready_onnx, tmp_path):
    changed = CALIBRATION["temperatures"] | {"nato": {"pooled": 1.0}}
    change_calibration(settings, tmp_path, temperatures=changed)
    with pytest.raises(DataError, match=r"expected temperatures of russia, .*, found nato; run"):
        export_model(settings)
    settings.calibration.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"expected the calibration\.json of calibrate_model"):
        export_model(settings)
    assert not settings.output.exists()


def test_the_targets_are_defined_once(tiny_export):
    text = (tiny_export[1] / "export.json").read_text(encoding="utf-8")
    assert text.count("The Russian state") == 1


def test_a_difference_above_the_tolerance_fails_and_leaves_the_old_export(
    settings, ready_onnx, tmp_path
):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "old").write_text("kept", encoding="utf-8")
    settings.parity_tolerance = -1.0  # no difference is below it
    with pytest.raises(DataError, match=r"logits differ by .* on 2 sentences, expected at most"):
        export_model(settings)
    assert [path.name for path in tmp_path.iterdir()] == ["export"]
    assert (tmp_path / "export" / "old").read_text(encoding="utf-8") == "kept"


def test_without_a_sentence_to_compare_on_nothing_is_exported(settings, ready_onnx, tmp_path):
    settings.splits = tmp_path / "empty.parquet"
    write_table(settings.splits, "splits", [])
    with pytest.raises(DataError, match=r"empty\.parquet: no sentence to compare ONNX and torch"):
        export_model(settings)
    assert not settings.output.exists()


def test_metrics_that_are_not_the_whole_scores_are_an_error(settings, ready_onnx, tmp_path):
    settings.scores = tmp_path / "metrics.json"
    settings.scores.write_text('{"dev": {"f_polar_pooled": 0.5}}', encoding="utf-8")
    with pytest.raises(DataError, match=r"metrics\.json: expected the scores\.json of score_model"):
        export_model(settings)


def test_the_notice_names_only_the_backbone_that_was_used(
    tiny_export, settings, ready_onnx, tmp_path
):
    # the notice is of the embedded weights, and the tiny backbone is not made from them
    assert not (tiny_export[1] / "NOTICE").exists()
    shutil.copytree(tiny_export[0], tmp_path / "model")
    manifest = json.loads((tmp_path / "model" / "model.json").read_text(encoding="utf-8"))
    manifest["backbone"]["kind"] = EmbeddedSettings.KIND
    (tmp_path / "model" / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    settings.model = tmp_path / "model"
    export_model(settings)
    notice = (tmp_path / "export" / "NOTICE").read_text(encoding="utf-8")
    assert "MIT licence" in notice
    assert "NOTICE" in read_description(tmp_path / "export")["sha256"]


def test_train_sentences_prove_nothing_where_others_are_there(
    settings, ready_onnx, split_row, tmp_path, monkeypatch
):
    compared = []
    monkeypatch.setattr(
        "training.export.stage.measure_parity",
        lambda model, path, rows: compared.extend(row["text"] for row in rows) or 0.0,
    )
    rows = [split_row(str(i), f"dev {i}", "dev") for i in range(6)]
    write_table(tmp_path / "splits.parquet", "splits", [split_row("t", "train"), *rows])
    settings.splits, settings.parity_sentences = tmp_path / "splits.parquet", 3
    export_model(settings)
    assert compared == ["dev 0", "dev 2", "dev 4"]  # spread over the split


def test_the_exact_graph_is_left_out_where_a_variant_stands_for_it(settings, ready_onnx, tmp_path):
    settings.exact, settings.variants = False, [Variant.small]
    settings.variant_agreement, settings.variant_f_polar_loss = 0.0, 1.0
    export_model(settings)
    names = {path.name for path in (tmp_path / "export").iterdir()}
    assert names >= {"model.small.onnx", "tokenizer.small.json", "export.json"}
    assert names.isdisjoint({"model.onnx", "model.onnx.data", "model.int8.onnx", "tokenizer.json"})
    model = StanceModel(tmp_path / "export", threads=1, variant="auto")
    assert model.variant == Variant.small
    (labels,) = model(["Moscow was praised for the treaty."])
    assert set(labels["stance"]) == {"russia", "oic", "gaza_ceasefire"}
    with pytest.raises(ConfigError, match="expected small, which the export holds, got fp32"):
        StanceModel(tmp_path / "export")


def test_an_export_without_the_exact_graph_and_a_variant_is_refused(
    settings, ready_onnx, tmp_path, monkeypatch
):
    settings.exact, settings.variants = False, [Variant.int8]
    monkeypatch.setattr("training.export.stage.too_far", lambda *_: "too far")
    with pytest.raises(DataError, match="int8: too far"):
        export_model(settings)
    assert not (tmp_path / "export").exists()


def test_a_language_without_a_list_of_words_has_no_small_vocabulary(settings, ready_onnx, tmp_path):
    settings.languages = ["en", "xx"]
    export_model(settings)
    refused = read_description(tmp_path / "export")["refused"]
    assert "expected a list of words of xx, found none" in refused["small"]
    names = {path.name for path in (tmp_path / "export").iterdir()}
    assert names.isdisjoint({"model.small.onnx", "tokenizer.small.json"})
