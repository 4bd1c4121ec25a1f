"""Raw files in, clean articles out."""

from labels.ingest.prepare import prepare
from labels.ingest.read.readers import Item, PageFile, read_inputs, read_page
from labels.ingest.read.record import RawRecord

__all__ = ["Item", "PageFile", "RawRecord", "prepare", "read_inputs", "read_page"]
