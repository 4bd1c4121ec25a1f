"""What ``audit_aliases`` reads and writes."""

from typing import TypedDict


class JudgedSentence(TypedDict):
    """A line of a file of judged sentences; its text is found by its place."""

    sentence_id: str
    article_id: str
    field: str  # title or text
    start: int  # code points, in that field
    end: int
    lang: str
    found: bool  # some target was found there when it was drawn
    weight: float  # sentences of its language and kind that it stands for
    named: list[str]  # targets that a reader finds named there


class AliasFigures(TypedDict):
    """How well a target's names are found; shares, null where there is none."""

    task: str  # a target, or all of them
    lang: str  # or all
    sentences: int  # judged
    right: int  # found, and named
    wrong: int  # found, not named
    missed: int  # named, not found
    precision: float | None
    precision_low: float | None  # 95% interval (Wilson)
    precision_high: float | None
    recall: float | None  # of the judged sentences as they were drawn
    recall_low: float | None
    recall_high: float | None
    weighted_recall: float | None  # of all sentences that they were drawn from
    weighted_low: float | None  # with the bounds (Wilson) of what is missed where nothing was found


class AliasError(TypedDict):
    """A line of ``errors.jsonl``: a target found where it is not named, or missed where it is."""

    sentence_id: str
    lang: str
    target: str
    kind: str  # wrong or missed
    names: list[str]  # as they stand in the text, of what was found
    text: str


class AliasAudit(TypedDict):
    """The content of ``aliases.json``."""

    judged: int
    figures: list[AliasFigures]
