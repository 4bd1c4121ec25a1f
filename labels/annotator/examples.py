"""Gold examples for the prompt: few sentences of one language that show as many stances as can be.

They are gold, so whoever scores the model leaves them out.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labels.annotate.gold import GoldRow, read_gold
from labels.annotate.gold_file import read_gold_lines
from labels.languages.detect import normalize as language_code
from labels.pipeline.schema import STANCE, Reject, Task, rejected

_MOST_CHARACTERS = 400  # of an example: longer ones cost more than they teach


@dataclass(frozen=True, kw_only=True)
class GoldSentence:
    """A sentence with its gold labels, by the key of the task."""

    where: str  # file:line
    article: str
    lang: str
    text: str
    labels: Mapping[str, str]


def read_gold_sentences(
    paths: Sequence[Path], targets: Sequence[str], known: Collection[str]
) -> tuple[list[GoldSentence], list[Reject]]:
    """Read gold files whose rows say which language they are in.

    Args:
        paths: The files.
        targets: Keys of the targets in use.
        known: Every key that may stand in a row.

    Returns:
        The sentences, and the rows that cannot be used.

    Raises:
        DataError: A file cannot be read.
    """
    sentences: list[GoldSentence] = []
    rejects: list[Reject] = []
    for path in paths:
        langs = {
            line.where: language_code(str(line.values.get("lang") or ""))
            for line in read_gold_lines(path)
            if not isinstance(line, Reject)
        }
        rows, broken = read_gold(path, targets, known)
        rejects += broken
        for row in rows:
            lang = langs[row.where]
            if lang is None:
                found = "expected the language of the sentence in `lang`"
                rejects.append(rejected(row.where, "unknown_language", found))
            else:
                sentences.append(_sentence(row, lang))
    return sentences, rejects


def _sentence(row: GoldRow, lang: str) -> GoldSentence:
    article = row.article_ids[-1]  # its own id comes first
    return GoldSentence(
        where=row.where, article=article, lang=lang, text=row.text, labels=row.labels
    )


def choose_examples(
    gold: Sequence[GoldSentence], tasks: Sequence[Task], n: int, seed: int
) -> dict[str, list[GoldSentence]]:
    """Choose examples for each language: each shows the classes that were shown least.

    Args:
        gold: To choose from; only sentences that have a label of every task.
        tasks: The tasks.
        n: Examples of a language.
        seed: Of the order in which equally good ones are looked at.

    Returns:
        By language, in the order in which they were chosen.
    """
    by_lang: dict[str, list[GoldSentence]] = defaultdict(list)
    for sentence in gold:
        if all(task.key in sentence.labels for task in tasks):
            if len(sentence.text) <= _MOST_CHARACTERS:
                by_lang[sentence.lang].append(sentence)
    rng = np.random.default_rng(seed)
    chosen: dict[str, list[GoldSentence]] = {}
    for lang in sorted(by_lang):
        rows = by_lang[lang]
        order = [rows[place] for place in rng.permutation(len(rows))]
        chosen[lang] = _spread(order, tasks, n)
    return chosen


def _spread(order: list[GoldSentence], tasks: Sequence[Task], n: int) -> list[GoldSentence]:
    shown: dict[tuple[str, str], int] = defaultdict(int)
    taken: list[GoldSentence] = []
    for _ in range(min(n, len(order))):
        best = max(order, key=lambda sentence: _gain(sentence, tasks, shown))
        order.remove(best)
        taken.append(best)
        for task in tasks:
            shown[task.key, best.labels[task.key]] += 1
    return taken


def _gain(
    sentence: GoldSentence, tasks: Sequence[Task], shown: Mapping[tuple[str, str], int]
) -> float:
    """Say how much a sentence adds: a stance that was not shown counts most, unrelated least."""
    gain = 0.0
    for task in tasks:
        label = sentence.labels[task.key]
        weight = 0.1 if label == STANCE.classes[-1] or not task.polar else 1.0
        gain += weight / (1 + shown.get((task.key, label), 0))
    return gain
