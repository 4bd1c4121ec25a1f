import json

import numpy as np
import pytest

from labels.errors import DataError
from labels.tables import read_table, write_table
from training.config import Precision, RuntimeConfig, ScoreConfig
from training.model.store import load_model
from training.scoring import predict_examples, score_model, target_gain


def answers(sentence, group, **targets):
    """Make prediction rows: target=(gold, label)."""
    return [
        {"sentence_id": sentence, "group_id": group, "task": task, "gold": gold, "label": label}
        for task, (gold, label) in targets.items()
    ]


F, A, N, U = "favor", "against", "neutral", "unrelated"


def gain(*rows):
    return target_gain([one for part in rows for one in part], np.random.default_rng(1), 200)


def test_target_gain_of_three_sentences_by_hand():
    found = gain(
        # both right, both wrong when dealt the other way: 2 - 0 of 2 rows
        answers("s1", "a", russia=(F, F), oic=(A, A)),
        # the same label twice: 1 - 1 of 2 rows
        answers("s2", "b", russia=(F, F), oic=(A, F)),
        # gold and labels F A N; right in the 5 other orders: 1, 0, 1, 1, 0, mean 0.6:
        # FNA 1, AFN 1, ANF 0, NFA 0, NAF 1; so 3 - 0.6 of 3 rows
        answers("s3", "b", russia=(F, F), oic=(A, A), gaza_ceasefire=(N, N)),
    )
    assert found["gain"] == pytest.approx((2 + 0 + 2.4) / 7)
    assert found["n"] == 3
    # articles are drawn whole: article a alone gives 2/2, article b alone 2.4/5
    assert found["low"] == pytest.approx(2.4 / 5)
    assert found["high"] == pytest.approx(1.0)


def test_answers_for_the_wrong_target_lose():
    found = gain(answers("s", "a", russia=(F, A), oic=(A, F)))
    assert found["gain"] == -1.0


def test_unrelated_targets_and_equal_stances_do_not_count():
    found = gain(
        answers("s1", "a", russia=(F, F), oic=(U, U)),
        answers("s2", "a", russia=(A, A), oic=(A, F), gaza_ceasefire=(U, N)),
    )
    assert found == {
        "gain": None,
        "low": None,
        "high": None,
        "n": 0,
        "reason": "no sentence with two related targets of different stances",
    }


@pytest.fixture(scope="module")
def score(tiny_export, tmp_path_factory):
    """Score the tiny model on some rows and return the report and its folder."""

    def run(rows, parts=("dev",)):
        folder = tmp_path_factory.mktemp("score")
        write_table(folder / "splits.parquet", "splits", rows)
        config = ScoreConfig(
            model=str(tiny_export[0]),
            splits=str(folder / "splits.parquet"),
            output=str(folder / "report"),
            parts=list(parts),
            batch_size=2,
            bootstrap_draws=50,
            seed=1,
            runtime=RuntimeConfig(precision=Precision.fp32, threads=1),
        )
        score_model(config)
        metrics = json.loads((folder / "report" / "metrics.json").read_text(encoding="utf-8"))
        return metrics, folder / "report"

    return run


@pytest.fixture(scope="module")
def dev_rows(split_row):
    every = {"russia": F, "oic": A, "gaza_ceasefire": U}
    return [
        split_row("d1", "Moscow hailed the pact.", "dev", every, "positive"),
        split_row("d2", "Дождь идёт.", "dev", {"russia": N}, None, lang="ru"),
        split_row("d3", "Hujan.", "dev", {"oic": U}, "neutral", lang="id"),
        split_row("t1", "Left out.", "train", every, "negative"),
    ]


def test_only_labelled_rows_of_the_split_are_scored(score, dev_rows):
    metrics, folder = score(dev_rows, ["dev", "test"])
    dev = metrics["dev"]
    assert (dev["sentences"], dev["rows"], dev["groups"]) == (3, 5, 3)
    assert dev["sentiment"]["n"] == 2
    assert dev["pooled"]["n_gold"] == {"favor": 1, "against": 1, "neutral": 1, "unrelated": 2}
    assert {target: part["n"] for target, part in dev["targets"].items()} == {
        "russia": 2,
        "oic": 2,
        "gaza_ceasefire": 1,
    }
    assert {lang: part["n"] for lang, part in dev["languages"].items()} == {
        "en": 3,
        "id": 1,
        "ru": 1,
    }
    assert metrics["test"] is None
    rows = read_table(folder / "predictions.parquet", "predictions")
    assert [(row["sentence_id"], row["task"]) for row in rows] == [
        ("d1", "russia"),
        ("d1", "oic"),
        ("d1", "gaza_ceasefire"),
        ("d1", "sentiment"),
        ("d2", "russia"),
        ("d3", "oic"),
        ("d3", "sentiment"),
    ]
    lines = (folder / "confusion.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "task,gold,label"
    assert len(lines) == 8
    assert (folder / "confusion.svg").stat().st_size > 0


def test_a_score_without_gold_is_null_and_so_is_its_interval(score, split_row):
    rows = [split_row(key, "Rain.", "dev", {"oic": F}, "neutral") for key in "ab"]
    dev = score(rows)[0]["dev"]
    for name in ("f_polar_pooled", "f_polar_pooled_low", "f_polar_pooled_high", "macro_f1_pooled"):
        assert dev[name] is None
    assert dev["pooled"]["f_polar_reason"] == "no gold example of against"
    assert dev["target_gain"]["gain"] is None


def test_scoring_twice_gives_the_same_bytes(score, dev_rows):
    one, two = (score(dev_rows)[1] for _ in range(2))
    for name in ("metrics.json", "confusion.csv", "confusion.svg", "predictions.parquet"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_first_part_without_examples_is_an_error(score, dev_rows):
    with pytest.raises(DataError, match=r"splits\.parquet: no example of test to score"):
        score(dev_rows, ["test", "dev"])


def test_predictions_do_not_depend_on_the_batch_size(tiny_export, dev_rows):
    model = load_model(tiny_export[0])
    one, many = (
        [row["probabilities"] for row in predict_examples(model, dev_rows, size, Precision.fp32)]
        for size in (1, 4)
    )
    for a, b in zip(one, many, strict=True):
        assert a == pytest.approx(b, abs=1e-5)
