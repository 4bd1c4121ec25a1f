"""The answers of a round on disk: a file for each annotator, replaced whole at every answer."""

import fcntl
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from labels.people.items import Answer, Item, Question, write_lines
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.json_lines import objects_of
from training.serve.errors import Problem, shown

LONGEST = 500  # characters of a holder
_NAME = re.compile(r"\w[\w .@-]{0,39}")


class Store:
    """Reads and keeps answers."""

    def __init__(self, folder: Path, items: Sequence[Item], questions: Sequence[Question]) -> None:
        """Keep answers to some sentences in a folder."""
        self._folder = folder
        self._items = {item["id"]: item for item in items}
        self._questions = {question.key: question for question in questions}
        self._answers: dict[str, dict[str, Answer]] = {}  # annotator -> sentence
        self._lock = Lock()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Read what is there, and let no other page write beside.

        Raises:
            ConfigError: Another page keeps its answers there.
            DataError: A file holds something else, or answers to another text.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                found = f"another page keeps its answers in {self._folder}; stop it"
                raise ConfigError(f"answers: {found}, or choose another folder") from None
            for path in sorted(self._folder.glob("*.jsonl")):
                self._read(path)
            yield

    def _read(self, path: Path) -> None:
        for line in objects_of(path):
            values = line.values
            is_answer = all(isinstance(values.get(key), str) for key in ("id", "annotator"))
            if not is_answer or not isinstance(values.get("values"), dict):
                raise DataError(f"{line.where}: expected an answer of this page, found another row")
            item = self._items.get(values["id"])
            if item is not None and values.get("version") != item["version"]:
                raise DataError(
                    f"{line.where}: expected an answer to version {item['version']} of the text, "
                    f"found {values.get('version')!r}; choose another folder"
                )
            answer = Answer(
                id=values["id"],
                version=str(values.get("version")),
                annotator=values["annotator"],
                values=values["values"],
            )
            self._answers.setdefault(values["annotator"], {})[values["id"]] = answer

    def annotators(self) -> list[str]:
        """Name those who have answered."""
        return sorted(self._answers)

    def of(self, annotator: str) -> dict[str, dict[str, str]]:
        """Give the answers of an annotator, by sentence and question.

        Raises:
            Problem: It is no name.
        """
        _check_name(annotator)
        given = self._answers.get(annotator, {})
        return {key: one["values"] for key, one in given.items() if key in self._items}

    def keep(self, annotator: str, sentence: str, values: Mapping[str, str]) -> int:
        """Put an answer in the place of the earlier one, on disk, before this returns.

        Args:
            annotator: Name.
            sentence: Id.
            values: By question; none takes the answer away.

        Returns:
            How many sentences of the round the annotator has answered.

        Raises:
            Problem: It is no name, no sentence of the round, or no answer.
            OSError: It cannot be written; the earlier answer stays.
        """
        _check_name(annotator)
        item = self._items.get(sentence)
        if item is None:
            message = f"id: expected a sentence of the round, found {shown(sentence)}"
            raise Problem(422, "unknown_id", message)
        self._check_values(values)
        ordered = {key: values[key] for key in self._questions if key in values}
        answer = Answer(id=sentence, version=item["version"], annotator=annotator, values=ordered)
        with self._lock:
            given = dict(self._answers.get(annotator, {}))
            given.pop(sentence, None)
            if ordered:
                given[sentence] = answer
            place = {key: number for number, key in enumerate(self._items)}
            lines = sorted(given.values(), key=lambda one: place.get(one["id"], len(place)))
            write_lines(self._folder / f"{quote(annotator, safe=' @')}.jsonl", lines)
            self._answers[annotator] = given
        return len(given.keys() & self._items.keys())

    def _check_values(self, values: Mapping[str, str]) -> None:
        for key, value in values.items():
            question = self._questions.get(key)
            if question is None:
                expected = ", ".join(self._questions)
                message = f"values: expected one of {expected}, found {shown(key)}"
                raise Problem(422, "unknown_question", message)
            if question.classes and value not in question.classes:
                expected = "|".join(question.classes)
                raise Problem(
                    422, "wrong_value", f"{key}: expected {expected}, found {shown(value)}"
                )
            if not value.strip() or len(value) > LONGEST:
                expected = f"1 to {LONGEST} characters"
                raise Problem(422, "wrong_value", f"{key}: expected {expected}, found {len(value)}")


def _check_name(annotator: str) -> None:
    if not _NAME.fullmatch(annotator) or annotator != annotator.strip():
        expected = "1 to 40 letters, digits, spaces or . @ -, a letter or digit first"
        raise Problem(
            422, "wrong_name", f"annotator: expected {expected}, found {shown(annotator)}"
        )
