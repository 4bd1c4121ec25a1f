"""How far two readings of the same sentences agree: Krippendorff's alpha by field and language."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np

from labels.corpus.read import Corpus, Problem, Record, by_id
from labels.schema import POLAR_STANCES

AUTHOR = "author"


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Two readings of one field in one language."""

    n: int
    alpha: float | None  # null where both readings use one value alone
    equal: float  # share of equal values


Pair = tuple[str, str]


def field_names(targets: Sequence[str]) -> tuple[str, ...]:
    """List the fields of a reading: stances, sentiment, holders and voices."""
    attributions = [f"{kind}:{target}" for kind in ("holder", "voice") for target in targets]
    return (*targets, "sentiment", *attributions)


def value_of(record: Record, field: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a field of a reading; ``holder:russia`` is the holder of the stance to Russia."""
    kind, _, target = field.partition(":")
    return (record[kind] or {}).get(target) if target else record[field]


def same_holder(first: str, second: str) -> bool:
    """Tell whether two spans name the same holder: equal, or one inside the other."""
    one, other = first.casefold().strip(), second.casefold().strip()
    if AUTHOR in (one, other):
        return one == other
    return one in other or other in one


def check_readings(corpus: Corpus) -> Iterator[Problem]:
    """Check that every gold row was read twice and every difference settled with a reason.

    The first reading is not kept whole: it is the gold where nothing was settled, and stands with
    the settled difference otherwise.
    """
    gold = by_id(corpus.gold, "id")
    second = by_id(corpus.second, "id")
    for record in corpus.second:
        if record["id"] not in gold:
            yield Problem(record.where, f"id: no gold row {record['id']!r}")
    for record in corpus.disagreements:
        yield from _settlement_problems(record, gold, field_names(corpus.targets))
    settled = {(record["id"], record["field"]) for record in corpus.disagreements}
    for record in corpus.gold:
        other = second.get(record["id"])
        if other is None:
            yield Problem(
                record.where, f"expected a second reading of {record['id']!r}, found none"
            )
            continue
        for name in field_names(corpus.targets):
            if (record["id"], name) not in settled and not _agree(record, other, name):
                yield Problem(
                    record.where,
                    f"{name}: {value_of(record, name)!r} here, {value_of(other, name)!r} at "
                    f"{other.where}, and no reason in the settled differences",
                )


def _settlement_problems(
    record: Record, gold: Mapping[str, Record], fields: Sequence[str]
) -> Iterator[Problem]:
    if record["id"] not in gold or record["field"] not in fields:
        found = f"{record['id']!r}, {record['field']!r}"
        yield Problem(record.where, f"expected the id of a gold row and its field, got {found}")
        return
    if not str(record["reason"] or "").strip():
        yield Problem(record.where, "reason: expected why it was settled so, found nothing")
    value = value_of(gold[record["id"]], record["field"])
    if record["settled"] != value:
        yield Problem(
            record.where, f"settled: expected the gold value {value!r}, got {record['settled']!r}"
        )


def _agree(record: Record, other: Record, field: str) -> bool:
    kind, _, target = field.partition(":")
    mine, theirs = value_of(record, field), value_of(other, field)
    if target and not (record[target] == other[target] and record[target] in POLAR_STANCES):
        return True  # whose stance, and how, is only asked where both see the same position
    if kind == "holder":
        return mine is not None and theirs is not None and same_holder(str(mine), str(theirs))
    return bool(mine == theirs)


def agreements(corpus: Corpus) -> dict[tuple[str, str], Agreement]:
    """Return the agreement of the two readings by language and kind of field.

    Kinds are the targets, ``sentiment``, ``holder`` and ``voice``; the last two are taken over all
    targets, where both readings see the same position. Holders count as equal when one span holds
    the other.

    Source:
        Krippendorff 2011, Computing Krippendorff's alpha-reliability; nominal.
    """
    second = by_id(corpus.second, "id")
    settled = {(record["id"], record["field"]): record for record in corpus.disagreements}
    pairs: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for record in corpus.gold:
        other = second.get(record["id"])
        if other is None:
            continue
        for name in field_names(corpus.targets):
            kind, _, target = name.partition(":")
            difference = settled.get((record["id"], name))
            first = difference["first"] if difference else value_of(record, name)
            then = value_of(other, name)
            if first is None or then is None:
                continue
            if kind == "holder" and same_holder(str(first), str(then)):
                then = first
            pairs[str(record["lang"]), kind if target else name].append((str(first), str(then)))
    return {key: _agreement(of_one) for key, of_one in sorted(pairs.items())}


def _agreement(pairs: Sequence[Pair]) -> Agreement:
    values = {value: number for number, value in enumerate(sorted({v for p in pairs for v in p}))}
    codes = np.array([[values[first], values[second]] for first, second in pairs], dtype=float).T
    alpha = None
    if len(values) > 1:
        alpha = float(krippendorff.alpha(codes, level_of_measurement="nominal"))
    return Agreement(n=len(pairs), alpha=alpha, equal=sum(a == b for a, b in pairs) / len(pairs))
