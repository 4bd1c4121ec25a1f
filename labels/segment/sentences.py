"""The sentences of an article, with their offsets."""

import re
from collections.abc import Iterator

from labels.languages.dateline import dateline_of
from labels.languages.splitting import Span, split_text
from labels.pipeline.schema import Article, Field, Sentence, SentenceKind, Unit

_TITLE = 300  # characters; a longer title is a text in the wrong field
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_WORDS = re.compile(r"[^\W_]")


def segment(article: Article, unit: Unit) -> list[Sentence]:
    """Split an article into sentences: the title first, then its blocks in order.

    A title is one sentence, as the annotation guidelines have it, whatever marks it holds. With
    ``unit=sentence`` the article is one sentence, byte for byte: its text, or its title when it has
    no text.
    """
    sentences: list[Sentence] = []
    for field, kind, start, end in _pieces(article, unit):
        text = getattr(article, field)[start:end]
        index = len(sentences)
        sentences.append(
            Sentence(
                sentence_id=f"{article.article_id}#{index}",
                article_id=article.article_id,
                index=index,
                kind=kind,
                field=field,
                start=start,
                end=end,
                text=text,
                lang=article.lang,
            )
        )
    return sentences


def _pieces(article: Article, unit: Unit) -> Iterator[tuple[Field, SentenceKind, int, int]]:
    if unit is Unit.sentence:
        if article.text or article.title is None:
            yield Field.text, SentenceKind.body, 0, len(article.text)
        else:
            yield Field.title, SentenceKind.title, 0, len(article.title)
        return
    if article.title is not None:
        for start, end in _title_spans(article.title, article.lang):
            yield Field.title, SentenceKind.title, start, end
    for block in article.blocks:
        piece = article.text[block.start : block.end]
        for start, end in _keep_dateline(split_text(piece, article.lang), piece, article.lang):
            yield Field.text, block.kind, block.start + start, block.start + end


def _keep_dateline(spans: list[Span], text: str, lang: str) -> list[Span]:
    """Join what the stops of a dateline have split, as in ``MOSCOW, May 5. /TASS/. The ...``."""
    dateline = dateline_of(text, lang) if len(spans) > 1 else ""
    if not dateline:
        return spans
    ends = (number for number, (_, end) in enumerate(spans) if end > len(dateline))
    first = next(ends, len(spans) - 1)
    return [(spans[0][0], spans[first][1]), *spans[first + 1 :]]


def _title_spans(title: str, lang: str) -> list[tuple[int, int]]:
    stripped = title.strip()
    if not stripped or len(stripped) > _TITLE:
        return split_text(title, lang)
    lines = [line for line in _LINE.finditer(title) if _WORDS.search(line.group())]
    if len(lines) > 1:
        return [
            (line.start() + start, line.start() + end)
            for line in lines
            for start, end in split_text(line.group(), lang)
        ]
    # Rules and marks of markup around the only line are none of its words.
    start, end = (lines[0].start(), lines[0].end()) if lines else (0, len(title))
    line = title[start:end]
    return [(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))]
