"""Draw sentences to judge: half of those where a target was found, half of the others."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from labels.languages import LANGUAGES
from labels.pipeline.json_lines import objects_of
from labels.pipeline.tables import Row, iterate_table

_PLACE = ("sentence_id", "article_id", "field", "start", "end", "lang")


def draw_sentences(
    sentences: Path, mentions: Path, n: int, without: set[str], rng: np.random.Generator
) -> list[Row]:
    """Draw sentences of each language at random, with their texts and an empty judgement.

    Args:
        sentences: The table.
        mentions: Of the same sentences.
        n: Sentences of each language; all that there are of a kind where it has fewer.
        without: Ids of sentences and articles, and texts, that are not drawn.
        rng: Draws and shuffles.

    Returns:
        Rows as `labels.alias_audit.records.JudgedSentence` has them, with ``text``, by language,
        shuffled, so that no reader knows which kind a sentence is of.
    """
    found = {row["sentence_id"] for row in iterate_table(mentions, "mentions")}
    kinds: dict[tuple[str, bool], list[Row]] = {}
    for row in iterate_table(sentences, "sentences"):
        if without.isdisjoint((row["sentence_id"], row["article_id"], row["text"])):
            kinds.setdefault((row["lang"], row["sentence_id"] in found), []).append(row)
    drawn: list[Row] = []
    for lang in LANGUAGES:
        own = [
            _to_judge(row, is_found, len(rows) / taken)
            for (language, is_found), rows in sorted(kinds.items())
            if language == lang and (taken := min(n // 2 if is_found else n - n // 2, len(rows)))
            for row in _pick(rows, taken, rng)
        ]
        drawn += [own[place] for place in rng.permutation(len(own))]
    return drawn


def left_out(gold: list[Path], judged: list[Row]) -> set[str]:
    """List what is not drawn: articles and texts of gold files, sentences that were judged."""
    return {row["sentence_id"] for row in judged} | set(_of_gold(gold))


def _of_gold(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for line in objects_of(path):
            yield from (str(line.values[key]) for key in ("article_id", "text"))


def _pick(rows: list[Row], n: int, rng: np.random.Generator) -> Iterator[Row]:
    return (rows[place] for place in sorted(rng.choice(len(rows), n, replace=False)))


def _to_judge(row: Row, is_found: bool, weight: float) -> Row:
    place = {column: row[column] for column in _PLACE}
    return {**place, "found": is_found, "weight": round(weight, 4), "named": None} | {
        "text": row["text"]
    }
