"""The stage ``segment_sentences``: articles in, sentences with their offsets out."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from labels.config import SegmentConfig
from labels.schema import Article, Block, Field, Sentence, SentenceKind, Unit
from labels.segment.rules import rules_of
from labels.segment.splitting import Span, split_text
from labels.tables import Row, read_table, write_table

_TITLE = 300  # characters; a longer title is a text in the wrong field
_DATELINE = 160  # characters that a dateline may have
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


def segment_sentences(config: SegmentConfig) -> None:
    """Run the stage: read articles, write sentences, print the counts per language and kind.

    Raises:
        DataError: The articles are missing or no articles table.
    """
    articles = [_article(row) for row in read_table(Path(config.articles), "articles")]
    started = time.perf_counter()
    rows: list[Row] = []
    counts: Counter[tuple[str, str]] = Counter()
    for article in articles:
        for sentence in segment(article, config.unit):
            field = getattr(article, sentence.field)
            assert field[sentence.start : sentence.end] == sentence.text
            counts[sentence.lang, sentence.kind.value] += 1
            rows.append(
                asdict(sentence) | {"kind": sentence.kind.value, "field": sentence.field.value}
            )
    seconds = time.perf_counter() - started
    write_table(Path(config.output), "sentences", rows)
    _print_counts(counts, len(articles), seconds)


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
    dateline = rules_of(lang).dateline.match(text[:_DATELINE]) if len(spans) > 1 else None
    if dateline is None:
        return spans
    first = next(
        (number for number, (_, end) in enumerate(spans) if end > dateline.end()), len(spans) - 1
    )
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


def _article(row: Row) -> Article:
    blocks = [
        Block(start=block["start"], end=block["end"], kind=SentenceKind(block["kind"]))
        for block in row["blocks"]
    ]
    return Article(**{**row, "blocks": blocks})


def _print_counts(counts: Counter[tuple[str, str]], n_articles: int, seconds: float) -> None:
    table = Table(title=f"segment_sentences: {n_articles} articles")
    table.add_column("lang")
    kinds = [kind.value for kind in SentenceKind]
    for column in (*kinds, "all"):
        table.add_column(column, justify="right")
    for lang in sorted({lang for lang, _ in counts}):
        numbers = [counts[lang, kind] for kind in kinds]
        table.add_row(lang, *map(str, [*numbers, sum(numbers)]))
    rate = counts.total() / seconds if counts else 0.0
    table.caption = f"{counts.total()} sentences, {rate:,.0f} a second"
    Console(stderr=True).print(table)
