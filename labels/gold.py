"""Gold labels: read them from JSON lines and find the sentence that each one labels.

Two formats, told apart by their keys. In the sample format a row has ``article_id`` and the exact
``text`` of a sentence, in reading order, with ``holder`` and ``voice`` by target. In the sentence
format a row also has an ``id``, which is the article's id (a one-sentence article), and a plain
``holder``. In both, a target that a row does not name is masked.
"""

import difflib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.errors import DataError
from labels.schema import (
    POLAR_STANCES,
    SENTIMENTS,
    STANCES,
    Reject,
    Sentence,
    Sentiment,
    Stance,
    Voice,
)

_PLAIN_KEYS = frozenset(
    "id article_id lang text title sentiment holder voice annotator source outlet url published "
    "date index kind genre group_id split note cases".split()
)
_NEAR = 0.6  # similarity from which another sentence is worth showing
_NEAR_CANDIDATES = 200
_NEAR_LENGTH = 400  # code points compared


@dataclass(frozen=True, kw_only=True)
class GoldRow:
    """One line of a gold file."""

    where: str  # file:line
    article_ids: tuple[str, ...]  # the ids it may stand for, likeliest first
    text: str
    stances: Mapping[str, Stance]
    sentiment: Sentiment | None
    holder: Mapping[str, str]
    voice: Mapping[str, Voice]
    annotator: str


@dataclass(frozen=True)
class Gold:
    """Gold rows by the sentence they label, and what could not be used."""

    by_sentence: Mapping[str, GoldRow]
    rejects: Sequence[Reject]


def read_gold(
    path: Path, targets: Collection[str], known_targets: Collection[str]
) -> tuple[list[GoldRow], list[Reject]]:
    """Read one gold file.

    Args:
        path: JSON lines.
        targets: The keys in use; labels of other known targets are left out.
        known_targets: Every key that may stand in a row without being an error.

    Raises:
        DataError: The file cannot be read at all.
    """
    rows: list[GoldRow] = []
    rejects: list[Reject] = []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"{path}: expected a gold file: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        result = _read_line(line, f"{path}:{number}", targets, {*targets, *known_targets})
        if isinstance(result, Reject):
            rejects.append(result)
        else:
            rows.append(result)
    return rows, rejects


def _read_line(
    line: bytes, where: str, targets: Collection[str], known: Collection[str]
) -> GoldRow | Reject:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reject(source=where, reason="bad_json", message=f"{where}: no JSON: {error}")
    if not isinstance(row, dict):
        found = type(row).__name__
        return _reject(where, "bad_json", f"expected a JSON object, found {found}")
    problem = _problem(row, where, known)
    if problem is not None:
        return problem
    stances = {key: Stance(row[key]) for key in targets if row.get(key) is not None}
    ids = [str(row[key]) for key in ("id", "article_id") if row.get(key) is not None]
    return GoldRow(
        where=where,
        article_ids=tuple(dict.fromkeys(ids)),
        text=row["text"],
        stances=stances,
        sentiment=Sentiment(row["sentiment"]) if row.get("sentiment") else None,
        holder=_by_target(row.get("holder"), stances),
        voice={key: Voice(value) for key, value in _by_target(row.get("voice"), stances).items()},
        annotator=str(row.get("annotator") or "unknown"),
    )


def _problem(row: Mapping[str, Any], where: str, known: Collection[str]) -> Reject | None:
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        return _reject(where, "no_text", "expected the sentence in `text`")
    if row.get("id") is None and row.get("article_id") is None:
        return _reject(where, "no_article_id", "expected `article_id` or `id`")
    for key, value in row.items():
        if key not in known and key not in _PLAIN_KEYS:
            expected = ", ".join(sorted(known))
            return _reject(where, "unknown_target", f"expected one of {expected}, found {key!r}")
        if key in known and value is not None and value not in STANCES:
            expected = "|".join(STANCES)
            return _reject(where, "unknown_label", f"{key}: expected {expected}, found {value!r}")
    if row.get("sentiment") and row["sentiment"] not in SENTIMENTS:
        expected = "|".join(SENTIMENTS)
        message = f"sentiment: expected {expected}, found {row['sentiment']!r}"
        return _reject(where, "unknown_label", message)
    return _attribution_problem(row, where, known)


