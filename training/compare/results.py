"""One result for each measure and slice, and what follows from it."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console

from labels.pipeline.progress import meter
from training.compare.answers import Pair
from training.compare.measures import Measure, Slice, questions
from training.compare.records import Mcnemar, Result, Verdict
from training.compare.settings import CompareSettings
from training.compare.significance import corrected, mcnemar_p, paired_interval, permutation_p


def compare(pairs: Sequence[Pair], settings: CompareSettings, console: Console) -> list[Result]:
    """Compare two models by every measure on every slice; the first result is the headline.

    The headline is judged by its own p-value, as it was chosen before anything was looked at; all
    others by p-values that are corrected for their number.

    Args:
        pairs: At least one.
        settings: How many draws, and which slices are too small.
        console: Shows the progress.
    """
    asked = questions(pairs)
    results = []
    with meter(console, "comparing", "slices", len(asked)) as shown:
        for number, (measure, part, rows) in enumerate(asked):
            rng = np.random.default_rng([settings.seed, number])
            results.append(compare_slice(measure, part, rows, settings, rng))
            shown.advance()
    tested = [result for result in results[1:] if result["p"] is not None]
    p_values = corrected([result["p"] or 0.0 for result in tested])
    for result, p in zip(tested, p_values, strict=True):
        result["p_corrected"] = p
    for result in results:
        result["verdict"] = _verdict(result, settings.alpha)
    return results


def compare_slice(
    measure: Measure,
    part: Slice,
    pairs: Sequence[Pair],
    settings: CompareSettings,
    rng: np.random.Generator,
) -> Result:
    """Compare two models by one measure on the rows of one slice, before any correction."""
    names, groups = np.unique([pair.group for pair in pairs], return_inverse=True)
    a, b = measure.counts(pairs, groups)
    result = Result(
        measure=measure.name,
        target=part.target,
        lang=part.lang,
        voice=part.voice,
        n=len(pairs),
        groups=len(names),
        differing_groups=len({pair.group for pair in pairs if _differs(measure, pair)}),
        a=None,
        b=None,
        difference=None,
        low=None,
        high=None,
        p=None,
        p_corrected=None,
        mcnemar=None if measure.classes else _mcnemar(measure, pairs),
        verdict=Verdict.too_few,
    )
    unscored = _no_score(measure, pairs)
    if unscored is None:
        of_a, of_b = (float(measure.value(counts.sum(0))) for counts in (a, b))
        result["a"], result["b"], result["difference"] = of_a, of_b, of_b - of_a
    reason = unscored or _too_few(measure, pairs, len(names), settings)
    if reason is not None:
        result["reason"] = reason
        return result
    draws = settings.bootstrap_draws
    result["low"], result["high"] = paired_interval(a, b, measure.value, rng, draws)
    result["p"] = permutation_p(a, b, measure.value, rng, settings.permutations)
    return result


def _differs(measure: Measure, pair: Pair) -> bool:
    if measure.of_holders:
        return pair.a_holder != pair.b_holder
    return pair.a != pair.b


def _mcnemar(measure: Measure, pairs: Sequence[Pair]) -> Mcnemar:
    right = [measure.right(pair) for pair in pairs]
    a_only, b_only = right.count((True, False)), right.count((False, True))
    return Mcnemar(a_only=a_only, b_only=b_only, p=mcnemar_p(a_only, b_only))


def _no_score(measure: Measure, pairs: Sequence[Pair]) -> str | None:
    """Say why there is no score, as ``score_model`` does."""
    if not pairs:
        return "no rows"
    lacking = [name for name in measure.classes if name not in {pair.gold for pair in pairs}]
    return f"no gold example of {', '.join(lacking)}" if lacking else None


def _too_few(
    measure: Measure, pairs: Sequence[Pair], n_groups: int, settings: CompareSettings
) -> str | None:
    """Say what there is too little of to tell a difference from chance."""
    if len(pairs) < settings.least_rows:
        return f"{len(pairs)} rows, fewer than {settings.least_rows}"
    if n_groups < settings.least_groups:
        return f"rows of {n_groups} articles, fewer than {settings.least_groups}"
    for name in measure.classes:
        n_gold = sum(pair.gold == name for pair in pairs)
        if n_gold < settings.least_gold:
            return f"{n_gold} gold rows of {name}, fewer than {settings.least_gold}"
    return None


def _verdict(result: Result, alpha: float) -> Verdict:
    p = result["p"] if result["p_corrected"] is None else result["p_corrected"]
    if p is None:
        return Verdict.too_few
    if p >= alpha or not result["difference"]:
        return Verdict.undecided
    return Verdict.b if result["difference"] > 0 else Verdict.a
