"""Sentences in parts, which several processes ask the labelling functions about."""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from labels.functions.apply import Panel, gather_article
from labels.functions.registry import FUNCTIONS
from labels.pipeline.errors import DataError
from labels.pipeline.schema import tasks_for
from labels.pipeline.settings import to_json
from labels.pipeline.tables import iterate_columns
from labels.targets import Matcher, Target, mentions_in, targets_of

_PART_SENTENCES = 512  # or more, as an article is not cut
_COLUMNS = ("article_id", "sentence_id", "text", "kind", "lang")


class Part(NamedTuple):
    """Sentences of whole articles, in the order of their table."""

    sizes: list[int]  # sentences of each article
    published: list[str | None]  # ISO date of each article
    sentence_ids: list[str]
    texts: list[str]
    kinds: list[str]
    langs: list[str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was found of the sentences of a part."""

    sentence_ids: list[str]
    n_articles: int
    n_votes: "array[int]"  # of each sentence
    votes: "array[int]"  # by sentence, as numbers of `Panel.votes`
    naming: list[int]  # sentences that name each target
    mention_places: "array[int]"  # the sentence of each mention, by its number in the part
    mention_targets: "array[int]"  # the target of each, by its number
    mention_starts: "array[int]"
    mention_ends: "array[int]"


def parts_of(path: Path, articles: Path | None = None) -> Iterator[Part]:
    """Read the table ``sentences`` in parts of whole articles.

    Args:
        path: Of the table.
        articles: The table ``articles`` that they are of, in the same order; None: no dates.

    Raises:
        DataError: A table cannot be read, or an article is missing.
    """
    part = _empty()
    article = None
    dates = _published(articles)
    for columns in iterate_columns(path, "sentences", _COLUMNS):
        ids, *rest = (column.to_pylist() for column in columns.columns)
        for article_id, *values in zip(ids, *rest, strict=True):
            if article_id != article:
                if len(part.texts) >= _PART_SENTENCES:
                    yield part
                    part = _empty()
                part.sizes.append(0)
                part.published.append(_date_of(article_id, dates, articles))
                article = article_id
            part.sizes[-1] += 1
            of_part = part.sentence_ids, part.texts, part.kinds, part.langs
            for column, value in zip(of_part, values, strict=True):
                column.append(value)
    if part.texts:
        yield part


def _empty() -> Part:
    return Part([], [], [], [], [], [])


def _published(articles: Path | None) -> Iterator[tuple[str, str | None]]:
    """Give the id and the date of every article, in the order of the table."""
    if articles is None:
        return
    for columns in iterate_columns(articles, "articles", ("article_id", "published")):
        yield from zip(*(column.to_pylist() for column in columns.columns), strict=True)


def _date_of(
    article_id: str, dates: Iterator[tuple[str, str | None]], articles: Path | None
) -> str | None:
    """Go on to an article, past those that have no sentence, and give its date."""
    if articles is None:
        return None
    for found, published in dates:
        if found == article_id:
            return published
    raise DataError(
        f"{articles}: expected the article {article_id!r}, in the order of the sentences, and "
        "found none; run segment_sentences on these articles, or give articles=null"
    )


def describe_panel(targets: Mapping[str, Target], functions: Mapping[str, Sequence[str]]) -> str:
    """Say as text which functions are asked about which targets: what `ask_part` is told.

    Args:
        targets: By key.
        functions: Names by scheme.
    """
    definitions = [to_json(target) for target in targets.values()]
    return json.dumps([definitions, functions], ensure_ascii=False)


@lru_cache(maxsize=1)  # slow to build; each process builds its own
def panel_of(described: str) -> tuple[Matcher, Panel]:
    """Build what `describe_panel` describes."""
    definitions, names = json.loads(described)
    targets = {target.key: target for target in targets_of(definitions)}
    functions = {
        scheme: [FUNCTIONS[scheme][name] for name in chosen] for scheme, chosen in names.items()
    }
    return Matcher(targets.values()), Panel(tasks_for(list(targets)), targets, functions)


def ask_part(described: str, part: Part) -> Answers:
    """Ask about the sentences of a part.

    Raises:
        ConfigError: A function answers with what is no class of the task.
    """
    matcher, panel = panel_of(described)
    numbers = {target.key: number for number, target in enumerate(matcher.targets)}
    found = Answers(
        sentence_ids=part.sentence_ids,
        n_articles=len(part.sizes),
        n_votes=array("H"),
        votes=array("H"),
        naming=[0] * len(numbers),
        mention_places=array("I"),
        mention_targets=array("H"),
        mention_starts=array("I"),
        mention_ends=array("I"),
    )
    start = 0
    for size, published in zip(part.sizes, part.published, strict=True):
        own = slice(start, start + size)
        evidences = gather_article(
            part.texts[own], part.kinds[own], part.langs[own], matcher, published
        )
        for place, evidence in enumerate(evidences, start):
            for target in evidence.named:
                found.naming[numbers[target]] += 1
            for mention in mentions_in(evidence.words, evidence.named):
                found.mention_places.append(place)
                found.mention_targets.append(numbers[mention.target])
                found.mention_starts.append(mention.start)
                found.mention_ends.append(mention.end)
            before = len(found.votes)
            found.votes.extend(panel.ask(evidence))
            found.n_votes.append(len(found.votes) - before)
        start += size
    return found
