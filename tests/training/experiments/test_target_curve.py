import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table
from training.experiments.target_curve import draw_examples, score_point

SENTENCES = {
    "favor": "We stand with {} and praise it",
    "against": "{} is guilty of aggression",
    "none": "{} held talks",
}


def write_part(folder, part, n):
    rows = [
        {"text": f"{text.format(name)} {part} {i}", "target": name, "stance": stance}
        for i in range(n)
        for name in ("Russia", "Ukraine")
        for stance, text in SENTENCES.items()
    ]
    if part == "train":  # a copy of a sentence of dev, and a row without a label that is known
        rows += [{**rows[3], "text": f"{SENTENCES['favor'].format('Ukraine')} dev 0"}]
        rows += [{**rows[0], "stance": "maybe"}]
    path = folder / f"{part}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def draw(composer, tiny_overrides, tmp_path, monkeypatch, save_tiny_model, encode_once):
    """Draw a curve with a tiny model, its stages in this process; return its page."""
    monkeypatch.setattr(
        "training.experiments.runs.run_stage",
        lambda name, *overrides: composer.run(name, *overrides),
    )
    monkeypatch.setattr(
        "training.experiments.target_curve.run_stage",
        lambda name, *overrides: composer.run(name, *overrides),
    )
    for part, n in (("train", 8), ("dev", 4)):
        write_part(tmp_path, part, n)
    save_tiny_model(tmp_path / "model", encode_once)
    own = [one for one in tiny_overrides if not one.startswith("runtime.")]
    same = ["backbone.prefix='q: '", "classifier.sentiment_question='The tone'"]
    tiny = ",".join(
        [*own, *same, "frozen_layers=0", "epochs=1", f"checkpoints={tmp_path / 'checkpoints'}"]
    )

    def start(*overrides):
        composer.run(
            "target_curve",
            "suite=ruw",
            "target_key=ukraine",
            f"data_dir={tmp_path}",
            f"start={tmp_path / 'model'}",
            f"train_overrides=[{tiny}]",
            "counts=[9,18]",
            "draws=2",
            "bootstrap_draws=20",
            "runtime.threads=1",
            "runtime.precision=fp32",
            f"work={tmp_path / 'work'}",
            f"page={tmp_path / 'curve.md'}",
            *overrides,
        )
        return (tmp_path / "curve.md").read_text(encoding="utf-8")

    return start


def test_rules_a_model_untaught_and_models_taught_by_more_and_more_stand_on_the_page(
    draw, tmp_path, capsys
):
    page = draw()
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith(("| rul", "| mod"))]
    assert [row[:2] for row in rows] == [
        ["| rules", "-"],
        ["| model", "0"],
        ["| model", "9"],
        ["| model", "18"],
    ]
    assert rows[0][2].startswith("1.000 ")  # the sentences are such as functions know
    assert rows[3][3].count(",") == 1  # a score for each of two draws
    assert "12\nsentences of dev are scored" in page
    assert "</svg>" in (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert "1 rows rejected" in capsys.readouterr().err
    rows = read_table(tmp_path / "work" / "ruw-ukraine" / "18-14.parquet", "splits")
    assert {stance["target"] for row in rows for stance in row["stances"]} == {"ukraine"}
    assert all("dev" not in row["text"] for row in rows)


def test_a_smaller_number_is_contained_in_a_larger_one_and_chooses_the_epoch_itself(split_row):
    train = [split_row(str(i), f"sentence {i}") for i in range(30)]
    few, more = draw_examples(train, 5, 3), draw_examples(train, 12, 3)
    taught = [{row["text"] for row in rows if row["split"] == "train"} for rows in (few, more)]
    assert (len(taught[0]), len(taught[1])) == (5, 12)
    assert taught[0] < taught[1]
    assert {row["text"] for row in few if row["split"] == "dev"} == taught[0]
    assert {row["text"] for row in draw_examples(train, 5, 4)} != taught[0]


def test_the_score_is_the_mean_over_draws(composer, tmp_path):
    settings = composer.settings("target_curve", "suite=ruw", "target_key=ukraine", "data_dir=x")
    rng = np.random.default_rng(2)
    names = ("favor", "against", "neutral")
    gold = [names[i % 3] for i in range(60)]
    draws = [
        [
            {"group_id": str(i), "task": "ukraine", "gold": one, "label": names[guess]}
            for i, (one, guess) in enumerate(zip(gold, rng.integers(3, size=60), strict=True))
        ]
        for _ in range(3)
    ]
    found = score_point(settings, "model", 50, draws)
    each = [
        f1_score(gold, [row["label"] for row in rows], labels=names, average="macro")
        for rows in draws
    ]
    macro = found.scores["macro_f1"]
    assert macro.each == pytest.approx(each)
    assert macro.score == pytest.approx(np.mean(each))
    assert macro.low < macro.score < macro.high


def test_without_gold_of_a_class_nothing_is_scored(composer):
    settings = composer.settings("target_curve", "suite=ruw", "target_key=ukraine", "data_dir=x")
    rows = [{"group_id": "a", "task": "ukraine", "gold": "neutral", "label": "neutral"}]
    with pytest.raises(DataError, match="expected sentences of favor, against to score"):
        score_point(settings, "rules", None, [rows])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("target_key=nato", "expected a target that ruw names, one of russia, ukraine; got 'nato'"),
        ("suite=rusentne", "target_key: .* one of none"),
        ("counts=[100,50]", "counts: expected different numbers, the least first"),
        ("counts=[]", "counts: expected different numbers"),
        ("counts=[9,1000]", "expected at most 24, the sentences of train about ukraine, got 1000"),
        ("start=none", "expected a model folder, got none; run `make run` first"),
    ],
)
def test_what_cannot_be_drawn_is_a_config_error(draw, change, message):
    with pytest.raises(ConfigError, match=message):
        draw(change)
