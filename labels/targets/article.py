"""Where the sentences of an article name the targets."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from labels.languages.dateline import dateline_end
from labels.languages.morphology import Token, tokens
from labels.languages.phrases import Hit
from labels.pipeline.schema import SentenceKind
from labels.targets.mentions import Matcher
from labels.targets.terms import day_of

_LONGEST_SENTENCE = 1000  # words; what lies behind is not looked at
_NEIGHBOURS = 40  # sentences before and after that may settle an ambiguous name


class Mention(NamedTuple):
    """A place where a sentence names a target: ``text[start:end]``, in code points."""

    target: str
    start: int
    end: int


class Place(NamedTuple):
    """What a sentence of an article stands among."""

    around: list[str]  # other sentences: back to the beginning, the title, then onwards
    start: int  # code points of a dateline, which names no target
    day: date | None = None  # of the article; None where it is not known


def places(
    texts: Sequence[str],
    kinds: Sequence[str],
    langs: Sequence[str],
    published: str | None = None,
) -> Iterator[Place]:
    """Give the place of every sentence of an article.

    Args:
        texts: The sentences, in reading order.
        kinds: Of each, a `SentenceKind`.
        langs: Of each.
        published: ISO date of the article; None where it is not known.
    """
    day = day_of(published)
    has_title = bool(kinds) and kinds[0] == SentenceKind.title
    opening = next((i for i, kind in enumerate(kinds) if kind == SentenceKind.body), None)
    for position, (text, lang) in enumerate(zip(texts, langs, strict=True)):
        start = dateline_end(text, lang) if position == opening else 0
        yield Place(_around(texts, has_title, position), start, day)


def _around(texts: Sequence[str], has_title: bool, position: int) -> list[str]:
    before = list(reversed(texts[max(0, position - _NEIGHBOURS) : position]))
    title = [texts[0]] if position and has_title else []
    return [*before, *title, *texts[position + 1 : position + 1 + _NEIGHBOURS]]


def words_of(text: str) -> list[Token]:
    """Cut a sentence into the words that are looked at."""
    return tokens(text)[:_LONGEST_SENTENCE]


def find_mentions(text: str, matcher: Matcher, place: Place | None = None) -> list[Mention]:
    """Find where a sentence names the targets, target by target in the order of the matcher.

    Args:
        text: The sentence.
        matcher: Of the targets.
        place: What it stands among; none settles no ambiguous name.
    """
    words = words_of(text)
    return list(mentions_in(words, matcher.find(words, *(place or ()))))


def mentions_in(words: Sequence[Token], named: Mapping[str, Sequence[Hit]]) -> Iterator[Mention]:
    """Give the places of what `Matcher.find` found in some words."""
    for target, hits in named.items():
        for hit in hits:
            yield Mention(target, *hit.span(words))
