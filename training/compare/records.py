"""The content of ``comparison.json``, as ``compare_models`` writes it."""

from enum import StrEnum
from typing import NotRequired, TypedDict


class Verdict(StrEnum):
    """What may be said of two models by one measure on one slice."""

    a = "a"  # a is better
    b = "b"  # b is better
    undecided = "undecided"  # no difference was shown, which is not that there is none
    too_few = "too_few"  # rows to say


class Side(TypedDict):
    """One of the two that are compared."""

    path: str
    sha256: str
    form: str  # predictions or records


class Compared(TypedDict):
    """What was compared."""

    sentences: int
    groups: int  # clusters: near-duplicate groups of articles, or articles
    stances: int  # (sentence, target) rows
    sentiments: int
    holders: int  # positions whose holder gold names
    holders_reason: NotRequired[str]  # why holders were not compared


class LeftOut(TypedDict):
    """Answers of one side that could not be compared."""

    gold_rejects: int  # rows of the gold file that label no sentence of this side
    only_here: int  # labelled answers that the other side lacks


class Mcnemar(TypedDict):
    """McNemar's exact test, which counts rows as if they were independent."""

    a_only: int  # rows that a alone has right
    b_only: int
    p: float


class Result(TypedDict):
    """One measure on one slice; scores in [0, 1], null where they cannot be computed."""

    measure: str
    target: str | None  # null: all; so are the next two
    lang: str | None
    voice: str | None
    n: int  # rows
    groups: int
    differing_groups: int  # with at least one row that the two answer differently
    a: float | None
    b: float | None
    difference: float | None  # b minus a
    low: float | None  # 95% interval of it, groups resampled in pairs
    high: float | None
    p: float | None  # of the permutation test, over groups
    p_corrected: float | None  # for all comparisons but the headline; null for the headline
    mcnemar: Mcnemar | None  # of measures that count right rows
    verdict: str
    reason: NotRequired[str]  # why there is no verdict


class Differing(TypedDict):
    """Rows that the two answer differently."""

    a_right: int
    b_right: int
    neither_right: int


class Comparison(TypedDict):
    """The whole file."""

    models: dict[str, Side]  # by side, a and b
    gold: str | None  # file; null where the predictions tables hold it
    compared: Compared
    left_out: dict[str, LeftOut]  # by side
    rejects_by_reason: dict[str, int]  # of the gold file's rows that are no labels
    alpha: float
    seed: int
    bootstrap_draws: int
    permutations: int
    results: list[Result]  # the headline first
    differing: Differing
    conclusions: list[str]
