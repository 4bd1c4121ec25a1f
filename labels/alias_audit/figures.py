"""Precision and recall of the names of targets, on judged sentences."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from labels.alias_audit.records import AliasFigures, JudgedSentence
from labels.inspection.figures import interval
from labels.label_model.diagnose import ALL


class Judgement(NamedTuple):
    """A judged sentence, and the targets that are found there now."""

    sentence: JudgedSentence
    found: frozenset[str]


def measure(
    judgements: Sequence[Judgement], targets: Sequence[str], langs: Iterable[str]
) -> list[AliasFigures]:
    """Count by language and target, `ALL` targets of a language first.

    Args:
        judgements: What was judged, and found.
        targets: Their keys.
        langs: The languages, in order; one without a judged sentence is left out.
    """
    figures = []
    for lang in langs:
        own = [one for one in judgements if one.sentence["lang"] == lang]
        if own:
            figures.append(_figures(own, targets, ALL, lang))
            figures += [_figures(own, [target], target, lang) for target in targets]
    return figures


def _figures(
    own: Sequence[Judgement], targets: Sequence[str], task: str, lang: str
) -> AliasFigures:
    right = sum(len(_named(one, targets) & one.found) for one in own)
    wrong = sum(len((one.found & set(targets)) - _named(one, targets)) for one in own)
    missed = sum(_missed(one, targets) for one in own)
    precision = interval(right, right + wrong)
    recall = interval(right, right + missed)
    weighted, low = _weighted_recall(own, targets)
    return AliasFigures(
        task=task,
        lang=lang,
        sentences=len(own),
        right=right,
        wrong=wrong,
        missed=missed,
        precision=_share(right, right + wrong),
        precision_low=precision[0],
        precision_high=precision[1],
        recall=_share(right, right + missed),
        recall_low=recall[0],
        recall_high=recall[1],
        weighted_recall=weighted,
        weighted_low=low,
    )


def _weighted_recall(
    own: Sequence[Judgement], targets: Sequence[str]
) -> tuple[float | None, float | None]:
    """Estimate the recall over all sentences that the judged ones were drawn from.

    Returns:
        Each judged sentence counts as often as it stands for others; and the same if, where
        nothing was found, as many were missed as the upper bound of their share allows.
    """
    right = missed = blank = 0.0
    n_blank = n_missed = 0
    for sentence, found in own:
        weight = sentence["weight"]
        names = set(sentence["named"]) & set(targets)
        right += weight * len(names & found)
        if sentence["found"]:
            missed += weight * len(names - found)
        else:
            n_blank, blank = n_blank + 1, blank + weight
            n_missed += bool(names - found)
    high = interval(n_missed, n_blank)[1]
    seen = blank * n_missed / n_blank if n_blank else 0.0
    if not right + missed + seen:
        return None, None
    low = None if high is None else right / (right + missed + blank * high)
    return _share(right, right + missed + seen), None if low is None else round(low, 4)


def _named(one: Judgement, targets: Sequence[str]) -> set[str]:
    return set(one.sentence["named"]) & set(targets)


def _missed(one: Judgement, targets: Sequence[str]) -> int:
    return len(_named(one, targets) - one.found)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
