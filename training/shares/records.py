"""What ``chart_stance`` writes: rows of its tables, tasks, and the account of a run."""

from typing import TypedDict


class CellFields(TypedDict):
    """What a row is about; null is all of them together."""

    cell: str  # short name, of its page of evidence too
    counting: str  # articles or events
    target: str
    lang: str
    outlet: str | None
    voice: str | None
    period: str | None


class Share(CellFields):
    """A row of ``shares``: the share of one class in one cell."""

    stance: str
    articles: int
    events: int
    sentences: int
    called: int  # sentences that the model gives the class
    share: float | None  # by the estimator that was asked for; this and the rest null if too few
    low: float | None
    high: float | None
    naive: float | None
    naive_low: float | None
    naive_high: float | None
    adjusted: float | None
    adjusted_low: float | None
    adjusted_high: float | None
    ppi: float | None
    ppi_low: float | None
    ppi_high: float | None
    posterior: float | None
    posterior_low: float | None
    posterior_high: float | None
    gold_scope: str | None  # whose error rates were used: a language, or all
    gold_sentences: int | None  # in that scope
    gold_of_class: int | None
    labels_needed: int | None  # more labels until the interval is as narrow as asked for
    narrowest: float | None  # width that no number of labels goes below
    reason: str | None  # why there is no share


class Change(CellFields):
    """A row of ``changes``: a class in one period against the one before that has an estimate."""

    stance: str
    before: str
    difference: float
    low: float
    high: float
    p: float  # two-sided, for no change
    p_adjusted: float  # Holm, over all rows
    verdict: str  # rose, fell or cannot say


class Sensitivity(CellFields):
    """A row of ``sensitivity``: a share under another threshold or seed."""

    stance: str
    varied: str  # threshold or seed
    value: str
    sentences: int
    share: float | None
    low: float | None
    high: float | None
    reason: str | None


class LabelTask(TypedDict):
    """A line of ``tasks.jsonl``: a sentence to label."""

    id: str  # of its article
    sentence_id: str
    text: str
    lang: str
    target: str
    why: str


class GoldCounts(TypedDict):
    """How the gold sample was used."""

    rows: int
    used: int
    rejects: int
    unmatched: int


class Account(TypedDict):
    """The file ``meta.json``."""

    settings: dict[str, object]  # those that change results
    sentences: int
    rejects: int
    rejects_by_reason: dict[str, int]
    articles: int
    events: int
    without_outlet: int  # articles
    without_date: int
    gold: GoldCounts | None
    cells: int  # with both countings
    too_few: int
    without_estimate: int  # for another reason
    changes: int
    tasks: int
