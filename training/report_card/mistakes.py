"""The errors that are most worth reading: where the model is surest and wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labels.pipeline.errors import ConfigError
from labels.pipeline.progress import Meter
from labels.pipeline.schema import AUTHOR
from labels.pipeline.tables import Row
from training.contract.records import Holder
from training.inference import StanceModel
from training.report_card.scored import Predictions, Scored

LONGEST = 600  # characters: a longer sentence is shown without its words, which take long to find
_STRONGEST = 5  # words
_LEAST = 0.02  # of a probability: what changes it less carries nothing


@dataclass(frozen=True)
class Piece:
    """A part of a sentence, and how much it carries: 0 to 1, 1 for the strongest word."""

    text: str
    strength: float = 0.0


@dataclass(frozen=True)
class Word:
    """A word that carries a label, and what it adds to its probability."""

    text: str
    weight: float


@dataclass(frozen=True)
class Explained:
    """What the export says of a sentence alone, and by which words."""

    label: str
    holder: str | None  # a text, or `AUTHOR`; null where the sentence is not about the target
    voice: str | None
    pieces: list[Piece]
    words: list[Word]  # the strongest first


@dataclass
class Mistake:
    """A wrong answer, with what a reader needs to judge it."""

    sentence_id: str
    target: str
    lang: str
    gold: str
    label: str
    probabilities: dict[str, float]  # by class, scaled
    text: str = ""
    article_id: str = ""
    gold_holder: str | None = None
    gold_voice: str | None = None
    title: str | None = None
    source: str | None = None
    published: str | None = None
    explained: Explained | None = None


def choose_mistakes(predictions: Predictions, stances: Scored, n: int) -> list[Mistake]:
    """Take the surest wrong answers of each language and target, an article at most once in each.

    An error of each kind, such as *against* called *neutral*, comes before a second one of any.

    Args:
        predictions: Whose sentences they are.
        stances: The same rows with scaled probabilities.
        n: How many of each language and target.
    """
    wrong = np.flatnonzero(~stances.right)
    surest = wrong[np.argsort(-stances.confidences[wrong], kind="stable")].tolist()
    kinds: set[tuple[str, str, int, int]] = set()
    first: list[int] = []  # one of each kind of error comes before a second of any
    others: list[int] = []
    for place in surest:
        pair = int(stances.gold[place]), int(stances.labels[place])
        kind = (str(stances.langs[place]), str(stances.tasks[place]), *pair)
        (others if kind in kinds else first).append(place)
        kinds.add(kind)
    taken: dict[tuple[str, str], list[int]] = {}
    seen: set[tuple[str, str, int]] = set()
    for place in [*first, *others]:
        lang, target = str(stances.langs[place]), str(stances.tasks[place])
        own = taken.setdefault((lang, target), [])
        key = (lang, target, int(stances.groups[place]))
        if len(own) < n and key not in seen:
            own.append(place)
            seen.add(key)
    classes = stances.scheme.classes
    return [
        Mistake(
            sentence_id=predictions.sentence_ids[int(stances.sentences[place])],
            target=target,
            lang=lang,
            gold=classes[int(stances.gold[place])],
            label=classes[int(stances.labels[place])],
            probabilities=dict(zip(classes, stances.probabilities[place].tolist(), strict=True)),
        )
        for target in predictions.targets
        for lang in predictions.langs
        for place in taken.get((lang, target), ())
    ]


def add_sentences(mistakes: Sequence[Mistake], rows: Mapping[str, Row]) -> None:
    """Add what the table ``splits`` says: text, outlet, and gold's holder and voice."""
    for one in mistakes:
        row = rows[one.sentence_id]
        one.text, one.article_id = row["text"], row["article_id"]
        one.source, one.published = row["source"], row["published"]
        for stance in row["stances"]:
            if stance["target"] == one.target:
                one.gold_holder, one.gold_voice = stance["holder"], stance["voice"]


def add_articles(mistakes: Sequence[Mistake], articles: Iterable[Row]) -> None:
    """Add the titles of their articles, from the table ``articles``, in one pass."""
    wanted: dict[str, list[Mistake]] = {}
    for one in mistakes:
        wanted.setdefault(one.article_id, []).append(one)
    for row in articles:
        for one in wanted.get(row["article_id"], ()):
            one.title = row["title"]


def explain_mistakes(mistakes: Sequence[Mistake], model: StanceModel, shown: Meter) -> None:
    """Ask the export which words carry each answer.

    Raises:
        ConfigError: The export knows other targets.
    """
    if unknown := sorted({one.target for one in mistakes} - set(model.targets)):
        raise ConfigError(
            f"export: expected a model of {', '.join(unknown)}, found one of "
            f"{', '.join(model.targets)}"
        )
    for one in mistakes:
        if len(one.text) <= LONGEST:
            one.explained = _explained(one, model)
        shown.advance()


def _explained(one: Mistake, model: StanceModel) -> Explained:
    explanation = model.explain(one.text, one.target, one.lang)
    (labels,) = model([one.text], langs=[one.lang])
    answer = labels["stance"][one.target]
    strongest = [word for word in explanation.strongest(_STRONGEST) if word.weight >= _LEAST]
    top = max((word.weight for word in strongest), default=1.0)
    pieces: list[Piece] = []
    end = 0
    for word in sorted(strongest, key=lambda word: word.start):
        pieces += [Piece(one.text[end : word.start]), Piece(word.text, word.weight / top)]
        end = word.end
    return Explained(
        label=explanation.label,
        holder=_name_of(answer.get("holder")),
        voice=answer.get("voice"),
        pieces=[piece for piece in [*pieces, Piece(one.text[end:])] if piece.text],
        words=[Word(word.text, word.weight) for word in strongest],
    )


def _name_of(holder: Holder | None) -> str | None:
    if holder is None:
        return None
    return AUTHOR if holder.get("author") else holder["text"]
