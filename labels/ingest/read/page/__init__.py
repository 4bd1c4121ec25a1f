"""From an HTML page to its article."""

from labels.ingest.read.page.extract import Page, decode_page, extract_page

__all__ = ["Page", "decode_page", "extract_page"]
