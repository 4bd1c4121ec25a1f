"""The content of ``drift.json``, as ``check_drift`` writes it."""

from enum import StrEnum
from typing import NotRequired, TypedDict


class Verdict(StrEnum):
    """What may be said of one feature."""

    same = "same"  # no further apart than random parts of the articles are
    little = "little"  # further apart, but by less than is worth acting on
    drifted = "drifted"
    too_few = "too_few"  # articles to say


class Side(TypedDict):
    """What was read of one side."""

    path: str
    form: str  # articles, sentences, splits or records
    articles: int  # compared
    of: int  # articles in the file
    sentences: int  # of those compared
    languages: dict[str, int]  # articles, by language
    dated: int  # articles with a day
    first: str | None  # earliest day
    last: str | None  # latest day
    named_outlets: int  # articles that name their outlet
    outlets: int  # different ones


class Share(TypedDict):
    """How frequent one kind is on both sides, fractions in [0, 1]."""

    name: str
    articles: float
    reference: float


class Change(TypedDict):
    """How far both sides are apart in one feature."""

    feature: str
    lang: str | None  # null: articles of all languages
    target: str | None
    articles: int  # articles that have the feature
    reference: int
    distance: float | None  # Jensen-Shannon, in [0, 1]
    threshold: float | None  # below which 95 of 100 random parts of the articles are
    excess: float | None  # what is left of the distance without what chance gives
    p: float | None
    p_corrected: float | None  # for all features
    verdict: str
    shares: list[Share]
    reason: NotRequired[str]  # why there is no verdict


class TopicWord(TypedDict):
    """A word that the new articles have more often."""

    word: str
    z: float  # log-odds ratio over its standard deviation
    articles: int  # new articles with the word
    reference: int


class Outlet(TypedDict):
    """An outlet that the reference does not have."""

    name: str
    articles: int


class Drift(TypedDict):
    """The whole file."""

    articles: Side
    reference: Side
    alpha: float
    notable: float
    permutations: int
    seed: int
    changes: list[Change]
    words: dict[str, list[TopicWord]]  # by language
    later: int | None  # new articles after the last day of the reference; null without days
    unseen_outlets: list[Outlet]  # most frequent first
    label_more: bool
    tasks: int  # sentences that were chosen
    conclusions: list[str]
