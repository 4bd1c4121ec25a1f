from pathlib import Path

import pytest
import yaml

from labels.corpus.hub_card import hub_card, read_files
from labels.pipeline.errors import DataError

ROOT = Path(__file__).parents[3]
TARGETS = ("russia", "oic", "gaza_ceasefire")


def block_of(card):
    _, block, _ = card.split("---\n", 2)
    return yaml.safe_load(block)


def cells(card, first):
    """Return the cells of the first row of a table that begins with a word."""
    (row, *_) = [line for line in card.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in row.strip("|").split("|")][1:]


def test_the_card_of_the_project_is_that_of_its_corpus():
    made = hub_card(read_files(ROOT / "data" / "sample"), TARGETS)
    kept = (ROOT / "docs" / "data_card.md").read_text(encoding="utf-8")
    assert kept == made, "run: make check-corpus WRITE=true"


def test_a_hub_can_read_its_block(folder):
    block = block_of(hub_card(read_files(folder), ("russia", "oic")))
    assert block["language"] == ["en"]
    assert block["license"] == "cc-by-4.0"
    assert block["size_categories"] == "n<1K"
    assert block["configs"] == [{"config_name": "gold", "data_files": "gold.jsonl"}]


def test_labels_articles_and_readings_are_counted(folder):
    files = read_files(folder)
    card = hub_card(files, ("russia", "oic"))
    assert len(files.gold) == 3
    assert cells(card, "en")[:2] == ["3", str(len(files.manifest))]
    against = sum(record["russia"] == "against" for record in files.gold)
    rows = card[card.index("| `russia` |") :]
    assert cells(rows, "all")[1] == str(against) == "1"
    assert f"{len(files.disagreements):,} labels of" in card


def test_a_broken_line_is_named(folder):
    with (folder / "gold.jsonl").open("a", encoding="utf-8") as file:
        file.write("broken\n")
    with pytest.raises(DataError, match=r"gold\.jsonl:4: "):
        read_files(folder)
