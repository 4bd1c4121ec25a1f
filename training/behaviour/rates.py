"""Pass rates of pairs, and what was failed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from labels.pipeline.schema import STANCES
from training.behaviour.pairs import CAPABILITIES, SAME, Pair
from training.behaviour.records import FailedItem, FailedPair, PassRate

ALL = "all"  # in the place of a capability or a language
_Z = 1.959963984540054  # of a two-sided interval of 95%


class Answer(NamedTuple):
    """What a model says of the stance of an item towards its target."""

    label: str | None  # None where it says nothing, which is not right
    probabilities: dict[str, float] | None


Answers = Mapping[str, Answer]  # by the id of an item


def passes(pair: Pair, answers: Answers) -> bool:
    """Tell whether both answers are right."""
    return all(answers[item.id].label == item.label for item in pair.items)


def wilson(rate: float, n: int) -> tuple[float, float]:
    """Give the 95% interval of a share.

    Args:
        rate: The share found, in [0, 1]; times ``n`` it need not be a whole number.
        n: What it was found in, at least 1.

    Source:
        Wilson 1927; as ``scipy.stats.binomtest(k, n).proportion_ci(method="wilson")``, which takes
        whole numbers alone.
    """
    spread = _Z**2 / n
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * np.sqrt(rate * (1 - rate) / n + spread / (4 * n))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def pass_rates(model: str, pairs: Sequence[Pair], answers: Answers) -> list[PassRate]:
    """Count by capability and language, by each alone, and over all.

    Returns:
        In the order of `CAPABILITIES` and of the languages, ``all`` last. A capability that no
        language has a pair of is left out.
    """
    langs = list(dict.fromkeys(pair.first.lang for pair in pairs))
    cells: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        for capability in (pair.first.capability, ALL):
            for lang in (pair.first.lang, ALL):
                cells[capability, lang].append(pair)
    return [
        _rate(model, capability, lang, cells[capability, lang], answers)
        for capability in (*CAPABILITIES, ALL)
        for lang in (*langs, ALL)
        if (capability, lang) in cells
    ]


def _rate(
    model: str, capability: str, lang: str, pairs: Sequence[Pair], answers: Answers
) -> PassRate:
    items = [item for pair in pairs for item in pair.items]
    passed = sum(passes(pair, answers) for pair in pairs)
    # The renderings of one pair in several languages are not independent: they count as one.
    low, high = wilson(passed / len(pairs), len({pair.first.pair for pair in pairs}))
    return PassRate(
        model=model,
        capability=capability,
        lang=lang,
        pairs=len(pairs),
        passed=passed,
        rate=round(passed / len(pairs), 4),
        low=round(low, 4),
        high=round(high, 4),
        constant=round(_constant(pairs), 4),
        as_expected=sum(_is_as_expected(pair, answers) for pair in pairs),
        items=len(items),
        right=sum(answers[item.id].label == item.label for item in items),
    )


def _constant(pairs: Sequence[Pair]) -> float:
    """Give the best pass rate of a model that gives one label whatever it reads."""
    same = Counter(pair.first.label for pair in pairs if pair.first.expect == SAME)
    return max(same[label] for label in STANCES) / len(pairs)


def _is_as_expected(pair: Pair, answers: Answers) -> bool:
    first, second = (answers[item.id].label for item in pair.items)
    return None not in (first, second) and (first == second) == (pair.first.expect == SAME)


def failed_pairs(model: str, pairs: Sequence[Pair], answers: Answers) -> Iterator[FailedPair]:
    """Yield the pairs of which an answer is wrong, in their order."""
    for pair in pairs:
        if not passes(pair, answers):
            yield FailedPair(
                model=model,
                pair=pair.first.pair,
                capability=pair.first.capability,
                lang=pair.first.lang,
                target=pair.first.target,
                expect=pair.first.expect,
                items=[
                    FailedItem(
                        id=item.id,
                        text=item.text,
                        label=item.label,
                        answer=answers[item.id].label,
                        probabilities=answers[item.id].probabilities,
                    )
                    for item in pair.items
                ],
            )
