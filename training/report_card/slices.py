"""Figures of slices: targets, languages and voices, each with its n and interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.schema import STANCE, VOICES, Scheme, Stance
from training.report_card.intervals import (
    Figure,
    Measure,
    Rule,
    Statistic,
    Sums,
    by_group,
    counted,
    measure,
    share,
)
from training.report_card.scored import Scored

ALL = "all"  # in the place of a target or a language
POLAR = tuple(STANCE.classes.index(name) for name in STANCE.polar)
NEUTRAL = STANCE.classes.index(Stance.neutral)
RELATED = tuple(i for i, name in enumerate(STANCE.classes) if name != Stance.unrelated)


@dataclass(frozen=True)
class Slice:
    """Rows of a target in a language, or of all of them, and what is known of them."""

    target: str
    lang: str
    n: int
    groups: int
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Measuring:
    """How figures are measured."""

    rule: Rule
    n_draws: int
    seed: int
    advance: Callable[[], None] = field(default=lambda: None)  # is told of each slice


def stance_slices(rows: Scored, measuring: Measuring) -> list[Slice]:
    """Measure all rows, then each target, all languages before each one."""
    langs = sorted(set(rows.langs.tolist()))
    targets = list(dict.fromkeys(rows.tasks.tolist()))
    return [
        _slice(_chosen(rows, target, lang), target, lang, stance_figures, measuring)
        for target in (ALL, *targets)
        for lang in (ALL, *langs)
    ]


def voice_slices(rows: Scored, measuring: Measuring) -> dict[str, list[Slice]]:
    """Measure the positions of each voice, which only gold's positions have.

    Returns:
        By voice, in the order of `stance_slices`.
    """
    langs = sorted(set(rows.langs.tolist()))
    targets = list(dict.fromkeys(rows.tasks.tolist()))
    return {
        voice: [
            _slice(_chosen(spoken, target, lang), target, lang, position_figures, measuring)
            for target in (ALL, *targets)
            for lang in (ALL, *langs)
        ]
        for voice in VOICES
        for spoken in (rows[rows.voices == voice],)
    }


def sentiment_slices(rows: Scored, measuring: Measuring) -> list[Slice]:
    """Measure the sentiments of all languages, then of each."""
    langs = sorted(set(rows.langs.tolist()))
    return [
        _slice(_chosen(rows, ALL, lang), ALL, lang, sentiment_figures, measuring)
        for lang in (ALL, *langs)
    ]


def _chosen(rows: Scored, target: str, lang: str) -> Scored:
    kept = np.ones(len(rows), bool)
    if target != ALL:
        kept &= rows.tasks == target
    if lang != ALL:
        kept &= rows.langs == lang
    return rows[kept]


def _slice(
    rows: Scored,
    target: str,
    lang: str,
    figures: Callable[[Scored, Measuring], dict[str, Figure]],
    measuring: Measuring,
) -> Slice:
    found = figures(rows, measuring)
    measuring.advance()
    return Slice(target, lang, len(rows), len(set(rows.groups.tolist())), found)


def stance_figures(rows: Scored, measuring: Measuring) -> dict[str, Figure]:
    """Measure stances.

    Returns:
        ``f_polar``, ``macro_related`` (favor, against, neutral), ``macro_f1`` (all four),
        ``related`` (F1 of being about the target at all), ``false_polar``, and for ``favor`` and
        ``against`` ``called_NAME`` (share of the answers NAME that is right), ``found_NAME``
        (share of gold's NAME that is found) and ``ratio_NAME`` (answers NAME for each one of
        gold); ``called`` and ``found`` of both together; ``holder`` and ``voice`` (share that is
        right); ``sure`` (mean confidence minus the share that is right).
    """
    tables = _tables(rows)
    n = len(STANCE.classes)
    gold = [_gold(tables, n, i) for i in range(n)]
    called = [_called(tables, n, i) for i in range(n)]
    measures = {
        name: _mean_f1(STANCE, gold, ids, measuring.rule)
        for name, ids in {
            "f_polar": POLAR,
            "macro_related": RELATED,
            "macro_f1": tuple(range(n)),
        }.items()
    }
    related = _either(tables, n, RELATED)
    measures["related"] = Measure(
        _related_f1, related[0], measuring.rule.shortage({"related": related})
    )
    measures["false_polar"] = Measure(
        _false_polar, gold[NEUTRAL][0], measuring.rule.shortage({"neutral": gold[NEUTRAL]})
    )
    for i in POLAR:
        name = STANCE.classes[i]
        shortage = measuring.rule.shortage({name: gold[i]})
        measures[f"called_{name}"] = Measure(
            partial(_precision, ids=(i,)), called[i][0], _called_short(name, called[i], measuring)
        )
        measures[f"found_{name}"] = Measure(partial(_recall, ids=(i,)), gold[i][0], shortage)
        measures[f"ratio_{name}"] = Measure(partial(_ratio, i=i), gold[i][0], shortage)
    polar_called = _either(tables, n, POLAR, axis="called")
    polar_gold = _either(tables, n, POLAR)
    measures["called"] = Measure(
        partial(_precision, ids=POLAR),
        polar_called[0],
        _called_short("position", polar_called, measuring),
    )
    measures["found"] = Measure(
        partial(_recall, ids=POLAR), polar_gold[0], measuring.rule.shortage({"polar": polar_gold})
    )
    measures |= _attribution(tables, n, measuring.rule)
    measures["sure"] = _sure(tables, n, measuring.rule)
    return measure(tables, measures, measuring.n_draws, measuring.seed)


def position_figures(rows: Scored, measuring: Measuring) -> dict[str, Figure]:
    """Measure rows that are a position in gold.

    Returns:
        ``found``: share of them with the right label; ``reversed``: with the opposite one;
        ``holder`` and ``voice``: share that is right.
    """
    tables = _tables(rows)
    n = len(STANCE.classes)
    positions = _either(tables, n, POLAR)
    shortage = measuring.rule.shortage({"positions": positions})
    measures = {
        "found": Measure(partial(_recall, ids=POLAR), positions[0], shortage),
        "reversed": Measure(_reversed, positions[0], shortage),
        **_attribution(tables, n, measuring.rule),
    }
    return measure(tables, measures, measuring.n_draws, measuring.seed)


def sentiment_figures(rows: Scored, measuring: Measuring) -> dict[str, Figure]:
    """Measure sentiments.

    Returns:
        ``macro_f1``; ``right``: share of the answers; ``sure`` as of stances.
    """
    tables = _tables(rows)
    n = len(rows.scheme.classes)
    gold = [_gold(tables, n, i) for i in range(n)]
    measures = {
        "macro_f1": _mean_f1(rows.scheme, gold, tuple(range(n)), measuring.rule),
        "sure": _sure(tables, n, measuring.rule),
    }
    measures["right"] = Measure(
        partial(_accuracy, n=n), measures["sure"].n, measures["sure"].shortage
    )
    return measure(tables, measures, measuring.n_draws, measuring.seed)


# The columns of a table: the confusion matrix row by row, then these.
_CONFIDENCE, _HOLDERS, _HOLDER_RIGHT, _VOICES, _VOICE_RIGHT = range(5)


def _tables(rows: Scored) -> Sums:
    """Sum what each article adds, shape ``(articles, classes**2 + 5)``."""
    n = len(rows.scheme.classes)
    groups = rows.local_groups
    size = int(groups.max(initial=-1)) + 1
    cells = (groups * n + rows.gold) * n + rows.labels
    pairs = np.bincount(cells, minlength=size * n * n).reshape(size, n * n).astype(float)
    has_voice = rows.voices != ""
    others: list[NDArray[np.float64]] = [
        rows.confidences,
        rows.has_holder.astype(float),
        (rows.has_holder & rows.holder_right).astype(float),
        has_voice.astype(float),
        (has_voice & rows.voice_right).astype(float),
    ]
    return np.concatenate([pairs, by_group(groups, others)], axis=1)


def _matrix(sums: Sums, n: int) -> NDArray[np.float64]:
    """Give the confusion matrices, shape ``(draws, gold, called)``."""
    return sums[:, : n * n].reshape(-1, n, n)


def _gold(tables: Sums, n: int, i: int) -> tuple[int, int]:
    return counted(_matrix(tables, n).sum(2), i)


def _called(tables: Sums, n: int, i: int) -> tuple[int, int]:
    return counted(_matrix(tables, n).sum(1), i)


def _either(tables: Sums, n: int, ids: Sequence[int], axis: str = "gold") -> tuple[int, int]:
    """Count the rows that are any of some classes in gold, or are called so."""
    sums = _matrix(tables, n).sum(2 if axis == "gold" else 1)
    return counted(sums[:, list(ids)].sum(1, keepdims=True), 0)


def _called_short(name: str, found: tuple[int, int], measuring: Measuring) -> str:
    return measuring.rule.shortage({f"answers {name}": found})


def _mean_f1(
    scheme: Scheme, gold: Sequence[tuple[int, int]], ids: Sequence[int], rule: Rule
) -> Measure:
    n = len(scheme.classes)

    def statistic(sums: Sums) -> NDArray[np.float64]:
        pairs = _matrix(sums, n)
        right = np.diagonal(pairs, axis1=1, axis2=2)
        f1 = 2 * right / np.maximum(pairs.sum(1) + pairs.sum(2), 1)
        # as `labels.metrics.intervals`: a class that a draw has no gold of counts for nothing
        known = np.where(pairs.sum(2) > 0, f1, 0)
        mean: NDArray[np.float64] = known[:, list(ids)].mean(1)
        return mean

    return Measure(
        statistic,
        sum(rows for rows, _ in gold),
        rule.shortage({scheme.classes[i]: gold[i] for i in ids}),
    )


def _related_f1(sums: Sums) -> NDArray[np.float64]:
    pairs = _matrix(sums, len(STANCE.classes))
    kept = list(RELATED)
    right = pairs[:, kept][:, :, kept].sum((1, 2))
    total = pairs[:, kept].sum((1, 2)) + pairs[:, :, kept].sum((1, 2))
    found: NDArray[np.float64] = 2 * right / np.maximum(total, 1)
    return found


def _false_polar(sums: Sums) -> NDArray[np.float64]:
    neutral = _matrix(sums, len(STANCE.classes))[:, NEUTRAL]
    found: NDArray[np.float64] = neutral[:, list(POLAR)].sum(1) / np.maximum(neutral.sum(1), 1)
    return found


def _precision(sums: Sums, ids: Sequence[int]) -> NDArray[np.float64]:
    pairs = _matrix(sums, len(STANCE.classes))
    right = np.diagonal(pairs, axis1=1, axis2=2)[:, list(ids)].sum(1)
    found: NDArray[np.float64] = right / np.maximum(pairs[:, :, list(ids)].sum((1, 2)), 1)
    return found


def _recall(sums: Sums, ids: Sequence[int]) -> NDArray[np.float64]:
    pairs = _matrix(sums, len(STANCE.classes))
    right = np.diagonal(pairs, axis1=1, axis2=2)[:, list(ids)].sum(1)
    found: NDArray[np.float64] = right / np.maximum(pairs[:, list(ids)].sum((1, 2)), 1)
    return found


def _reversed(sums: Sums) -> NDArray[np.float64]:
    pairs = _matrix(sums, len(STANCE.classes))
    first, second = POLAR
    opposite = pairs[:, first, second] + pairs[:, second, first]
    found: NDArray[np.float64] = opposite / np.maximum(pairs[:, list(POLAR)].sum((1, 2)), 1)
    return found


def _ratio(sums: Sums, i: int) -> NDArray[np.float64]:
    pairs = _matrix(sums, len(STANCE.classes))
    found: NDArray[np.float64] = pairs[:, :, i].sum(1) / np.maximum(pairs[:, i].sum(1), 1)
    return found


def _accuracy(sums: Sums, n: int) -> NDArray[np.float64]:
    pairs = _matrix(sums, n)
    right = np.trace(pairs, axis1=1, axis2=2)
    found: NDArray[np.float64] = right / np.maximum(pairs.sum((1, 2)), 1)
    return found


def _attribution(tables: Sums, n: int, rule: Rule) -> dict[str, Measure]:
    found = {}
    for name, whole, right in (
        ("holder", _HOLDERS, _HOLDER_RIGHT),
        ("voice", _VOICES, _VOICE_RIGHT),
    ):
        of = counted(tables, n * n + whole)
        statistic: Statistic = share(n * n + right, n * n + whole)
        found[name] = Measure(statistic, of[0], rule.shortage({f"{name}s": of}))
    return found


def _sure(tables: Sums, n: int, rule: Rule) -> Measure:
    """Mean confidence minus the share that is right: above 0 the model is too sure."""
    rows = int(tables[:, : n * n].sum())

    def statistic(sums: Sums) -> NDArray[np.float64]:
        total = np.maximum(sums[:, : n * n].sum(1), 1)
        mean: NDArray[np.float64] = sums[:, n * n + _CONFIDENCE] / total - _accuracy(sums, n)
        return mean

    return Measure(statistic, rows, rule.shortage({"answers": (rows, len(tables))}))
