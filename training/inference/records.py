"""What ``predict_stance`` writes: the record of a sentence, and the summary of a run."""

from typing import NotRequired, TypedDict


class Answer(TypedDict):
    """The answer to one task."""

    label: str  # the most probable class
    probabilities: dict[str, float]  # by class; they sum to 1


class Labels(TypedDict):
    """The answers to all tasks about a sentence."""

    stance: dict[str, Answer]  # by target, in the order of the export
    sentiment: Answer
    parts: NotRequired[int]  # of a sentence longer than the model reads at once


class SentenceFields(TypedDict):
    """Where a sentence stands, and what its input carried."""

    id: str | int  # the input's own with its type; else the path below the input, with `:line`
    sentence_id: str
    kind: str  # title, body or caption
    field: str  # title or text: what the offsets refer to
    start: int  # in code points
    end: int
    text: str
    lang: str
    title: NotRequired[str]  # this and the next three where the input has them
    source: NotRequired[str]
    url: NotRequired[str]
    published: NotRequired[str]


class Record(SentenceFields, Labels):
    """One line of the output."""


class PageText(TypedDict):
    """One line of ``OUTPUT.texts.jsonl``: the text of a page, which offsets refer to."""

    id: str | int
    title: str | None
    text: str


class Counts(TypedDict):
    """How many there were; inputs are articles and rejects."""

    inputs: int
    articles: int
    rejects: int
    sentences: int


class Summary(TypedDict):
    """The line of ``OUTPUT.meta.json``."""

    version: str  # of this program
    export_hash: str  # of the model
    config_hash: str  # of the settings that change records
    counts: Counts
