"""How far the two readings of the corpus agree, and that every difference is settled."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labels.corpus.read import Corpus, Problem, Record, by_id
from labels.metrics.agreement import Agreement, Pair, measure_agreement
from labels.pipeline.schema import AUTHOR, POLAR_STANCES, tasks_for

ATTRIBUTIONS = ("holder", "voice")


def field_names(targets: Sequence[str]) -> tuple[str, ...]:
    """List the fields of a reading: the class of every task, holders and voices."""
    tasks = (task.key for task in tasks_for(targets))
    return (*tasks, *(f"{kind}:{target}" for kind in ATTRIBUTIONS for target in targets))


def kinds_of_field(targets: Sequence[str]) -> tuple[str, ...]:
    """List what agreement is told of: every task; holder and voice over all targets."""
    return (*(task.key for task in tasks_for(targets)), *ATTRIBUTIONS)


def value_of(record: Record, field: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a field of a reading; ``holder:russia`` is the holder of the stance to Russia."""
    kind, _, target = field.partition(":")
    return (record[kind] or {}).get(target) if target else record[field]


def same_holder(first: str, second: str) -> bool:
    """Tell whether two spans name the same holder: equal, or one inside the other."""
    first, second = first.casefold().strip(), second.casefold().strip()
    if AUTHOR in (first, second):
        return first == second
    return first in second or second in first


def check_readings(corpus: Corpus) -> Iterator[Problem]:
    """Check that every gold row was read twice and every difference settled with a reason.

    The first reading is not kept whole: it is the gold where nothing was settled, and stands with
    the settled difference otherwise.
    """
    gold = by_id(corpus.gold, "id")
    second_of = by_id(corpus.second, "id")
    for record in corpus.second:
        if record["id"] not in gold:
            yield Problem(record.where, f"id: no gold row {record['id']!r}")
    for difference in corpus.disagreements:
        yield from _settlement_problems(difference, gold, field_names(corpus.targets))
    settled = {(difference["id"], difference["field"]) for difference in corpus.disagreements}
    for first in corpus.gold:
        second = second_of.get(first["id"])
        if second is None:
            yield Problem(first.where, f"expected a second reading of {first['id']!r}, found none")
            continue
        for name in field_names(corpus.targets):
            if (first["id"], name) not in settled and not _agree(first, second, name):
                yield Problem(
                    first.where,
                    f"{name}: {value_of(first, name)!r} here, {value_of(second, name)!r} at "
                    f"{second.where}, and no reason in the settled differences",
                )


def _settlement_problems(
    difference: Record, gold: Mapping[str, Record], fields: Sequence[str]
) -> Iterator[Problem]:
    where, field = difference.where, difference["field"]
    if difference["id"] not in gold or field not in fields:
        found = f"{difference['id']!r}, {field!r}"
        yield Problem(where, f"expected the id of a gold row and its field, got {found}")
        return
    if not str(difference["reason"] or "").strip():
        yield Problem(where, "reason: expected why it was settled so, found nothing")
    value = value_of(gold[difference["id"]], field)
    if difference["settled"] != value:
        found = repr(difference["settled"])
        yield Problem(where, f"settled: expected the gold value {value!r}, got {found}")


def _agree(first: Record, second: Record, field: str) -> bool:
    kind, _, target = field.partition(":")
    if target and not (first[target] == second[target] and first[target] in POLAR_STANCES):
        return True  # whose stance, and how, is only asked where both see the same position
    ours, theirs = value_of(first, field), value_of(second, field)
    if kind == "holder":
        return ours is not None and theirs is not None and same_holder(str(ours), str(theirs))
    return bool(ours == theirs)


def agreements(corpus: Corpus) -> dict[tuple[str, str], Agreement]:
    """Return the agreement of the two readings by language and kind of field.

    Holders and voices are taken over all targets, where both readings see the same position.
    Holders count as equal when one span holds the other.
    """
    second_of = by_id(corpus.second, "id")
    settled = {(record["id"], record["field"]): record for record in corpus.disagreements}
    pairs: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for record in corpus.gold:
        reading = second_of.get(record["id"])
        if reading is None:
            continue
        for name in field_names(corpus.targets):
            kind = name.partition(":")[0]
            difference = settled.get((record["id"], name))
            first = difference["first"] if difference else value_of(record, name)
            second = value_of(reading, name)
            if first is None or second is None:
                continue
            if kind == "holder" and same_holder(str(first), str(second)):
                second = first
            pairs[str(record["lang"]), kind].append((str(first), str(second)))
    return {key: measure_agreement(pairs[key]) for key in sorted(pairs)}
