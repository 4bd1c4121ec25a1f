"""Records of predict_stance and gold rows, made up."""

import json

import numpy as np
import pytest

from labels.pipeline.schema import STANCES

TARGET = "gaza_ceasefire"
# What favor, against, neutral and unrelated are called.
ERRORS = np.array(
    [[0.8, 0.04, 0.14, 0.02], [0.06, 0.7, 0.22, 0.02], [0.07, 0.05, 0.86, 0.02], [0, 0, 0.02, 0.98]]
)


def record(key, label="neutral", text=None, article=None, voice="reported", **fields):
    """Make a record of predict_stance with one target."""
    probabilities = dict.fromkeys(STANCES, 0.02) | {label: 0.94}
    answer = {"label": label, "probabilities": probabilities}
    if label != "unrelated":
        answer |= {"holder": {"author": True}, "voice": voice}
    article = str(key) if article is None else article
    return {
        "id": article,
        "sentence_id": f"{article}#{key}",
        "kind": "body",
        "field": "text",
        "start": 0,
        "end": 1,
        "text": text or f"Sentence {key} of the talks.",
        "lang": "en",
        "stance": {TARGET: answer},
        "sentiment": {"label": "neutral", "probabilities": {"neutral": 1.0}},
    } | fields


def write_lines(path, rows):
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def words(rng, n=12):
    """Make a sentence that repeats no other."""
    return " ".join(f"w{number}" for number in rng.integers(1_000_000, size=n)) + "."


def made_news(seed=3):
    """Make the news of two outlets over three months, of which one turns against the ceasefire."""
    rng = np.random.default_rng(seed)
    shares = {
        ("Gazette", "2024-01"): (0.5, 0.1, 0.4),
        ("Gazette", "2024-02"): (0.5, 0.1, 0.4),
        ("Gazette", "2024-03"): (0.1, 0.6, 0.3),
        ("النشرة", "2024-01"): (0.3, 0.2, 0.5),
        ("النشرة", "2024-03"): (0.3, 0.2, 0.5),
    }
    rows = []
    for (outlet, month), truth in shares.items():
        for number in range(60):
            article = f"{outlet} {month} {number}"
            about = {"source": outlet, "published": f"{month}-{1 + number % 28:02}"}
            about |= {"title": f"Talks {number}", "url": f"https://news.example/{number}"}
            for _ in range(3):
                right = rng.choice(3, p=truth)
                label = STANCES[rng.choice(4, p=ERRORS[right])]
                key = len(rows)
                rows.append(record(key, label, words(rng), article=article, **about))
    return rows


def made_gold(n=600, seed=4):
    """Make gold rows and what the classifier says of them."""
    rng = np.random.default_rng(seed)
    gold, records = [], []
    for number in range(n):
        right = rng.choice(4, p=(0.3, 0.2, 0.4, 0.1))
        text = words(rng)
        gold.append(
            {"id": f"g{number}", "article_id": f"a{number // 2}", "text": text, "lang": "en"}
            | {TARGET: STANCES[right]}
        )
        label = STANCES[rng.choice(4, p=ERRORS[right])]
        records.append(record(number, label, text, article=f"g{number}"))
    return gold, records


@pytest.fixture(scope="session")
def inputs(tmp_path_factory):
    """Write news, gold and predictions for both; return the folder."""
    folder = tmp_path_factory.mktemp("shares")
    gold, of_gold = made_gold()
    write_lines(folder / "stance.jsonl", made_news())
    write_lines(folder / "gold.jsonl", gold)
    write_lines(folder / "gold_stance.jsonl", of_gold)
    return folder


@pytest.fixture(scope="session")
def overrides(inputs):
    return [
        f"predictions={inputs / 'stance.jsonl'}",
        f"gold={inputs / 'gold.jsonl'}",
        f"gold_predictions={inputs / 'gold_stance.jsonl'}",
        "draws=4000",
        "thresholds=[]",
    ]
