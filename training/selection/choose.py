"""Choose among sentences: by what is unsure, divided or thin, or at random; unlike each other."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from labels.pipeline.errors import DataError
from training.drift.tasks import unlike
from training.selection.candidates import Candidate, Cell

UNCERTAINTY, DISAGREEMENT, THIN, RANDOM = "uncertainty", "disagreement", "thin", "random"
WAYS = (DISAGREEMENT, UNCERTAINTY, THIN, RANDOM)  # the scarcest first
_POOL = 5  # times the sentences that are asked for: the highest, of which unlike ones are taken
_DIGITS = 2


@dataclass(frozen=True)
class Chosen:
    """A sentence, and what has chosen it."""

    candidate: Candidate
    way: str
    why: str


def choose(
    candidates: Sequence[Candidate],
    shares: Mapping[str, float],
    count: int,
    labelled: Counter[Cell],
    seed: int,
) -> list[Chosen]:
    """Choose sentences, each way its share of them.

    By uncertainty and disagreement sentences are ranked within their language; of the highest,
    five times as many as are asked for, unlike ones are taken (`unlike`). Thin slices are filled:
    each next sentence is one of the cell of language, target and stance that has the fewest gold
    sentences and chosen ones.

    Args:
        candidates: In the order of the articles.
        shares: By way; parts of any size.
        count: Sentences that are asked for.
        labelled: Gold sentences of each cell.
        seed: Of clusters and draws.

    Returns:
        At most ``count``, in the order of the articles.

    Raises:
        DataError: A way has nothing to go by.
    """
    rng = np.random.default_rng(seed)
    quotas = quotas_of(shares, min(count, len(candidates)))
    taken: dict[int, Chosen] = {}
    cells = Counter(labelled)
    for way in WAYS:
        free = [place for place in range(len(candidates)) if place not in taken]
        wanted = min(quotas[way], len(free))
        if not wanted:
            continue
        if way == THIN:
            found = _fill([candidates[i] for i in free], wanted, cells, rng)
            picked = [(free[i], why) for i, why in found]
        elif way == RANDOM:
            drawn = rng.choice(len(free), wanted, replace=False)
            picked = [(free[i], "drawn at random") for i in drawn.tolist()]
        else:
            picked = _highest(candidates, free, way, wanted, seed)
        for place, why in picked:
            taken[place] = Chosen(candidates[place], way, why)
            cells.update(candidates[place].cells)
    return [taken[place] for place in sorted(taken)]


def quotas_of(shares: Mapping[str, float], count: int) -> dict[str, int]:
    """Cut a number in parts that are as near to the shares as whole numbers can be."""
    total = sum(shares.values())
    exact = {way: count * shares.get(way, 0.0) / total for way in WAYS}
    quotas = {way: int(value) for way, value in exact.items()}
    rest = sorted(WAYS, key=lambda way: quotas[way] - exact[way])
    for way in rest[: count - sum(quotas.values())]:
        quotas[way] += 1
    return quotas


def _highest(
    candidates: Sequence[Candidate], free: Sequence[int], way: str, wanted: int, seed: int
) -> list[tuple[int, str]]:
    values = [_value(candidates[place], way) for place in free]
    some = [place for place, value in zip(free, values, strict=True) if value]
    if not some:
        raise DataError(_NOTHING[way])
    scores = _ranks([candidates[place] for place in some], way)
    pool = np.sort(np.argsort(-scores, kind="stable")[: _POOL * wanted])
    kept = list(range(len(pool)))
    if len(pool) > wanted:
        texts = [candidates[some[i]].text for i in pool]
        kept = unlike(texts, scores[pool], wanted, seed)
    return [(some[pool[i]], _why(candidates[some[pool[i]]], way)) for i in kept]


_NOTHING = {
    UNCERTAINTY: "shares.uncertainty: expected predictions, found none in the input; give an "
    "output of predict_stance, or shares.uncertainty=0",
    DISAGREEMENT: "shares.disagreement: expected votes that differ on sentences of the input, "
    "found none; give the votes of these sentences, or shares.disagreement=0",
}


def _value(candidate: Candidate, way: str) -> float | None:
    return candidate.unsureness if way == UNCERTAINTY else candidate.disagreement


def _ranks(candidates: Sequence[Candidate], way: str) -> NDArray[np.float64]:
    """Rank sentences within their language, from above 0 to 1."""
    ranks = np.zeros(len(candidates))
    of_lang: defaultdict[str, list[int]] = defaultdict(list)
    for place, candidate in enumerate(candidates):
        of_lang[candidate.lang].append(place)
    for places in of_lang.values():
        values = [_value(candidates[i], way) for i in places]
        ranks[places] = rankdata(values, method="ordinal") / len(places)
    return ranks


def _why(candidate: Candidate, way: str) -> str:
    if way == UNCERTAINTY:
        return f"unsure of {candidate.unsure_of}: {round(candidate.unsureness or 0, _DIGITS):g}"
    divided = round(candidate.disagreement, _DIGITS)
    return f"labellers are divided on {candidate.divided_on}: {divided:g}"


def _fill(
    candidates: Sequence[Candidate], wanted: int, labelled: Counter[Cell], rng: np.random.Generator
) -> list[tuple[int, str]]:
    """Take, again and again, a sentence of the cell that has the fewest."""
    counts = Counter(labelled)
    waiting: defaultdict[Cell, list[int]] = defaultdict(list)
    for place in rng.permutation(len(candidates)).tolist():
        for cell in candidates[place].cells:
            waiting[cell].append(place)
    taken: dict[int, str] = {}
    while len(taken) < wanted and waiting:
        cell = min(waiting, key=lambda one: (counts[one], one))
        place = next((place for place in waiting[cell] if place not in taken), None)
        if place is None:
            del waiting[cell]
            continue
        lang, target, stance = cell
        taken[place] = f"thin: {counts[cell]} labelled as {stance} towards {target} in {lang}"
        counts.update(candidates[place].cells)
        waiting[cell].remove(place)
    return list(taken.items())
