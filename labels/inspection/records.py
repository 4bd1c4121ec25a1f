"""What ``inspect_functions`` writes."""

from typing import TypedDict


class FunctionFigures(TypedDict):
    """How a labeller does on a task in a language; fractions, null where there is none."""

    scheme: str
    labeller: str
    task: str  # or all of the scheme
    lang: str  # or all
    asked: int  # sentences
    votes: int
    coverage: float | None  # of the sentences it was asked about, those that it votes on
    overlap: float | None  # of its votes, those with another vote beside them
    conflict: float | None  # of its votes, those with a different vote beside them
    most_alike: str | None  # the labeller whose answers are most like its own
    correlation: float | None  # with that one
    n_gold: int  # votes on sentences with gold
    accuracy: float | None  # of them, those that are right
    low: float | None  # 95% interval of it (Wilson)
    high: float | None


class Doubted(TypedDict):
    """A labeller that is right too rarely where it votes."""

    scheme: str
    labeller: str
    accuracy: float
    n_gold: int


class Inspection(TypedDict):
    """The content of ``functions.json``."""

    sentences: int
    figures: list[FunctionFigures]
    doubted: list[Doubted]


class FiredOn(TypedDict):
    """A line of ``fired_on.jsonl``: a sentence that a labeller voted on."""

    scheme: str
    labeller: str
    task: str
    sentence_id: str
    lang: str
    text: str
    label: str  # of the vote
    gold: str | None
