"""Read judged sentences, and find what is named in them now."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import get_type_hints

from labels.alias_audit.records import JudgedSentence
from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import JsonLine, objects_of
from labels.pipeline.tables import Row, iterate_table
from labels.targets import Matcher, Mention, find_mentions, places

_PLACE = ("article_id", "field", "start", "end", "lang")
_SHOWN = 20  # problems of a file


def read_judged(paths: Sequence[Path], targets: Sequence[str]) -> list[JudgedSentence]:
    """Read files of judged sentences.

    Raises:
        DataError: A file cannot be read, or a row is not as `JudgedSentence` says, names an unknown
            target, was not judged or stands twice; up to twenty are listed.
    """
    judged: dict[str, JudgedSentence] = {}
    problems: list[str] = []
    for path in paths:
        for line in objects_of(path):
            found = [*_problems(line, targets)]
            sentence_id = line.values.get("sentence_id")
            if sentence_id in judged:
                found.append(f"{line.where}: expected each sentence once, got {sentence_id!r}")
            problems += found
            if not found:
                row = {key: line.values[key] for key in get_type_hints(JudgedSentence)}
                judged[row["sentence_id"]] = JudgedSentence(**row)  # type: ignore[typeddict-item]
    if problems:
        raise DataError("\n".join(problems[:_SHOWN]))
    return [*judged.values()]


def _problems(line: JsonLine, targets: Sequence[str]) -> Iterator[str]:
    for key, kind in get_type_hints(JudgedSentence).items():
        value = line.values.get(key)
        expected = list if key == "named" else kind
        if isinstance(value, bool) != (expected is bool) or not isinstance(
            value, (int, float) if expected is float else expected
        ):
            yield f"{line.where}: {key}: expected {expected.__name__}, got {value!r}"
    named = line.values.get("named")
    if isinstance(named, list) and not set(map(str, named)) <= set(targets):
        yield f"{line.where}: named: expected some of {list(targets)}, got {named!r}"


def mentions_now(
    judged: Sequence[JudgedSentence], sentences: Path, articles: Path | None, matcher: Matcher
) -> Iterator[tuple[JudgedSentence, Row, list[Mention]]]:
    """Find what the judged sentences name, each among the sentences of its article.

    Args:
        judged: The sentences.
        sentences: Table of all sentences of their articles.
        articles: Table of the articles, for their dates; None leaves terms of office unread.
        matcher: Of the targets.

    Raises:
        DataError: A table cannot be read, or a judged sentence does not stand in it at its place.
    """
    wanted = {one["sentence_id"]: one for one in judged}
    with_judged = {one["article_id"] for one in judged}
    dates: dict[str, str | None] = {}
    if articles is not None:
        rows_of_articles = iterate_table(articles, "articles")
        dates = {row["article_id"]: row["published"] for row in rows_of_articles}
    table = iterate_table(sentences, "sentences")
    for article_id, group in groupby(table, key=lambda row: row["article_id"]):
        if article_id not in with_judged:
            continue
        rows = list(group)
        texts, kinds, langs = ([row[name] for row in rows] for name in ("text", "kind", "lang"))
        for row, place in zip(
            rows, places(texts, kinds, langs, dates.get(article_id)), strict=True
        ):
            one = wanted.get(row["sentence_id"])
            if one is not None and all(one[key] == row[key] for key in _PLACE):  # type: ignore[literal-required]
                del wanted[row["sentence_id"]]
                yield one, row, find_mentions(row["text"], matcher, place)
    if wanted:
        raise DataError(
            f"{sentences}: expected the judged sentences at their places; {len(wanted)} do not "
            f"stand there, such as {next(iter(wanted))!r}. Were they drawn from other articles, or "
            "cut by another edition of segment_sentences?"
        )
