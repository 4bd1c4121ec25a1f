"""Which sentences to label: unlike those of the reference, unsure, and unlike each other."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.files import atomic_path
from labels.pipeline.schema import tasks_for
from training.drift.features import Named
from training.drift.words import words_of

_LEAST_WORDS = 5  # of a sentence that is worth labelling
_POOL = 5  # times the sentences that are asked for: the strangest, of which unlike ones are taken
_SHOWN = 3  # words in a note
_DIGITS = 3


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may be labelled."""

    sentence_id: str
    article_id: str
    lang: str
    text: str
    novelty: float  # how surprising its words are, on average, in bits
    strange: tuple[str, ...]  # its most surprising words
    unsureness: float | None  # 1 minus the probability of the least sure label
    unsure_of: str | None  # the task of that


def candidates_of(
    new: Iterable[Named],
    reference: Sequence[Named],
    counts: Mapping[str, Mapping[str, int]],
    named_only: bool,
) -> list[Candidate]:
    """List the sentences that may be labelled, each text once and none that the reference has.

    Args:
        new: Articles.
        reference: Articles.
        counts: By language, in how many articles of the reference each word stands.
        named_only: Leave out sentences that name no target.
    """
    seen = {" ".join(words_of(line.text)) for article in reference for line in article.text.lines}
    sizes = Counter(article.text.lang for article in reference)
    found = []
    for article in new:
        text = article.text
        for line, targets in zip(text.lines, article.targets, strict=True):
            words = words_of(line.text)
            key = " ".join(words)
            if len(words) < _LEAST_WORDS or key in seen or (named_only and not targets):
                continue
            seen.add(key)
            bits = _surprise(set(words), counts.get(text.lang, {}), sizes[text.lang])
            least = min(
                ((max(answer.probabilities), task) for task, answer in line.answers.items()),
                default=(None, None),
            )
            found.append(
                Candidate(
                    sentence_id=line.sentence_id,
                    article_id=text.article_id,
                    lang=text.lang,
                    text=line.text,
                    novelty=float(np.mean(list(bits.values()))),
                    strange=tuple(sorted(bits, key=lambda word: (-bits[word], word))[:_SHOWN]),
                    unsureness=None if least[0] is None else 1 - least[0],
                    unsure_of=least[1],
                )
            )
    return found


def _surprise(words: set[str], counts: Mapping[str, int], n_articles: int) -> dict[str, float]:
    return {word: float(-np.log2((counts.get(word, 0) + 0.5) / (n_articles + 1))) for word in words}


def choose(candidates: Sequence[Candidate], count: int, seed: int) -> list[Candidate]:
    """Choose sentences that are strange or unsure, and unlike each other.

    Each sentence is ranked among those of its language, by the surprise of its words and, where
    there are answers, by how unsure the least sure of them is. The highest are sorted into as many
    clusters of like words as sentences are asked for, and the highest of each cluster is taken.

    Args:
        candidates: In the order of the articles.
        count: Sentences that are asked for.
        seed: Of the clusters.

    Returns:
        At most ``count``, in the order of the articles.
    """
    if not candidates or not count:
        return []
    scores = _scores(candidates)
    pool = np.sort(np.argsort(-scores, kind="stable")[: _POOL * count])
    chosen = [int(i) for i in pool]
    if len(chosen) > count:
        texts = [candidates[i].text for i in chosen]
        chosen = [int(pool[i]) for i in unlike(texts, scores[pool], count, seed)]
    return [candidates[i] for i in sorted(chosen)]


def _scores(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    from scipy.stats import rankdata

    scores = np.zeros(len(candidates))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        places[candidate.lang].append(number)
    for where in places.values():
        ranks = [rankdata([candidates[i].novelty for i in where]) / len(where)]
        if all(candidates[i].unsureness is not None for i in where):
            ranks.append(rankdata([candidates[i].unsureness for i in where]) / len(where))
        scores[where] = np.mean(ranks, axis=0)
    return scores


def unlike(texts: Sequence[str], scores: NDArray[np.float64], count: int, seed: int) -> list[int]:
    """Take the highest of each cluster of like words, then the highest of what is left.

    Args:
        texts: Sentences, more than are asked for.
        scores: Of each; equal ones in the order of the texts.
        count: Sentences that are asked for.
        seed: Of the clusters.

    Returns:
        The places of ``count`` texts.
    """
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer=words_of).fit_transform(texts)
    clusters = KMeans(count, n_init=1, random_state=seed).fit_predict(vectors)
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    first: dict[int, int] = {}
    for i in order:
        first.setdefault(int(clusters[i]), i)
    rest = [i for i in order if i not in set(first.values())]
    return [*first.values(), *rest][:count]


def write_tasks(path: Path, chosen: Sequence[Candidate], targets: Sequence[str]) -> None:
    """Write sentences to label as JSON lines; with its labels filled in, it is a gold file."""
    empty = {task.key: None for task in tasks_for(targets)} | {"holder": None}
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for one in chosen:
            row = {"id": one.sentence_id, "article_id": one.article_id, "lang": one.lang}
            line = row | {"text": one.text} | empty | {"note": note_of(one)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def note_of(one: Candidate) -> str:
    """Say why a sentence was chosen."""
    note = f"rare in the reference: {', '.join(one.strange)}"
    if one.unsureness is None:
        return note
    return f"{note}; least sure: {one.unsure_of} {round(1 - one.unsureness, _DIGITS):g}"
