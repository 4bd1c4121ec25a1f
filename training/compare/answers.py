"""The answers of two models beside gold, row by row.

A side is a predictions table of ``score_model``, which holds gold, or what ``predict_stance`` has
written, which needs a gold file.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labels.annotate.gold import GoldRow, match_gold, read_gold
from labels.metrics.attribution import same_span
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import (
    AUTHOR,
    POLAR_STANCES,
    SENTIMENT,
    SENTIMENT_TASK,
    STANCE,
    Field,
    Scheme,
    Sentence,
    SentenceKind,
    Split,
)
from labels.pipeline.tables import TABLES, iterate_table
from training.data.attribution import span_of
from training.inference.outputs import PARQUET
from training.inference.written import WrittenAnswer, WrittenSentence, column_names, read_written

Key = tuple[str, str]  # sentence_id and task
PREDICTIONS, RECORDS = "predictions", "records"
_SHOWN = 3  # examples in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One answer beside gold."""

    group: str
    lang: str
    gold: str
    label: str
    holder_right: bool | None  # None where gold names no holder
    gold_voice: str | None
    text: str | None  # None where the side does not hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The answers of both models to one task about one sentence, beside gold."""

    sentence_id: str
    group: str
    lang: str
    task: str
    gold: str
    a: str
    b: str
    a_holder: bool | None  # whether the holder is right; None where it is not compared
    b_holder: bool | None
    gold_voice: str | None
    text: str | None

    @property
    def scheme(self) -> Scheme:
        """The classes of its task."""
        return SENTIMENT if self.task == SENTIMENT_TASK.key else STANCE


@dataclass(frozen=True)
class Answers:
    """All answers of one side that have gold."""

    path: Path
    form: str
    rows: Mapping[Key, Labelled]
    gold_rejects: int = 0  # gold rows that label no sentence of it


@dataclass(frozen=True)
class Paired:
    """What can be compared, and what cannot."""

    pairs: Sequence[Pair]
    only_a: int
    only_b: int
    holders_reason: str | None


def form_of(path: Path) -> str:
    """Tell a predictions table from records of ``predict_stance``."""
    if path.suffix.lower() == PARQUET and column_names(path) == list(TABLES[PREDICTIONS]):
        return PREDICTIONS
    return RECORDS


def read_predictions(path: Path, split: Split | None, groups: Mapping[str, str]) -> Answers:
    """Read a predictions table.

    Args:
        path: As ``score_model`` writes it.
        split: That is compared; None: all.
        groups: Group of an article, by id, instead of that of the table.

    Raises:
        DataError: It is no such table, or holds no answer of the split.
    """
    rows = {
        (row["sentence_id"], row["task"]): Labelled(
            group=groups.get(row["article_id"], row["group_id"]),
            lang=row["lang"],
            gold=row["gold"],
            label=row["label"],
            holder_right=row["holder_right"],
            gold_voice=row["gold_voice"],
            text=None,
        )
        for row in iterate_table(path, "predictions")
        if split in (None, row["split"])
    }
    if not rows:
        raise DataError(f"{path}: expected answers of {split or 'a split'}, found none")
    return Answers(path, PREDICTIONS, rows)


def read_records(
    path: Path,
    gold: Sequence[GoldRow],
    records: Sequence[WrittenSentence],
    groups: Mapping[str, str],
) -> Answers:
    """Set what ``predict_stance`` has written beside gold.

    Args:
        path: Of the records, for messages.
        gold: Labels of some of the sentences.
        records: Of the file.
        groups: Group of an article, by id; one that is not there is its own.

    Raises:
        DataError: No record has a gold label, or one that has is there twice.
    """
    found = match_gold(gold, [_sentence(record) for record in records])
    times = Counter(record.sentence_id for record in records)
    doubled = sorted(key for key in found.by_sentence if times[key] > 1)
    if doubled:
        raise DataError(
            f"{path}: expected each sentence once, found {_listed(doubled)} more than once"
        )
    rows: dict[Key, Labelled] = {}
    for record in records:
        if record.sentence_id not in found.by_sentence:
            continue
        row = found.by_sentence[record.sentence_id]
        for task, label in row.labels.items():
            if task in record.answers:
                rows[record.sentence_id, task] = _labelled(record, row, task, label, groups)
    if not rows:
        first = f"; {found.rejects[0].message}" if found.rejects else ""
        raise DataError(f"{path}: expected sentences that gold labels, found none{first}")
    return Answers(path, RECORDS, rows, len(found.rejects))


def _sentence(record: WrittenSentence) -> Sentence:
    return Sentence(
        sentence_id=record.sentence_id,
        article_id=record.article_id,
        index=0,  # the order of the records is that of the article
        kind=SentenceKind(record.kind),
        field=Field(record.field),
        start=record.start,
        end=record.end,
        text=record.text,
        lang=record.lang,
    )


