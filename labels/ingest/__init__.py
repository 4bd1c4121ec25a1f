"""Raw files in, clean articles out."""

from labels.ingest.clean.boilerplate import Boilerplate
from labels.ingest.prepare import Prepared, Source, prepare
from labels.ingest.read.readers import Item, read_inputs, read_page
from labels.ingest.read.record import PageFile, RawRecord
from labels.ingest.workers import Workers, in_parts

__all__ = [
    "Boilerplate",
    "Item",
    "PageFile",
    "Prepared",
    "RawRecord",
    "Source",
    "Workers",
    "in_parts",
    "prepare",
    "read_inputs",
    "read_page",
]
