"""The contract between the packages: label schemes, tasks, articles, sentences, rejects."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum


class Unit(Enum):
    """What one input record is."""

    article = "article"  # cleaned and split into sentences
    sentence = "sentence"  # taken as it is: one record, one sentence


class TargetKind(Enum):
    """What a target is, which decides what counts as a position towards it."""

    actor = "actor"  # a state or body: praised, accused, sanctioned, joined
    proposal = "proposal"  # a plan or treaty: called for, accepted, rejected, broken


class Stance(StrEnum):
    """Position of a sentence towards one target, in the order of every logit and column."""

    favor = "favor"
    against = "against"
    neutral = "neutral"
    unrelated = "unrelated"


class Sentiment(StrEnum):
    """Tone of a sentence for an ordinary reader, in the order of every logit and column."""

    negative = "negative"
    neutral = "neutral"
    positive = "positive"


class Voice(StrEnum):
    """How a polar stance is expressed, in the order of every logit."""

    author = "author"
    reported = "reported"
    event = "event"


class LabelOrigin(StrEnum):
    """Gold is adjudicated by a named annotator, silver is computed by a label model."""

    gold = "gold"
    silver = "silver"


class Split(StrEnum):
    """Part of the data; dev chooses, test is looked at once."""

    train = "train"
    dev = "dev"
    test = "test"


class SentenceKind(StrEnum):
    """Where in the article a sentence stands."""

    title = "title"  # type: ignore[assignment]  # hides str.title, which nobody calls here
    body = "body"
    caption = "caption"


class Field(StrEnum):
    """The text field that a sentence's offsets refer to."""

    title = "title"  # type: ignore[assignment]
    text = "text"


STANCES = tuple(stance.value for stance in Stance)
SENTIMENTS = tuple(sentiment.value for sentiment in Sentiment)
POLAR_STANCES = (Stance.favor.value, Stance.against.value)
VOICES = tuple(voice.value for voice in Voice)
AUTHOR = "author"  # the holder of a stance that nobody is named for: who writes


@dataclass(frozen=True)
class Scheme:
    """A set of classes that tasks share, and with them a label model and a head."""

    name: str
    classes: tuple[str, ...]  # in the order of every logit and column
    polar: tuple[str, ...] = ()  # the classes whose mean F1 is ``f_polar``; none: there is no such


@dataclass(frozen=True)
class Task:
    """One question asked of every sentence: the stance towards one target, or the sentiment.

    Votes, label models, batches, heads, scores and records go through the tasks and name none of
    them. A further label scheme is one more `Scheme` and its tasks here, and besides its table of
    labels, its column of ``splits``, its question and its weight in the loss.
    """

    key: str  # what stands in the column ``task``: the target's key, or ``sentiment``
    scheme: Scheme

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes, in the order of every logit and column."""
        return self.scheme.classes

    @property
    def polar(self) -> tuple[str, ...]:
        """The classes that are a position; none for a task that knows none."""
        return self.scheme.polar


STANCE = Scheme("stance", STANCES, POLAR_STANCES)
SENTIMENT = Scheme("sentiment", SENTIMENTS)
SCHEMES = (STANCE, SENTIMENT)
SENTIMENT_TASK = Task(SENTIMENT.name, SENTIMENT)


def tasks_for(targets: Sequence[str]) -> tuple[Task, ...]:
    """List the tasks in the order of every table and logit: a stance per target, the sentiment."""
    return (*(Task(target, STANCE) for target in targets), SENTIMENT_TASK)


@dataclass(kw_only=True)
class Block:
    """A paragraph of an article's text that is kept: ``text[start:end]``, in code points."""

    start: int
    end: int
    kind: SentenceKind = SentenceKind.body


@dataclass(kw_only=True)
class Article:
    """One article.

    ``blocks`` are the kept parts of ``text`` in order, without overlap; what lies between them is
    clutter or white space. A stored article's text holds nothing else.
    """

    article_id: str
    title: str | None
    text: str
    lang: str
    published: str | None = None  # ISO date; null when unsure
    url: str | None = None
    source: str | None = None  # outlet
    group_id: str = ""  # near-duplicate or wire-copy cluster
    blocks: list[Block] = field(default_factory=list)


@dataclass(kw_only=True)
class Sentence:
    """One sentence: ``getattr(article, field)[start:end] == text``, in code points."""

    sentence_id: str
    article_id: str
    index: int
    kind: SentenceKind
    field: Field
    start: int
    end: int
    text: str
    lang: str


@dataclass(kw_only=True)
class Reject:
    """An input that did not become a record, and why."""

    source: str  # file, with `:line` or `#row` where there is one
    reason: str  # short code, the same for all rejects of a kind
    message: str  # where, what was expected, what was found


def rejected(source: str, reason: str, message: str) -> Reject:
    """Make the reject of an input; its message begins with where the input stands."""
    return Reject(source=source, reason=reason, message=f"{source}: {message}")
