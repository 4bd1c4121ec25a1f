"""The sentences that may be chosen, and what speaks for each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labels.annotate.gold import read_gold
from labels.annotate.gold_file import read_gold_lines
from labels.pipeline.schema import STANCES, Reject, Stance
from labels.pipeline.tables import iterate_table
from training.drift.features import Named
from training.drift.words import words_of
from training.inference.written import WrittenAnswer
from training.selection.settings import Unsureness

Cell = tuple[str, str, str]  # language, target, stance
NAMED = "named"  # in place of a stance that nobody has predicted


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may be chosen."""

    sentence_id: str
    article_id: str
    lang: str
    text: str
    cells: tuple[Cell, ...]  # where it would count
    labels: Mapping[str, str]  # predicted, by task
    unsureness: float | None  # of the least sure stance, in [0, 1]; None: nothing is predicted
    unsure_of: str  # the target of that
    disagreement: float  # of the labellers on the target that divides them most, in [0, 1]
    divided_on: str


def key_of(text: str) -> str:
    """Make texts the same that have the same words."""
    return " ".join(words_of(text))


def candidates_of(
    articles: Iterable[Named],
    targets: Sequence[str],
    votes: Mapping[str, Mapping[str, float]],
    done: Set[str],
    kind: Unsureness,
    named_only: bool,
    least_words: int,
) -> Iterator[Candidate]:
    """List the sentences that may be chosen, each text once.

    Args:
        articles: With what was predicted, if anything.
        targets: Keys of those that are asked.
        votes: How divided labellers are, by sentence and target.
        done: Texts that are labelled already, as `key_of` makes them.
        kind: What unsure means.
        named_only: Leave out sentences that name no target.
        least_words: Of a sentence.
    """
    seen = set(done)
    for article in articles:
        text = article.text
        for line, named in zip(text.lines, article.targets, strict=True):
            key = key_of(line.text)
            known = named & set(targets)
            if key in seen or key.count(" ") + 1 < least_words or (named_only and not known):
                continue
            seen.add(key)
            answers = {one: line.answers[one] for one in targets if one in line.answers}
            unsure = max(((unsure_by(kind, answers[one]), one) for one in answers), default=None)
            divided = votes.get(line.sentence_id, {})
            most = max(((value, one) for one, value in divided.items()), default=(0.0, ""))
            yield Candidate(
                sentence_id=line.sentence_id,
                article_id=text.article_id,
                lang=text.lang,
                text=line.text,
                cells=tuple(_cells(text.lang, answers, sorted(known))),
                labels={task: answer.label for task, answer in line.answers.items()},
                unsureness=None if unsure is None else unsure[0],
                unsure_of="" if unsure is None else unsure[1],
                disagreement=most[0],
                divided_on=most[1],
            )


def _cells(lang: str, answers: Mapping[str, WrittenAnswer], named: Sequence[str]) -> Iterator[Cell]:
    if not answers:
        yield from ((lang, target, NAMED) for target in named)
    for target, answer in answers.items():
        if answer.label != Stance.unrelated:
            yield lang, target, answer.label


def unsure_by(kind: Unsureness, answer: WrittenAnswer) -> float:
    """Say how unsure an answer is: 0 where one class has all, near 1 where all have the same."""
    given = np.sort(np.asarray(answer.probabilities))[::-1]
    if kind is Unsureness.margin:
        return float(1 - (given[0] - given[1]))
    if kind is Unsureness.entropy:
        return _entropy(given)
    return float(1 - given[0])


def _entropy(shares: NDArray[np.float64]) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log(some)).sum() / np.log(len(shares)))


def read_divided(paths: Sequence[Path], targets: Sequence[str]) -> dict[str, dict[str, float]]:
    """Say how divided the labellers of votes tables are: the entropy of their votes, in [0, 1].

    Returns:
        By sentence and target; those with fewer than two votes, or one opinion, are left out.

    Raises:
        DataError: A table cannot be read.
    """
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for path in paths:
        for row in iterate_table(path, "votes"):
            if row["task"] in targets and row["label"] in STANCES:
                counts[row["sentence_id"], row["task"]][row["label"]] += 1
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (sentence, task), of_labels in counts.items():
        if len(of_labels) > 1:
            shares = np.array([of_labels[label] for label in STANCES]) / of_labels.total()
            found[sentence][task] = _entropy(shares)
    return dict(found)


def read_labelled(
    gold: Sequence[Path], done: Sequence[Path], targets: Sequence[str], known: Sequence[str]
) -> tuple[Counter[Cell], set[str]]:
    """Count what is labelled already, and list its texts.

    Args:
        gold: Files of gold labels, which count in their cells.
        done: Tasks that were handed out; their sentences are not chosen again.
        targets: Keys of those that are asked.
        known: Keys of all targets.

    Raises:
        DataError: A file cannot be read.
    """
    cells: Counter[Cell] = Counter()
    texts: set[str] = set()
    for path in gold:
        langs = {
            line.where: str(line.values.get("lang"))
            for line in read_gold_lines(path)
            if not isinstance(line, Reject)
        }
        for row in read_gold(path, targets, known)[0]:
            texts.add(key_of(row.text))
            for target in targets:
                label = row.labels.get(target, Stance.unrelated)
                if label != Stance.unrelated:
                    cells[langs[row.where], target, label] += 1
                    cells[langs[row.where], target, NAMED] += 1
    for path in done:
        for line in read_gold_lines(path):
            if not isinstance(line, Reject) and isinstance(line.values.get("text"), str):
                texts.add(key_of(str(line.values["text"])))
    return cells, texts
