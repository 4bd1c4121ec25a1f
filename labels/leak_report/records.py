"""The leak report, which ``docs/tables.md`` explains."""

from typing import TypedDict


class SplitFacts(TypedDict):
    """What one split is made of."""

    sentences: int
    articles: int
    outlets: int
    dated: int  # sentences
    first_day: str | None
    last_day: str | None
    later: int  # sentences of a later day than any that trains
    new_outlets: int  # that train lacks
    new_languages: list[str]  # that train lacks, sorted
    new_targets: list[str]


class Shared(TypedDict):
    """What two splits have in common; all but the outlets should be 0."""

    first: str
    second: str
    articles: int
    groups: int  # near-duplicate groups, as the table has them
    near_copies: int  # articles of the first that are near-duplicates of one of the second
    equal_sentences: int  # of the first, in the words of one of the second
    overlaps: int  # sentences of the first that share too many n-grams with one of the second
    outlets: int


class Leak(TypedDict):
    """One thing that stands in two splits."""

    kind: str
    first: str  # article, group or sentence id, with its split before it
    second: str


class Leaks(TypedDict):
    """The content of ``leaks.json``."""

    leaks: int
    splits: dict[str, SplitFacts]
    pairs: list[Shared]
    found: list[Leak]
