"""From records of a public set to rows of the table ``splits``, with their targets marked."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from labels.pipeline.files import atomic_path
from labels.pipeline.schema import SENTIMENT, STANCE, LabelOrigin, Reject, Scheme, rejected
from labels.pipeline.tables import Row
from training.benchmark.layouts import Record
from training.benchmark.settings import SuiteSettings, TargetIs
from training.fit.auxiliary.records import BETWEEN
from training.inference.mentions import MentionFinder
from training.model.records import TargetDefinition

HIDDEN = TargetDefinition(key="anything", description="What the text is about.")


def targets_of(suite: SuiteSettings, target_blind: bool) -> list[TargetDefinition]:
    """Give the targets of a set as ``targets.json`` does.

    Args:
        suite: Its targets are a name, a description and names by language.
        target_blind: Hide them behind one that says nothing.
    """
    if target_blind:
        return [HIDDEN]
    return [cast(TargetDefinition, {"key": key, **values}) for key, values in suite.targets.items()]


class ExampleMaker:
    """Turns the records of one set into examples."""

    def __init__(self, suite: SuiteSettings, target_blind: bool) -> None:
        """Take a set; see `targets_of`."""
        self.suite = suite
        self.target_blind = target_blind
        targets = targets_of(suite, target_blind)
        self.keys = [target["key"] for target in targets]
        self._by_name = {
            str(values.get("name", key)).casefold(): key for key, values in suite.targets.items()
        }
        self._finder = MentionFinder(targets)

    def make(self, part: str, records: Iterable[Record | Reject]) -> tuple[list[Row], list[Reject]]:
        """Make the examples of a part, in the order of its records.

        Records of one text that name different targets are one example with several stances.

        Returns:
            The examples, and a reject for each record that is none.
        """
        rows: list[Row] = []
        rejects: list[Reject] = []
        open_rows: dict[str, Row] = {}  # by text
        for record in records:
            if isinstance(record, Reject):
                rejects.append(record)
                continue
            found = self._target(record)
            if isinstance(found, Reject):
                rejects.append(found)
                continue
            key, text, mentions = found
            row = open_rows.get(text)
            if row is None or not self._may_join(row, key):
                row = self._row(f"{part}-{len(rows)}", part, text, mentions)
                rows.append(row)
                if self.suite.target_is == TargetIs.name and not self.target_blind:
                    open_rows[text] = row
            if record.stance is not None:
                label = _gold(STANCE, record.stance)
                row["stances"].append({"target": key, "holder": None, "voice": None} | label)
            if record.sentiment is not None:
                row["sentiment"] = _gold(SENTIMENT, record.sentiment)
        return rows, rejects

    @staticmethod
    def _may_join(row: Row, key: str) -> bool:
        return all(stance["target"] != key for stance in row["stances"])

    def _row(self, name: str, part: str, text: str, mentions: list[Row]) -> Row:
        group = group_of(text)
        return {
            "sentence_id": f"{self.suite.key}-{name}",
            "article_id": group,
            "group_id": group,
            "text": text,
            "lang": self.suite.lang,
            "source": self.suite.key,
            "published": None,
            "split": part,
            "stances": [],
            "sentiment": None,
            "mentions": mentions,
        }

    def _target(self, record: Record) -> tuple[str, str, list[Row]] | Reject:
        """Tell the key of a record's target, the text to read, and where it names targets."""
        if self.suite.target_is == TargetIs.nothing:
            return self.keys[0], record.text, []
        if self.suite.target_is == TargetIs.name:
            key = self._by_name.get((record.target or "").casefold())
            if key is None:
                expected = "|".join(self._by_name)
                return rejected(
                    record.where, "target", f"expected {expected}, found {record.target!r}"
                )
            if self.target_blind:
                return HIDDEN["key"], record.text, []
            return key, record.text, self._named(record.text)
        if self.suite.target_is == TargetIs.text:
            if not record.target:
                return rejected(record.where, "target", "expected a text, found none")
            if self.target_blind:
                return HIDDEN["key"], record.text, []
            mention = {"target": self.keys[0], "start": 0, "end": len(record.target)}
            return self.keys[0], record.target + BETWEEN + record.text, [mention]
        span = place_of(record)
        if span is None:
            found = f"expected the place of {record.target!r} in the text, found {record.span}"
            return rejected(record.where, "span", found)
        if self.target_blind:
            return HIDDEN["key"], record.text, []
        start, end = span
        return self.keys[0], record.text, [{"target": self.keys[0], "start": start, "end": end}]

    def _named(self, text: str) -> list[Row]:
        return [
            {"target": mention.target, "start": mention.start, "end": mention.end}
            for mention in self._finder.in_sentence(text)
        ]


def place_of(record: Record) -> tuple[int, int] | None:
    """Find where a text names its target: as the file says, or nearest to there.

    Returns:
        Start and end in code points; None where neither the span nor the name is of the text.
    """
    start, end = record.span or (0, 0)
    is_inside = 0 <= start < end <= len(record.text)
    if not record.target:
        return (start, end) if is_inside else None
    if record.text[start:end] == record.target:
        return start, end
    places = [match.start() for match in re.finditer(re.escape(record.target), record.text)]
    if places:
        nearest = min(places, key=lambda place: abs(place - start))
        return nearest, nearest + len(record.target)
    return (start, end) if is_inside else None


def group_of(text: str) -> str:
    """Name a text, upper case and white space aside, so that its copies are known."""
    plain = " ".join(text.casefold().split())
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def without_copies(rows: Sequence[Row], others: Iterable[Row]) -> list[Row]:
    """Leave out the rows whose text is that of another part's row."""
    taken = {row["group_id"] for row in others}
    return [row for row in rows if row["group_id"] not in taken]


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """Write rejects as JSON lines: where from, reason, message."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for reject in rejects:
            file.write(json.dumps(vars(reject), ensure_ascii=False) + "\n")


def _gold(scheme: Scheme, label: str) -> Row:
    shares = {f"p_{name}": float(name == label) for name in scheme.classes}
    return {**shares, "label": label, "origin": LabelOrigin.gold.value, "weight": 1.0}
