"""Which language a record is in: its source's word against what the text shows."""

from labels.ingest.read.record import RawRecord
from labels.languages import LANGUAGES
from labels.languages.detect import (
    detect,
    is_transliterated,
    main_script,
    normalize,
    script_of_language,
)
from labels.pipeline.schema import Reject, rejected

_SAMPLE_CHARACTERS = 2_000


def language_of(record: RawRecord, title: str | None) -> str | Reject:
    """Take the source's word, unless its script is not the text's; else detect."""
    sample = f"{title or ''}\n{record.text[:_SAMPLE_CHARACTERS]}"
    declared = normalize(record.lang)
    script = script_of_language(declared) if declared in LANGUAGES else None
    if declared in LANGUAGES and main_script(sample) in (None, script):
        return declared
    found = detect(sample)
    if declared in LANGUAGES and (
        found is None
        or (found in LANGUAGES and script_of_language(found) == script)
        or is_transliterated(sample, declared)
    ):
        return declared
    if found in LANGUAGES and declared in (None, *LANGUAGES):
        return found
    named = f"detected {found}" if found else "too few letters to tell"
    if declared is not None:
        named = f"declared {record.lang}, {named}"
    return rejected(
        record.where, "unknown_language", f"expected one of {', '.join(LANGUAGES)}, found {named}"
    )
