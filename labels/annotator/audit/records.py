"""The content of ``audit.json``, as ``audit_annotator`` writes it."""

from typing import NotRequired, TypedDict

ALL = "all"  # languages, or targets


class AuditScore(TypedDict):
    """How far the answers of one slice are right; intervals resample articles."""

    lang: str  # or all
    task: str  # a target, all targets together (all), or sentiment
    n: int  # answers with gold
    articles: int
    f_polar: NotRequired[float | None]  # of a stance; null where a class has no gold
    f_polar_low: NotRequired[float | None]
    f_polar_high: NotRequired[float | None]
    f_polar_reason: NotRequired[str]
    macro_f1: float | None
    macro_f1_low: float | None
    macro_f1_high: float | None
    macro_f1_reason: NotRequired[str]
    neutral_gold: float  # share of the rows
    neutral_answered: float
    neutral_bias: float  # the second less the first
    neutral_bias_low: float | None
    neutral_bias_high: float | None
    missed: float | None  # of the rows with a position, or a tone, in gold: called neutral
    n_missed: int  # such rows


class AuditFlip(TypedDict):
    """How many answers change when the same is asked otherwise."""

    variant: str
    lang: str  # or all
    task: str  # all targets together (all), or sentiment
    n: int  # answers that there are both ways
    articles: int
    flipped: float | None  # share of them; null where there is none
    low: float | None  # 95% interval, articles resampled
    high: float | None


class AuditCost(TypedDict):
    """What answers take, as measured; of the prompt that is scored."""

    requests: int
    prompt_tokens_per_1000: float  # sentences with a valid answer
    answer_tokens_per_1000: float
    seconds_per_1000: float  # with `concurrency` requests at once
    cost_per_1000: float | None  # in the currency of the prices; null where they are not known
    concurrency: int
    is_counted: bool  # tokens, by the endpoint; else they are estimated


class Audit(TypedDict):
    """The whole card; sentences = answered + rejected."""

    labeller: str
    model: str
    base_url: str
    prompts: dict[str, str]  # fingerprint, by language
    gold: list[str]
    gold_rejects: int  # rows that cannot be used
    shown_in_prompt: int  # gold sentences left out because the prompt gives their labels
    sentences: int  # asked about
    answered: int
    rejected: dict[str, int]  # without a valid answer, by reason
    scores: list[AuditScore]
    flips: list[AuditFlip]
    cost: AuditCost
