import json

import pytest
from jsonschema import Draft202012Validator

from labels.pipeline.errors import ConfigError, DataError
from training.inference import open_model


def described(folder):
    return json.loads((folder / "export.json").read_text(encoding="utf-8"))


def test_a_pool_holds_both_parts_and_says_how_they_are_weighed(pool_export, tiny_export):
    found = described(pool_export)
    assert found["kind"] == "pool"
    assert {"model/model.onnx", "rules/label_model.json", "README.md"} <= set(found["sha256"])
    assert (pool_export / "model" / "export.json").read_bytes() == (
        tiny_export[1] / "export.json"
    ).read_bytes()
    assert set(found["pooled"]) == {"stance", "sentiment"}
    assert all(0 <= choice["weight"] <= 1 for choice in found["pooled"].values())
    assert found["pooled"]["sentiment"]["bias"] == {}
    chosen = found["chosen_on"]
    assert (chosen["sentences"], chosen["articles"], chosen["folds"]) == (20, 4, 4)
    assert chosen["scores"]["stance"]["answers"] == 60
    assert chosen["scores"]["sentiment"]["answers"] == 20


def test_beside_random_weights_rules_that_are_right_decide(pool_export):
    scores = described(pool_export)["chosen_on"]["scores"]["stance"]
    assert scores["rules"] > scores["model"]
    assert scores["pool"] >= scores["rules"]


def test_the_same_gold_gives_the_same_bytes(export_pool, pool_export):
    again = export_pool()
    files = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert files
    assert all((again / name).read_bytes() == (pool_export / name).read_bytes() for name in files)


def test_records_are_as_the_schema_of_the_export_says(composer, pool_export, tmp_path):
    schema = json.loads((pool_export / "record.schema.json").read_text(encoding="utf-8"))
    (tmp_path / "in.txt").write_text("Eastland condemned Russia.\n\nSnow fell on it.\n")
    given = {"input": tmp_path / "in.txt", "output": tmp_path / "out.jsonl", "model": pool_export}
    composer.run("predict_stance", *(f"{name}={value}" for name, value in given.items()))
    records = [
        json.loads(line)
        for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [record["text"] for record in records] == [
        "Eastland condemned Russia.",
        "Snow fell on it.",
    ]
    for record in records:
        Draft202012Validator(schema).validate(record)


def test_the_card_says_what_each_part_counts_and_the_limits(pool_export):
    card = (pool_export / "README.md").read_text(encoding="utf-8")
    weight = described(pool_export)["pooled"]["stance"]["weight"]
    assert card.startswith("# sikap pool `pool`\n")
    assert f"| stance | {weight:.2f} | " in card
    assert "20 gold sentences of 4 articles, in 4 folds" in card
    assert "Probabilities were not calibrated" in card


def test_parts_of_other_targets_are_refused(export_pool, rules_export, tmp_path):
    (tmp_path / "rules").mkdir()
    for path in rules_export.iterdir():
        (tmp_path / "rules" / path.name).write_bytes(path.read_bytes())
    path = tmp_path / "rules" / "export.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(found | {"targets": found["targets"][:2]}), encoding="utf-8")
    with pytest.raises(ConfigError, match="expected the targets and classes of .* found russia"):
        export_pool(f"rules={tmp_path / 'rules'}")


def test_parts_that_are_no_such_export_are_refused(export_pool, rules_export, tiny_export):
    with pytest.raises(ConfigError, match="expected the export of a network, found one of rules"):
        export_pool(f"model={rules_export}")
    with pytest.raises(ConfigError, match="expected an export of rules, found network"):
        export_pool(f"rules={tiny_export[1]}")


def test_too_little_gold_is_refused(export_pool, tmp_path):
    row = {"id": "1", "article_id": "a", "lang": "en", "text": "Snow.", "russia": "favor"}
    (tmp_path / "few.jsonl").write_text(json.dumps(row))
    with pytest.raises(DataError, match="expected at least 4 articles, found 1"):
        export_pool(f"gold=[{tmp_path / 'few.jsonl'}]")
    (tmp_path / "none.jsonl").write_text("")
    with pytest.raises(DataError, match="expected gold that can be used, found none"):
        export_pool(f"gold=[{tmp_path / 'none.jsonl'}]")
    with pytest.raises(ConfigError, match="gold: no file"):
        export_pool(f"gold=[{tmp_path / 'gone.jsonl'}]")


def test_a_pool_of_a_pool_is_refused(export_pool, pool_export):
    with pytest.raises(ConfigError, match="expected the export of a network, found one of pool"):
        export_pool(f"model={pool_export}")
    assert open_model(pool_export, threads=1).variant == "fp32"