def _labelled(
    record: WrittenSentence, row: GoldRow, task: str, label: str, groups: Mapping[str, str]
) -> Labelled:
    answer = record.answers[task]
    article = row.article_ids[-1]  # that a sentence was taken from, where the row names it
    is_polar = label in POLAR_STANCES and task != SENTIMENT_TASK.key
    return Labelled(
        group=next((groups[name] for name in row.article_ids if name in groups), article),
        lang=record.lang,
        gold=label,
        label=answer.label,
        holder_right=_holder_right(answer, row.holder.get(task), record.text) if is_polar else None,
        gold_voice=row.voice.get(task) if is_polar else None,
        text=record.text,
    )


def _holder_right(answer: WrittenAnswer, gold: str | None, text: str) -> bool | None:
    """Judge a holder as ``score_model`` does; one that is not given is wrong."""
    if gold is None:
        return None
    if gold == AUTHOR:
        return answer.holder == AUTHOR
    expected = span_of(gold, text)
    if expected is None:
        return None
    return isinstance(answer.holder, tuple) and same_span(answer.holder, expected)


def read_both(
    a: Path,
    b: Path,
    gold: Path | None,
    split: Split | None,
    groups: Mapping[str, str],
) -> tuple[Answers, Answers, Counter[str]]:
    """Read both sides, and gold where one of them needs it.

    Returns:
        Both, and the number of gold rows that are no labels, by reason.

    Raises:
        ConfigError: A gold file is missing, or given where nothing needs one.
        DataError: A file cannot be read, or holds nothing that can be compared.
    """
    forms = {path: form_of(path) for path in (a, b)}
    needing = [str(path) for path, form in forms.items() if form == RECORDS]
    if needing and gold is None:
        raise ConfigError(
            f"gold: expected a file of gold labels, as {' and '.join(needing)} holds none, got null"
        )
    if gold is not None and not needing:
        raise ConfigError(f"gold: expected null, as both tables hold their gold, got {gold}")
    records = {path: list(read_written(path)) for path, form in forms.items() if form == RECORDS}
    rows: list[GoldRow] = []
    rejects: Counter[str] = Counter()
    if gold is not None:
        tasks = {task for found in records.values() for one in found for task in one.answers}
        targets = sorted(tasks - {SENTIMENT_TASK.key})
        rows, refused = read_gold(gold, targets, targets)
        rejects = Counter(reject.reason for reject in refused)
        if not rows:
            first = f"; {refused[0].message}" if refused else ""
            raise DataError(f"{gold}: expected gold labels, found none{first}")
    both = [
        read_records(path, rows, records[path], groups)
        if path in records
        else read_predictions(path, split, groups)
        for path in (a, b)
    ]
    return both[0], both[1], rejects


def pair(a: Answers, b: Answers, texts: Mapping[str, str]) -> Paired:
    """Set the answers of both sides to the same questions beside each other.

    Args:
        a: One side.
        b: The other.
        texts: Of sentences, by id, where a side does not hold them.

    Raises:
        DataError: They have no labelled sentence in common, or gold is not the same.
    """
    common = [key for key in a.rows if key in b.rows]
    if not common:
        raise DataError(
            f"{a.path} and {b.path}: expected answers about the same sentences, found "
            f"{next(iter(a.rows))[0]!r} and the like here, {next(iter(b.rows))[0]!r} there"
        )
    _check_gold(a, b, common)
    reason = None
    if a.form != b.form:
        reason = (
            "a predictions table says of each position whose it is, records only where the model "
            "finds the sentence to be about the target"
        )
    grouped = b if (a.form, b.form) == (RECORDS, PREDICTIONS) else a  # whose groups are wire copies
    pairs = [
        _pair(key, a.rows[key], b.rows[key], grouped.rows[key].group, reason is None, texts)
        for key in common
    ]
    return Paired(pairs, len(a.rows) - len(common), len(b.rows) - len(common), reason)


def _pair(
    key: Key,
    a: Labelled,
    b: Labelled,
    group: str,
    with_holders: bool,
    texts: Mapping[str, str],
) -> Pair:
    return Pair(
        sentence_id=key[0],
        group=group,
        lang=a.lang,
        task=key[1],
        gold=a.gold,
        a=a.label,
        b=b.label,
        a_holder=a.holder_right if with_holders else None,
        b_holder=b.holder_right if with_holders else None,
        gold_voice=a.gold_voice,
        text=a.text or b.text or texts.get(key[0]),
    )


def _check_gold(a: Answers, b: Answers, common: Iterable[Key]) -> None:
    differing = [
        f"{key[0]} {key[1]}: {a.rows[key].gold} and {b.rows[key].gold}"
        for key in common
        if a.rows[key].gold != b.rows[key].gold
    ]
    if differing:
        raise DataError(
            f"{a.path} and {b.path}: expected the same gold, found another one in "
            f"{len(differing)} rows: {_listed(differing)}"
        )


def _listed(found: Sequence[str]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more
