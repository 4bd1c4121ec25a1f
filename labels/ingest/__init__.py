"""Raw files in, clean articles out."""

from labels.ingest.clean import dateline_end
from labels.ingest.prepare import prepare
from labels.ingest.readers import read_inputs
from labels.ingest.record import RawRecord
from labels.ingest.stage import ingest_articles

__all__ = ["RawRecord", "dateline_end", "ingest_articles", "prepare", "read_inputs"]
