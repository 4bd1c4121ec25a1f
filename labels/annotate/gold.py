"""Gold labels: read them and find the sentence that each one labels.

Two formats, told apart by their keys. In the sample format a row has ``article_id`` and the
``text`` of a sentence, in reading order, with ``holder`` and ``voice`` by target. In the sentence
format a row also has an ``id``, which is the article's id (a one-sentence article), and a plain
``holder``. In both, each task has a field of its own, and one that a row does not name or leaves
empty is masked. Case and spaces around a label do not matter, nor do white space and the ways to
write a letter in the text. Any other column is passed over, unless it holds stances.
"""

import difflib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labels.annotate.gold_file import read_gold_lines
from labels.letters import normalize
from labels.pipeline.schema import (
    STANCES,
    VOICES,
    Reject,
    Sentence,
    Task,
    rejected,
    tasks_for,
)

_PLAIN_KEYS = frozenset(
    "id article_id lang text title holder voice annotator source outlet url published date index"
    " kind genre group_id split note cases".split()
)
_MISSING = frozenset(("", "nan", "null", "n/a"))  # as programs write an empty cell
_NEAR = 0.6  # similarity from which another sentence is worth showing
_NEAR_CANDIDATES = 200
_NEAR_LENGTH = 400  # code points compared

Values = Mapping[str, object]  # of a JSON object


@dataclass(frozen=True, kw_only=True)
class GoldRow:
    """One line of a gold file; ``labels``, ``holder`` and ``voice`` are by the key of the task."""

    where: str  # file:line
    article_ids: tuple[str, ...]  # the ids it may stand for, likeliest first
    text: str
    labels: Mapping[str, str]
    holder: Mapping[str, str]
    voice: Mapping[str, str]
    annotator: str
    passed_over: tuple[str, ...] = ()  # columns that nothing here knows


@dataclass(frozen=True)
class Gold:
    """Gold rows by the sentence they label, and what could not be used."""

    by_sentence: Mapping[str, GoldRow]
    rejects: Sequence[Reject]


def read_gold(
    path: Path, targets: Sequence[str], known_targets: Collection[str]
) -> tuple[list[GoldRow], list[Reject]]:
    """Read one gold file.

    Args:
        path: JSON lines, or a table with a header.
        targets: The keys in use; labels of other known targets are left out.
        known_targets: Every key that may stand in a row without being an error.

    Raises:
        DataError: The file cannot be read at all.
    """
    tasks = tasks_for(targets)
    known = {task.key: task for task in tasks_for(sorted({*targets, *known_targets}))}
    rows: list[GoldRow] = []
    rejects: list[Reject] = []
    for line in read_gold_lines(path):
        result = line if isinstance(line, Reject) else _row(line.values, line.where, tasks, known)
        if isinstance(result, Reject):
            rejects.append(result)
        else:
            rows.append(result)
    return rows, rejects


def _row(
    values: Values, where: str, tasks: Sequence[Task], known: Mapping[str, Task]
) -> GoldRow | Reject:
    problem = _problem(values, where, known) or _attribution_problem(values, where, known)
    if problem is not None:
        return problem
    labels = {task.key: _label(values[task.key]) for task in tasks if _is_given(values, task.key)}
    ids = [str(values[key]).strip() for key in ("id", "article_id") if _is_given(values, key)]
    polar = [task.key for task in tasks if labels.get(task.key) in task.polar]
    others = [key for key in values if key not in _PLAIN_KEYS and key not in known]
    return GoldRow(
        where=where,
        article_ids=tuple(dict.fromkeys(ids)),
        text=str(values["text"]),
        labels=labels,
        holder=_by_task(values.get("holder"), labels, polar),
        voice={
            key: _label(voice)
            for key, voice in _by_task(values.get("voice"), labels, polar).items()
        },
        annotator=str(values["annotator"]) if _is_given(values, "annotator") else "unknown",
        passed_over=tuple(others),
    )


def _is_given(values: Values, key: str) -> bool:
    return values.get(key) is not None and _label(values[key]) not in _MISSING


def _label(value: object) -> str:
    return str(value).strip().lower()


def _problem(values: Values, where: str, known: Mapping[str, Task]) -> Reject | None:
    text = values.get("text")
    if not isinstance(text, str) or not text.strip():
        return rejected(where, "no_text", "expected the sentence in `text`")
    if not _is_given(values, "id") and not _is_given(values, "article_id"):
        return rejected(where, "no_article_id", "expected `article_id` or `id`")
    for key, value in values.items():
        if key in _PLAIN_KEYS:
            continue
        if key not in known:
            if isinstance(value, str) and _label(value) in STANCES:
                return rejected(where, "unknown_target", _unknown(key, known))
            continue
        classes = known[key].classes
        if _is_given(values, key) and _label(value) not in classes:
            message = f"{key}: expected {'|'.join(classes)}, found {value!r}"
            return rejected(where, "unknown_label", message)
    return None


