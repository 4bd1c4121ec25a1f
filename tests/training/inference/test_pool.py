import json
import shutil

import numpy as np
import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import STANCE
from training.inference import open_model
from training.inference.model import StanceModel
from training.inference.pool import PoolModel, log_pool, probabilities_of
from training.inference.rules import RulesModel

TEXTS = ["Eastland condemned Russia.", "Snow fell.", "Eastland calls for a ceasefire in Gaza."]
LANGS = ["en"] * len(TEXTS)


@pytest.fixture(scope="module")
def model(pool_export):
    return open_model(pool_export, threads=1)


def rewrite(folder, **changes):
    path = folder / "export.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(found | changes), encoding="utf-8")


def weighed(folder, weight):
    choice = {"weight": weight, "bias": {}}
    rewrite(folder, pooled={"stance": choice, "sentiment": choice})
    return PoolModel(folder, threads=1)


def test_probabilities_are_multiplied_each_raised_to_its_weight():
    found = log_pool(np.array([0.8, 0.2]), np.array([0.2, 0.8]), 0.5, np.zeros(2))
    assert found == pytest.approx([0.5, 0.5])
    found = log_pool(np.array([[0.5, 0.5]]), np.array([[0.9, 0.1]]), 0.5, np.zeros(2))
    assert found == pytest.approx(np.array([[0.75, 0.25]]))  # the roots of 0.45 and 0.05
    biased = log_pool(np.array([0.5, 0.5]), np.array([0.5, 0.5]), 0.3, np.log([1.0, 3.0]))
    assert biased == pytest.approx([0.25, 0.75])


def test_a_probability_of_zero_forbids_nothing():
    found = log_pool(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5, np.zeros(2))
    assert found == pytest.approx([0.5, 0.5])


def test_weight_alone_makes_it_one_part_or_the_other(pool_copy, model):
    names = [model._named_in(TEXTS, LANGS)]
    for weight, part in ((1.0, "model"), (0.0, "rules")):
        pool = weighed(pool_copy, weight)
        alone = open_model(pool_copy / part, threads=1)
        found = pool(TEXTS, langs=LANGS)
        for own, theirs in zip(found, alone(TEXTS, mentions=names[0], langs=LANGS), strict=True):
            for target in pool.targets:
                assert own["stance"][target]["label"] == theirs["stance"][target]["label"]
                assert probabilities_of(STANCE, own["stance"][target]) == pytest.approx(
                    probabilities_of(STANCE, theirs["stance"][target]), abs=1e-5
                )
            assert own["sentiment"]["label"] == theirs["sentiment"]["label"]


def test_holder_and_voice_stand_where_the_pool_finds_a_stance_and_nowhere_else(pool_copy):
    for labels in weighed(pool_copy, 0.0)(TEXTS, langs=LANGS):  # the label is that of the rules
        for answer in labels["stance"].values():
            is_about = answer["label"] != "unrelated"
            assert ("holder" in answer, "voice" in answer) == (is_about, is_about)
    (first, *_) = weighed(pool_copy, 0.0)(TEXTS, langs=LANGS)
    assert first["stance"]["russia"]["label"] == "against"


def test_the_network_alone_names_no_holder_of_what_is_unrelated(pool_export):
    network = StanceModel(pool_export / "model", threads=1)
    plain, all_told = network(TEXTS, langs=LANGS), network.answer(TEXTS, langs=LANGS)
    for own, told in zip(plain, all_told, strict=True):
        for target, answer in own["stance"].items():
            assert {"holder", "voice"} <= set(told["stance"][target])
            if answer["label"] == "unrelated":
                assert set(answer) == {"label", "probabilities"}
            else:
                assert answer == told["stance"][target]


def test_a_language_that_is_not_told_is_detected(model):
    text = "Президент резко осудил Россию за срыв переговоров."
    assert model([text]) == model([text], langs=["ru"])


def test_it_was_not_calibrated_so_nothing_is_sure_enough(model):
    (found,) = model(["Snow fell."], langs=["en"], abstain_risk=0.5)
    assert found["sentiment"]["abstained"]
    assert all(answer["abstained"] for answer in found["stance"].values())


def test_the_word_that_carries_a_stance_is_found(pool_copy):
    found = weighed(pool_copy, 0.0).explain(TEXTS[0], "russia", "en")
    assert found.label == "against"
    assert {word.text for word in found.strongest(2)} == {"condemned", "Russia."}
    with pytest.raises(ConfigError, match="target: expected one of russia"):
        weighed(pool_copy, 0.0).explain("Snow fell.", "nato")


def test_a_variant_is_that_of_the_network(pool_export):
    held = json.loads((pool_export / "export.json").read_text(encoding="utf-8"))["sha256"]
    if "model/model.int8.onnx" in held:
        assert open_model(pool_export, threads=1, variant="int8").variant == "int8"
    with pytest.raises(ConfigError, match="variant: expected fp32.*got tiny"):
        open_model(pool_export, threads=1, variant="tiny")


@pytest.mark.parametrize("part", ["model", "rules"])
def test_a_part_that_is_missing_is_named(pool_copy, part):
    shutil.rmtree(pool_copy / part)
    with pytest.raises(
        DataError, match=f"{part}/export.json: expected the {part} of the pool, found none; run exp"
    ):
        open_model(pool_copy)


@pytest.mark.parametrize("part", ["model", "rules"])
def test_a_part_that_was_exchanged_is_refused(pool_copy, part):
    rewrite(pool_copy / part, sikap_version="0")
    with pytest.raises(
        DataError, match=f"{part}/export.json: expected SHA-256 .*; run export_pool"
    ):
        open_model(pool_copy)


@pytest.mark.parametrize("name", ["model/model.onnx", "rules/label_model.json"])
def test_a_changed_file_of_a_part_is_refused_and_a_missing_one_named(pool_copy, name):
    (pool_copy / name).write_bytes(b"{}")
    with pytest.raises(DataError, match=f"{name}: expected SHA-256"):
        open_model(pool_copy, threads=1)
    (pool_copy / name).unlink()
    with pytest.raises(DataError, match=f"{name}: expected a file of the export, found none"):
        open_model(pool_copy, threads=1)


def test_the_kinds_are_told_apart(pool_export, rules_export):
    with pytest.raises(ConfigError, match="expected a pool, found rules"):
        PoolModel(rules_export)
    with pytest.raises(ConfigError, match="expected an export of rules, found pool"):
        RulesModel(pool_export)
    with pytest.raises(ConfigError, match="expected the export of a network, found one of pool"):
        StanceModel(pool_export)
