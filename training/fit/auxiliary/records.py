"""A set to learn from besides, as ``read_suite`` writes it: its examples, and what they are."""

from pathlib import Path
from typing import TypedDict

from training.model.records import TargetDefinition

EXAMPLES, ABOUT, REJECTS = "examples.parquet", "suite.json", "rejects.jsonl"  # of a set's folder
BETWEEN = " </s> "  # a target that is a text, and the sentence


class SuiteRecord(TypedDict):
    """The content of ``suite.json``; the examples beside it are a table ``splits``."""

    key: str
    title: str
    licence: str  # of the texts
    targets: list[TargetDefinition]
    classes: dict[str, list[str]]  # by scheme, those of the set's labels in the scheme's order


def files_of(folder: Path, suite: str) -> dict[str, Path]:
    """Name the files that a training reads of a set, by what they hold."""
    return {"examples": folder / suite / EXAMPLES, "about": folder / suite / ABOUT}
