"""Raw files in, clean articles out."""

from labels.ingest.clean.boilerplate import Boilerplate
from labels.ingest.parts import in_parts
from labels.ingest.prepare import Prepared, Source, prepare
from labels.ingest.read.readers import Item, read_inputs, read_page
from labels.ingest.read.record import PageFile, RawRecord

__all__ = [
    "Boilerplate",
    "Item",
    "PageFile",
    "Prepared",
    "RawRecord",
    "Source",
    "in_parts",
    "prepare",
    "read_inputs",
    "read_page",
]