def _attribution_problem(
    row: Mapping[str, Any], where: str, known: Collection[str]
) -> Reject | None:
    voices = [voice.value for voice in Voice]
    for name in ("holder", "voice"):
        value = row.get(name)
        if value is None or isinstance(value, str):
            values: Mapping[str, Any] = {} if not value else {"": value}
        elif isinstance(value, dict):
            values = value
        else:
            found = type(value).__name__
            return _reject(where, "bad_field", f"{name}: expected text or a mapping, found {found}")
        for key, entry in values.items():
            if key and key not in known:
                expected = ", ".join(sorted(known))
                message = f"{name}: expected one of {expected}, found {key!r}"
                return _reject(where, "unknown_target", message)
            if name == "voice" and entry not in voices:
                message = f"voice: expected {'|'.join(voices)}, found {entry!r}"
                return _reject(where, "unknown_label", message)
    return None


def _reject(where: str, reason: str, message: str) -> Reject:
    return Reject(source=where, reason=reason, message=f"{where}: {message}")


def _by_target(value: Any, stances: Mapping[str, Stance]) -> dict[str, str]:  # noqa: ANN401 - JSON
    """Spread a plain holder over the targets with a polar stance; keep a mapping's known keys."""
    polar = [key for key, stance in stances.items() if stance in POLAR_STANCES]
    if isinstance(value, str):
        return dict.fromkeys(polar, value) if value else {}
    return {key: str(entry) for key, entry in (value or {}).items() if key in stances}


def match_gold(rows: Sequence[GoldRow], sentences: Sequence[Sentence]) -> Gold:
    """Find the sentence of each gold row: the same text, in reading order.

    A text that stands in an article twice (a title repeated in the body) is met in order: a row
    takes the next such sentence after the one that the row before it took, else the first free one.
    """
    by_article: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        by_article[sentence.article_id].append(sentence)
    places = {article_id: _places(of_one) for article_id, of_one in by_article.items()}
    last: dict[str, int] = {}
    found: dict[str, GoldRow] = {}
    rejects: list[Reject] = []
    for row in rows:
        article_id = next((one for one in row.article_ids if one in by_article), None)
        if article_id is None:
            message = f"no article has the id {' or '.join(map(repr, row.article_ids))}"
            rejects.append(_reject(row.where, "gold_without_sentence", message))
            continue
        of_one = by_article[article_id]
        same = places[article_id].get(_spaced(row.text), [])
        free = [place for place in same if of_one[place].sentence_id not in found]
        if not same:
            message = _without_sentence(row, article_id, of_one)
            rejects.append(_reject(row.where, "gold_without_sentence", message))
        elif not free:
            other = found[of_one[same[0]].sentence_id].where
            message = f"the sentence is labelled already at {other}"
            rejects.append(_reject(row.where, "duplicate_gold", message))
        else:
            place = next((one for one in free if one > last.get(article_id, -1)), free[0])
            last[article_id] = place
            found[of_one[place].sentence_id] = row
    return Gold(found, rejects)


def _places(sentences: Sequence[Sentence]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, sentence in enumerate(sentences):
        places[_spaced(sentence.text)].append(place)
    return places


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _without_sentence(row: GoldRow, article_id: str, sentences: Sequence[Sentence]) -> str:
    candidates = [sentence.text[:_NEAR_LENGTH] for sentence in sentences[:_NEAR_CANDIDATES]]
    near = difflib.get_close_matches(row.text[:_NEAR_LENGTH], candidates, n=1, cutoff=_NEAR)
    message = f"article {article_id!r} has no sentence {row.text[:_NEAR_LENGTH]!r}"
    return f"{message}; the nearest is {near[0]!r}" if near else message
