"""Raw files in, clean articles out."""

from labels.ingest.prepare import prepare
from labels.ingest.read.readers import read_inputs
from labels.ingest.read.record import RawRecord

__all__ = ["RawRecord", "prepare", "read_inputs"]