def _unknown(key: str, known: Collection[str]) -> str:
    return f"expected one of {', '.join(sorted(known))}, found {key!r}"


def _attribution_problem(values: Values, where: str, known: Mapping[str, Task]) -> Reject | None:
    attributed = [key for key, task in known.items() if task.polar]
    for name in ("holder", "voice"):
        value = values.get(name)
        if not _is_given(values, name) or isinstance(value, str):
            entries: Values = {"": value} if _is_given(values, name) else {}
        elif isinstance(value, dict):
            entries = value
        else:
            message = f"{name}: expected text or a mapping, found {type(value).__name__}"
            return rejected(where, "bad_field", message)
        for key, entry in entries.items():
            if key and key not in attributed:
                return rejected(where, "unknown_target", f"{name}: {_unknown(key, attributed)}")
            if name == "voice" and _is_given(entries, key) and _label(entry) not in VOICES:
                message = f"voice: expected {'|'.join(VOICES)}, found {entry!r}"
                return rejected(where, "unknown_label", message)
    return None


def _by_task(value: object, labels: Mapping[str, str], polar: Sequence[str]) -> dict[str, str]:
    """Spread a plain holder over the tasks with a polar label; keep a mapping's labelled keys."""
    if isinstance(value, dict):
        return {key: str(value[key]) for key in value if key in labels and _is_given(value, key)}
    given = value is not None and _label(value) not in _MISSING
    return dict.fromkeys(polar, str(value)) if given else {}


def match_gold(rows: Sequence[GoldRow], sentences: Sequence[Sentence]) -> Gold:
    """Find the sentence of each gold row: the same text, in reading order.

    Texts are the same however their letters are written: é as one code point or as two, a soft
    hyphen or none.

    A text that stands in an article twice (a title repeated in the body) is met in order: a row
    takes the next such sentence after the one that the row before it took, else the first free one.
    """
    articles: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        articles[sentence.article_id].append(sentence)
    places = {article_id: _places(in_article) for article_id, in_article in articles.items()}
    last: dict[str, int] = {}
    found: dict[str, GoldRow] = {}
    rejects: list[Reject] = []
    for row in rows:
        article_id = next((key for key in row.article_ids if key in articles), None)
        if article_id is None:
            message = f"no article has the id {' or '.join(map(repr, row.article_ids))}"
            rejects.append(rejected(row.where, "gold_without_sentence", message))
            continue
        in_article = articles[article_id]
        same = places[article_id].get(_spaced(row.text), [])
        free = [place for place in same if in_article[place].sentence_id not in found]
        if not same:
            message = _without_sentence(row, article_id, in_article)
            rejects.append(rejected(row.where, "gold_without_sentence", message))
        elif not free:
            rejects.append(_repeated(row, [found[in_article[at].sentence_id] for at in same]))
        else:
            place = next((place for place in free if place > last.get(article_id, -1)), free[0])
            last[article_id] = place
            found[in_article[place].sentence_id] = row
    return Gold(found, rejects)


def _repeated(row: GoldRow, earlier: Sequence[GoldRow]) -> Reject:
    """Tell a copy of an earlier row from one that contradicts all that label its sentence."""
    problems = []
    for other in earlier:
        differing = [
            f"{key}: {row.labels[key]!r} here, {other.labels[key]!r} there"
            for key in row.labels
            if key in other.labels and row.labels[key] != other.labels[key]
        ]
        if not differing:
            message = f"the sentence is labelled already at {other.where}"
            return rejected(row.where, "duplicate_gold", message)
        problems.append(
            f"the sentence is labelled already at {other.where}: {'; '.join(differing)}"
        )
    return rejected(row.where, "contradicting_gold", problems[0])


def _places(sentences: Sequence[Sentence]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, sentence in enumerate(sentences):
        places[_spaced(sentence.text)].append(place)
    return places


def _spaced(text: str) -> str:
    return " ".join(normalize(text).split())


def _without_sentence(row: GoldRow, article_id: str, sentences: Sequence[Sentence]) -> str:
    candidates = [sentence.text[:_NEAR_LENGTH] for sentence in sentences[:_NEAR_CANDIDATES]]
    near = difflib.get_close_matches(row.text[:_NEAR_LENGTH], candidates, n=1, cutoff=_NEAR)
    message = f"article {article_id!r} has no sentence {row.text[:_NEAR_LENGTH]!r}"
    return f"{message}; the nearest is {near[0]!r}" if near else message
