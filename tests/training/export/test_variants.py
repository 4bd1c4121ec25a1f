import shutil

import onnx
import pytest
from onnx import numpy_helper
from tokenizers import Tokenizer

from training.export.artifact import VARIANT_FILES, Variant
from training.export.variants import (
    answers_of,
    delete_variant,
    measure_variant,
    too_far,
    write_variant,
)
from training.model.store import load_model
from training.model.trim import keep_pieces

TEXTS = ["Moscow was praised for the treaty.", "Rain fell.", "قبل الطرفان الهدنة", "Дождь идёт."]


@pytest.fixture
def examples(split_row):
    langs = ["en", "en", "ar", "ru"]
    stances = ["favor", "against", "favor", "neutral"]
    return [
        split_row(f"{i}", TEXTS[i % 4], "dev", {"russia": stances[i % 4]}, lang=langs[i % 4])
        for i in range(240)
    ]


@pytest.fixture
def measure(tiny_export, examples):
    model = load_model(tiny_export[0])

    def run(folder, variant):
        exact = answers_of(model, tiny_export[1], Variant.fp32, examples, 1)
        return measure_variant(model, folder, variant, examples, exact, 1)

    return run


def spoilt(export, folder):
    """Copy an export, and turn the weights of the stance head round in its variant of 8 bits."""
    shutil.copytree(export, folder)
    model = onnx.load(folder / "model.onnx")
    for weights in model.graph.initializer:
        if weights.name.startswith("heads.stance"):
            values = numpy_helper.to_array(weights)
            weights.CopyFrom(numpy_helper.from_array(-3 * values, weights.name))
    onnx.save(model, folder / VARIANT_FILES[Variant.int8].graph)
    return folder


def test_the_exact_graph_agrees_with_itself(measure, tiny_export):
    found = measure(tiny_export[1], Variant.fp32)
    assert found["sentences"] == 240
    assert found["agreement"] == {"ar": 1.0, "en": 1.0, "ru": 1.0}
    assert set(found["f_polar_loss"].values()) <= {0.0}


def test_a_spoilt_graph_is_too_far(measure, tiny_export, tmp_path, composer):
    found = measure(spoilt(tiny_export[1], tmp_path / "export"), Variant.int8)
    assert min(found["agreement"].values()) < 0.9
    reason = too_far(found, composer.settings("export_model", "model=m", "output=o"))
    assert "of the answers to be the same, found" in reason


def test_a_variant_is_read_with_its_own_tokens(
    tiny_export, split_row, tmp_path, composer, monkeypatch
):
    monkeypatch.setattr(
        "training.export.variants.frequent_vocabulary",
        lambda tokenizer, langs, words: keep_pieces(tokenizer, range(150)),
    )
    model = load_model(tiny_export[0])
    shutil.copytree(tiny_export[1], tmp_path / "export")
    settings = composer.settings("export_model", "model=m", "output=o")
    rows = [split_row(str(i), text, "train") for i, text in enumerate(TEXTS)]
    write_variant(Variant.small, model, tmp_path / "export", rows, settings)
    files = VARIANT_FILES[Variant.small]
    own = Tokenizer.from_file(str(tmp_path / "export" / files.tokenizer))
    table = next(
        found
        for found in onnx.load(tmp_path / "export" / files.graph).graph.initializer
        if "word_embeddings.weight" in found.name
    )
    assert 150 <= table.dims[0] == own.get_vocab_size() < model.tokenizer.get_vocab_size()
    answers = answers_of(model, tmp_path / "export", Variant.small, rows, 1)
    assert answers["stance"].shape == (4, 3)


def test_files_that_another_variant_needs_stay(tmp_path):
    for name in {name for files in VARIANT_FILES.values() for name in files.all}:
        (tmp_path / name).touch()
    delete_variant(tmp_path, Variant.fp32, [Variant.int8])
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "model.int8.onnx",
        "model.small.onnx",
        "tokenizer.json",
        "tokenizer.small.json",
    }


def test_what_falls_too_much_is_named(composer):
    settings = composer.settings("export_model", "model=m", "output=o", "variant_f_polar_loss=0.01")
    near = {"agreement": {"en": 0.99}, "f_polar_loss": {"all": 0.01, "oic": -0.2}}
    near["positions"] = {"all": 300, "oic": 150}
    assert too_far(near, settings) is None
    far = near | {"f_polar_loss": {"all": 0.0, "oic": 0.02}}
    assert too_far(far, settings) == "oic: expected f_polar to fall by at most 0.010, found 0.020"
    assert too_far(far | {"positions": {"all": 300, "oic": 149}}, settings) is None


def test_the_positions_of_each_slice_are_counted(measure, tiny_export):
    found = measure(tiny_export[1], Variant.fp32)
    # Arabic has favor alone and Russian neither, so no f_polar
    assert found["positions"] == {"all": 180, "russia": 180, "en": 120}
    assert found["f_polar_loss"].keys() == found["positions"].keys()
