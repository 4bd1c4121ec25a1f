"""Answers on disk, in SQLite: each is there for good when its request is done.

A process that is killed loses what is under way and nothing else. The file holds hashes, labels
and token counts; neither texts, nor prompts, nor keys.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.annotator.answers import Labels
from labels.pipeline.errors import DataError

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, labels TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
    model TEXT NOT NULL, prompt TEXT NOT NULL, texts INTEGER NOT NULL, answered INTEGER NOT NULL,
    prompt_bytes INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL, answer_tokens INTEGER NOT NULL,
    is_counted INTEGER NOT NULL, seconds REAL NOT NULL
);
"""
_SUMS = "texts, answered, prompt_bytes, prompt_tokens, answer_tokens, seconds"
_BUSY_SECONDS = 60  # another process may be writing


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What requests took; the fields are sums."""

    requests: int = 1
    texts: int = 0
    answered: int = 0  # texts with a valid answer
    prompt_bytes: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    seconds: float = 0.0
    is_counted: bool = True  # by the endpoint; else tokens are estimated

    @property
    def tokens(self) -> int:
        """Prompts and answers together."""
        return self.prompt_tokens + self.answer_tokens


def key_of(model: str, sampling: Mapping[str, Any], prompt: str, text: str, salt: str = "") -> str:
    """Return the key of an answer: model, sampling, prompt (its fingerprint) and text.

    Args:
        model: As the endpoint calls it.
        sampling: What else a request holds that may change an answer.
        prompt: The fingerprint of the prompt.
        text: The sentence, letter by letter.
        salt: Tells a second asking of the same from the first.
    """
    parts = json.dumps([model, sampling, prompt, text, salt], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()


class AnswerCache:
    """The file; see `open_cache`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open file that has its tables."""
        self._connection = connection

    def get(self, key: str) -> Labels | None:
        """Return the answer with a key, None where there is none yet."""
        found = self._connection.execute("SELECT labels FROM answers WHERE key = ?", (key,))
        row = found.fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put(self, answers: Mapping[str, Labels], model: str, prompt: str, spent: Spent) -> None:
        """Keep the answers of a request, and what it took."""
        rows = [(key, json.dumps(labels)) for key, labels in answers.items()]
        request = (
            *(model, prompt, spent.texts, spent.answered, spent.prompt_bytes),
            *(spent.prompt_tokens, spent.answer_tokens, spent.is_counted, spent.seconds),
        )
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)
            self._connection.execute(f"INSERT INTO requests VALUES ({', '.join('?' * 9)})", request)

    def spent(self, model: str, prompts: Sequence[str]) -> Spent:
        """Sum up the requests to a model with some prompts, of this and of earlier runs."""
        marks = ", ".join("?" * len(prompts))
        sums = ", ".join(f"COALESCE(SUM({name}), 0)" for name in _SUMS.split(", "))
        found = self._connection.execute(
            f"SELECT {sums}, COUNT(*), COALESCE(MIN(is_counted), 1) FROM requests "
            f"WHERE model = ? AND prompt IN ({marks})",
            (model, *prompts),
        )
        *values, requests, is_counted = found.fetchone()
        fields = dict(zip(_SUMS.split(", "), values, strict=True))
        return Spent(requests=requests, is_counted=bool(is_counted), **fields)


@contextmanager
def open_cache(path: Path) -> Iterator[AnswerCache]:
    """Open the file, or begin it.

    Raises:
        DataError: There is a file, and it is no cache.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        try:
            connection.execute("PRAGMA journal_mode=WAL")  # a kill leaves whole answers
            connection.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise DataError(
                f"{path}: expected answers kept by an earlier run: {error}; "
                "move the file away, or name another with cache=FILE"
            ) from error
        yield AnswerCache(connection)
    finally:
        connection.close()
