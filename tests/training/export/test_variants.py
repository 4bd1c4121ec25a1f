import shutil

import onnx
import pytest
from onnx import numpy_helper

from training.export.variants import measure_variant, too_far
from training.model.store import load_model

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

    def run(variant):
        return measure_variant(model, tiny_export[1] / "model.onnx", variant, examples, 1)

    return run


def spoilt(export, folder):
    """Copy a graph, and turn the weights of the stance head round."""
    for name in ("model.onnx", "model.onnx.data"):
        shutil.copyfile(export / name, folder / name)
    model = onnx.load(folder / "model.onnx")
    for weights in model.graph.initializer:
        if weights.name.startswith("heads.stance"):
            values = numpy_helper.to_array(weights)
            weights.CopyFrom(numpy_helper.from_array(-3 * values, weights.name))
    path = folder / "spoilt.onnx"
    onnx.save(model, path)
    return path


def test_the_exact_graph_agrees_with_itself(measure, tiny_export):
    found = measure(tiny_export[1] / "model.onnx")
    assert found["sentences"] == 240
    assert found["agreement"] == {"ar": 1.0, "en": 1.0, "ru": 1.0}
    assert set(found["f_polar_loss"].values()) <= {0.0}


def test_a_spoilt_graph_is_too_far(measure, tiny_export, tmp_path, composer):
    found = measure(spoilt(tiny_export[1], tmp_path))
    assert min(found["agreement"].values()) < 0.9
    reason = too_far(found, composer.settings("export_model", "model=m", "output=o"))
    assert "of the answers to be the same, found" in reason


def test_what_falls_too_much_is_named(composer):
    settings = composer.settings("export_model", "model=m", "output=o", "variant_f_polar_loss=0.01")
    near = {"agreement": {"en": 0.99}, "f_polar_loss": {"all": 0.01, "oic": -0.2}}
    near["positions"] = {"all": 300, "oic": 150}
    assert too_far(near, settings) is None
    far = near | {"f_polar_loss": {"all": 0.0, "oic": 0.02}}
    assert too_far(far, settings) == "oic: expected f_polar to fall by at most 0.010, found 0.020"
    assert too_far(far | {"positions": {"all": 300, "oic": 149}}, settings) is None


def test_the_positions_of_each_slice_are_counted(measure, tiny_export):
    found = measure(tiny_export[1] / "model.onnx")
    # Arabic has favor alone and Russian neither, so no f_polar
    assert found["positions"] == {"all": 180, "russia": 180, "en": 120}
    assert found["f_polar_loss"].keys() == found["positions"].keys()
