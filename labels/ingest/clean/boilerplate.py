"""Boilerplate of a source: lines and sentences that stand in many of its articles.

`Boilerplate` says which pieces they are. `labels.ingest.recurrence` learns it; kept as JSON, it
serves to clean single articles of the source later.
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from labels.ingest.read.record import RawRecord
from labels.letters import normalize
from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json

_VERSION = 1
_LINK = re.compile(r"\]\([^()\s]{0,300}\)|https?://\S{1,300}")
_NUMBER = re.compile(r"\d+(?:\W\d+)*")  # 1,204 and 20:25 are one number, and so is 1 204
_NOT_WORD = re.compile(r"[\W_]+")


def key_of_piece(piece: str, *, is_normal: bool = False) -> str:
    """Reduce a line or a sentence to what its recurrences share.

    These are its letters in one spelling, with a zero for every number; addresses are left out
    unless there is nothing else.

    Args:
        piece: As it stands in the text.
        is_normal: Whether `normalize` is known to change nothing, which saves half of the time.
    """
    plain = piece if is_normal else normalize(piece)
    return _letters(_LINK.sub(" ", plain) if "/" in plain else plain) or _letters(plain)


def _letters(plain: str) -> str:
    # Most of what is no word is white space, which `split` takes out fastest.
    letters = "".join(plain.casefold().split())
    return _NOT_WORD.sub("", _NUMBER.sub("0", letters))


def source_key(record: RawRecord, outlet: str | None = None) -> str:
    """Name the source of a record: its outlet, else its site, else its file or folder.

    Args:
        record: The record as the input gives it.
        outlet: The outlet of everything in the input, by setting.
    """
    known = record.source or outlet or _site(record.url)
    if known:
        return known
    if record.is_file or record.is_page:
        return PurePosixPath(record.where).parent.name
    return PurePosixPath(record.where.rpartition("#")[0] or record.where.rpartition(":")[0]).name


def _site(url: str | None) -> str:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:  # brackets that hold no address
        return ""
    return host.removeprefix("www.")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A recurring line or sentence of a source."""

    text: str  # as first seen
    articles: int  # of the source that hold it
    share: float  # of the source's articles


class Boilerplate:
    """The recurring pieces of each source, the most frequent first."""

    def __init__(self, sources: dict[str, list[Piece]] | None = None) -> None:
        """Index the pieces."""
        self.sources = sources or {}
        self._keys = {
            source: frozenset(key_of_piece(piece.text) for piece in pieces)
            for source, pieces in self.sources.items()
        }

    def holds(self, source: str | None, piece: str) -> bool:
        """Tell whether a line or a sentence is boilerplate of the source."""
        keys = self._keys.get(source) if source else None
        return keys is not None and key_of_piece(piece) in keys

    def may_hold_part(self, source: str, line: str) -> bool:
        """Tell whether a sentence of a line may be boilerplate of the source."""
        if "/" in line:
            return True  # of a line without its links the key is another
        key = key_of_piece(line)
        return any(own in key for own in self._keys[source])

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return the pieces of each source as JSON values."""
        return {
            source: [asdict(piece) for piece in pieces] for source, pieces in self.sources.items()
        }

    def write(self, path: Path) -> None:
        """Write what `read` reads."""
        write_json(path, {"version": _VERSION, "sources": self.as_json()})

    @classmethod
    def read(cls, path: Path) -> "Boilerplate":
        """Read what `write` wrote.

        Raises:
            DataError: The file is missing, or it is no boilerplate of this version.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            version = document["version"]
            sources = {
                source: [Piece(**piece) for piece in pieces]
                for source, pieces in document["sources"].items()
            }
        except FileNotFoundError as error:
            raise DataError(f"{path}: expected boilerplate.json of ingest_articles") from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise DataError(
                f"{path}: expected boilerplate.json of ingest_articles, found other data: {error!r}"
            ) from error
        if version != _VERSION:
            raise DataError(
                f"{path}: expected boilerplate of version {_VERSION}, found {version};"
                " run ingest_articles again"
            )
        return cls(sources)
