import json
import shutil

import pytest

from labels.languages.morphology import RussianForms
from labels.pipeline.errors import ConfigError, DataError
from training.inference import Article, StanceModel, open_model
from training.inference import rules as rules_module
from training.inference.rules import FORMS_FILE, LABEL_MODEL_FILE, RulesModel

CASES = [
    ("en", "Eastland condemned Russia.", "russia", "against"),
    ("en", "Eastland calls for a ceasefire in Gaza.", "gaza_ceasefire", "favor"),
    ("en", "Eastland rejected a ceasefire in Gaza.", "gaza_ceasefire", "against"),
    ("id", "Timoria mengecam Rusia.", "russia", "against"),
    ("ru", "Президент осудил Россию.", "russia", "against"),
    ("ar", "دعا الوزير إلى وقف إطلاق النار في غزة.", "gaza_ceasefire", "favor"),
    ("en", "Snow fell.", "russia", "unrelated"),
]


@pytest.fixture(scope="module")
def model(rules_export):
    return open_model(rules_export)


@pytest.fixture
def copied(rules_export, tmp_path):
    return shutil.copytree(rules_export, tmp_path / "rules")


@pytest.mark.parametrize(("lang", "text", "target", "label"), CASES)
def test_what_the_functions_see_becomes_the_answer(model, lang, text, target, label):
    (found,) = model([text], langs=[lang])
    assert found["stance"][target]["label"] == label
    assert sum(found["stance"][target]["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert sum(found["sentiment"]["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_a_language_that_is_not_told_is_detected(model):
    text = "Президент резко осудил Россию за срыв переговоров."
    assert model([text]) == model([text], langs=["ru"])


def test_a_sentence_of_another_language_gets_class_frequencies_and_no_error(model):
    (found,) = model(["La pluie tombe."], langs=["fr"])
    assert found["stance"]["russia"]["label"] == "unrelated"


def test_nobodys_holder_and_voice_are_told(model):
    (found,) = model(["Eastland condemned Russia."], langs=["en"])
    assert set(found["stance"]["russia"]) == {"label", "probabilities"}


def test_mentions_that_are_given_are_believed(model):
    text = "Eastland condemned it."
    (plain,) = model([text], langs=["en"])
    (told,) = model([text], langs=["en"], mentions=[[("russia", 19, 21)]])
    assert plain["stance"]["russia"]["label"] == "unrelated"
    assert told["stance"]["russia"]["label"] == "against"


def test_it_was_not_calibrated_so_nothing_is_sure_enough(model):
    (found,) = model(["Snow fell."], langs=["en"], abstain_risk=0.5)
    assert found["sentiment"]["abstained"]
    assert all(answer["abstained"] for answer in found["stance"].values())


def test_articles_in_python_give_records(model):
    article = Article(title="Weather", text="Snow fell.\n\nEastland condemned Russia.", lang="en")
    found = model.predict(["Eastland condemned Russia.", article], show_progress=False)
    labels = [record["stance"]["russia"]["label"] for record in found]
    assert labels == ["against", "unrelated", "unrelated", "against"]
    assert len(found.to_pandas()) == 4


def test_the_word_that_carries_a_stance_is_found(model):
    found = model.explain("Eastland condemned Russia.", "russia", "en")
    assert found.label == "against"
    words = [word.text for word in found.words]
    assert words == ["Eastland", "condemned", "Russia."]
    assert found.words[0].weight == pytest.approx(0, abs=1e-6)
    assert {word.text for word in found.strongest(2)} == {"condemned", "Russia."}
    with pytest.raises(ConfigError, match="target: expected one of russia"):
        model.explain("Snow fell.", "nato")
    with pytest.raises(DataError, match="expected a word"):
        model.explain("  ", "russia")


def test_no_analyser_is_asked(rules_export, monkeypatch):
    def missing(forms, word):
        raise AssertionError(f"the analyser was asked for {word}")

    monkeypatch.setattr(RussianForms, "__missing__", missing)
    model = RulesModel(rules_export)
    (found,) = model(["Президент осудил Россию."], langs=["ru"], mentions=[[("russia", 17, 23)]])
    assert found["stance"]["russia"]["label"] == "against"


def test_a_network_is_told_from_rules(tiny_export, rules_export):
    assert isinstance(open_model(tiny_export[1], threads=1), StanceModel)
    with pytest.raises(ConfigError, match="expected the export of a network, found one of rules"):
        StanceModel(rules_export)
    with pytest.raises(ConfigError, match="expected an export of rules, found network"):
        RulesModel(tiny_export[1])


def test_there_is_no_int8_of_rules(rules_export):
    with pytest.raises(ConfigError, match="got int8 \\(rules have no weights\\)"):
        open_model(rules_export, variant="int8")
    assert open_model(rules_export, variant="auto").variant == "fp32"


@pytest.mark.parametrize("name", [LABEL_MODEL_FILE, FORMS_FILE])
def test_a_changed_file_is_refused_and_a_missing_one_named(copied, name):
    (copied / name).write_text("{}")
    with pytest.raises(DataError, match=f"{name}: expected SHA-256"):
        open_model(copied)
    (copied / name).unlink()
    with pytest.raises(DataError, match=f"{name}: expected a file of the export, found none"):
        open_model(copied)


def test_rules_of_another_edition_are_refused(rules_export, monkeypatch):
    monkeypatch.setattr(rules_module, "fingerprint", lambda: "another")
    with pytest.raises(DataError, match="run export_rules again"):
        open_model(rules_export)


def test_a_kind_that_is_unknown_is_refused(copied):
    path = copied / "export.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"kind": "oracle"}))
    with pytest.raises(DataError, match="kind: expected network or rules or pool, found 'oracle'"):
        open_model(copied)
