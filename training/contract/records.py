"""What ``predict_stance`` writes: the record of a sentence, and the summary of a run."""

from typing import NotRequired, TypedDict

RECORD_VERSION = 1  # of `Record`; raised when a field comes, goes, or means something else


class Answer(TypedDict):
    """The answer to one task."""

    label: str  # the most probable class
    probabilities: dict[str, float]  # by class; they sum to 1
    abstained: NotRequired[bool]  # whether it is too unsure for the risk that was asked for


class Holder(TypedDict):
    """Whose stance it is: a span of the sentence, ``text[start:end]`` in code points, or author."""

    start: NotRequired[int]
    end: NotRequired[int]
    text: NotRequired[str]
    author: NotRequired[bool]  # true, and nothing else, where the sentence names no holder


class StanceAnswer(Answer):
    """The stance towards one target; whose it is and how it is expressed, where it is about it."""

    holder: NotRequired[Holder]
    voice: NotRequired[str]


class Labels(TypedDict):
    """The answers to all tasks about a sentence."""

    stance: dict[str, StanceAnswer]  # by target, in the order of the export
    sentiment: Answer
    parts: NotRequired[int]  # of a sentence longer than the model reads at once


class LabelledSentence(Labels):
    """One line of an export's ``stance.py``."""

    text: str
    lang: str | None  # as it was told


class Provenance(TypedDict, total=False):
    """What an input says of its article besides the text; only what it has."""

    title: str
    source: str
    url: str
    published: str


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
    posted: NotRequired[str]  # time, as written, of the post of a live blog


class Record(SentenceFields, Provenance, Labels):
    """One line of the output."""


class HolderCounts(TypedDict):
    """How many positions of an article's sentences a holder has."""

    text: NotRequired[str]  # the holder, as first written
    author: NotRequired[bool]  # true, and no text, for the author
    favor: int
    against: int


class StrongSentence(TypedDict):
    """A sentence with a position that the model is sure of."""

    sentence_id: str
    label: str
    probability: float  # of the label
    text: str


class TargetSummary(TypedDict):
    """What the sentences of an article say of one target."""

    labels: dict[str, int]  # stance -> sentences
    voices: dict[str, dict[str, int]]  # favor and against -> voice -> sentences
    holders: list[HolderCounts]  # of positions, the most frequent first
    strongest: list[StrongSentence]  # of favor, then of against, the surest first


class ArticleSummary(Provenance):
    """One line of ``OUTPUT.articles.jsonl``."""

    id: str | int  # as in the records
    lang: str
    sentences: int
    stance: dict[str, TargetSummary]
    sentiment: dict[str, int]  # sentiment -> sentences


class RewrittenText(TypedDict):
    """One line of ``OUTPUT.texts.jsonl``: what offsets refer to where it is not the input's own.

    So it is with pages, and with fields that held markup, parts, or a wrong code page.
    """

    id: str | int
    title: str | None
    text: str


class RemovedText(TypedDict):
    """One line of ``OUTPUT.removed.jsonl``: a piece of the text that is no sentence of the article.

    Its offsets refer to what those of the sentences refer to.
    """

    id: str | int
    field: str
    start: int  # in code points
    end: int
    kind: str  # of clutter
    rule: str  # that found it: language, section, kind and number in cleaning.yaml, or a test
    text: str


class Counts(TypedDict):
    """How many there were; inputs are articles and rejects."""

    inputs: int
    articles: int
    rejects: int
    sentences: int
    repeated: int  # of them, answered as an earlier one with the same words, names and language
    long_sentences: int  # of the sentences, longer than the model reads at once: scored in parts
    abstained: int  # answers that are too unsure for the risk that was asked for
    removed: int  # pieces of text that are no sentences of an article


class Summary(TypedDict):
    """The line of ``OUTPUT.meta.json``."""

    version: str  # of this program
    export_hash: str  # of the model
    variant: str  # of it: fp32 or int8
    config_hash: str  # of the settings that change records
    counts: Counts
    rejects_by_reason: dict[str, int]
    removed_by_kind: dict[str, int]
    noted: dict[str, dict[str, int]]  # what was understood in part, or mended: kind -> detail -> n
