"""A corpus of three articles that breaks no rule, and limits that fit it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labels.pipeline.tables import write_table

ROOT = Path(__file__).parents[3]
FIRST = "Norland thanked Russia for the wheat."
SECOND = "The minister did not speak about the harvest of this year."
THIRD = "Norland blamed Moscow and praised the OIC."
CASES = ["metonym"]


def gold_row(key, article, text, **changes):
    return {
        "id": key,
        "lang": "en",
        "article_id": article,
        "text": text,
        "russia": "unrelated",
        "oic": "unrelated",
        "sentiment": "neutral",
        "holder": {},
        "voice": {},
        "annotator": "person",
        "cases": [],
    } | changes


GOLD = [
    gold_row(
        "en-1",
        "a.txt",
        FIRST,
        russia="favor",
        holder={"russia": "Norland"},
        voice={"russia": "reported"},
    ),
    gold_row("en-2", "a.txt", SECOND),
    gold_row(
        "en-3",
        "b",
        THIRD,
        russia="against",
        oic="favor",
        holder={"russia": "Norland", "oic": "Norland"},
        voice={"russia": "reported", "oic": "reported"},
        cases=["metonym"],
    ),
]
MANIFEST = [
    {
        "article_id": article,
        "lang": "en",
        "genre": "wire report",
        "outlet": "Northern Gazette",
        "published": "2024-03-01",
        "url": "https://northern-gazette.example/a",
        "author": "person",
        "fiction": True,
        "labelled": labelled,
    }
    for article, labelled in (("a.txt", True), ("b", True), ("c", False))
]


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """Write the corpus; a test changes a file and reads again."""
    root = tmp_path / "corpus"
    (root / "articles").mkdir(parents=True)
    (root / "articles" / "a.txt").write_text(f"{FIRST}\n{SECOND}\n", encoding="utf-8")
    records = [
        {"id": "b", "lang": "en", "title": None, "text": THIRD},
        {"id": "c", "lang": "en", "title": None, "text": "Rain is expected on the coast today."},
    ]
    write_lines(root / "articles" / "more.jsonl", records)
    write_lines(root / "gold.jsonl", GOLD)
    write_lines(root / "manifest.jsonl", MANIFEST)
    write_lines(root / "second_reading.jsonl", GOLD)
    write_lines(root / "disagreements.jsonl", [])
    return root


@pytest.fixture(scope="session")
def composed(composer):
    """Compose the settings with every least count at 0, for a corpus of three articles."""
    counts = "articles gold class held_out contrasts opposites cases".split()
    return composer.settings(
        "check_corpus",
        *(f"min_{name}=0" for name in counts),
        "targets=[russia,oic]",
        "article_sentences=[1,14]",
        f"cases={CASES}",
        "write=true",
        "max_opening=0.5",
        "max_ratio_difference=0.5",
        "max_length_factor=2.0",
    )


@pytest.fixture
def limits(tmp_path, folder, split_row, composed):
    """Give settings that the corpus keeps."""
    classes = ("favor", "against", "neutral", "negative", "positive")
    figures = {
        "type_token_ratio": 0.8,
        "words_median": 8.0,
        "words_mean": 8.0,
        "words_p10": 5.0,
        "words_p90": 12.0,
        "top_opening": "the court said",
        "top_opening_fraction": 0.1,
        "articles": 10,
        "sentences": 100,
        "gold_sentences": 50,
        "classes": {task: dict.fromkeys(classes, 0.2) for task in ("russia", "oic", "sentiment")},
    }
    reference = tmp_path / "reference.json"
    reference.write_text(json.dumps({"languages": {"en": figures}}), encoding="utf-8")
    gauge = tmp_path / "realism.json"
    gauge.write_text(json.dumps({"languages": {}}), encoding="utf-8")
    splits = [split_row("1", "x", "dev", {"russia": "favor"})]
    write_table(tmp_path / "splits.parquet", "splits", splits)
    return replace(
        composed,
        corpus=folder,
        splits=tmp_path / "splits.parquet",
        reference_figures=reference,
        gauge_figures=gauge,
        target_folder=ROOT / "configs" / "target",
        bounds={},
        card=tmp_path / "card.md",
        agreement_page=tmp_path / "agreement.md",
        hub_card=tmp_path / "hub_card.md",
    )


@pytest.fixture
def changed(limits):
    """Return the limits with some of them changed."""
    return lambda **changes: replace(limits, **changes)
