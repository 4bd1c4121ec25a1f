"""The stage ``segment_sentences``: articles in, sentences with their offsets out."""

from collections import Counter
from dataclasses import asdict
from time import perf_counter

from rich.console import Console
from rich.table import Table

from labels.pipeline.schema import Article, Block, SentenceKind
from labels.pipeline.tables import Row, count_rows, iterate_table, table_writer
from labels.segment.sentences import segment
from labels.segment.settings import SegmentSettings


def segment_sentences(settings: SegmentSettings) -> None:
    """Run the stage: read articles, write sentences, print the counts per language and kind.

    Raises:
        DataError: The articles are missing or no articles table.
    """
    start = perf_counter()
    n_articles = count_rows(settings.articles, "articles")
    counts: Counter[tuple[str, str]] = Counter()
    with table_writer(settings.output, "sentences") as sentences:
        for row in iterate_table(settings.articles, "articles"):
            article = _article(row)
            for sentence in segment(article, settings.unit):
                text = getattr(article, sentence.field)
                assert text[sentence.start : sentence.end] == sentence.text
                counts[sentence.lang, sentence.kind] += 1
                sentences.write(asdict(sentence))
    _print_counts(counts, n_articles, perf_counter() - start)


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
