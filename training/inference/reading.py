"""From inputs to sentences that wait to be labelled, in several processes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from labels.ingest import Item, PageFile, Prepared, Source, in_parts, prepare, read_page
from labels.ingest.read.record import record_from
from labels.pipeline.schema import Reject, Sentence, Unit
from labels.pipeline.workers import Workers
from labels.segment import segment
from training.export.artifact import AnyDescription, names_of

if TYPE_CHECKING:
    from labels.targets import Mention


@dataclass(slots=True)
class Reading:
    """An article whose sentences wait to be labelled."""

    prepared: Prepared
    sentences: list[Sentence]
    mentions: list[list["Mention"]]  # of each sentence


@dataclass(frozen=True)
class Reader:
    """Reads inputs: cleans, splits, and looks for the names of the targets."""

    unit: Unit
    source: Source
    names: str  # of the targets of an export, see `names_of`

    @classmethod
    def of(
        cls,
        description: AnyDescription,
        unit: Unit,
        source: Source | None = None,
        outlet: str | None = None,
    ) -> "Reader":
        """Read for an export.

        Args:
            description: Of the export.
            unit: What one input is.
            source: What is known of the input beside its records.
            outlet: That of everything that names none, where no more is known.
        """
        return cls(unit, source or Source(outlet=outlet), names_of(description))

    def read(self, item: Item) -> Reading | Reject:
        """Read one input."""
        found = read_page(item) if isinstance(item, PageFile) else item
        prepared = found if isinstance(found, Reject) else prepare(found, self.unit, self.source)
        if isinstance(prepared, Reject):
            return prepared
        sentences = segment(prepared.article, self.unit)
        # Only here: what looks for names is imported with the first text.
        from training.inference.mentions import finder_of

        finder = finder_of(self.names)
        return Reading(
            prepared, sentences, finder.in_article(sentences, prepared.article.published)
        )

    def read_object(
        self, values: Mapping[str, Any], where: str, fallback_id: str
    ) -> Reading | Reject:
        """Read one JSON object, as a line of a file.

        Args:
            values: Its fields, named as in ``labels/ingest/read/fields.yaml``.
            where: Where it stands, for messages.
            fallback_id: The id if it has none.
        """
        return self.read(record_from(values, where, fallback_id, self.unit))


class Readings:
    """What becomes of every input, in order; with enough of them, several processes read."""

    def __init__(self, reader: Reader, items: Iterable[Item], workers: Workers) -> None:
        """Take the first inputs, so that it is known whether others are to help."""
        parts = in_parts(items)
        first = list(islice(parts, 2))
        self.are_many = len(first) > 1
        self._parts = chain(first, parts)
        self._read = partial(_read_part, reader)
        self._workers = workers
        # Processes start here, before the threads of a model do.
        self._begun = self._map() if self.are_many else None

    def __iter__(self) -> Iterator[Reading | Reject]:
        """Give what became of each input, once."""
        return chain.from_iterable(self._begun or self._map())

    def _map(self) -> Iterator[list[Reading | Reject]]:
        return self._workers.map(self._read, self._parts)


def _read_part(reader: Reader, items: Sequence[Item]) -> list[Reading | Reject]:
    return [reader.read(item) for item in items]
