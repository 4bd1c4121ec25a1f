"""What ``check_behaviour`` writes; `docs/tables.md` explains every field."""

from typing import TypedDict


class PassRate(TypedDict):
    """How many pairs of one kind a model gets right; a line of the CSV file."""

    model: str
    capability: str  # or ``all``
    lang: str  # or ``all``
    pairs: int
    passed: int  # both labels right
    rate: float  # in [0, 1], as are its bounds
    low: float
    high: float
    constant: float  # the rate of whoever always gives the same, best, label
    as_expected: int  # pairs whose answers differ or are the same as they should, right or not
    items: int
    right: int


class AskedModel(TypedDict):
    """Who was asked."""

    name: str
    sha256: str  # of ``export.json``, or of the table of labels
    variant: str | None  # of the export


class Behaviour(TypedDict):
    """The content of ``behaviour.json``."""

    pairs: dict[str, str]  # SHA-256 by file
    models: list[AskedModel]
    rates: list[PassRate]


class FailedItem(TypedDict):
    """One sentence of a pair that was failed."""

    id: str
    text: str
    label: str
    answer: str | None  # null where a table of labels has none
    probabilities: dict[str, float] | None


class FailedPair(TypedDict):
    """A line of ``behaviour.failed.jsonl``."""

    model: str
    pair: str
    capability: str
    lang: str
    target: str
    expect: str
    items: list[FailedItem]
