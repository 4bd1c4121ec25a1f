import json
from pathlib import Path

import pytest
import yaml

from labels.config import FunctionsConfig, LabelConfig, LabelModelConfig, LabelModelKind
from labels.errors import ConfigError
from labels.label import label_sentences
from labels.tables import read_table, write_table

CONFIGS = Path(__file__).parents[2] / "configs"
TEXTS = {
    "a0": "Norland condemned Russia over the pipeline.",
    "a1": "Rain fell on Oslo.",
    "a2": "Norland calls for a ceasefire in Gaza.",
    "a3": "Norland rejected a ceasefire in Gaza.",
}


@pytest.fixture
def stage(tmp_path):
    """Run the stage on the four sentences with the gold rows and settings given."""
    articles = [
        {"article_id": key, "text": text, "lang": "en", "group_id": key, "blocks": []}
        | dict.fromkeys(("title", "published", "url", "source"))
        for key, text in TEXTS.items()
    ]
    sentences = [
        {"sentence_id": f"{key}#0", "article_id": key, "index": 0, "kind": "body"}
        | {"field": "text", "start": 0, "end": len(text), "text": text, "lang": "en"}
        for key, text in TEXTS.items()
    ]
    write_table(tmp_path / "articles.parquet", "articles", articles)
    write_table(tmp_path / "sentences.parquet", "sentences", sentences)
    values = yaml.safe_load((CONFIGS / "label_sentences.yaml").read_text(encoding="utf-8"))
    model = values["label_model"]

    def run(*gold, **changes):
        path = tmp_path / "gold.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in gold), encoding="utf-8")
        settings = {
            "articles": str(tmp_path / "articles.parquet"),
            "sentences": str(tmp_path / "sentences.parquet"),
            "output": str(tmp_path / "out"),
            "targets": values["targets"],
            "target_folder": str(CONFIGS / "target"),
            "gold": [str(path)],
            "anchors": [],
            "silver_for_gold_sentences": False,
            "quality_folds": 2,
            "functions": FunctionsConfig(**values["functions"]),
            "label_model": LabelModelConfig(**model | {"kind": LabelModelKind(model["kind"])}),
        }
        label_sentences(LabelConfig(**settings | changes))
        rows = read_table(tmp_path / "out" / "labels.parquet", "labels")
        return {(row["sentence_id"], row["target"]): row for row in rows}

    return run


def test_silver_is_written_for_every_sentence_and_target(stage, tmp_path):
    labels = stage()
    assert len(labels) == 12
    assert labels["a1#0", "russia"]["label"] == "unrelated"
    assert labels["a0#0", "russia"]["label"] == "against"
    assert labels["a2#0", "gaza_ceasefire"]["label"] == "favor"
    assert {row["origin"] for row in labels.values()} == {"silver"}
    votes = read_table(tmp_path / "out" / "votes.parquet", "votes")
    names = {row["labeller"] for row in votes if row["target"] == "russia"}
    assert {"not_named", "criticised"} <= names
    assert len(read_table(tmp_path / "out" / "sentiments.parquet", "sentiments")) == 4


def test_gold_wins_and_what_it_leaves_open_is_masked(stage):
    row = {"id": "a0", "text": TEXTS["a0"], "russia": "favor", "annotator": "person"}
    labels = stage(row | {"holder": "Norland"})
    gold = labels["a0#0", "russia"]
    assert (gold["label"], gold["origin"], gold["annotator"]) == ("favor", "gold", "person")
    assert (gold["p_favor"], gold["holder"]) == (1.0, "Norland")
    assert ("a0#0", "oic") not in labels
    assert labels["a1#0", "oic"]["origin"] == "silver"


def test_what_gold_leaves_open_is_silver_on_demand(stage):
    row = {"id": "a0", "text": TEXTS["a0"], "russia": "favor"}
    labels = stage(row, silver_for_gold_sentences=True)
    assert labels["a0#0", "oic"]["origin"] == "silver"


def test_unusable_gold_is_counted_by_reason(stage, tmp_path):
    stage(
        {"id": "a0", "text": "Something else.", "oic": "neutral"},
        {"id": "a1", "text": "x", "eu": "favor"},
    )
    rejects = read_table(tmp_path / "out" / "label_rejects.parquet", "rejects")
    assert [row["reason"] for row in rejects] == ["unknown_target", "gold_without_sentence"]
    report = json.loads((tmp_path / "out" / "labels.json").read_text(encoding="utf-8"))
    assert report["gold_rejects"] == {"gold_without_sentence": 1, "unknown_target": 1}
    assert report["silver_against_gold"]["stance"]["all"]["f_polar"]["reason"].startswith("no gold")


def test_an_unknown_function_is_refused_before_work_starts(stage):
    with pytest.raises(ConfigError, match="unknown function 'guess'"):
        stage(functions=FunctionsConfig(stance=["guess"], sentiment=[]))


def test_two_runs_write_the_same_labels(stage):
    assert stage() == stage()
